"""What staff do about a mail that did not arrive: send it again, mend the address, put it aside."""

from datetime import datetime

from kulturkontor.actions.ports import Queue, commit
from kulturkontor.applications import Application, application_key, put
from kulturkontor.audit import audit
from kulturkontor.mails import Mail, MailStateError, mail_key, send_again
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
        subject = Key(f"MAIL#{mail.id}", "")
        records.write(Put(handled), audit(subject, "handled", by=by, at=at, before=mail.state))
        return handled

    return decide_again(attempt)


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
            audit(Key(f"MAIL#{mail.id}", ""), "resend", by=by, at=now),
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
    return [*put(mended), audit(application.key, "contact_address", by=by, at=at)]
