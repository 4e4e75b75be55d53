"""The sheets that a council starts from which ran the first months by hand: what they hold, and
what can be wrong in them.

Four kinds, in the order they are put in: municipalities with their decisions, members of the
groups, who was at the gatherings that are over, and what has been paid. Headings are read in either
written form; a row is told by its number in the sheet.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_form import tidy
from kulturkontor.programme import Language
from kulturkontor.sheet_files import FileFault, UnreadableSheetError, read_cells
from kulturkontor.word_lists import word_list

_HEADER_WITHIN = 20
_LONGEST_VALUE = 80
_LANGUAGES: Final[tuple[Language, ...]] = ("nb", "nn")


class StartKind(StrEnum):
    MUNICIPALITIES = "municipalities"
    MEMBERS = "members"
    ATTENDANCE = "attendance"
    PAYMENTS = "payments"


BY_TWO: Final = frozenset({StartKind.MUNICIPALITIES, StartKind.PAYMENTS})
"""Decisions and money: whoever uploaded the sheet cannot say that it is written."""


COLUMNS: Final[Mapping[StartKind, tuple[str, ...]]] = {
    StartKind.MUNICIPALITIES: (
        "municipality",
        "contact_name",
        "contact_role",
        "contact_email",
        "contact_phone",
        "language",
        "outcome",
        "decided",
        "rank",
        "reason",
        "accepted",
        "answer_by",
        "is_free",
        "received",
    ),
    StartKind.MEMBERS: ("municipality", "name", "sector", "email", "coordinator", "only"),
    StartKind.ATTENDANCE: ("municipality", "gathering", "name", "came"),
    StartKind.PAYMENTS: (
        "municipality",
        "gathering",
        "name",
        "travel_actual",
        "travel_paid",
        "night_actual",
        "night_paid",
        "paid_on",
        "voucher",
        "account",
    ),
}


class StartFaultCode(StrEnum):
    """What can be wrong in a sheet that can be read; `start_sheets.toml` tells each in words."""

    COLUMN_MISSING = "column_missing"
    COLUMN_REPEATED = "column_repeated"
    NO_ROWS = "no_rows"
    EXAMPLE_LEFT = "example_left"
    REQUIRED = "required"
    TEXT_TOO_LONG = "text_too_long"
    NATIONAL_ID = "national_id"
    UNPRINTABLE = "unprintable"
    MUNICIPALITY_UNKNOWN = "municipality_unknown"
    DATE = "date"
    DATE_AHEAD = "date_ahead"
    DATE_AFTER_DECISION = "date_after_decision"
    YES_OR_NO = "yes_or_no"
    EMAIL = "email"
    OUTCOME = "outcome"
    LANGUAGE = "language"
    RANK = "rank"
    RANK_MISSING = "rank_missing"
    RANK_WITHOUT_WAITLIST = "rank_without_waitlist"
    RANK_REPEATED = "rank_repeated"
    ANSWER_WITHOUT_PLACE = "answer_without_place"
    FREE_WITHOUT_NO = "free_without_no"
    MUNICIPALITY_REPEATED = "municipality_repeated"
    HAS_APPLICATION = "has_application"
    IMPORTED_OTHERWISE = "imported_otherwise"
    TAKES_NO_PART = "takes_no_part"
    SECTOR = "sector"
    GATHERING = "gathering"
    GATHERING_AHEAD = "gathering_ahead"
    GATHERING_CANCELLED = "gathering_cancelled"
    PERSON_REPEATED = "person_repeated"
    PERSON_UNKNOWN = "person_unknown"
    GROUP_TOO_FEW = "group_too_few"
    GROUP_TOO_MANY = "group_too_many"
    GROUP_COORDINATORS = "group_coordinators"
    GROUP_DIFFERS = "group_differs"
    NOTED_OTHERWISE = "noted_otherwise"
    AMOUNT = "amount"
    ACCOUNT = "account"
    VOUCHER_TOO_LONG = "voucher_too_long"
    ONE_PAYMENT = "one_payment"
    PAID_TOO_EARLY = "paid_too_early"
    PAID_WITHOUT_COST = "paid_without_cost"
    PAID_OTHERWISE = "paid_otherwise"
    NOTHING_PAID = "nothing_paid"
    CLAIM_EXISTS = "claim_exists"
    CONFLICT = "conflict"


class StartFault(BaseModel):
    """One fault. `row` as the spreadsheet counts them, None when it is of the sheet as a whole;
    `column` as in `COLUMNS`, empty when it is of the whole row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int | None = None
    column: str = ""
    code: StartFaultCode | FileFault
    value: str = ""


