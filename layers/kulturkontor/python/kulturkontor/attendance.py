"""Who comes to a gathering and, where the council books the hotel, who needs a bed.

The municipality says it and may change it until the gathering is over; falling ill is one click. A
bed is the municipality's to change until the hotel must know (`overnight.hotel_days_before`); what
it asks for later waits for staff. `Attendance.bed` is always what is booked.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kulturkontor.applications import Application
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Attendance, Presence
from kulturkontor.programme import OSLO, Gathering, Programme
from kulturkontor.refusals import Refusal


class AttendanceError(Refusal):
    """It cannot be said of that gathering, or of that person; `args[0]` is the code of why."""

    codes_begin = "attendance_"


class Coming(NamedTuple):
    """What is said of one participant: whether they come, and whether they need a bed."""

    comes: bool
    bed: bool = False


def has_beds(programme: Programme) -> bool:
    """Whether the council books the hotel, and has to know who needs a bed."""
    return programme.overnight.mode == "central" and programme.overnight.max_persons > 0


def is_frozen(programme: Programme, gathering: Gathering, at: datetime) -> bool:
    """Whether a change of beds has to go through staff."""
    return at.astimezone(OSLO).date() > last_bed_day(programme, gathering)


def is_hotel_told(
    said: Attendance, gathering: Gathering, programme: Programme, at: datetime
) -> bool:
    """Whether the hotel has been told of that bed, and it still matters."""
    is_late = is_frozen(programme, gathering, at)
    return has_beds(programme) and bool(said.bed) and is_late and not is_over(gathering, at)


def last_bed_day(programme: Programme, gathering: Gathering) -> date:
    """The last day on which the municipality changes its beds by itself."""
    return gathering.first_day - timedelta(days=programme.overnight.hotel_days_before)


def is_over(gathering: Gathering, at: datetime) -> bool:
    return at.astimezone(OSLO).date() > gathering.last_day


def say_who_comes(
    application: Application,
    gathering: Gathering,
    said: Mapping[str, Coming],
    *,
    programme: Programme,
    at: datetime,
) -> Application:
    """What the municipality says of some or all of its participants, by their ids.

    Whoever dropped out stays so unless they come after all. Raises AttendanceError.
    """
    if is_over(gathering, at):
        raise AttendanceError("gathering_over")
    _require_known(application, gathering, said)
    changes = [
        _changed(application, gathering, each, coming, programme=programme, at=at)
        for each, coming in said.items()
    ]
    becomes = with_attendance(application, changes)
    beds = _beds_wanted(becomes, gathering)
    limit = programme.overnight.max_persons
    if beds > max(limit, _beds_wanted(application, gathering)):
        raise AttendanceError("too_many_beds")
    return becomes


def drop_out(
    application: Application,
    gathering: Gathering,
    participant: str,
    *,
    programme: Programme,
    at: datetime,
) -> Application:
    """Somebody cannot come after all; may be said as long as the gathering can be claimed for."""
    _require_claimable(gathering, programme, at)
    _require_known(application, gathering, [participant])
    before = attendance_at(application, gathering.id).get(participant)
    if before and before.presence is Presence.DROPPED_OUT:
        return application
    gone = _changed(
        application, gathering, participant, Coming(comes=False), programme=programme, at=at
    )
    return with_attendance(
        application, [gone.model_copy(update={"presence": Presence.DROPPED_OUT})]
    )


def come_after_all(
    application: Application,
    gathering: Gathering,
    participant: str,
    *,
    programme: Programme,
    at: datetime,
) -> Application:
    """Takes back `drop_out`. A bed that is still booked stays; another must be asked for anew."""
    _require_claimable(gathering, programme, at)
    _require_known(application, gathering, [participant])
    before = attendance_at(application, gathering.id).get(participant)
    if before is None or before.presence is not Presence.DROPPED_OUT:
        return application
    changes = {"presence": Presence.COMES, "bed_asked": _asks_for_name(before), "at": at}
    return with_attendance(application, [before.model_copy(update=changes)])


def rule_on_bed(
    application: Application, gathering_id: str, participant: str, *, granted: bool, at: datetime
) -> Application:
    """Staff's answer to what was asked for after the hotel's date; unchanged if nothing waits."""
    before = attendance_at(application, gathering_id).get(participant)
    if before is None or before.bed_asked is None:
        return application
    bed = before.bed_asked if granted else before.bed
    name = before.bed_name if bed and not granted else ""
    changes = {"bed": bed, "bed_asked": None, "bed_name": name, "at": at}
    return with_attendance(application, [before.model_copy(update=changes)])


def beds_asked(application: Application) -> list[Attendance]:
    """What waits for staff's answer."""
    return [each for each in application.attendance if each.bed_asked is not None]


