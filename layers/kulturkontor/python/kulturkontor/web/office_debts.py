"""What municipalities owe after corrections, and what finance does about it."""

from typing import Final

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.seal import list_debts
from kulturkontor.actions.settle_debts import invoice_debt, reopen_debt, settle_debt
from kulturkontor.balances import owed
from kulturkontor.outside_payments import Voucher
from kulturkontor.receivables import Receivable, ReceivableState
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import Parted, part
from kulturkontor.web.office_corrections import ReasonIn
from kulturkontor.web.office_mails import NothingIn
from kulturkontor.web.office_visit import Handler, Visit


class InvoiceIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    voucher: Voucher


def show_debts(visit: Visit) -> Answer:
    """What is open first, then what has been settled."""
    debts = list_debts(visit.programme, visit.records)
    order = list(ReceivableState)
    debts.sort(key=lambda each: (order.index(each.state), each.owed_since))
    shown, closed = _open(visit, debts)
    return page(visit, "debts", debts=shown, closed=closed, owed_ore=owed(debts))


def show_debts_json(visit: Visit) -> Answer:
    debts, closed = _open(visit, list_debts(visit.programme, visit.records))
    return as_json([_as_told(each) for each in debts], closed=closed)


def _open(visit: Visit, debts: list[Receivable]) -> Parted[Receivable]:
    return part(visit, debts, lambda each: [each.application_id, each.reference])


def _as_told(debt: Receivable) -> dict[str, object]:
    return {
        **debt.model_dump(mode="json"),
        "id": debt.id,
        "state": debt.state,
        "left_ore": debt.left_ore,
    }


def invoice(visit: Visit) -> Answer:
    changed = invoice_debt(
        visit.params["debt_id"],
        voucher=visit.sent(InvoiceIn).voucher,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, changed)


def settle(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    changed = settle_debt(
        visit.params["debt_id"],
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, changed)


def reopen(visit: Visit) -> Answer:
    changed = reopen_debt(
        visit.params["debt_id"],
        reason=visit.sent(ReasonIn).reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, changed)


def _done(visit: Visit, debt: Receivable) -> Answer:
    return as_json(_as_told(debt)) if visit.is_api else redirect("/finance/debts")


_ONE: Final = "/finance/debts/<debt_id>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /finance/debts": show_debts,
    f"POST {_ONE}/invoice": invoice,
    f"POST {_ONE}/settle": settle,
    f"POST {_ONE}/reopen": reopen,
    "GET /api/finance/debts": show_debts_json,
    f"POST /api{_ONE}/invoice": invoice,
    f"POST /api{_ONE}/settle": settle,
    f"POST /api{_ONE}/reopen": reopen,
}
