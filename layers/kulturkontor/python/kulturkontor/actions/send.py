"""Send one mail once: claim it, hand it to SES, mark it; and settle what an answer was lost for.

Claiming is a conditional write, so that of two deliveries of the same message one sends. After a
lost answer the mail stays claimed: SES's own Send event settles it, and with none after the grace a
person decides.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from kulturkontor.actions.ports import (
    Archive,
    Queue,
    Sender,
    SendLaterError,
    SendRefusedError,
    SendUnknownError,
)
from kulturkontor.mails import (
    MAIL,
    Mail,
    MailEvent,
    MailState,
    as_json,
    claim,
    is_due,
    mail_key,
    mark_failed,
    mark_sent,
    mark_uncertain,
    record_event,
    release,
)
from kulturkontor.records import Conflict, Put, Records, decide_again

SENDING_TIMEOUT = timedelta(seconds=30)
"""The timeout of the function that sends; a test compares it with the template."""
GRACE = max(2 * SENDING_TIMEOUT, timedelta(minutes=30))
LOST_AFTER = timedelta(minutes=2)
WAIT = timedelta(minutes=1)


class Sending(StrEnum):
    SENT = "sent"
    NOT_DUE = "not_due"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


Compose = Callable[[Mail, list[bytes]], bytes]


def send_mail(
    programme_id: str,
    mail_id: str,
    *,
    now: datetime,
    records: Records,
    archive: Archive,
    sender: Sender,
    compose: Compose,
) -> Sending:
    """At most one hand-over to SES, however often the message about the mail arrives."""
    mail = records.read(Mail, mail_key(programme_id, mail_id))
    if mail is None or not is_due(mail, now):
        return Sending.NOT_DUE
    message = compose(mail, [archive.read(each.key) for each in mail.enclosures])
    claimed = claim(mail, now)
    try:
        records.write(Put(claimed))
    except Conflict:
        return Sending.NOT_DUE
    held = claimed.model_copy(update={"revision": claimed.revision + 1})
    try:
        message_id = sender.send(mail.id, to=mail.to, message=message)
    except SendLaterError:
        _settle(held, lambda each: release(each, now=now, wait=WAIT), records)
        return Sending.LATER
    except SendRefusedError as refusal:
        code = str(refusal)
        _settle(held, lambda each: mark_failed(each, code=code, now=now), records)
        return Sending.REFUSED
    except SendUnknownError:
        return Sending.UNKNOWN
    _settle(held, lambda each: mark_sent(each, message_id), records)
    return Sending.SENT


def record_delivery(
    programme_id: str, mail_id: str, event: MailEvent, *, message_id: str, records: Records
) -> Mail | None:
    """Note what SES tells of a mail; the same event twice changes nothing."""

    def attempt() -> Mail | None:
        mail = records.read(Mail, mail_key(programme_id, mail_id))
        if mail is None:
            return None
        noted = record_event(mail, event, message_id)
        if noted != mail:
            records.write(Put(noted))
        return noted

    return decide_again(attempt)


def sweep_mails(*, now: datetime, records: Records, mail_queue: Queue) -> dict[str, int]:
    """Queue what an event was lost for; give to staff what was claimed and never answered for."""
    open_mails = records.list_open(Mail, MAIL)
    lost = [each for each in open_mails if is_due(each, now) and each.queued_at <= now - LOST_AFTER]
    stale = [
        each
        for each in open_mails
        if each.state is MailState.CLAIMED and each.claimed_at and each.claimed_at <= now - GRACE
    ]
    mail_queue.send([as_json(mail) for mail in lost])
    uncertain = 0
    for mail in stale:
        try:
            records.write(Put(mark_uncertain(mail)))
            uncertain += 1
        except Conflict:
            continue  # an event has settled it meanwhile
    return {"queued_again": len(lost), "uncertain": uncertain}


def _settle(mail: Mail, change: Callable[[Mail], Mail], records: Records) -> None:
    """Write the answer; if an event was faster, decide on what it left. What somebody else has
    claimed since is left to them.
    """
    try:
        records.write(Put(change(mail)))
    except Conflict:

        def attempt() -> None:
            known = records.read(Mail, mail.key)
            if known is not None and known.claimed_at == mail.claimed_at:
                records.write(Put(change(known)))

        decide_again(attempt)
