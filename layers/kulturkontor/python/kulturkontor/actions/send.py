"""Send one mail once: claim it, hand it to SES, mark it; and settle what an answer was lost for.

Claiming is a conditional write, so that of two deliveries of the same message one sends. After a
lost answer the mail stays claimed: SES's own Send event settles it, and with none after the grace a
person decides.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from kulturkontor.actions.ports import (
    Archive,
    FileMissingError,
    Queue,
    Sender,
    SendLaterError,
    SendRefusedError,
    SendUnknownError,
)
from kulturkontor.mail_states import claim, is_due, mark_failed, mark_sent, mark_uncertain, release
from kulturkontor.mails import MAIL, Mail, MailState, as_json, carries_letter, mail_key
from kulturkontor.records import Change, Conflict, Put, Records, Unchanged, decide_again
from kulturkontor.release_control import ReleaseControl, control_key

SENDING_TIMEOUT = timedelta(seconds=30)
"""The timeout of the function that sends; a test compares it with the template."""
GRACE = max(2 * SENDING_TIMEOUT, timedelta(minutes=30))
LOST_AFTER = timedelta(minutes=2)
WAIT = timedelta(minutes=1)
_ATTEMPTS = 6


class Sending(StrEnum):
    SENT = "sent"
    NOT_DUE = "not_due"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


Compose = Callable[[Mail, list[bytes]], bytes]
"""Raises UnwritableError."""


class UnwritableError(Exception):
    """The mail cannot be written as it is, however often it is tried; the message says why."""


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
    found = _read_due(programme_id, mail_id, now, records)
    if found is None:
        return Sending.NOT_DUE
    try:
        message = compose(found.mail, [archive.read(each.key) for each in found.mail.enclosures])
    except (UnwritableError, FileMissingError) as fault:
        _give_up(found.mail, str(fault), now, records)
        return Sending.REFUSED
    claimed = _claim(found, now, records)
    if claimed is None:
        return Sending.NOT_DUE
    held = claimed.model_copy(update={"revision": claimed.revision + 1})
    try:
        message_id = sender.send(claimed.id, to=claimed.to, message=message)
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


def _give_up(mail: Mail, why: str, now: datetime, records: Records) -> None:
    """It would fail as often as it is tried: staff must look. What somebody changed meanwhile is
    left to the sweep.
    """
    with suppress(Conflict):
        records.write(Put(mark_failed(mail, code=why, now=now)))


class _Due(NamedTuple):
    """A mail that may go now, and what it must not change in the meantime: a letter goes only as
    long as nobody stops the letters.
    """

    mail: Mail
    condition: tuple[Change, ...]


def _read_due(programme_id: str, mail_id: str, now: datetime, records: Records) -> _Due | None:
    if not carries_letter(mail_id):
        mail = records.read(Mail, mail_key(programme_id, mail_id))
        return _Due(mail, ()) if mail is not None and is_due(mail, now) else None
    keys = [mail_key(programme_id, mail_id), control_key(programme_id)]
    found = records.read_mixed([Mail, ReleaseControl], keys)
    control = next((each for each in found if isinstance(each, ReleaseControl)), None)
    letter = next((each for each in found if isinstance(each, Mail)), None)
    if letter is None or not is_due(letter, now) or (control and control.halt):
        return None
    return _Due(letter, (Unchanged(control or ReleaseControl(programme=programme_id)),))


def _claim(due: _Due, now: datetime, records: Records) -> Mail | None:
    """The mail as it was claimed; None when somebody else has it, or it was stopped. When only what
    it depends on was written meanwhile, that is read again.
    """
    for _ in range(_ATTEMPTS):
        claimed = claim(due.mail, now)
        try:
            records.write(Put(claimed), *due.condition)
        except Conflict:
            again = _read_due(due.mail.programme, due.mail.id, now, records)
            if again is None:
                return None
            due = again
        else:
            return claimed
    return None  # the sweep queues it again


def sweep_mails(*, now: datetime, records: Records, mail_queue: Queue) -> dict[str, int]:
    """Queue what an event was lost for; give to staff what was claimed and never answered for."""
    open_mails = records.list_open(Mail, MAIL)
    lost = [each for each in open_mails if is_due(each, now) and each.queued_at <= now - LOST_AFTER]
    stale = [
        each
        for each in open_mails
        if each.state is MailState.CLAIMED and each.claimed_at and each.claimed_at <= now - GRACE
    ]
    going = _not_halted(lost, records)
    mail_queue.send([as_json(mail) for mail in going])
    uncertain = 0
    for mail in stale:
        try:
            records.write(Put(mark_uncertain(mail)))
            uncertain += 1
        except Conflict:
            continue  # an event has settled it meanwhile
    return {"queued_again": len(going), "uncertain": uncertain}


def _not_halted(mails: Sequence[Mail], records: Records) -> list[Mail]:
    """Without the letters of a programme whose letters are stopped."""
    halted = {
        programme
        for programme in {mail.programme for mail in mails if carries_letter(mail.id)}
        if (known := records.read(ReleaseControl, control_key(programme))) and known.halt
    }
    return [mail for mail in mails if not (carries_letter(mail.id) and mail.programme in halted)]


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
