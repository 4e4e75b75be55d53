"""Take back a proposal, its confirmation, or the letter of it that nobody has been sent."""

from collections.abc import Callable
from typing import Final

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.confirm_decisions import take_back_confirmation
from kulturkontor.actions.propose import take_back_proposal
from kulturkontor.actions.take_back_letter import take_back_letter
from kulturkontor.applications import Application
from kulturkontor.web.office_answers import Answer, as_json, redirect
from kulturkontor.web.office_decision import standing
from kulturkontor.web.office_visit import Handler, Visit


class SeenIn(BaseModel):
    """`seen`: the digest of the decision that the page showed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: str


def take_back(visit: Visit) -> Answer:
    return _done(visit, _taken(visit, take_back_proposal), "/decisions")


def unconfirm(visit: Visit) -> Answer:
    changed = take_back_confirmation(
        visit.params["application_id"],
        seen=visit.sent(SeenIn).seen,
        by=visit.by,
        at=visit.now,
        records=visit.records,
    )
    return _done(visit, changed, "/decisions")


def take_letter_back(visit: Visit) -> Answer:
    """On to the decision, which can be changed now."""
    changed = _taken(visit, take_back_letter)
    return _done(visit, changed, f"/decisions/{changed.id}")


def _taken(visit: Visit, act: Callable[..., Application]) -> Application:
    return act(
        visit.params["application_id"],
        seen=visit.sent(SeenIn).seen,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )


def _done(visit: Visit, changed: Application, where: str) -> Answer:
    return as_json(standing(changed.decision)) if visit.is_api else redirect(where)


_ONE: Final = "/decisions/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    f"{method}{_ONE}/{step}": does
    for step, does in {
        "take-back": take_back,
        "unconfirm": unconfirm,
        "letter-back": take_letter_back,
    }.items()
    for method in ("POST ", "POST /api")
}
