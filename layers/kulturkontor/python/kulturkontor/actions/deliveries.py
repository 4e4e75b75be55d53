"""What SES tells of a mail, and what follows when a letter came back: the municipality's second
contact gets it, and too many of them stop the rest.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from kulturkontor import release_notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.applications import Application, application_key
from kulturkontor.mail_states import record_event
from kulturkontor.mails import (
    Mail,
    MailEvent,
    MailState,
    is_letter_itself,
    is_letter_of_release,
    mail_key,
    mails_partition,
)
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.release_control import Halt, ReleaseControl, control_key, must_pause
from kulturkontor.second_contacts import second_try

_HANDED_OVER = (MailState.SENT, MailState.DELIVERED, MailState.BOUNCED)


def record_delivery(
    mail_id: str,
    event: MailEvent,
    *,
    message_id: str,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Mail | None:
    """The mail as it stands afterwards; the same event twice changes nothing."""

    def attempt() -> Mail | None:
        mail = records.read(Mail, mail_key(programme.id, mail_id))
        if mail is None:
            return None
        noted = record_event(mail, event, message_id)
        if noted == mail:
            return noted
        second = _second_try(noted, now, records)
        if second is not None:
            noted = noted.but(second_contact=second.id)
        outgoing = [second] if second else []
        commit([Put(noted)], outgoing, records=records, mail_queue=mail_queue)
        return noted

    noted = decide_again(attempt)
    if noted is not None and noted.is_lost and is_letter_of_release(noted):
        _pause_if_too_many(now, staff_address, programme, records, mail_queue)
    return noted


def _second_try(mail: Mail, now: datetime, records: Records) -> Mail | None:
    """The letter to the second contact, once: when the first bounced for good."""
    if not (mail.is_lost and is_letter_itself(mail.id)) or mail.second_contact:
        return None
    application = records.read(Application, application_key(mail.id.split("_")[0]))
    return second_try(mail, application, now) if application else None


def _pause_if_too_many(
    now: datetime, staff_address: str, programme: Programme, records: Records, mail_queue: Queue
) -> None:
    """Stop the letters by ourselves, and tell staff, in one transaction and therefore once."""
    bounced, handed_over = count_bounces(records.list(Mail, mails_partition(programme.id), ""))
    rules = programme.decision

    def attempt() -> None:
        known = records.read(ReleaseControl, control_key(programme.id))
        control = known or ReleaseControl(programme=programme.id)
        if not must_pause(
            control,
            bounced=bounced,
            handed_over=handed_over,
            least=rules.pause_at_bounces,
            percent=rules.pause_above_percent,
        ):
            return
        halt = Halt(at=now, bounced=bounced, handed_over=handed_over)
        mail = release_notices.paused(halt, programme, now, staff_address)
        commit([Put(control.but(halt=halt))], [mail], records=records, mail_queue=mail_queue)

    decide_again(attempt)


class Bounces(NamedTuple):
    bounced: int
    handed_over: int


def count_bounces(mails: Sequence[Mail]) -> Bounces:
    """Letters of the release that came back for good, and those handed over at all."""
    letters = [mail for mail in mails if is_letter_of_release(mail)]
    return Bounces(
        sum(mail.is_lost for mail in letters),
        sum(mail.state in _HANDED_OVER for mail in letters),
    )
