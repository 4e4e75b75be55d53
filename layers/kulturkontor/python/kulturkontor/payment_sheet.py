"""The batch as a workbook: the same rows as the CSV files, with formats, a frozen heading and sums.

Text is written as text, so that no account loses a zero and no words become a formula; the same
batch gives the same bytes. A sum is a formula with its value, so that it holds in any program.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from kulturkontor.finance_rows import LINE_TABLE, PAYMENT_TABLE, Amount, Cell, Row, columns

_KRONER: Final = {"num_format": "#,##0.00"}
_DATE: Final = {"num_format": "dd.mm.yyyy"}
_NARROWEST, _WIDEST = 9, 60
_FIRST = 1
"""The row below the headings."""


def write_payment_sheet(
    tables: Mapping[str, Sequence[Row]], *, batch_id: str, made_at: datetime
) -> bytes:
    """A sheet for each table; `made_at` is the only date of the file itself."""
    # Here, not above: only the function that writes these files has the layer with the library.
    from kulturkontor.workbook_look import open_workbook

    data = io.BytesIO()
    title = columns()["sheets"]["title"].format(batch=batch_id)
    book = open_workbook(data, title=title, made_at=made_at)
    for table in (PAYMENT_TABLE, LINE_TABLE):
        _write_table(book, table, tables[table], made_at)
    book.close()
    return data.getvalue()


def _write_table(book: Any, table: str, rows: Sequence[Row], made_at: datetime) -> None:
    from kulturkontor.workbook_look import CELL, HEADING, set_up_page, write_text

    headings: Mapping[str, str] = columns()[table]
    sheet = book.add_worksheet(columns()["sheets"][table])
    heading, text = book.add_format(HEADING), book.add_format(CELL)
    kroner, day = book.add_format(CELL | _KRONER), book.add_format(CELL | _DATE)
    for column, (name, words) in enumerate(headings.items()):
        sheet.set_column(column, column, _width(words, [row.get(name, "") for row in rows]))
        sheet.write_string(0, column, words, heading)
        for number, row in enumerate(rows, start=_FIRST):
            cell = row.get(name, "")
            if isinstance(cell, Amount):
                # A workbook knows no other numbers; two decimals are exact within any real sum.
                sheet.write_number(number, column, cell.ore / 100, kroner)
            elif isinstance(cell, str):
                write_text(sheet, number, column, cell, text)
            else:
                sheet.write_datetime(number, column, cell, day)
    _write_sums(book, sheet, list(headings), rows)
    sheet.freeze_panes(_FIRST, 0)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    set_up_page(sheet, made_at=made_at, heading_row=0)


def _write_sums(book: Any, sheet: Any, names: Sequence[str], rows: Sequence[Row]) -> None:
    from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

    from kulturkontor.workbook_look import CELL

    bold = book.add_format(CELL | {"bold": True, "top": 2} | _KRONER)
    below = len(rows) + _FIRST
    sheet.write_string(below, 0, columns()["sheets"]["sum"], bold)
    for column, name in enumerate(names):
        amounts = [each.ore for row in rows if isinstance(each := row.get(name), Amount)]
        if amounts:
            letter = xl_col_to_name(column)
            formula = f"=SUM({letter}{_FIRST + 1}:{letter}{below})"
            sheet.write_formula(below, column, formula, bold, sum(amounts) / 100)


def _width(heading: str, cells: Sequence[Cell]) -> int:
    longest = max(len(each) if isinstance(each, str) else 12 for each in (heading, *cells))
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def read_sheet_amounts(data: bytes, table: str, column: str) -> tuple[list[tuple[str, int]], int]:
    """End-to-end id and øre of each row that has an amount, and the sum below them.

    Raises ValueError or KeyError for another file.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    headings = columns()[table]
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_name(columns()["sheets"][table])
            first, *rows, sums = sheet.to_python(skip_empty_area=False)
    except CalamineError as fault:
        raise ValueError(str(fault)) from fault
    payment = first.index(headings["end_to_end_id"])
    amount = first.index(headings[column])
    return [(str(row[payment]), _ore(row[amount])) for row in rows], _ore(sums[amount])


def _ore(number: object) -> int:
    if not isinstance(number, float | int):
        raise ValueError("an amount is not a number")
    return round(number * 100)
