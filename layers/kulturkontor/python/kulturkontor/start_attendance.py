"""What a start sheet makes of who was at the gatherings that are over."""

from collections.abc import Sequence

from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.audit import audit
from kulturkontor.claim_fields import name_key
from kulturkontor.participation import check_ins_at, participants_at
from kulturkontor.people import CheckIn, Participant
from kulturkontor.programme import OSLO
from kulturkontor.start_plans import Desk, Planned
from kulturkontor.start_rows import AttendanceRow
from kulturkontor.start_sheets import StartFault, StartFaultCode, fault


def plan_attendance(rows: Sequence[AttendanceRow], application: Application, desk: Desk) -> Planned:
    """Who was at the gatherings that are over."""
    faults: list[StartFault] = []
    new: list[CheckIn] = []
    for row in rows:
        person = find_person(application, row.gathering, row.name)
        if code := _attendance_fault(row, application, person, desk):
            faults.append(fault(row.number, _COLUMN_OF.get(code, "gathering"), code, row.name))
        elif person and person.id not in check_ins_at(application, row.gathering):
            new.append(
                CheckIn(gathering=row.gathering, participant=person.id, came=row.came, at=desk.at)
            )
    if faults or not new:
        return Planned(faults=tuple(faults))
    becomes = application.but(check_ins=(*application.check_ins, *new))
    came = sum(each.came for each in new)
    note = audit(
        application, "attended", by=desk.confirmed_by, at=desk.at, after=f"{came}/{len(new)}"
    )
    return Planned((*put(becomes), note), len(new))


_COLUMN_OF = {
    StartFaultCode.PERSON_UNKNOWN: "name",
    StartFaultCode.NOTED_OTHERWISE: "came",
}


def _attendance_fault(
    row: AttendanceRow, application: Application, person: Participant | None, desk: Desk
) -> StartFaultCode | None:
    gathering = desk.programme.gathering(row.gathering)
    if gathering is None or gathering.is_cancelled:
        return StartFaultCode.GATHERING_CANCELLED
    if gathering.first_day > desk.at.astimezone(OSLO).date():
        return StartFaultCode.GATHERING_AHEAD
    if person is None:
        return StartFaultCode.PERSON_UNKNOWN
    noted = check_ins_at(application, row.gathering).get(person.id, row.came)
    return None if noted == row.came else StartFaultCode.NOTED_OTHERWISE


def find_person(application: Application, gathering: str, name: str) -> Participant | None:
    """The registered participant of that name."""
    return next(
        (
            each
            for each in participants_at(application, gathering)
            if name_key(each.name) == name_key(name)
        ),
        None,
    )
