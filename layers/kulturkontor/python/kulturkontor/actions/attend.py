"""Say who comes to a gathering, fall ill, send somebody else; and staff's word on late beds."""

from collections.abc import Callable, Mapping
from datetime import datetime

from kulturkontor import attendance, group_notices, groups
from kulturkontor.actions.answer import keep_group, read_accepted
from kulturkontor.actions.application_checks import read_application
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.attendance import AttendanceError, Coming
from kulturkontor.audit import audit
from kulturkontor.participation import attendance_at
from kulturkontor.people import Participant, Presence
from kulturkontor.programme import Gathering, Programme
from kulturkontor.records import Put, Records, decide_again

Change = Callable[[Application, Gathering], Application]


def say_who_comes(
    application_id: str,
    gathering_id: str,
    said: Mapping[str, Coming],
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """Raises AttendanceError, PlaceStateError; the same said twice writes once."""
    return _attend(
        application_id,
        gathering_id,
        lambda known, where: attendance.say_who_comes(
            known, where, said, programme=programme, at=at
        ),
        by=by,
        at=at,
        programme=programme,
        records=records,
    )


def drop_out(
    application_id: str,
    gathering_id: str,
    participant: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """Somebody said to come cannot: what was paid for them may still be claimed, for staff to
    judge.
    """
    return _attend(
        application_id,
        gathering_id,
        lambda known, where: attendance.drop_out(
            known, where, participant, programme=programme, at=at
        ),
        by=by,
        at=at,
        programme=programme,
        records=records,
    )


def come_after_all(
    application_id: str,
    gathering_id: str,
    participant: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    return _attend(
        application_id,
        gathering_id,
        lambda known, where: attendance.come_after_all(
            known, where, participant, programme=programme, at=at
        ),
        by=by,
        at=at,
        programme=programme,
        records=records,
    )


def add_substitute(
    application_id: str,
    gathering_id: str,
    substitute: Participant,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Somebody comes to that gathering only; the same id twice is one. Told by mail what is kept.

    Raises GroupError, AttendanceError, PlaceStateError.
    """
    where = _gathering(programme, gathering_id)
    if where.is_cancelled or attendance.is_over(where, at):
        raise AttendanceError("gathering_cancelled" if where.is_cancelled else "gathering_over")

    def attempt() -> Application:
        known = read_accepted(application_id, records)
        changed = groups.with_substitute(known, where, substitute, programme=programme, at=at)
        return keep_group(
            known,
            changed,
            note=_note(known, changed, gathering_id, by, at),
            at=at,
            programme=programme,
            records=records,
            mail_queue=mail_queue,
        )

    return decide_again(attempt)


def remove_substitute(
    application_id: str,
    gathering_id: str,
    participant: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """As long as the gathering is not over: after it they may have travelled."""
    where = _gathering(programme, gathering_id)
    if attendance.is_over(where, at):
        raise AttendanceError("gathering_over")

    def attempt() -> Application:
        known = read_accepted(application_id, records)
        changed = groups.without_substitute(known, where, participant, programme=programme, at=at)
        return keep_group(
            known,
            changed,
            note=_note(known, changed, gathering_id, by, at),
            at=at,
            programme=programme,
            records=records,
            mail_queue=mail_queue,
        )

    return decide_again(attempt)


def rule_on_bed(
    application_id: str,
    gathering_id: str,
    participant: str,
    *,
    granted: bool,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Staff's answer to a bed that was asked for, or given up, after the hotel's date; the contact
    is told. Ruled already: nothing changes.
    """
    where = _gathering(programme, gathering_id)

    def attempt() -> Application:
        known = read_application(application_id, records)
        asked = attendance_at(known, gathering_id).get(participant)
        if asked is None or asked.bed_asked is None:
            return known
        changed = attendance.rule_on_bed(known, gathering_id, participant, granted=granted, at=at)
        note = audit(
            known,
            f"bed#{gathering_id}",
            by=by,
            at=at,
            before="no_bed" if not asked.bed_asked else "name" if asked.bed_name else "bed",
            after="granted" if granted else "refused",
        )
        mail = group_notices.bed_ruled(
            changed,
            where,
            participant,
            asked=asked,
            granted=granted,
            programme=programme,
            at=at,
        )
        commit([*put(changed), note], [mail], records=records, mail_queue=mail_queue)
        return changed

    return decide_again(attempt)


def _attend(
    application_id: str,
    gathering_id: str,
    change: Change,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    where = _gathering(programme, gathering_id)

    def attempt() -> Application:
        known = read_accepted(application_id, records)
        changed = change(known, where)
        if changed != known:
            records.write(*put(changed), _note(known, changed, gathering_id, by, at))
        return changed

    return decide_again(attempt)


def _note(before: Application, after: Application, gathering_id: str, by: str, at: datetime) -> Put:
    """How many come to that gathering: no names."""
    was, becomes = (
        sum(each.presence is Presence.COMES for each in attendance_at(known, gathering_id).values())
        for known in (before, after)
    )
    what = f"attendance#{gathering_id}"
    return audit(before, what, by=by, at=at, before=str(was), after=str(becomes))


def _gathering(programme: Programme, gathering_id: str) -> Gathering:
    found = programme.gathering(gathering_id)
    if found is None:
        raise AttendanceError("unknown_gathering")
    return found
