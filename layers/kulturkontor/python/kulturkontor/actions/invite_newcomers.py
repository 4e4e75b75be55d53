"""Invite to a coordinator meeting, or the pre-gathering, whoever it concerns only after it was set:
their place was accepted since, their group was registered, or they were made coordinators.

Every morning by itself, and by a button. Found from what is kept, not from what happened, so that
all three ways lead here and a missed, late or doubled morning invites nobody twice.
"""

from datetime import datetime

from kulturkontor.actions.ports import Queue
from kulturkontor.actions.taking_part import read_concerned
from kulturkontor.actions.tell_change import mails_of, tell_all
from kulturkontor.calendar_changes import (
    CalendarChange,
    CalendarError,
    Recipient,
    change_key,
    recipients,
)
from kulturkontor.calendar_notices import calendar_changed
from kulturkontor.mails import Mail, mail_key
from kulturkontor.programme import CoordinatorMeeting, Programme
from kulturkontor.records import Records


def newcomers(
    event: CoordinatorMeeting, *, programme: Programme, records: Records
) -> list[Recipient]:
    """Whom the invitation to a meeting concerns by now, and who has not been sent it: their place
    was accepted since, or they were made coordinators.
    """
    change = records.read(CalendarChange, change_key(programme.id, event.id, event.sequence))
    if change is None or not change.is_told or event.is_cancelled:
        return []
    found = recipients(read_concerned(event, programme, records), event)
    mails = {calendar_changed(change, each, programme).id: each for each in found}
    kept = records.read_many(Mail, [mail_key(programme.id, each) for each in mails])
    known = {each.id for each in kept}
    return [each for mail_id, each in mails.items() if mail_id not in known]


def invite_newcomers(
    about: str, *, at: datetime, programme: Programme, records: Records, mail_queue: Queue
) -> CalendarChange:
    """The invitation as it stands now to those who have not been sent it; pressing twice writes it
    once. Raises CalendarError.
    """
    event = programme.coordinator_meeting(about)
    if event is None:
        raise CalendarError("unknown")
    if event.is_cancelled or event.ends_at <= at:
        raise CalendarError("over")
    change = records.read(CalendarChange, change_key(programme.id, about, event.sequence))
    if change is None:
        raise CalendarError("unknown")
    mails = [each.but(queued_at=at) for each in mails_of(change, programme, records)]
    return tell_all(change, mails, records=records, mail_queue=mail_queue)


def invite_every_newcomer(
    *, now: datetime, programme: Programme, records: Records, mail_queue: Queue
) -> int:
    """To the meetings that are ahead; how many were invited."""
    invited = 0
    for event in programme.coordinator_meetings:
        if event.ends_at <= now:
            continue
        found = newcomers(event, programme=programme, records=records)
        if found:
            invite_newcomers(
                event.id, at=now, programme=programme, records=records, mail_queue=mail_queue
            )
        invited += len(found)
    return invited
