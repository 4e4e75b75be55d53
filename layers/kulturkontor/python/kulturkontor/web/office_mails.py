"""Mails, first those that a person must decide on: send again, correct the address, put aside."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kulturkontor.actions.handle_mails import (
    let_mail_go,
    mark_handled,
    read_application_of,
    read_mail,
    resend,
    stop_mail,
)
from kulturkontor.actions.read_books import read_mails
from kulturkontor.application_form import Email
from kulturkontor.mails import STAFF, Mail, MailState
from kulturkontor.paging import page_of
from kulturkontor.resending import is_of_contact
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import Parted, mail_names, part
from kulturkontor.web.office_visit import Handler, Visit

ALL: Final = "all"


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


class ResendIn(BaseModel):
    """Without an address the mail goes to the same one again. `seen`: how many copies of it the
    page knew of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Annotated[Email | None, BeforeValidator(_blank_is_none)] = None
    seen: Annotated[int, Field(ge=0)] | None = None


class NothingIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def find_mails(visit: Visit) -> Parted[Mail]:
    """Those that need staff, oldest first; with `state`, those in that state, newest first. `q`:
    those to that address or about that reference, in any state unless one is asked for.
    """
    wanted, q = _state(visit), visit.query("q")
    if not wanted:
        waiting = visit.records.list_open(Mail, STAFF)
        return _open(visit, [mail for mail in waiting if mail.programme == visit.programme.id])
    found = [
        mail
        for mail in read_mails(visit.programme, visit.records)
        if wanted in (ALL, mail.state) and is_about(mail, q)
    ]
    return _open(visit, sorted(found, key=lambda mail: mail.queued_at, reverse=True))


def _open(visit: Visit, mails: list[Mail]) -> Parted[Mail]:
    return part(visit, mails, lambda mail: mail_names(mail.id))


def _state(visit: Visit) -> str:
    return visit.query("state") or (ALL if visit.query("q").strip() else "")


def is_about(mail: Mail, q: str) -> bool:
    """Whether a part of its address, of its reference, or of the municipality's name is that."""
    said = [mail.to, mail.id, *(mail.values.get(slot) for slot in _ABOUT)]
    return any(q.strip().casefold() in str(each).casefold() for each in said if each)


_ABOUT: Final = ("reference", "municipality", "about")


def show_mails(visit: Visit) -> Answer:
    number = visit.query("page")
    state, q = _state(visit), visit.query("q").strip()
    asked = {name: value for name, value in (("state", state), ("q", q)) if value}
    mails, closed = find_mails(visit)
    return page(
        visit,
        "mails",
        shown=page_of(mails, int(number) if number.isdigit() else 1),
        closed=closed,
        states=[ALL, *MailState],
        state=state,
        q=q,
        address=lambda page: f"/mails?{urlencode({**asked, 'page': page})}",
    )


def show_mails_json(visit: Visit) -> Answer:
    mails, closed = find_mails(visit)
    return as_json(mails, closed=closed)


def show_mail(visit: Visit) -> Answer:
    mail = read_mail(visit.programme.id, visit.params["mail_id"], visit.records)
    second = (
        read_mail(visit.programme.id, mail.second_contact, visit.records)
        if mail.second_contact
        else None
    )
    return page(visit, "mail", mail=mail, second=second, contact=_contact_now(visit, mail))


def _contact_now(visit: Visit, mail: Mail) -> str:
    """The contact's address, where the mail carries the contact's link and went to another."""
    application = read_application_of(mail, visit.records) if is_of_contact(mail) else None
    contact = application.answers.contact.email if application else ""
    return contact if contact.casefold() != mail.to.casefold() else ""


def send_copy(visit: Visit) -> Answer:
    known = read_mail(visit.programme.id, visit.params["mail_id"], visit.records)
    body = visit.sent(ResendIn)
    copy = resend(
        known.id,
        to=body.to,
        seen=body.seen,
        by=visit.by,
        now=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(copy, status=201) if visit.is_api else redirect(f"/mails/{copy.id}")


def put_aside(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    handled = mark_handled(
        visit.programme.id,
        visit.params["mail_id"],
        by=visit.by,
        at=visit.now,
        records=visit.records,
    )
    return as_json(handled) if visit.is_api else redirect("/mails")


def stop_one(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    stopped = stop_mail(
        visit.programme.id,
        visit.params["mail_id"],
        by=visit.by,
        at=visit.now,
        records=visit.records,
    )
    return as_json(stopped) if visit.is_api else redirect(f"/mails/{stopped.id}")


def let_one_go(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    going = let_mail_go(
        visit.params["mail_id"],
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(going) if visit.is_api else redirect(f"/mails/{going.id}")


ROUTES: Final[dict[str, Handler]] = {
    "GET /mails": show_mails,
    "GET /mails/<mail_id>": show_mail,
    "POST /mails/<mail_id>/resend": send_copy,
    "POST /mails/<mail_id>/handled": put_aside,
    "POST /mails/<mail_id>/stop": stop_one,
    "POST /mails/<mail_id>/let-go": let_one_go,
    "POST /api/mails/<mail_id>/stop": stop_one,
    "POST /api/mails/<mail_id>/let-go": let_one_go,
    "GET /api/mails": show_mails_json,
    "POST /api/mails/<mail_id>/resend": send_copy,
    "POST /api/mails/<mail_id>/handled": put_aside,
}
