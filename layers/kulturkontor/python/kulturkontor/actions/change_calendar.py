"""Staff move, cancel or set a gathering or a coordinator meeting.

The change, its record and the first mails are one transaction, which whoever presses waits for;
those that do not fit it are the letter queue's (`tell_change.py`).
"""

import hashlib
from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.ports import Archive, Queue
from kulturkontor.actions.taking_part import read_concerned
from kulturkontor.actions.tell_change import AT_ONCE, ask_for_rest, mails_of
from kulturkontor.application_rows import programme_partition
from kulturkontor.calendar_changes import (
    NOTHING_SEEN,
    CalendarChange,
    CalendarError,
    Event,
    GatheringWish,
    MeetingWish,
    Recipient,
    as_settings,
    change_key,
    changes_prefix,
    find_event,
    is_same,
    recipients,
    wished,
)
from kulturkontor.calendar_files import MEDIA_TYPE, calendar_file
from kulturkontor.claims import ClaimRow
from kulturkontor.mails import Enclosure
from kulturkontor.programme import Gathering, Language, Programme
from kulturkontor.programme_settings import with_changes
from kulturkontor.records import Conflict, Put, Records


class Plan(NamedTuple):
    """What a change would touch, before it is made."""

    change: CalendarChange
    becomes: Programme
    recipients: list[Recipient]
    claims: int
    """How many claims for the gathering have been sent already."""


def plan_change(
    about: str,
    wish: GatheringWish | MeetingWish,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Plan:
    """Nothing is written. Raises CalendarError, SettingsError."""
    change = _change(about, wish, by=by, at=at, programme=programme)
    return Plan(
        change=change,
        becomes=with_changes(programme, as_settings(change.after)),
        recipients=recipients(read_concerned(change.after, programme, records), change.after),
        claims=len(_claims(about, programme, records)) if change.is_gathering else 0,
    )


def make_change(
    about: str,
    wish: GatheringWish | MeetingWish,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
    letter_queue: Queue,
) -> CalendarChange:
    """Raises as `plan_change`; asked for again, it is made once and the queue is asked again for
    what lacks of its mails.
    """
    made = records.read(CalendarChange, change_key(programme.id, about, wish.seen + 1))
    if made is None:
        made = _make(
            _change(about, wish, by=by, at=at, programme=programme),
            programme=programme,
            records=records,
            archive=archive,
            mail_queue=mail_queue,
        )
    elif not is_same(made.after, wished(wish, made.before, about, at)):
        raise CalendarError("changed_meanwhile")
    ask_for_rest(made, letter_queue)
    return made


def finish_change(
    about: str, sequence: int, *, programme: Programme, records: Records, letter_queue: Queue
) -> CalendarChange:
    """Ask the queue again for what lacks of a change's mails, if a fault came between."""
    made = records.read(CalendarChange, change_key(programme.id, about, sequence))
    if made is None:
        raise CalendarError("unknown")
    ask_for_rest(made, letter_queue)
    return made


def read_changes(programme: Programme, records: Records) -> list[CalendarChange]:
    """All that have been made, the newest first."""
    found = records.list(CalendarChange, programme_partition(programme.id), changes_prefix())
    return sorted(found, key=lambda each: each.changed_at, reverse=True)


def _make(
    change: CalendarChange,
    *,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
) -> CalendarChange:
    becomes = with_changes(programme, as_settings(change.after))
    change = change.but(files=_store_files(change.after, becomes, archive))
    mails = mails_of(change, becomes, records)
    kept = change.but(told=len(mails[:AT_ONCE]), is_told=len(mails) <= AT_ONCE)
    try:
        change_settings(
            as_settings(change.after),
            by=change.changed_by,
            at=change.changed_at,
            reason=change.reason,
            programme=programme,
            records=records,
            mail_queue=mail_queue,
            mails=tuple(mails[:AT_ONCE]),
            also=(Put(kept),),
            about=change.after.id,
        )
    except Conflict as fault:
        raise CalendarError("changed_meanwhile") from fault
    return kept


def _change(
    about: str,
    wish: GatheringWish | MeetingWish,
    *,
    by: str,
    at: datetime,
    programme: Programme,
) -> CalendarChange:
    before = find_event(programme, about)
    after = wished(wish, before, about, at)
    if before is None and (isinstance(after, Gathering) or wish.seen != NOTHING_SEEN):
        raise CalendarError("unknown")
    if before is not None and (type(before) is not type(after) or before.sequence != wish.seen):
        raise CalendarError("changed_meanwhile")
    if is_same(before, after):
        raise CalendarError("nothing_changed")
    return CalendarChange(
        programme=programme.id,
        before=before,
        after=after,
        reason=wish.reason,
        changed_by=by,
        changed_at=at,
        files={},
    )


def _store_files(event: Event, programme: Programme, archive: Archive) -> dict[Language, Enclosure]:
    stored: dict[Language, Enclosure] = {}
    for language in programme.languages:
        data = (
            calendar_file(programme, language, gatherings=[event])
            if isinstance(event, Gathering)
            else calendar_file(programme, language, meetings=[event])
        )
        digest = hashlib.sha256(data).hexdigest()
        key = f"calendar/{programme.id}/{event.id}-{event.sequence}-{language}-{digest[:16]}.ics"
        archive.write_once(key, data, media_type=MEDIA_TYPE)
        name = f"{programme.id}-{event.id}.ics"
        stored[language] = Enclosure(key=key, file_name=name, sha256=digest)
    return stored


def _claims(about: str, programme: Programme, records: Records) -> list[ClaimRow]:
    return records.list(ClaimRow, programme_partition(programme.id), f"CLAIM#{about}#")
