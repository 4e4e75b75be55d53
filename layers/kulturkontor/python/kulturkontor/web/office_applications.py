"""What staff do with one application: a new reason, the place to the next, a withdrawal."""

from collections.abc import Callable
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.mend_reason import mend_reason
from kulturkontor.actions.offer_places import offer_next_place, read_next
from kulturkontor.actions.propose import WordingError
from kulturkontor.actions.withdraw import confirm_withdrawal, keep_application
from kulturkontor.application_form import Line, Text
from kulturkontor.applications import Application
from kulturkontor.municipalities import municipality
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_case import read_whole
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_visit import Handler, Visit


class OfferIn(BaseModel):
    """`seen`: the application that the page showed as the first on the waiting list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: str = ""


class ReasonIn(BaseModel):
    """`seen`: the digest of the decision that the page showed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[Text, Field(min_length=1)]
    seen: Line = ""


def change_reason(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    body = visit.sent(ReasonIn)
    try:
        changed = mend_reason(
            application_id,
            body.reason,
            seen=body.seen,
            by=visit.by,
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
        )
    except WordingError as fault:
        errors = tuple(FieldFault(each.column, each.code) for each in fault.faults)
        raise OfficeError(422, "proposal", errors=errors) from fault
    return _done(visit, changed, application_id)


def offer_next(visit: Visit) -> Answer:
    free_id = visit.params["application_id"]
    offered = offer_next_place(
        free_id,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        letter_queue=visit.doors.letter_queue,
        seen=visit.sent(OfferIn).seen,
    )
    return _done(visit, offered, offered.id)


def confirm_gone(visit: Visit) -> Answer:
    return _settle_withdrawal(visit, confirm_withdrawal)


def keep(visit: Visit) -> Answer:
    return _settle_withdrawal(visit, keep_application)


def _settle_withdrawal(visit: Visit, act: Callable[..., Application]) -> Answer:
    settled = act(
        visit.params["application_id"],
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return _done(visit, settled, settled.id)


def _done(visit: Visit, changed: Application, shown: str) -> Answer:
    return as_json(changed) if visit.is_api else redirect(f"/applications/{shown}")


def ask_offer_next(visit: Visit) -> Answer:
    """Names who would be offered the place, and until when they would have to answer."""
    turn = read_next(
        visit.params["application_id"],
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    last = turn.chosen.decision
    return page(
        visit,
        "offer_next",
        application=turn.free,
        about=_called(turn.free),
        next=turn.chosen,
        next_name=_called(turn.chosen),
        rank=last.rank if last else None,
        answer_by=turn.answer_by,
    )


def ask_confirm_withdrawal(visit: Visit) -> Answer:
    return _ask(visit, "confirm_withdrawal")


def ask_keep(visit: Visit) -> Answer:
    return _ask(visit, "keep")


def _ask(visit: Visit, what: str) -> Answer:
    """The step before what cannot be undone."""
    application = read_whole(visit).application
    return page(
        visit,
        "confirm",
        what=what,
        about=_called(application),
        action=visit.event.path,
        back=f"/applications/{application.id}",
    )


def _called(application: Application) -> str:
    return f"{municipality(application.kommunenummer).official_name} ({application.reference})"


_ONE: Final = "/applications/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    f"POST {_ONE}/reason": change_reason,
    f"GET {_ONE}/offer-next": ask_offer_next,
    f"POST {_ONE}/offer-next": offer_next,
    f"GET {_ONE}/confirm-withdrawal": ask_confirm_withdrawal,
    f"POST {_ONE}/confirm-withdrawal": confirm_gone,
    f"GET {_ONE}/keep": ask_keep,
    f"POST {_ONE}/keep": keep,
    f"POST /api{_ONE}/keep": keep,
    f"POST /api{_ONE}/reason": change_reason,
    f"POST /api{_ONE}/offer-next": offer_next,
    f"POST /api{_ONE}/confirm-withdrawal": confirm_gone,
}
