"""Reads the sheet in which staff write their decisions: whole, or not at all and with every fault.

A decision sheet leaves the office, is filled in by hand and comes back. A mended sheet is sent
again as a whole. A row must name the municipality its reference belongs to, since a sort of only
some columns would else send answers to the wrong ones; and it may not write over what somebody else
has decided since the sheet was made. People decide: an empty answer is no
decision, and more admitted than there are places is a warning, not a fault.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kulturkontor.application_form import tidy
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import Outcome
from kulturkontor.programme import Language, Programme
from kulturkontor.proposals import RANK, Wording, wording_faults
from kulturkontor.sheet_files import UnreadableSheetError, read_cells
from kulturkontor.sheet_rows import (
    READ_COLUMNS,
    Column,
    DecisionIn,
    ExpectedRow,
    RowFault,
    SheetFault,
    SheetResult,
    SheetWarning,
    WarningCode,
)
from kulturkontor.word_lists import word_list

_HEADER_WITHIN = 20
_LONGEST_VALUE = 80
_NOT_DECIDABLE = {
    ApplicationState.WITHDRAWN: RowFault.WITHDRAWN,
    ApplicationState.SUPERSEDED: RowFault.SUPERSEDED,
    ApplicationState.COMPETING: RowFault.COMPETING,
}


class _Line(NamedTuple):
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


def read_decision_sheet(
    data: bytes, *, expected: Mapping[str, ExpectedRow], programme: Programme
) -> SheetResult:
    """The decisions of an uploaded XLSX or CSV, or its faults. `expected` is keyed by reference.

    The limits are the programme's: `application.max_text` for a reason, `decision.places` for
    the warning.
    """
    try:
        cells = read_cells(data, sheet_name=word_list("nb", "decision_sheet")["sheet"])
    except UnreadableSheetError as fault:
        return SheetResult(faults=(SheetFault(code=fault.code),))
    header = _header_row(cells)
    columns = _find_columns(cells[header] if cells else [])
    if faults := tuple(_column_faults(columns)):
        return SheetResult(faults=faults)
    lines = list(_lines(cells, header, {column: at[0] for column, at in columns.items()}))
    faults = (
        *_reference_faults(lines, expected),
        *_rank_faults(lines, expected),
        *(fault for line in lines for fault in _line_faults(line, expected, programme)),
    )
    if faults:
        return SheetResult(faults=tuple(sorted(faults, key=lambda fault: fault.row or 0)))
    if faults := tuple(_overtaken(lines, expected)):
        return SheetResult(faults=faults)
    rows = tuple(_decision(line) for line in lines if not line.is_undecided)
    return SheetResult(
        rows=rows,
        warnings=tuple(_warnings(rows, programme)),
        undecided=tuple(
            line.reference
            for line in lines
            if line.is_undecided and _is_decidable(expected[line.reference])
        ),
    )


def _header_row(cells: Sequence[Sequence[str]]) -> int:
    """The row with the most known headings, near the top: staff may have put a title above it."""
    top = range(min(len(cells), _HEADER_WITHIN))
    return max(top, key=lambda row: len(_find_columns(cells[row])), default=0)


def _find_columns(headings: Sequence[str]) -> dict[Column, list[int]]:
    """Where each heading stands; columns of the staff's own are passed over."""
    words = {
        _plain(word_list("nb", "decision_sheet")["columns"][each]): each
        for each in (*READ_COLUMNS, Column.SEEN)
    }
    found: dict[Column, list[int]] = {}
    for place, heading in enumerate(headings):
        if column := words.get(_plain(heading)):
            found.setdefault(column, []).append(place)
    return found


def _column_faults(columns: Mapping[Column, Sequence[int]]) -> Iterator[SheetFault]:
    for column in READ_COLUMNS:
        if column not in columns:
            yield SheetFault(column=column, code=RowFault.COLUMN_MISSING)
        elif len(columns[column]) > 1:
            yield SheetFault(column=column, code=RowFault.COLUMN_REPEATED)


def _lines(
    cells: Sequence[Sequence[str]], header: int, columns: Mapping[Column, int]
) -> Iterator[_Line]:
    for number, row in enumerate(cells[header + 1 :], start=header + 2):
        cell = {
            each: tidy(row[place]) if place < len(row) else "" for each, place in columns.items()
        }
        line = _Line(
            number=number,
            reference=cell[Column.REFERENCE].upper(),
            municipality=cell[Column.MUNICIPALITY],
            outcome=_plain(cell[Column.OUTCOME]),
            rank=cell[Column.RANK],
            reason=cell[Column.REASON],
            conditions=cell[Column.CONDITIONS],
            language=_plain(cell[Column.LANGUAGE]),
            language_reason=cell[Column.LANGUAGE_REASON],
            seen=cell.get(Column.SEEN, ""),
        )
        if not line.is_empty:
            yield line


def _reference_faults(
    lines: Sequence[_Line], expected: Mapping[str, ExpectedRow]
) -> Iterator[SheetFault]:
    """References that stand twice, and those that stand nowhere."""
    seen = Counter(line.reference for line in lines if line.reference)
    for line in lines:
        if seen[line.reference] > 1:
            yield _fault(line, Column.REFERENCE, RowFault.REFERENCE_REPEATED)
    for reference in sorted(expected.keys() - seen.keys()):
        known = expected[reference]
        awaits = known.state is ApplicationState.SUBMITTED and not known.is_closed
        if awaits and _is_decidable(expected[reference]):
            yield SheetFault(column=Column.REFERENCE, code=RowFault.ROW_MISSING, value=reference)


