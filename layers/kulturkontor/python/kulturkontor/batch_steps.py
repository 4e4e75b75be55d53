"""The steps of a proposed batch: released by a second person, or sent back.

Whoever sealed it by hand or attested a claim in it cannot release it.
Source: the four-eyes rule of the office.
"""

from datetime import date, datetime

from kulturkontor.days import add_bank_days
from kulturkontor.payments import (
    BatchState,
    BatchStateError,
    Payment,
    PaymentBatch,
    PaymentState,
)
from kulturkontor.programme import OSLO
from kulturkontor.programme_rules import PaymentRules
from kulturkontor.refusals import Refusal


class SamePersonError(Refusal):
    """Somebody who attested or sealed tries to release; ask a colleague who did neither."""

    status = 403
    code = "same_person"


def release_batch(
    batch: PaymentBatch,
    *,
    by: str,
    attested_by: frozenset[str],
    now: datetime,
    first_voucher: int,
    rules: PaymentRules,
) -> PaymentBatch:
    """The batch on its way to the bank. Raises SamePersonError or BatchStateError."""
    _require_proposed(batch)
    if by.casefold() in barred_from_release(batch, attested_by):
        raise SamePersonError(
            "whoever sealed the batch or attested a claim in it cannot release it"
        )
    return batch.but(
        state=BatchState.RELEASED,
        released_at=now,
        released_by=by,
        execution_date=execution_day(now, rules),
        first_voucher=first_voucher,
        payments=_all_in_state(batch, PaymentState.RELEASED),
    )


def execution_day(released_at: datetime, rules: PaymentRules) -> date:
    """The bank day on which the bank is asked to pay."""
    return add_bank_days(released_at.astimezone(OSLO).date(), rules.execution_bank_days)


def barred_from_release(batch: PaymentBatch, attested_by: frozenset[str]) -> frozenset[str]:
    """Who took part in making the batch, in small letters; anybody else in finance may release."""
    sealed = {batch.sealed_by, *(each.attested_by for each in batch.payments)}
    return frozenset(each.casefold() for each in sealed | attested_by if each)


def refuse_batch(batch: PaymentBatch, *, note: str) -> PaymentBatch:
    """The batch sent back: nothing is paid, its claims are free again. Raises BatchStateError."""
    _require_proposed(batch)
    return batch.but(state=BatchState.REFUSED, note=note)


def _all_in_state(batch: PaymentBatch, state: PaymentState) -> tuple[Payment, ...]:
    return tuple(payment.model_copy(update={"state": state}) for payment in batch.payments)


def _require_proposed(batch: PaymentBatch) -> None:
    if batch.state is not BatchState.PROPOSED:
        raise BatchStateError(f"only a proposed batch can be decided on; this one is {batch.state}")
