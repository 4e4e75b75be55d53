"""Leave to send after the deadline, and which of a municipality's applications counts."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.choose import let_count
from kulturkontor.actions.extend import extend, invite
from kulturkontor.application_form import Email, Line
from kulturkontor.municipalities import UnknownMunicipalityError, find_municipality
from kulturkontor.programme import OSLO
from kulturkontor.web.municipality_choice import municipality_options
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import require_open_municipality
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Handler, Visit

Reason = Annotated[Line, Field(min_length=1)]


class ExtensionIn(BaseModel):
    """`until`: Oslo wall-clock, as a browser's field for date and time sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    until: datetime
    reason: Reason


class InvitationIn(ExtensionIn):
    """`key`: what the form was shown with, so that it counts once."""

    municipality: Line
    email: Annotated[Email, Field(min_length=1)]
    key: Annotated[str, Field(pattern=r"^[a-z0-9]{8,40}$")]


class ChoiceIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason


def give_extension(visit: Visit) -> Answer:
    body = visit.sent(ExtensionIn)
    application_id = visit.params["application_id"]
    extended = extend(
        application_id,
        _oslo(body.until),
        reason=body.reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(extended) if visit.is_api else redirect(f"/applications/{application_id}")


def show_invitation(visit: Visit) -> Answer:
    return page(
        visit,
        "invitation",
        key=visit.doors.new_id(),
        municipalities=municipality_options(""),
        closes=visit.programme.closes_at,
        letters=visit.programme.released_at,
    )


def invite_late(visit: Visit) -> Answer:
    body = visit.sent(InvitationIn)
    try:
        place = find_municipality(body.municipality)
    except UnknownMunicipalityError as fault:
        raise OfficeError(422, "unknown_municipality") from fault
    require_open_municipality(visit, place.kommunenummer)
    invited = invite(
        place,
        body.email,
        _oslo(body.until),
        key=body.key,
        reason=body.reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(invited, status=201) if visit.is_api else redirect(f"/applications/{invited.id}")


def choose_counting(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    counts = let_count(
        application_id,
        by=visit.by,
        reason=visit.sent(ChoiceIn).reason,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(counts) if visit.is_api else redirect(f"/applications/{application_id}")


def _oslo(until: datetime) -> datetime:
    return until if until.tzinfo else until.replace(tzinfo=OSLO)


_ONE: Final = "/applications/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /late-application": show_invitation,
    "POST /late-application": invite_late,
    f"POST {_ONE}/extension": give_extension,
    f"POST {_ONE}/counts": choose_counting,
    "POST /api/late-application": invite_late,
    f"POST /api{_ONE}/extension": give_extension,
    f"POST /api{_ONE}/counts": choose_counting,
}