def _rank_faults(
    lines: Sequence[_Line], expected: Mapping[str, ExpectedRow]
) -> Iterator[SheetFault]:
    """The waiting list must run 1, 2, 3 …, on from what stands: what letters have told already,
    and what is proposed and has no answer in the sheet.
    """
    waiting = [line for line in lines if _outcome(line) is Outcome.WAITLISTED]
    numbered = [line for line in waiting if RANK.fullmatch(line.rank)]
    ranks = Counter(int(line.rank) for line in numbered)
    answered = {line.reference for line in lines if not line.is_undecided}
    ranks.update(
        row.rank
        for reference, row in expected.items()
        if row.rank and (row.is_told or reference not in answered)
    )
    for line in numbered:
        if ranks[int(line.rank)] > 1:
            yield _fault(line, Column.RANK, RowFault.RANK_REPEATED, line.rank)
    if numbered == waiting:
        for rank in sorted(set(range(1, max(ranks, default=0))) - ranks.keys()):
            yield SheetFault(column=Column.RANK, code=RowFault.RANK_GAP, value=str(rank))


def _line_faults(
    line: _Line, expected: Mapping[str, ExpectedRow], programme: Programme
) -> Iterator[SheetFault]:
    known = expected.get(line.reference)
    if not line.reference:
        yield _fault(line, Column.REFERENCE, RowFault.REFERENCE_MISSING)
    elif known is None:
        yield _fault(line, Column.REFERENCE, RowFault.REFERENCE_UNKNOWN)
    elif _plain(line.municipality) != _plain(known.municipality):
        yield _fault(line, Column.MUNICIPALITY, RowFault.WRONG_MUNICIPALITY, line.municipality)
    if line.is_undecided:
        return
    if known is not None and known.is_closed:
        yield _fault(line, Column.OUTCOME, RowFault.CONFLICT)
    elif known is not None and not _is_decidable(known):
        code = RowFault.ALREADY_TOLD if known.is_told else _NOT_DECIDABLE.get(known.state)
        yield _fault(line, Column.OUTCOME, code or RowFault.REFERENCE_UNKNOWN)
    yield from _answer_faults(line, known, programme)


def _answer_faults(
    line: _Line, known: ExpectedRow | None, programme: Programme
) -> Iterator[SheetFault]:
    if not line.outcome:
        yield _fault(line, Column.OUTCOME, RowFault.OUTCOME_MISSING)
    elif _outcome(line) is None:
        yield _fault(line, Column.OUTCOME, RowFault.OUTCOME_UNKNOWN, line.outcome)
    written = Wording(
        outcome=_outcome(line),
        rank=line.rank,
        reason=line.reason,
        conditions=line.conditions,
        language=_language(line),
        language_reason=line.language_reason,
        own=known.letter_language if known else None,
    )
    for column, code, value in wording_faults(written, programme):
        yield _fault(line, Column(column), code, value)
    if line.language and _language(line) not in programme.languages:
        yield _fault(line, Column.LANGUAGE, RowFault.LANGUAGE_UNKNOWN, line.language)


def _overtaken(lines: Sequence[_Line], expected: Mapping[str, ExpectedRow]) -> Iterator[SheetFault]:
    """Answers that differ from what stands, of rows that were made before it stood."""
    for line in lines:
        known = expected[line.reference]
        if line.is_undecided or known.standing is None or line.seen == known.digest:
            continue
        if _decision(line) != known.standing:
            yield _fault(line, Column.OUTCOME, RowFault.CHANGED_SINCE)


def _warnings(rows: Sequence[DecisionIn], programme: Programme) -> Iterator[SheetWarning]:
    admitted, places = (
        sum(row.outcome is Outcome.ADMITTED for row in rows),
        programme.decision.places,
    )
    if admitted > places:
        yield SheetWarning(
            code=WarningCode.MORE_ADMITTED_THAN_PLACES, value=f"{admitted} / {places}"
        )


def _decision(line: _Line) -> DecisionIn:
    return DecisionIn(
        reference=line.reference,
        outcome=_outcomes()[line.outcome],
        rank=int(line.rank) if line.rank else None,
        reason=line.reason,
        conditions=line.conditions,
        language=_language(line),
        language_reason=line.language_reason,
    )


def _is_decidable(row: ExpectedRow) -> bool:
    return not row.is_told and row.state in (
        ApplicationState.SUBMITTED,
        ApplicationState.WITHDRAWAL_ASKED,
    )


def _outcome(line: _Line) -> Outcome | None:
    return _outcomes().get(line.outcome)


def _outcomes() -> dict[str, Outcome]:
    words: Mapping[str, list[str]] = word_list("nb", "decision_sheet")["outcomes"]
    return {_plain(word): Outcome(outcome) for outcome in words for word in words[outcome]}


def _language(line: _Line) -> Language | None:
    words: Mapping[Language, list[str]] = word_list("nb", "decision_sheet")["languages"]
    return next((each for each in words if line.language in map(_plain, words[each])), None)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _fault(line: _Line, column: Column, code: RowFault, value: str = "") -> SheetFault:
    return SheetFault(row=line.number, column=column, code=code, value=value[:_LONGEST_VALUE])
