"""Messages to a group: whom, what, how it will look, and what became of each.

Nothing is kept until it is sent: the page before shows the list of recipients, their number and the
mail as one of them gets it, and its button repeats the number.
"""

from collections.abc import Mapping
from typing import Any, Final

from kulturkontor.actions.application_checks import read_application
from kulturkontor.actions.message_group import (
    check_message,
    find_recipients,
    go_on,
    read_mails_of,
    read_message,
    send_message,
)
from kulturkontor.application_rows import programme_partition
from kulturkontor.group_messages import (
    OF_A_GATHERING,
    Addressed,
    Group,
    GroupMessage,
    languages_of,
    mail_of,
)
from kulturkontor.message_ledger import STATES, ledger_of
from kulturkontor.own_words import PLACEHOLDERS
from kulturkontor.programme import Language
from kulturkontor.web.message_form import MessageIn, SendIn
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import part
from kulturkontor.web.office_faults import TOLD, OfficeError, as_office_error
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.received_mail import as_received

_LANGUAGES: Final[tuple[Language, ...]] = ("nb", "nn")


def show_messages(visit: Visit) -> Answer:
    return page(visit, "messages", messages=_all(visit))


def show_messages_json(visit: Visit) -> Answer:
    return as_json([_as_told(visit, each) for each in _all(visit)])


def _as_told(visit: Visit, message: GroupMessage) -> dict[str, Any]:
    recipients = part(visit, message.recipients, lambda each: [each.application]).open
    return {**message.model_dump(mode="json"), "recipients": recipients}


def _all(visit: Visit) -> list[GroupMessage]:
    partition = programme_partition(visit.programme.id)
    found = visit.records.list(GroupMessage, partition, "MESSAGE#")
    return sorted(found, key=lambda each: each.at, reverse=True)


def start_message(visit: Visit) -> Answer:
    asked = {each: visit.query(each) for each in ("group", "gathering")}
    return _form(visit, {"key": visit.doors.new_id(), **asked})


def change_message(visit: Visit) -> Answer:
    """Back from the preview, with what was written."""
    return _form(visit, visit.form)


def _form(visit: Visit, fields: Mapping[str, str], problem: OfficeError | None = None) -> Answer:
    return page(
        visit,
        "message_form",
        status=problem.status if problem else 200,
        fields={"key": visit.doors.new_id(), **fields},
        groups=list(Group),
        of_a_gathering=OF_A_GATHERING,
        gatherings=visit.programme.gatherings,
        languages=_LANGUAGES,
        placeholders=PLACEHOLDERS,
        problem=problem,
    )


def preview_message(visit: Visit) -> Answer:
    try:
        body = visit.sent(MessageIn)
        return _preview(visit, body)
    except TOLD as fault:
        if visit.is_api:
            raise
        return _form(visit, visit.form, as_office_error(fault))


def _preview(visit: Visit, body: MessageIn, problem: OfficeError | None = None) -> Answer:
    recipients = find_recipients(
        body.group, body.gathering, programme=visit.programme, records=visit.records
    )
    check_message(body.words, recipients)
    shown, closed = part(visit, recipients, lambda each: [each.recipient.application])
    seen = [_seen(visit, body, each) for each in _one_of_each(shown)]
    if visit.is_api:
        told = {"count": len(recipients), "recipients": shown, "previews": seen}
        return as_json(told, closed=closed)
    return page(
        visit,
        "message_preview",
        status=problem.status if problem else 200,
        body=body,
        fields=body.model_dump(mode="json"),
        recipients=shown,
        count=len(recipients),
        closed=closed,
        idle=sorted(body.words.keys() - languages_of(recipients)),
        previews=seen,
        gathering=visit.programme.gathering(body.gathering),
        problem=problem,
    )


def _one_of_each(recipients: list[Addressed]) -> list[Addressed]:
    """The first recipient of each written form."""
    first = {each.language: each for each in reversed(recipients)}
    return [first[language] for language in sorted(first)]


def _seen(visit: Visit, body: MessageIn, to: Addressed) -> dict[str, Any]:
    """The mail as that recipient gets it."""
    application = read_application(to.recipient.application, visit.records)
    message = GroupMessage(
        id=body.key,
        programme=visit.programme.id,
        group=body.group,
        words=body.words,
        by=visit.by,
        at=visit.now,
        recipients=(to.recipient,),
    )
    mail = mail_of(message, application, to, visit.programme, visit.now)
    return as_received(mail, visit.programme)


def send(visit: Visit) -> Answer:
    try:
        body = visit.sent(SendIn)
        sent = _send(visit, body)
    except TOLD as fault:
        if visit.is_api:
            raise
        problem = as_office_error(fault)
        if problem.code == "message_count_changed":
            kept = visit.sent(SendIn).model_dump(exclude={"count"})
            return _preview(visit, MessageIn(**kept), problem)
        return _form(visit, visit.form, problem)
    if visit.is_api:
        return as_json(_as_told(visit, sent), status=201)
    return redirect(f"/messages/{sent.id}")


def _send(visit: Visit, body: SendIn) -> GroupMessage:
    return send_message(
        body.key,
        body.group,
        body.gathering,
        body.words,
        count=body.count,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
        letter_queue=visit.doors.letter_queue,
    )


def resume(visit: Visit) -> Answer:
    message = go_on(
        visit.params["message_id"],
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
        letter_queue=visit.doors.letter_queue,
    )
    if visit.is_api:
        return as_json(_as_told(visit, message))
    return redirect(f"/messages/{message.id}")


def show_message(visit: Visit) -> Answer:
    message = read_message(
        visit.params["message_id"], programme=visit.programme, records=visit.records
    )
    rows = ledger_of(message, read_mails_of(message, visit.records))
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    told = {state: count for state, count in counts.items() if count}
    shown, closed = part(visit, rows, lambda row: [row.application])
    if visit.is_api:
        said = {"message": _as_told(visit, message), "counts": told, "recipients": shown}
        return as_json(said, closed=closed)
    return page(
        visit,
        "message",
        message=message,
        rows=shown,
        count=len(rows),
        closed=closed,
        counts=told,
        gathering=visit.programme.gathering(message.gathering),
    )


_ONE: Final = "/messages/<message_id>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /messages": show_messages,
    "GET /messages/new": start_message,
    "POST /messages/draft": change_message,
    "POST /messages/preview": preview_message,
    "POST /messages": send,
    f"GET {_ONE}": show_message,
    f"POST {_ONE}/resume": resume,
    "GET /api/messages": show_messages_json,
    "POST /api/messages/preview": preview_message,
    "POST /api/messages": send,
    f"GET /api{_ONE}": show_message,
    f"POST /api{_ONE}/resume": resume,
}