def _changed(
    application: Application,
    gathering: Gathering,
    participant: str,
    coming: Coming,
    *,
    programme: Programme,
    at: datetime,
) -> Attendance:
    before = attendance_at(application, gathering.id).get(participant)
    presence = Presence.COMES if coming.comes else Presence.STAYS_AWAY
    if before and before.presence is Presence.DROPPED_OUT and not coming.comes:
        presence = Presence.DROPPED_OUT
    bed: bool | None = None
    asked: bool | None = None
    name = ""
    if has_beds(programme):
        booked, wanted = bool(before and before.bed), coming.comes and coming.bed
        is_late = is_frozen(programme, gathering, at)
        bed = booked if is_late else wanted
        if is_late and before and booked:
            name, asked = before.bed_name, _asks_for_name(before)
        if is_late and wanted != booked:
            asked = wanted
    said = Attendance(
        gathering=gathering.id,
        participant=participant,
        presence=presence,
        bed=bed,
        bed_asked=asked,
        bed_name=name,
        at=at,
    )
    is_same = before and before == said.model_copy(update={"at": before.at})
    return before if before and is_same else said


def _asks_for_name(before: Attendance) -> bool | None:
    """What waits for staff of a bed that stays: whether it may be in another name."""
    return True if before.bed_name and before.bed_asked is not None else None


def with_bed_name(said: Attendance, was: str, becomes: str, *, at: datetime) -> Attendance:
    """What was said of somebody whose bed the hotel has been told of, when their name changes: the
    hotel keeps the name it has until staff say yes.
    """
    if was == becomes:
        return said
    told = said.bed_name or was
    is_back = told == becomes
    gives_up = said.bed_asked is False
    changes = {
        "bed_name": "" if is_back else told,
        "bed_asked": False if gives_up else None if is_back else True,
        "at": at,
    }
    return said.model_copy(update=changes)


def with_attendance(application: Application, changes: Iterable[Attendance]) -> Application:
    """The application with these in place of what was said of the same people before."""
    every = {(each.gathering, each.participant): each for each in application.attendance}
    every |= {(each.gathering, each.participant): each for each in changes}
    attendance = tuple(every.values())
    return (
        application
        if attendance == application.attendance
        else application.but(attendance=attendance)
    )


def _require_known(application: Application, gathering: Gathering, wanted: Iterable[str]) -> None:
    if gathering.is_cancelled:
        raise AttendanceError("gathering_cancelled")
    known = frozenset(each.id for each in participants_at(application, gathering.id))
    if set(wanted) - known:
        raise AttendanceError("unknown_participant")


def _require_claimable(gathering: Gathering, programme: Programme, at: datetime) -> None:
    if at.astimezone(OSLO).date() > programme.claim_deadline(gathering):
        raise AttendanceError("gathering_over")


def _beds_wanted(application: Application, gathering: Gathering) -> int:
    """Beds as they would be if staff said yes to what waits."""
    return sum(
        bool(each.bed if each.bed_asked is None else each.bed_asked)
        for each in attendance_at(application, gathering.id).values()
    )
