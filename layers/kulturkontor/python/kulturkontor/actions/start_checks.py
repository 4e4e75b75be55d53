"""What the rows of a start sheet would make, looked over against all that the office knows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from kulturkontor.actions.apply import application_id_of
from kulturkontor.actions.claim_files import read_claim_file
from kulturkontor.actions.decide import read_rows as read_application_rows
from kulturkontor.actions.decide import to_decide
from kulturkontor.actions.start_payments import plan_payments
from kulturkontor.applications import Application, application_key
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.municipalities import municipality
from kulturkontor.municipality_guards import MunicipalityGuard, guard_key
from kulturkontor.programme import Programme
from kulturkontor.records import Records
from kulturkontor.start_plans import (
    Desk,
    Planned,
    plan_attendance,
    plan_members,
    plan_municipality,
)
from kulturkontor.start_rows import (
    AttendanceRow,
    MemberRow,
    MunicipalityRow,
    PaymentRow,
    StartRow,
    of_kind,
)
from kulturkontor.start_sheets import StartFault, StartFaultCode, StartKind, fault

Group = Sequence[StartRow]
"""The rows that are planned and written together: of one municipality, or of one of its claims."""


def check(
    rows: Sequence[StartRow], kind: StartKind, desk: Desk, records: Records
) -> tuple[list[StartFault], int]:
    """The faults that what the office knows makes, and how many rows are new."""
    taking_part = taking_part_by_number(desk.programme, records)
    faults, made = list(_rank_faults(rows, desk, records)), 0
    for group in groups(rows):
        planned = plan(kind, group, taking_part, desk, records)
        faults += planned.faults
        made += planned.made
    return sorted(faults, key=lambda each: each.row or 0), made


def plan(
    kind: StartKind,
    group: Group,
    taking_part: Mapping[str, str],
    desk: Desk,
    records: Records,
) -> Planned:
    """Of one group, as things stand now. `taking_part`: ids of applications by municipality."""
    if kind is StartKind.MUNICIPALITIES:
        return _plan_municipality(of_kind(group, MunicipalityRow)[0], desk, records)
    first = group[0]
    application_id = taking_part.get(first.municipality)
    if application_id is None:
        here = municipality(first.municipality).official_name
        code = StartFaultCode.TAKES_NO_PART
        return Planned(faults=(fault(first.number, "municipality", code, here),))
    return _PLANS[kind](group, application_id, desk, records)


def _plan_municipality(row: MunicipalityRow, desk: Desk, records: Records) -> Planned:
    application_id = imported_id(row.municipality, desk.programme)
    known = records.read(Application, application_key(application_id))
    guard = records.read(MunicipalityGuard, guard_key(desk.programme.id, row.municipality))
    return plan_municipality(row, known, guard, application_id, desk)


def _plan_members(group: Group, application_id: str, desk: Desk, records: Records) -> Planned:
    application = read_claim_file(application_id, records).application
    return plan_members(of_kind(group, MemberRow), application, desk)


def _plan_attendance(group: Group, application_id: str, desk: Desk, records: Records) -> Planned:
    application = read_claim_file(application_id, records).application
    return plan_attendance(of_kind(group, AttendanceRow), application, desk)


def _plan_payments(group: Group, application_id: str, desk: Desk, records: Records) -> Planned:
    # Not compared with other claims: the council has paid, and says so of every line.
    file = read_claim_file(application_id, records)
    return plan_payments(of_kind(group, PaymentRow), file, desk)


_PLANS: Final[Mapping[StartKind, Callable[[Group, str, Desk, Records], Planned]]] = {
    StartKind.MEMBERS: _plan_members,
    StartKind.ATTENDANCE: _plan_attendance,
    StartKind.PAYMENTS: _plan_payments,
}


def imported_id(kommunenummer: str, programme: Programme) -> str:
    """The id of the application that a sheet makes of a municipality: always the same."""
    return application_id_of(programme, f"start-{kommunenummer}")


def groups(rows: Sequence[StartRow]) -> Iterator[Group]:
    """By municipality, and payments by gathering as well."""

    def key(row: StartRow) -> tuple[str, str]:
        return row.municipality, row.gathering if isinstance(row, PaymentRow) else ""

    for _, group in groupby(sorted(rows, key=key), key=key):
        yield list(group)


def taking_part_by_number(programme: Programme, records: Records) -> dict[str, str]:
    """The ids of the applications that have taken their place, by municipality."""
    return {
        row.kommunenummer: row.id
        for row in read_application_rows(programme, records)
        if row.is_live and row.place == PlaceState.ACCEPTED
    }


def _rank_faults(rows: Sequence[StartRow], desk: Desk, records: Records) -> Iterator[StartFault]:
    """Numbers of the waiting list that another municipality has already."""
    found = of_kind(rows, MunicipalityRow)
    if not any(each.rank for each in found):
        return
    taken = {
        row.rank: row.kommunenummer
        for row in to_decide(read_application_rows(desk.programme, records))
        if row.outcome == Outcome.WAITLISTED
    }
    for each in found:
        if each.rank and taken.get(each.rank, each.municipality) != each.municipality:
            yield fault(each.number, "rank", StartFaultCode.RANK_REPEATED, str(each.rank))
