"""Finance settles what municipalities owe: invoiced, paid, or open again. Netting is `seal`'s."""

from collections.abc import Callable
from datetime import datetime

from kulturkontor.audit import audit
from kulturkontor.programme import Programme
from kulturkontor.receivables import (
    Receivable,
    invoice,
    receivable_key,
    settle_invoice,
    take_back_invoice,
)
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.refusals import Refusal


class UnknownDebtError(Refusal):
    """There is no debt of that id."""

    status = 404
    code = "unknown"


def invoice_debt(
    debt_id: str,
    *,
    voucher: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Receivable:
    """What is left of it was invoiced, and is never netted. Raises ReceivableStateError."""
    return _change(
        debt_id,
        lambda debt: invoice(debt, voucher=voucher, by=by, at=at),
        ("invoiced", by, at, voucher),
        programme,
        records,
    )


def settle_debt(
    debt_id: str, *, by: str, at: datetime, programme: Programme, records: Records
) -> Receivable:
    """The invoice was paid. Raises ReceivableStateError."""
    return _change(
        debt_id,
        lambda debt: settle_invoice(debt, by=by, at=at),
        ("debt_settled", by, at, ""),
        programme,
        records,
    )


def reopen_debt(
    debt_id: str,
    *,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Receivable:
    """The invoice was a mistake or credited. Raises ReceivableStateError."""
    return _change(
        debt_id, take_back_invoice, ("debt_reopened", by, at, reason), programme, records
    )


def _change(
    debt_id: str,
    change: Callable[[Receivable], Receivable],
    told: tuple[str, str, datetime, str],
    programme: Programme,
    records: Records,
) -> Receivable:
    what, by, at, after = told
    try:
        key = receivable_key(programme.id, debt_id)
    except ValueError as fault:
        raise UnknownDebtError(debt_id) from fault

    def attempt() -> Receivable:
        debt = records.read(Receivable, key)
        if debt is None:
            raise UnknownDebtError(debt_id)
        changed = change(debt)
        note = audit(
            debt,
            f"{what}#{debt.gathering}",
            by=by,
            at=at,
            after=after,
            subject=debt.claim_key,
        )
        records.write(Put(changed), note)
        return changed

    return decide_again(attempt)
