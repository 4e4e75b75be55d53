"""The rows of a decision sheet as they are written: which column is which, and each row's cells."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kulturkontor.application_form import tidy
from kulturkontor.decisions import Outcome
from kulturkontor.programme import Language
from kulturkontor.sheet_rows import READ_COLUMNS, Column, RowFault, SheetFault
from kulturkontor.word_lists import word_list

_HEADER_WITHIN = 20


class Line(NamedTuple):
    """The cells of one row that are read, as text."""

    number: int
    reference: str
    municipality: str
    outcome: str
    rank: str
    reason: str
    conditions: str
    language: str
    language_reason: str
    seen: str

    @property
    def is_empty(self) -> bool:
        return not any(self[1:-1])

    @property
    def is_undecided(self) -> bool:
        return not any(self[3:-1])


def header_row(cells: Sequence[Sequence[str]]) -> int:
    """The row with the most known headings, near the top: staff may have put a title above it."""
    top = range(min(len(cells), _HEADER_WITHIN))
    return max(top, key=lambda row: len(find_columns(cells[row])), default=0)


def find_columns(headings: Sequence[str]) -> dict[Column, list[int]]:
    """Where each heading stands; columns of the staff's own are passed over."""
    words = {
        plain(word_list("nb", "decision_sheet")["columns"][each]): each
        for each in (*READ_COLUMNS, Column.SEEN)
    }
    found: dict[Column, list[int]] = {}
    for place, heading in enumerate(headings):
        if column := words.get(plain(heading)):
            found.setdefault(column, []).append(place)
    return found


def column_faults(columns: Mapping[Column, Sequence[int]]) -> Iterator[SheetFault]:
    for column in READ_COLUMNS:
        if column not in columns:
            yield SheetFault(column=column, code=RowFault.COLUMN_MISSING)
        elif len(columns[column]) > 1:
            yield SheetFault(column=column, code=RowFault.COLUMN_REPEATED)


def lines_of(
    cells: Sequence[Sequence[str]], header: int, columns: Mapping[Column, int]
) -> Iterator[Line]:
    for number, row in enumerate(cells[header + 1 :], start=header + 2):
        cell = {
            each: tidy(row[place]) if place < len(row) else "" for each, place in columns.items()
        }
        line = Line(
            number=number,
            reference=cell[Column.REFERENCE].upper(),
            municipality=cell[Column.MUNICIPALITY],
            outcome=plain(cell[Column.OUTCOME]),
            rank=cell[Column.RANK],
            reason=cell[Column.REASON],
            conditions=cell[Column.CONDITIONS],
            language=plain(cell[Column.LANGUAGE]),
            language_reason=cell[Column.LANGUAGE_REASON],
            seen=cell.get(Column.SEEN, ""),
        )
        if not line.is_empty:
            yield line


def outcome_of(line: Line) -> Outcome | None:
    return outcomes().get(line.outcome)


def outcomes() -> dict[str, Outcome]:
    words: Mapping[str, list[str]] = word_list("nb", "decision_sheet")["outcomes"]
    return {plain(word): Outcome(outcome) for outcome in words for word in words[outcome]}


def language_of(line: Line) -> Language | None:
    words: Mapping[Language, list[str]] = word_list("nb", "decision_sheet")["languages"]
    return next((each for each in words if line.language in map(plain, words[each])), None)


def plain(text: str) -> str:
    return " ".join(text.casefold().split())
