"""Staff move, cancel or set a gathering or a coordinator meeting, and tell those whom it concerns.

The change, its record and the first mails are one transaction; more than fit it are written after
it in further ones. Each mail's id says what and whom, so doing it again writes exactly the rest.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.actions.taking_part import read_concerned
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
from kulturkontor.calendar_notices import calendar_changed
from kulturkontor.claims import ClaimRow
from kulturkontor.mails import Enclosure, Mail, mail_key
from kulturkontor.programme import CoordinatorMeeting, Gathering, Language, Programme
from kulturkontor.programme_settings import with_changes
from kulturkontor.records import Conflict, Put, Records, decide_again

AT_ONCE = 90
"""How many mails go in one transaction of at most 100 changes."""


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
) -> CalendarChange:
    """Raises as `plan_change`; asked for again, it is made once and what lacks of its mails is
    written.
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
    return tell_the_rest(made, programme=programme, records=records, mail_queue=mail_queue)


def finish_change(
    about: str, sequence: int, *, programme: Programme, records: Records, mail_queue: Queue
) -> CalendarChange:
    """Write what lacks of a change's mails, if a fault came between."""
    made = records.read(CalendarChange, change_key(programme.id, about, sequence))
    if made is None:
        raise CalendarError("unknown")
    return tell_the_rest(made, programme=programme, records=records, mail_queue=mail_queue)


def tell_the_rest(
    change: CalendarChange, *, programme: Programme, records: Records, mail_queue: Queue
) -> CalendarChange:
    """As `tell_all`, but only once for each change."""
    if change.is_told:
        return change
    mails = _mails(change, programme, records)
    return tell_all(change, mails, records=records, mail_queue=mail_queue)


def newcomers(
    event: CoordinatorMeeting, *, programme: Programme, records: Records
) -> list[Recipient]:
    """Whom the invitation to a meeting concerns by now, and who has not been sent it: their place
    was accepted since, or they were made coordinators.
    """
    change = records.read(CalendarChange, change_key(programme.id, event.id, event.sequence))
    if change is None or event.is_cancelled:
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
    mails = [each.but(queued_at=at) for each in _mails(change, programme, records)]
    return tell_all(change, mails, records=records, mail_queue=mail_queue)


def tell_all(
    change: CalendarChange, mails: Sequence[Mail], *, records: Records, mail_queue: Queue
) -> CalendarChange:
    """The change's mails that are not there yet, in as many transactions as they take."""

    def attempt() -> CalendarChange:
        kept = {each.id for each in records.read_many(Mail, [each.key for each in mails])}
        rest = iter([each for each in mails if each.id not in kept])
        while batch := list(islice(rest, AT_ONCE)):
            commit([], batch, records=records, mail_queue=mail_queue)
        known = records.read(CalendarChange, change.key)
        if known is None or (known.is_told and known.told == len(mails)):
            return known or change
        told = known.but(told=len(mails), is_told=True)
        records.write(Put(told))
        return told

    return decide_again(attempt)


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
    mails = _mails(change, becomes, records)
    fits = len(mails) <= AT_ONCE
    kept = change.but(told=len(mails) if fits else 0, is_told=fits)
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


def _mails(change: CalendarChange, programme: Programme, records: Records) -> list[Mail]:
    concerned = read_concerned(change.after, programme, records)
    return [
        calendar_changed(change, each, programme) for each in recipients(concerned, change.after)
    ]


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
