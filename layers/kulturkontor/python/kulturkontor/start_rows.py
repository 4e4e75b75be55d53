"""The rows of a start sheet as values, and what is wrong with each by itself and between them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_form import Sector
from kulturkontor.claim_fields import name_key
from kulturkontor.decisions import Outcome
from kulturkontor.programme import Language, Programme
from kulturkontor.start_cells import READERS, CellError
from kulturkontor.start_sheets import (
    COLUMNS,
    Line,
    StartFault,
    StartFaultCode,
    StartKind,
    fault,
)


class StartRow(BaseModel):
    """`number` as the spreadsheet counts; `municipality` by its number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    municipality: str


class MunicipalityRow(StartRow):
    contact_name: str
    contact_role: str = ""
    contact_email: str
    contact_phone: str = ""
    language: Language | None = None
    outcome: Outcome
    decided: date
    rank: int | None = None
    reason: str = ""
    accepted: bool | None = None
    """None: admitted, and has not answered yet."""
    answer_by: date | None = None
    is_free: bool = False
    """A place that was declined still waits for somebody; else it went on, or stays empty."""
    received: date | None = None
    """None: nobody knows when the application came."""


class MemberRow(StartRow):
    name: str
    sector: Sector
    email: str = ""
    coordinator: bool = False
    only: tuple[str, ...] = ()
    """The gatherings a substitute came to; empty for one who is of the group throughout."""


class AttendanceRow(StartRow):
    gathering: str
    name: str
    came: bool


class PaymentRow(StartRow):
    """What one participant's travel to one gathering cost, and what the council paid of it. Øre."""

    gathering: str
    name: str
    travel_actual: int = 0
    travel_paid: int = 0
    night_actual: int = 0
    night_paid: int = 0
    paid_on: date
    voucher: str
    account: str


R = TypeVar("R", bound=StartRow)
MODELS: Final[Mapping[StartKind, type[StartRow]]] = {
    StartKind.MUNICIPALITIES: MunicipalityRow,
    StartKind.MEMBERS: MemberRow,
    StartKind.ATTENDANCE: AttendanceRow,
    StartKind.PAYMENTS: PaymentRow,
}


def required_columns(kind: StartKind) -> frozenset[str]:
    fields = MODELS[kind].model_fields
    return frozenset(each for each in COLUMNS[kind] if fields[each].is_required())


def read_rows(
    lines: Sequence[Line], kind: StartKind, programme: Programme, today: date
) -> tuple[list[StartRow], list[StartFault]]:
    """The rows that can be read, and every fault that the sheet has by itself."""
    rows: list[StartRow] = []
    faults: list[StartFault] = []
    for line in lines:
        values: dict[str, Any] = {}
        wrong = list(_read_cells(line, kind, programme, values))
        faults += wrong
        if not wrong:
            rows.append(MODELS[kind].model_validate({"number": line.number, **values}))
    faults += _FAULTS[kind](rows, today)
    return rows, sorted(faults, key=lambda each: each.row or 0)


def _read_cells(
    line: Line, kind: StartKind, programme: Programme, values: dict[str, Any]
) -> Iterator[StartFault]:
    """Puts what can be read in `values`, and tells the rest."""
    needed = required_columns(kind)
    for column in COLUMNS[kind]:
        text = line.cells[column]
        if not text:
            if column in needed:
                yield fault(line.number, column, StartFaultCode.REQUIRED)
            continue
        try:
            values[column] = READERS[column](text, programme)
        except CellError as wrong:
            shown = "•••" if wrong.code is StartFaultCode.NATIONAL_ID else text
            yield fault(line.number, column, wrong.code, shown)


def of_kind(rows: Sequence[StartRow], model: type[R]) -> list[R]:
    return [each for each in rows if isinstance(each, model)]


def _municipality_faults(rows: Sequence[StartRow], today: date) -> Iterator[StartFault]:
    found = of_kind(rows, MunicipalityRow)
    times = Counter(each.municipality for each in found)
    ranks = Counter(each.rank for each in found if each.rank is not None)
    for each in found:
        if times[each.municipality] > 1:
            yield fault(each.number, "municipality", StartFaultCode.MUNICIPALITY_REPEATED)
        if each.decided > today:
            yield fault(each.number, "decided", StartFaultCode.DATE_AHEAD)
        if each.rank is not None and ranks[each.rank] > 1:
            yield fault(each.number, "rank", StartFaultCode.RANK_REPEATED, str(each.rank))
        if each.received is not None and each.received > each.decided:
            yield fault(each.number, "received", StartFaultCode.DATE_AFTER_DECISION)
        yield from _decision_faults(each)


def _decision_faults(row: MunicipalityRow) -> Iterator[StartFault]:
    waits = row.outcome is Outcome.WAITLISTED
    if waits and row.rank is None:
        yield fault(row.number, "rank", StartFaultCode.RANK_MISSING)
    if row.rank is not None and not waits:
        yield fault(row.number, "rank", StartFaultCode.RANK_WITHOUT_WAITLIST)
    if row.outcome is not Outcome.ADMITTED:
        for column in ("accepted", "answer_by"):
            if getattr(row, column) is not None:
                yield fault(row.number, column, StartFaultCode.ANSWER_WITHOUT_PLACE)
    if row.is_free and row.accepted is not False:
        yield fault(row.number, "is_free", StartFaultCode.FREE_WITHOUT_NO)


def _member_faults(rows: Sequence[StartRow], _: date) -> Iterator[StartFault]:
    yield from _repeated([(each, ()) for each in of_kind(rows, MemberRow)])


def _attendance_faults(rows: Sequence[StartRow], _: date) -> Iterator[StartFault]:
    yield from _repeated([(each, (each.gathering,)) for each in of_kind(rows, AttendanceRow)])


def _payment_faults(rows: Sequence[StartRow], today: date) -> Iterator[StartFault]:
    found = of_kind(rows, PaymentRow)
    yield from _repeated([(each, (each.gathering,)) for each in found])
    first: dict[tuple[str, str], PaymentRow] = {}
    for each in found:
        known = first.setdefault((each.municipality, each.gathering), each)
        for column in ("voucher", "paid_on", "account"):
            if getattr(each, column) != getattr(known, column):
                yield fault(each.number, column, StartFaultCode.ONE_PAYMENT)
        if each.paid_on > today:
            yield fault(each.number, "paid_on", StartFaultCode.DATE_AHEAD)
        for kind in ("travel", "night"):
            if getattr(each, f"{kind}_paid") > getattr(each, f"{kind}_actual"):
                yield fault(each.number, f"{kind}_paid", StartFaultCode.PAID_WITHOUT_COST)


def _repeated(
    rows: Sequence[tuple[MemberRow | AttendanceRow | PaymentRow, tuple[str, ...]]],
) -> Iterator[StartFault]:
    """The same person twice: in a group, or for one gathering."""
    keys = [(each.municipality, name_key(each.name), *more) for each, more in rows]
    times = Counter(keys)
    for (each, _), key in zip(rows, keys, strict=True):
        if times[key] > 1:
            yield fault(each.number, "name", StartFaultCode.PERSON_REPEATED, each.name)


_FAULTS: Final = {
    StartKind.MUNICIPALITIES: _municipality_faults,
    StartKind.MEMBERS: _member_faults,
    StartKind.ATTENDANCE: _attendance_faults,
    StartKind.PAYMENTS: _payment_faults,
}
