"""Notes on an application, and asking its applicant for more.

A question is read as the applicant will get it before it is sent; until then nothing is kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kulturkontor import more_notices
from kulturkontor.actions.application_checks import read_application
from kulturkontor.actions.ask_more import ask_more, close_question, may_ask, question
from kulturkontor.actions.notes import strike_note, write_note
from kulturkontor.application_form import Text, required
from kulturkontor.application_parts import Part
from kulturkontor.application_words import part_title
from kulturkontor.municipalities import municipality
from kulturkontor.notes import Words
from kulturkontor.notices import missing_words
from kulturkontor.programme import OSLO
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import TOLD, OfficeError, as_office_error
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.received_mail import as_received


class NoteIn(BaseModel):
    """`key`: what the form was shown with, so that it counts once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Words
    key: Annotated[str, Field(pattern=r"^[a-z0-9]{8,40}$")]


class AskIn(BaseModel):
    """A ticked box for each part; `until`: Oslo wall-clock, as a browser's field sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kommune: bool = False
    forankring: bool = False
    gruppe: bool = False
    kapasitet: bool = False
    send: bool = False
    until: datetime
    message: Annotated[Text, AfterValidator(required), Field(max_length=4_000)]

    @property
    def parts(self) -> list[Part]:
        return [each for each in Part if getattr(self, each)]

    @property
    def moment(self) -> datetime:
        return self.until if self.until.tzinfo else self.until.replace(tzinfo=OSLO)


def add_note(visit: Visit) -> Answer:
    body = visit.sent(NoteIn)
    application_id = visit.params["application_id"]
    note = write_note(
        application_id,
        body.text,
        note_id=body.key,
        by=visit.by,
        at=visit.now,
        records=visit.records,
    )
    if visit.is_api:
        return as_json(note, status=201)
    return redirect(f"/applications/{application_id}#notes")


def strike(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    note = strike_note(
        application_id,
        visit.params["note_id"],
        by=visit.by,
        at=visit.now,
        records=visit.records,
    )
    return as_json(note) if visit.is_api else redirect(f"/applications/{application_id}#notes")


def show_question(visit: Visit) -> Answer:
    return _form(visit, {})


def change_question(visit: Visit) -> Answer:
    """Back from the preview, with what was written."""
    return _form(visit, visit.form)


def _form(visit: Visit, fields: Mapping[str, str], problem: OfficeError | None = None) -> Answer:
    application = read_application(visit.params["application_id"], visit.records)
    if not may_ask(application):
        raise OfficeError(409, "application_state")
    return page(
        visit,
        "ask_more",
        status=problem.status if problem else 200,
        application=application,
        municipality=municipality(application.kommunenummer),
        parts_to_open=[(str(each), part_title(each, visit.language)) for each in Part],
        missing=missing_words(application, visit.programme),
        letters=visit.programme.released_at,
        fields=fields,
        problem=problem,
    )


def preview_question(visit: Visit) -> Answer:
    application = read_application(visit.params["application_id"], visit.records)
    try:
        body = visit.sent(AskIn)
        asked = question(
            application,
            body.parts,
            body.moment,
            message=body.message,
            by=visit.by,
            at=visit.now,
            programme=visit.programme,
        )
    except TOLD as fault:
        return _told(visit, fault)
    seen = as_received(more_notices.asked(asked, visit.programme, visit.now), visit.programme)
    if visit.is_api:
        return as_json(seen)
    return page(
        visit,
        "ask_preview",
        application=application,
        municipality=municipality(application.kommunenummer),
        preview=seen,
        fields=body.model_dump(mode="json") | dict.fromkeys(body.parts, "true"),
    )


def ask(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    try:
        body = visit.sent(AskIn)
        asked = ask_more(
            application_id,
            body.parts,
            body.moment,
            message=body.message,
            by=visit.by,
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
            mail_queue=visit.doors.mail_queue,
        )
    except TOLD as fault:
        return _told(visit, fault)
    return as_json(asked) if visit.is_api else redirect(f"/applications/{application_id}#asked")


def _told(visit: Visit, fault: Exception) -> Answer:
    """The form again with what was written, and above it what is wrong."""
    if visit.is_api:
        raise fault
    return _form(visit, visit.form, as_office_error(fault))


def close(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    closed = close_question(application_id, by=visit.by, at=visit.now, records=visit.records)
    return as_json(closed) if visit.is_api else redirect(f"/applications/{application_id}#asked")


_ONE: Final = "/applications/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    f"POST {_ONE}/notes": add_note,
    f"POST {_ONE}/notes/<note_id>/strike": strike,
    f"GET {_ONE}/ask": show_question,
    f"POST {_ONE}/ask/draft": change_question,
    f"POST {_ONE}/ask/preview": preview_question,
    f"POST {_ONE}/ask": ask,
    f"POST {_ONE}/ask/close": close,
    f"POST /api{_ONE}/notes": add_note,
    f"POST /api{_ONE}/notes/<note_id>/strike": strike,
    f"POST /api{_ONE}/ask/preview": preview_question,
    f"POST /api{_ONE}/ask": ask,
    f"POST /api{_ONE}/ask/close": close,
}
