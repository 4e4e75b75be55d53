"""What staff do about a mail that did not arrive: send it again, mend the address, put it aside."""

from datetime import datetime

from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.mails import (
    Mail,
    MailState,
    MailStateError,
    is_letter_itself,
    let_go,
    mail_key,
    mails_partition,
    send_again,
    stop,
)
from kulturkontor.records import Change, Key, Put, Records, decide_again
from kulturkontor.refusals import Refusal


class UnknownMailError(Refusal):
    """There is no mail of that id."""

    status = 404
    code = "unknown"


def read_mail(programme_id: str, mail_id: str, records: Records) -> Mail:
    mail = records.read(Mail, mail_key(programme_id, mail_id))
    if mail is None:
        raise UnknownMailError(mail_id)
    return mail


def mark_handled(
    programme_id: str, mail_id: str, *, by: str, at: datetime, records: Records
) -> Mail:
    """Nothing is sent; the mail no longer waits on staff. Raises UnknownMailError,
    MailStateError.
    """

    def attempt() -> Mail:
        mail = read_mail(programme_id, mail_id, records)
        if mail.handled_by is not None:
            return mail
        if not mail.needs_staff:
            raise MailStateError(mail.state)
        handled = mail.but(handled_by=by)
        note = audit(mail, "handled", by=by, at=at, before=mail.state, subject=_history(mail))
        records.write(Put(handled), note)
        return handled

    return decide_again(attempt)


def stop_mail(programme_id: str, mail_id: str, *, by: str, at: datetime, records: Records) -> Mail:
    """Keep it back; of a letter, its copies as well. What is being handed over already goes. Raises
    UnknownMailError, and MailStateError when nothing of it waits any more.
    """

    def attempt() -> Mail:
        mail = read_mail(programme_id, mail_id, records)
        waiting = _together(mail, MailState.QUEUED, records)
        if not waiting:
            raise MailStateError(mail.state)
        note = audit(mail, "mail_stopped", by=by, at=at, subject=_history(mail))
        records.write(*(Put(stop(each)) for each in waiting), note)
        return read_mail(programme_id, mail_id, records)

    return decide_again(attempt)


def let_mail_go(
    programme_id: str,
    mail_id: str,
    *,
    by: str,
    at: datetime,
    records: Records,
    mail_queue: Queue,
) -> Mail:
    """Back in the queue, with what was stopped together with it. Raises UnknownMailError,
    MailStateError.
    """

    def attempt() -> Mail:
        mail = read_mail(programme_id, mail_id, records)
        stopped = _together(mail, MailState.STOPPED, records)
        if not stopped:
            raise MailStateError(mail.state)
        note = audit(mail, "mail_let_go", by=by, at=at, subject=_history(mail))
        going = [let_go(each) for each in stopped]
        commit([note], going, records=records, mail_queue=mail_queue)
        return next((each for each in going if each.id == mail.id), mail)

    return decide_again(attempt)


def _history(mail: Mail) -> Key:
    """Beside the mails, which are listed whole."""
    return Key(f"MAIL#{mail.id}", "")


def _together(mail: Mail, state: MailState, records: Records) -> list[Mail]:
    """The mail and, of a letter, its copies: those in that state."""
    family = (
        records.list(Mail, mails_partition(mail.programme), mail.id)
        if is_letter_itself(mail.id)
        else [mail]
    )
    own = (mail.id, f"{mail.id}_")
    return [
        each
        for each in family
        if each.state is state and (each.id == own[0] or each.id.startswith(own[1]))
    ]


def resend(
    programme_id: str,
    mail_id: str,
    *,
    to: str | None,
    by: str,
    now: datetime,
    records: Records,
    mail_queue: Queue,
) -> Mail:
    """Staff send a copy, knowing that a second one may arrive. A corrected address is the contact's
    from now on, if it was the contact's that was wrong. Raises UnknownMailError, MailStateError.
    """

    def attempt() -> Mail:
        mail = read_mail(programme_id, mail_id, records)
        copy = send_again(mail, to=to, now=now)
        handled = mail.but(copies=mail.copies + 1, handled_by=by)
        changes: list[Change] = [
            Put(handled),
            audit(mail, "resend", by=by, at=now, subject=_history(mail)),
        ]
        if to is not None:
            changes += _mend_contact(mail, to, by=by, at=now, records=records)
        commit(changes, [copy], records=records, mail_queue=mail_queue)
        return copy

    return decide_again(attempt)


def _mend_contact(mail: Mail, to: str, *, by: str, at: datetime, records: Records) -> list[Change]:
    application = records.read(Application, application_key(mail.id.split("_")[0]))
    if application is None or application.answers.contact.email != mail.to:
        return []
    answers = application.answers
    contact = answers.contact.model_copy(update={"email": to})
    mended = application.but(answers=answers.model_copy(update={"contact": contact}))
    return [*put(mended), audit(application, "contact_address", by=by, at=at)]