class Line(NamedTuple):
    """One row that has something in it: its number, and its cells by column as text."""

    number: int
    cells: Mapping[str, str]


def words_of(kind: StartKind, language: Language) -> Mapping[str, Any]:
    """What a sheet of that kind is called, its headings, hints and example."""
    words: Mapping[str, Any] = word_list(language, "start_sheets")[kind]
    return words


def describe(each: StartFault, kind: StartKind, language: Language) -> tuple[str, ...]:
    """Where a fault is, what stands there, what is wrong and what to do."""
    words = word_list(language, "start_sheets")
    told = words["faults"][each.code]
    column = words_of(kind, language)["columns"][each.column] if each.column else ""
    row = str(each.row) if each.row else words["report"]["whole"]
    return row, column, each.value, told["wrong"], told["action"]


def fault(row: int | None, column: str, code: StartFaultCode, value: str = "") -> StartFault:
    return StartFault(row=row, column=column, code=code, value=value[:_LONGEST_VALUE])


def read_lines(data: bytes, kind: StartKind) -> tuple[list[Line], list[StartFault]]:
    """The filled rows of an uploaded XLSX or CSV; with any fault there are none."""
    try:
        cells = read_cells(data, sheet_name=words_of(kind, "nb")["title"])
    except UnreadableSheetError as unreadable:
        return [], [StartFault(code=unreadable.code)]
    header = _header_row(cells, kind)
    columns = _find_columns(cells[header] if cells else [], kind)
    if faults := list(_column_faults(columns, kind)):
        return [], faults
    lines = list(_lines(cells, header, {column: at[0] for column, at in columns.items()}))
    examples = [
        fault(line.number, "municipality", StartFaultCode.EXAMPLE_LEFT)
        for line in lines
        if _is_example(line, kind)
    ]
    if not lines:
        return [], [fault(None, "", StartFaultCode.NO_ROWS)]
    return lines, examples


def _header_row(cells: Sequence[Sequence[str]], kind: StartKind) -> int:
    """The row with the most known headings, near the top: staff may have put a title above it."""
    top = range(min(len(cells), _HEADER_WITHIN))
    return max(top, key=lambda row: len(_find_columns(cells[row], kind)), default=0)


def _find_columns(headings: Sequence[str], kind: StartKind) -> dict[str, list[int]]:
    """Where each heading stands; columns of the council's own are passed over."""
    known = {
        plain(words_of(kind, language)["columns"][column]): column
        for language in _LANGUAGES
        for column in COLUMNS[kind]
    }
    found: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        if column := known.get(plain(heading)):
            found.setdefault(column, []).append(place)
    return found


def _column_faults(columns: Mapping[str, Sequence[int]], kind: StartKind) -> Iterator[StartFault]:
    for column in COLUMNS[kind]:
        if column not in columns:
            yield fault(None, column, StartFaultCode.COLUMN_MISSING)
        elif len(columns[column]) > 1:
            yield fault(None, column, StartFaultCode.COLUMN_REPEATED)


def _lines(
    cells: Sequence[Sequence[str]], header: int, columns: Mapping[str, int]
) -> Iterator[Line]:
    for number, row in enumerate(cells[header + 1 :], start=header + 2):
        values = {
            column: tidy(row[place]) if place < len(row) else ""
            for column, place in columns.items()
        }
        if any(values.values()):
            yield Line(number, values)


def _is_example(line: Line, kind: StartKind) -> bool:
    """The row of the template that shows how, which nobody took out."""
    examples = {plain(words_of(kind, each)["example"]["municipality"]) for each in _LANGUAGES}
    return plain(line.cells["municipality"]) in examples


def plain(text: str) -> str:
    return " ".join(text.casefold().replace("*", " ").split())
