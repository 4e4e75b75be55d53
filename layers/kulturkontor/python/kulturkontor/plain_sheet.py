"""A table of words as a workbook: text as text, a frozen heading, a filter on each column."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

_NARROWEST, _WIDEST = 9, 60
_FIRST: Final = 1
"""The row below the headings."""


def write_sheet(
    headings: Mapping[str, str],
    rows: Sequence[Mapping[str, str | int]],
    *,
    title: str,
    made_at: datetime,
) -> bytes:
    """`headings` by the names of the columns, in their order; the same content and moment give the
    same bytes.
    """
    # Here, not above: only the functions that write sheets have the layer with the library.
    from kulturkontor.workbook_look import CELL, HEADING, open_workbook, set_up_page, write_text

    data = io.BytesIO()
    book = open_workbook(data, title=title, made_at=made_at)
    sheet = book.add_worksheet(title)
    heading, text, number = (
        book.add_format(each) for each in (HEADING, CELL, CELL | {"num_format": "#,##0"})
    )
    for column, (name, words) in enumerate(headings.items()):
        cells = [row.get(name, "") for row in rows]
        sheet.set_column(column, column, _width(words, cells))
        sheet.write_string(0, column, words, heading)
        for place, cell in enumerate(cells, start=_FIRST):
            if isinstance(cell, int):
                sheet.write_number(place, column, cell, number)
            else:
                write_text(sheet, place, column, cell, text)
    sheet.freeze_panes(_FIRST, 0)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    set_up_page(sheet, made_at=made_at, heading_row=0)
    book.close()
    return data.getvalue()


def _width(heading: str, cells: Sequence[str | int]) -> int:
    longest = max(len(str(each)) for each in (heading, *cells))
    return min(max(longest + 2, _NARROWEST), _WIDEST)
