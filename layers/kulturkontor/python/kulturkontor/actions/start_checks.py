"""What the rows of a start sheet would make, looked over against all that the office knows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from kulturkontor.actions.apply import application_id_of
from kulturkontor.actions.claim_files import ClaimFile
from kulturkontor.actions.decide import read_rows as read_application_rows
from kulturkontor.actions.decide import to_decide
from kulturkontor.actions.read_conflicts import read_conflicts
from kulturkontor.actions.start_payments import plan_payments
from kulturkontor.applications import Application, application_key
from kulturkontor.claims import TravelClaim, claim_key
from kulturkontor.conflicts import Conflicts
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.municipalities import municipality
from kulturkontor.municipality_guards import MunicipalityGuard, guard_key
from kulturkontor.programme import Programme
from kulturkontor.records import Key, Records
from kulturkontor.start_attendance import plan_attendance
from kulturkontor.start_plans import Desk, Planned, plan_members, plan_municipality
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


class Known(NamedTuple):
    """What the office knows of some groups' municipalities, read in few calls."""

    applications: Mapping[str, Application]
    """By municipality: the one that has taken its place, or that an earlier sheet made."""
    guards: Mapping[str, MunicipalityGuard]
    claims: Mapping[tuple[str, str], TravelClaim]
    """The first version, by application and gathering."""


def check(
    every: Sequence[Group], kind: StartKind, desk: Desk, records: Records
) -> tuple[list[StartFault], list[Planned]]:
    """The faults that what the office knows makes of the sheet's groups, and what each would
    change.
    """
    planned = plan_groups(every, kind, desk, records)
    faults = [fault for each in planned for fault in each.faults]
    rows = [row for group in every for row in group]
    faults += _rank_faults(rows, desk, records)
    conflicts = read_conflicts(desk.by, desk.programme, records)
    faults += [
        fault(each.number, "municipality", StartFaultCode.CONFLICT)
        for each in closed_rows(rows, kind, conflicts, desk.programme, records)
    ]
    return sorted(faults, key=lambda each: each.row or 0), planned


def closed_rows(
    rows: Sequence[StartRow],
    kind: StartKind,
    conflicts: Conflicts,
    programme: Programme,
    records: Records,
) -> list[StartRow]:
    """The rows about a municipality that a conflict of interest closes to them."""
    if not conflicts.are_any:
        return []
    taking_part = {} if kind is StartKind.MUNICIPALITIES else _taking_part(programme, records)
    return [
        each
        for each in rows
        if conflicts.close(
            taking_part.get(each.municipality, imported_id(each.municipality, programme)),
            each.municipality,
        )
    ]


def plan_groups(
    some: Sequence[Group], kind: StartKind, desk: Desk, records: Records
) -> list[Planned]:
    """What each would change as things stand now. The reads are of all of them together: one for
    the programme's rows, and one for each hundred records.
    """
    known = _read_known(some, kind, desk.programme, records)
    return [_plan(group, kind, known, desk) for group in some]


def _read_known(
    some: Sequence[Group], kind: StartKind, programme: Programme, records: Records
) -> Known:
    first = [group[0] for group in some]
    if kind is StartKind.MUNICIPALITIES:
        ids = {each.municipality: imported_id(each.municipality, programme) for each in first}
    else:
        taking_part = _taking_part(programme, records)
        ids = {
            each.municipality: taking_part[each.municipality]
            for each in first
            if each.municipality in taking_part
        }
    found = records.read_mixed(
        [Application, MunicipalityGuard, TravelClaim], list(_keys(first, kind, ids, programme))
    )
    return Known(
        {each.kommunenummer: each for each in found if isinstance(each, Application)},
        {each.kommunenummer: each for each in found if isinstance(each, MunicipalityGuard)},
        {
            (each.application_id, each.gathering): each
            for each in found
            if isinstance(each, TravelClaim)
        },
    )


def _keys(
    first: Sequence[StartRow], kind: StartKind, ids: Mapping[str, str], programme: Programme
) -> Iterator[Key]:
    yield from map(application_key, ids.values())
    for each in first:
        if kind is StartKind.MUNICIPALITIES:
            yield guard_key(programme.id, each.municipality)
        if isinstance(each, PaymentRow) and each.municipality in ids:
            yield claim_key(ids[each.municipality], each.gathering, 1)


def _plan(group: Group, kind: StartKind, known: Known, desk: Desk) -> Planned:
    number = group[0].municipality
    application = known.applications.get(number)
    if kind is StartKind.MUNICIPALITIES:
        row = of_kind(group, MunicipalityRow)[0]
        own_id = imported_id(number, desk.programme)
        return plan_municipality(row, application, known.guards.get(number), own_id, desk)
    if application is None:
        here = municipality(number).official_name
        code = StartFaultCode.TAKES_NO_PART
        return Planned(faults=(fault(group[0].number, "municipality", code, here),))
    if kind is StartKind.MEMBERS:
        return plan_members(of_kind(group, MemberRow), application, desk)
    if kind is StartKind.ATTENDANCE:
        return plan_attendance(of_kind(group, AttendanceRow), application, desk)
    rows = of_kind(group, PaymentRow)
    claim = known.claims.get((application.id, rows[0].gathering))
    # Not compared with other claims: the council has paid, and says so of every line.
    file = ClaimFile(application=application, claims=(claim,) if claim else (), receipts={})
    return plan_payments(rows, file, desk)


def imported_id(kommunenummer: str, programme: Programme) -> str:
    """The id of the application that a sheet makes of a municipality: always the same."""
    return application_id_of(programme, f"start-{kommunenummer}")


def groups(rows: Sequence[StartRow]) -> Iterator[Group]:
    """By municipality, and payments by gathering as well."""

    def key(row: StartRow) -> tuple[str, str]:
        return row.municipality, row.gathering if isinstance(row, PaymentRow) else ""

    for _, group in groupby(sorted(rows, key=key), key=key):
        yield list(group)


def _taking_part(programme: Programme, records: Records) -> dict[str, str]:
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
