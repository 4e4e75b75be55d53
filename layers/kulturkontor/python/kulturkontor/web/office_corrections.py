"""Staff correct a claim that is settled, or tell that it was settled outside the system."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.correct_claims import (
    open_correction,
    settle_claim_outside,
    take_back_settlement,
)
from kulturkontor.application_form import Text
from kulturkontor.claims import TravelClaim
from kulturkontor.outside_payments import Voucher
from kulturkontor.web.office_answers import Answer, as_json, redirect
from kulturkontor.web.office_visit import Handler, Visit

Reason = Annotated[Text, Field(min_length=1, max_length=500)]


class ReasonIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason


class OutsideIn(ReasonIn):
    voucher: Voucher


def correct_claim(visit: Visit) -> Answer:
    opened = open_correction(
        visit.params["application_id"],
        visit.params["gathering"],
        reason=visit.sent(ReasonIn).reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, opened)


def settle_outside(visit: Visit) -> Answer:
    sent = visit.sent(OutsideIn)
    settled = settle_claim_outside(
        visit.params["application_id"],
        visit.params["gathering"],
        voucher=sent.voucher,
        reason=sent.reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, settled)


def take_back(visit: Visit) -> Answer:
    waiting = take_back_settlement(
        visit.params["application_id"],
        visit.params["gathering"],
        reason=visit.sent(ReasonIn).reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, waiting)


def _done(visit: Visit, claim: TravelClaim) -> Answer:
    if visit.is_api:
        return as_json(claim)
    return redirect(f"/claims/{claim.application_id}/{claim.gathering}")


_ONE: Final = "/claims/<application_id>/<gathering>"
ROUTES: Final[dict[str, Handler]] = {
    f"POST {_ONE}/correction": correct_claim,
    f"POST {_ONE}/outside": settle_outside,
    f"POST {_ONE}/outside-taken-back": take_back,
    f"POST /api{_ONE}/correction": correct_claim,
    f"POST /api{_ONE}/outside": settle_outside,
    f"POST /api{_ONE}/outside-taken-back": take_back,
}
