"""Mails, first those that a person must decide on: send again, correct the address, put aside."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

from kulturkontor.actions.handle_mails import (
    let_mail_go,
    mark_handled,
    read_mail,
    resend,
    stop_mail,
)
from kulturkontor.actions.read_books import read_mails
from kulturkontor.application_form import Email
from kulturkontor.mails import STAFF, Mail, MailState
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_visit import Handler, Visit

ALL: Final = "all"


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


class ResendIn(BaseModel):
    """Without an address the mail goes to the same one again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Annotated[Email | None, BeforeValidator(_blank_is_none)] = None


class NothingIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def find_mails(visit: Visit) -> list[Mail]:
    """Those that need staff, oldest first; with `state`, those in that state, newest first."""
    wanted = visit.query("state")
    if not wanted:
        waiting = visit.records.list_open(Mail, STAFF)
        return [mail for mail in waiting if mail.programme == visit.programme.id]
    found = [
        mail for mail in read_mails(visit.programme, visit.records) if wanted in (ALL, mail.state)
    ]
    return sorted(found, key=lambda mail: mail.queued_at, reverse=True)


def show_mails(visit: Visit) -> Answer:
    return page(visit, "mails", mails=find_mails(visit), states=[ALL, *MailState])


def show_mails_json(visit: Visit) -> Answer:
    return as_json(find_mails(visit))


def show_mail(visit: Visit) -> Answer:
    mail = read_mail(visit.programme.id, visit.params["mail_id"], visit.records)
    second = (
        read_mail(visit.programme.id, mail.second_contact, visit.records)
        if mail.second_contact
        else None
    )
    return page(visit, "mail", mail=mail, second=second)


def send_copy(visit: Visit) -> Answer:
    known = read_mail(visit.programme.id, visit.params["mail_id"], visit.records)
    copy = resend(
        visit.programme.id,
        known.id,
        to=visit.sent(ResendIn).to,
        by=visit.by,
        now=visit.now,
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
        visit.programme.id,
        visit.params["mail_id"],
        by=visit.by,
        at=visit.now,
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
