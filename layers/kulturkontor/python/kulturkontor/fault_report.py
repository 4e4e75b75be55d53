"""The spreadsheet that tells staff what to mend in the sheet they uploaded."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from kulturkontor.sheet_files import FileFault
from kulturkontor.sheet_rows import RowFault, SheetFault, SheetWarning, WarningCode
from kulturkontor.word_lists import word_list
from kulturkontor.workbook_look import (
    CELL,
    HEADING,
    TITLE,
    height_of,
    open_workbook,
    set_up_page,
    write_text,
)

_WIDTHS = {"row": 6, "column": 22, "value": 30, "wrong": 50, "action": 60}
_HEADING_ROW = 2


def describe(code: RowFault | FileFault | WarningCode) -> tuple[str, str]:
    """What is wrong and what to do, in bokmål."""
    kind = "warnings" if isinstance(code, WarningCode) else "faults"
    told = word_list("nb", "sheet_faults")[kind][code]
    return told["wrong"], told["action"]


def write_fault_report(
    faults: Sequence[SheetFault], *, warnings: Sequence[SheetWarning] = (), made_at: datetime
) -> bytes:
    """An XLSX with a line per fault, and the warnings below."""
    words = word_list("nb", "sheet_faults")["report"]
    target = BytesIO()
    with open_workbook(target, title=words["sheet"], made_at=made_at) as book:
        sheet = book.add_worksheet(words["sheet"])
        cell, heading = book.add_format(CELL), book.add_format(HEADING)
        sheet.write_string(0, 0, words["title"], book.add_format(TITLE))
        for place, column in enumerate(_WIDTHS):
            sheet.write_string(_HEADING_ROW, place, words[column], heading)
            sheet.set_column(place, place, _WIDTHS[column])
        for number, line in enumerate(_lines(faults, warnings), start=_HEADING_ROW + 1):
            sheet.set_row(number, height_of(line, tuple(_WIDTHS.values())))
            for place, text in enumerate(line):
                write_text(sheet, number, place, text, cell)
        sheet.freeze_panes(_HEADING_ROW + 1, 0)
        set_up_page(sheet, made_at=made_at, heading_row=_HEADING_ROW)
    return target.getvalue()


def _lines(
    faults: Sequence[SheetFault], warnings: Sequence[SheetWarning]
) -> Iterator[tuple[str, ...]]:
    headings = word_list("nb", "decision_sheet")["columns"]
    for fault in faults:
        column = headings[fault.column] if fault.column else ""
        yield (str(fault.row or ""), column, fault.value, *describe(fault.code))
    for warning in warnings:
        yield ("", "", warning.value, *describe(warning.code))
