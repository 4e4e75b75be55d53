"""Reads the sheet in which staff write their decisions: whole, or not at all and with every fault.

A decision sheet leaves the office, is filled in by hand and comes back. A mended sheet is sent
again as a whole. A row must name the municipality its reference belongs to, since a sort of only
some columns would else send answers to the wrong ones; and it may not write over what somebody else
has decided since the sheet was made. People decide: an empty answer is no
decision, and more admitted than there are places is a warning, not a fault.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import Outcome
from kulturkontor.programme import Programme
from kulturkontor.proposals import RANK, Wording, wording_faults
from kulturkontor.sheet_files import UnreadableSheetError, read_cells
from kulturkontor.sheet_lines import (
    Line,
    column_faults,
    find_columns,
    header_row,
    language_of,
    lines_of,
    outcome_of,
    outcomes,
    plain,
)
from kulturkontor.sheet_rows import (
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

_LONGEST_VALUE = 80
_NOT_DECIDABLE = {
    ApplicationState.WITHDRAWN: RowFault.WITHDRAWN,
    ApplicationState.SUPERSEDED: RowFault.SUPERSEDED,
    ApplicationState.COMPETING: RowFault.COMPETING,
}


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
    header = header_row(cells)
    columns = find_columns(cells[header] if cells else [])
    if faults := tuple(column_faults(columns)):
        return SheetResult(faults=faults)
    lines = list(lines_of(cells, header, {column: at[0] for column, at in columns.items()}))
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


def _reference_faults(
    lines: Sequence[Line], expected: Mapping[str, ExpectedRow]
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
    lines: Sequence[Line], expected: Mapping[str, ExpectedRow]
) -> Iterator[SheetFault]:
    """The waiting list must run 1, 2, 3 …, on from what stands: what letters have told already,
    and what is proposed and has no answer in the sheet.
    """
    waiting = [line for line in lines if outcome_of(line) is Outcome.WAITLISTED]
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
    line: Line, expected: Mapping[str, ExpectedRow], programme: Programme
) -> Iterator[SheetFault]:
    known = expected.get(line.reference)
    if not line.reference:
        yield _fault(line, Column.REFERENCE, RowFault.REFERENCE_MISSING)
    elif known is None:
        yield _fault(line, Column.REFERENCE, RowFault.REFERENCE_UNKNOWN)
    elif plain(line.municipality) != plain(known.municipality):
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
    line: Line, known: ExpectedRow | None, programme: Programme
) -> Iterator[SheetFault]:
    if not line.outcome:
        yield _fault(line, Column.OUTCOME, RowFault.OUTCOME_MISSING)
    elif outcome_of(line) is None:
        yield _fault(line, Column.OUTCOME, RowFault.OUTCOME_UNKNOWN, line.outcome)
    written = Wording(
        outcome=outcome_of(line),
        rank=line.rank,
        reason=line.reason,
        conditions=line.conditions,
        language=language_of(line),
        language_reason=line.language_reason,
        own=known.letter_language if known else None,
    )
    for column, code, value in wording_faults(written, programme):
        yield _fault(line, Column(column), code, value)
    if line.language and language_of(line) not in programme.languages:
        yield _fault(line, Column.LANGUAGE, RowFault.LANGUAGE_UNKNOWN, line.language)


def _overtaken(lines: Sequence[Line], expected: Mapping[str, ExpectedRow]) -> Iterator[SheetFault]:
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


def _decision(line: Line) -> DecisionIn:
    return DecisionIn(
        reference=line.reference,
        outcome=outcomes()[line.outcome],
        rank=int(line.rank) if line.rank else None,
        reason=line.reason,
        conditions=line.conditions,
        language=language_of(line),
        language_reason=line.language_reason,
    )


def _is_decidable(row: ExpectedRow) -> bool:
    return not row.is_told and row.state in (
        ApplicationState.SUBMITTED,
        ApplicationState.WITHDRAWAL_ASKED,
    )


def _fault(line: Line, column: Column, code: RowFault, value: str = "") -> SheetFault:
    return SheetFault(row=line.number, column=column, code=code, value=value[:_LONGEST_VALUE])
