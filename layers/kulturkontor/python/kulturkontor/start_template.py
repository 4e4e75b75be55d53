"""The templates of the start sheets, and the report of what is wrong in one: spreadsheets.

A template has its headings, one example that must be taken out, and a page that tells what each
column is for. Cells are text, so that Excel changes no date, account number or amount.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from kulturkontor.application_form import Sector
from kulturkontor.programme import Language, Programme
from kulturkontor.start_rows import required_columns
from kulturkontor.start_sheets import COLUMNS, StartFault, StartKind, describe, words_of
from kulturkontor.texts import phrase
from kulturkontor.word_lists import word_list
from kulturkontor.workbook_look import (
    CELL,
    GREY,
    HEADING,
    TITLE,
    Book,
    height_of,
    open_workbook,
    set_up_page,
    write_text,
)

_ROWS = 1_000
"""So many rows below the headings are text."""
_WIDTH = 20
_WIDE = {"reason": 50, "contact_email": 30, "email": 30, "municipality": 26, "name": 28}
_GUIDE_WIDTHS = (26, 90)
_REPORT_WIDTHS = (8, 24, 30, 50, 60)


def write_template(
    kind: StartKind, programme: Programme, language: Language, *, made_at: datetime
) -> bytes:
    """An XLSX to fill in."""
    words, common = words_of(kind, language), word_list(language, "start_sheets")
    target = BytesIO()
    with open_workbook(target, title=words["title"], made_at=made_at) as book:
        sheet = book.add_worksheet(words["title"])
        heading = book.add_format(HEADING)
        cell = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        example = book.add_format({**CELL, "num_format": "@", "italic": True, "bg_color": GREY})
        sheet.set_row(0, 32)
        needed = required_columns(kind)
        for place, column in enumerate(COLUMNS[kind]):
            name = words["columns"][column]
            sheet.write_string(0, place, f"{name} *" if column in needed else name, heading)
            sheet.set_column(place, place, _WIDE.get(column, _WIDTH), cell)
            write_text(sheet, 1, place, words["example"][column], example)
            if choices := _choices(column, programme, language, common):
                rule = {"validate": "list", "source": choices, "error_type": "warning"}
                sheet.data_validation(1, place, _ROWS, place, rule)
        sheet.freeze_panes(1, 1)
        set_up_page(sheet, made_at=made_at, heading_row=0)
        _write_guide(book, kind, programme, language, words, common, made_at=made_at)
    return target.getvalue()


def write_report(
    faults: Sequence[StartFault], kind: StartKind, language: Language, *, made_at: datetime
) -> bytes:
    """An XLSX with a line per fault: where, what it says, what is wrong, and what to do."""
    words = word_list(language, "start_sheets")["report"]
    target = BytesIO()
    with open_workbook(target, title=words["title"], made_at=made_at) as book:
        sheet = book.add_worksheet(words["wrong"])
        cell, heading = book.add_format(CELL), book.add_format(HEADING)
        sheet.write_string(0, 0, words["title"], book.add_format(TITLE))
        for place, column in enumerate(("row", "column", "value", "wrong", "action")):
            sheet.write_string(2, place, words[column], heading)
            sheet.set_column(place, place, _REPORT_WIDTHS[place])
        for number, each in enumerate(faults, start=3):
            line = describe(each, kind, language)
            sheet.set_row(number, height_of(line, _REPORT_WIDTHS))
            for place, text in enumerate(line):
                write_text(sheet, number, place, text, cell)
        sheet.freeze_panes(3, 0)
        set_up_page(sheet, made_at=made_at, heading_row=2)
    return target.getvalue()


def _write_guide(
    book: Book,
    kind: StartKind,
    programme: Programme,
    language: Language,
    words: Mapping[str, Any],
    common: Mapping[str, Any],
    *,
    made_at: datetime,
) -> None:
    guide = book.add_worksheet(common["guide"])
    title, text = book.add_format(TITLE), book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top", "align": "left"})
    for place, width in enumerate(_GUIDE_WIDTHS):
        guide.set_column(place, place, width)
    guide.write_string(0, 0, programme.name[language], title)
    for row, line in enumerate(common["steps"]["lines"], start=2):
        guide.set_row(row, height_of([line], _GUIDE_WIDTHS[1:]))
        guide.write_number(row, 0, row - 1, bold)
        guide.write_string(row, 1, line, text)
    row = 3 + len(common["steps"]["lines"])
    guide.write_string(row, 0, common["column"], title)
    guide.write_string(row, 1, common["hint"], title)
    sectors = ", ".join(phrase(language, f"sector_{each}") for each in Sector)
    needed = required_columns(kind)
    for number, column in enumerate(COLUMNS[kind], start=row + 1):
        hint = words["hints"][column].format(sectors=sectors)
        told = f"{hint} {common['needed']}." if column in needed else hint
        guide.set_row(number, height_of([told], _GUIDE_WIDTHS[1:]))
        guide.write_string(number, 0, words["columns"][column], bold)
        guide.write_string(number, 1, told, text)
    set_up_page(guide, made_at=made_at)


def _choices(
    column: str, programme: Programme, language: Language, common: Mapping[str, Any]
) -> list[str]:
    """What may stand in a column, where it is one of a few words."""
    sheet = word_list("nb", "decision_sheet")
    if column in ("accepted", "is_free", "coordinator", "came"):
        return [common["answers"]["yes"][0], common["answers"]["no"][0]]
    if column == "outcome":
        return [words[-1] if language == "nn" else words[0] for words in _outcomes(sheet)]
    if column == "language":
        return [sheet["languages"][each][0] for each in programme.languages]
    if column == "sector":
        return [phrase(language, f"sector_{each}") for each in Sector]
    if column == "gathering":
        return [each.number for each in programme.gatherings]
    return []


def _outcomes(sheet: Mapping[str, Any]) -> list[list[str]]:
    """Each with its word in bokmål first and in nynorsk last."""
    return [list(words) for words in sheet["outcomes"].values()]
