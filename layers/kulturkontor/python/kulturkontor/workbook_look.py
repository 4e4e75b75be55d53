"""How a spreadsheet of the office looks, and the two promises each keeps.

Text from applicants and staff is written as text, never as a formula (OWASP ASVS 5.0, 1.2.10), and
the same content and moment always give the same bytes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any, BinaryIO

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from kulturkontor.application_form import tidy
from kulturkontor.days import format_moment
from kulturkontor.word_lists import word_list

Book = Any
"""A workbook of xlsxwriter, which has no types."""
Sheet = Any

GREY, WHITE = "#EEF0F2", "#FFFFFF"
_INK, _LINE = "#1B3A4B", "#C3C9CE"
_A4 = 9
_NOT_CHARACTERS = {0xFFFE: None, 0xFFFF: None}
"""XML has no place for them, and programs disagree on how to write them."""
_LINE_HEIGHT = 15
_LETTERS_PER_WIDTH = 1.05

CELL = {"valign": "top", "text_wrap": True, "border": 1, "border_color": _LINE}
HEADING = {
    **CELL,
    "bold": True,
    "bg_color": _INK,
    "font_color": WHITE,
    "valign": "vcenter",
}
TITLE = {"bold": True, "font_size": 14, "font_color": _INK}

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def open_workbook(target: BinaryIO, *, title: str, made_at: datetime) -> Book:
    """A workbook to write in and close; `made_at` is its only date."""
    book = Workbook(target, _OPTIONS)
    book.set_properties({"title": title, "created": made_at.astimezone(UTC).replace(tzinfo=None)})
    return book


def set_up_page(sheet: Sheet, *, made_at: datetime, heading_row: int | None = None) -> None:
    """On paper: A4 across, as wide as the page, headings on each page, below when it was made."""
    words = word_list("nb", "decision_sheet")
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    if heading_row is not None:
        sheet.repeat_rows(heading_row)
    made = words["made"].format(moment=format_moment(made_at, "nb"))
    sheet.set_footer(f"&L{made}&R{words['footer'].format(page='&P', pages='&N')}")


def write_text(sheet: Sheet, row: int, column: int, text: str, shape: object) -> None:
    """The text as text, whatever it looks like; nothing of it leaves the cell empty."""
    if tidied := tidy(text).translate(_NOT_CHARACTERS):
        sheet.write_string(row, column, tidied, shape)
    else:
        sheet.write_blank(row, column, None, shape)


def height_of(texts: Sequence[str], widths: Sequence[float]) -> float:
    """The height of a row whose texts wrap within those widths; only Excel finds it by itself."""
    lines = max(
        sum(ceil(len(part) / (width * _LETTERS_PER_WIDTH)) or 1 for part in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return float(lines * _LINE_HEIGHT)
