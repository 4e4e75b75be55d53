"""Put a mail that needed staff aside: somebody has seen to it in another way."""

from datetime import datetime

from kulturkontor.audit import audit
from kulturkontor.mails import Mail, MailStateError, mail_key
from kulturkontor.records import Key, Put, Records, decide_again


class UnknownMailError(LookupError):
    """There is no mail of that id."""


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
