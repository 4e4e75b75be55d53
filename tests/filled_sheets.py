"""The decision sheet as staff fill it in, its columns found by the names the office wrote."""

from collections.abc import Mapping
from io import BytesIO

from openpyxl import load_workbook

from kulturkontor.decisions import Outcome
from kulturkontor.sheet_rows import Column
from kulturkontor.word_lists import word_list

WORDS = word_list("nb", "decision_sheet")


def fill_decisions(
    sheet: bytes, outcomes: Mapping[str, Outcome], *, reason: str = "Slik ble det."
) -> bytes:
    """Each reference's outcome with a reason; the waiting list in the order given."""
    book = load_workbook(BytesIO(sheet))
    cells = book[WORDS["sheet"]]
    column = {WORDS["columns"][each]: each for each in Column}
    places = {
        column[str(cell.value)]: place
        for place, cell in enumerate(cells[1], start=1)
        if cell.value in column
    }
    waiting = [each for each, outcome in outcomes.items() if outcome is Outcome.WAITLISTED]
    for row in range(2, cells.max_row + 1):
        reference = str(cells.cell(row, places[Column.REFERENCE]).value)
        outcome = outcomes.get(reference)
        if outcome is None:
            continue
        cells.cell(row, places[Column.OUTCOME]).value = WORDS["outcomes"][outcome][0]
        cells.cell(row, places[Column.REASON]).value = reason
        if outcome is Outcome.WAITLISTED:
            cells.cell(row, places[Column.RANK]).value = waiting.index(reference) + 1
    target = BytesIO()
    book.save(target)
    return target.getvalue()
