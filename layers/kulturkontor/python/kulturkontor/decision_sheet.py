"""The spreadsheet in which staff write their decisions, one row per application.

What comes from the applications is grey and locked; what staff decide is white, with lists to
choose from. The only formulas count the answers on the guide's page. `sheets` reads it when it
comes back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from kulturkontor.days import alphabetical
from kulturkontor.decisions import Outcome
from kulturkontor.programme import OSLO, Programme
from kulturkontor.proposals import LONGEST_LANGUAGE_REASON
from kulturkontor.sheet_rows import Column, DecisionRow
from kulturkontor.word_lists import word_list
from kulturkontor.workbook_look import (
    CELL,
    GREY,
    HEADING,
    TITLE,
    WHITE,
    Book,
    Sheet,
    height_of,
    open_workbook,
    set_up_page,
    write_text,
)

_WIDTHS = {
    Column.REFERENCE: 17,
    Column.MUNICIPALITY: 33,
    Column.COUNTY: 16,
    Column.POPULATION: 12,
    Column.STATUS: 13,
    Column.RECEIVED_AT: 16,
    Column.LETTER_LANGUAGE: 11,
    Column.OUTCOME: 13,
    Column.RANK: 11,
    Column.REASON: 60,
    Column.CONDITIONS: 40,
    Column.LANGUAGE: 13,
    Column.LANGUAGE_REASON: 30,
    Column.SEEN: 18,
}
_GUIDE_WIDTHS = (24, 100)
_PLACES = {column: place for place, column in enumerate(Column)}
_LOCKED = {**CELL, "bg_color": GREY, "locked": True}
_OPEN = {**CELL, "bg_color": WHITE, "locked": False}
_SHADES = {Outcome.ADMITTED: "#DFF0DD", Outcome.WAITLISTED: "#FFF1C7", Outcome.REJECTED: "#F3E1E4"}
_FREE_TEXTS = (
    Column.OUTCOME,
    Column.REASON,
    Column.CONDITIONS,
    Column.LANGUAGE,
    Column.LANGUAGE_REASON,
)
_LAST_COLUMN = 16_383
_LACKS = "#F4B6B6"
_ALLOWED = ("select_locked_cells", "format_columns", "format_rows", "autofilter")


def write_decision_sheet(
    rows: Sequence[DecisionRow], programme: Programme, *, made_at: datetime
) -> bytes:
    """An XLSX with the rows in alphabetical order, and a page that says how to fill it in."""
    words = word_list("nb", "decision_sheet")
    target = BytesIO()
    with open_workbook(target, title=programme.name["nb"], made_at=made_at) as book:
        sheet = book.add_worksheet(words["sheet"])
        _write_headings(book, sheet, words)
        _write_rows(
            book, sheet, sorted(rows, key=lambda row: alphabetical(row.municipality)), words
        )
        if rows:
            sheet.autofilter(0, 0, len(rows), len(_PLACES) - 1)
            _add_lists(sheet, len(rows), programme, words)
            _add_shades(book, sheet, len(rows), words)
        sheet.protect("", dict.fromkeys(_ALLOWED, True))
        sheet.freeze_panes(1, _PLACES[Column.MUNICIPALITY] + 1)
        set_up_page(sheet, made_at=made_at, heading_row=0)
        set_up_page(_write_guide(book, rows, programme, words), made_at=made_at)
    return target.getvalue()


def _write_headings(book: Book, sheet: Sheet, words: Mapping[str, Any]) -> None:
    heading = book.add_format({**HEADING, "locked": True})
    sheet.set_row(0, 32)
    for column, place in _PLACES.items():
        sheet.write_string(0, place, words["columns"][column], heading)
        hidden = {"hidden": column is Column.SEEN}
        sheet.set_column(place, place, _WIDTHS[column], None, hidden)
    notes = book.add_format({"locked": False, "text_wrap": True, "valign": "top"})
    sheet.set_column(len(_PLACES), _LAST_COLUMN, 20, notes)


def _write_rows(
    book: Book, sheet: Sheet, rows: Sequence[DecisionRow], words: Mapping[str, Any]
) -> None:
    locked, unlocked = book.add_format(_LOCKED), book.add_format(_OPEN)
    count = book.add_format({**_LOCKED, "num_format": "#,##0", "align": "right", "indent": 1})
    rank = book.add_format({**_OPEN, "align": "center"})
    moment = book.add_format({**_LOCKED, "num_format": "dd.mm.yyyy hh:mm", "align": "left"})
    for number, row in enumerate(rows, start=1):
        long = {Column.REASON: row.reason, Column.CONDITIONS: row.conditions}
        if any(long.values()):
            sheet.set_row(number, height_of([*long.values()], [_WIDTHS[each] for each in long]))
        for column, text in _texts(row, words).items():
            shape = unlocked if column in _FREE_TEXTS else locked
            write_text(sheet, number, _PLACES[column], text, shape)
        received = row.received_at.astimezone(OSLO).replace(tzinfo=None)
        sheet.write_datetime(number, _PLACES[Column.RECEIVED_AT], received, moment)
        _write_number(sheet, number, Column.POPULATION, row.population, count)
        _write_number(sheet, number, Column.RANK, row.rank, rank)


def _texts(row: DecisionRow, words: Mapping[str, Any]) -> dict[Column, str]:
    return {
        Column.REFERENCE: row.reference,
        Column.MUNICIPALITY: row.municipality,
        Column.COUNTY: row.county,
        Column.STATUS: words["status"][row.status],
        Column.LETTER_LANGUAGE: words["languages"][row.letter_language][0],
        Column.OUTCOME: words["outcomes"][row.outcome][0] if row.outcome else "",
        Column.REASON: row.reason,
        Column.CONDITIONS: row.conditions,
        Column.LANGUAGE: words["languages"][row.language][0] if row.language else "",
        Column.LANGUAGE_REASON: row.language_reason,
        Column.SEEN: row.seen,
    }


def _write_number(
    sheet: Sheet, number: int, column: Column, value: int | None, shape: object
) -> None:
    if value is None:
        sheet.write_blank(number, _PLACES[column], None, shape)
    else:
        sheet.write_number(number, _PLACES[column], value, shape)


def _add_lists(sheet: Sheet, count: int, programme: Programme, words: Mapping[str, Any]) -> None:
    """What each white cell accepts, with a hint when it is chosen and an error when it is wrong."""
    limit = programme.application.max_text
    languages = [words["languages"][each][0] for each in programme.languages]
    rules: dict[Column, dict[str, Any]] = {
        Column.OUTCOME: {"validate": "list", "source": _outcome_words(words)},
        Column.RANK: {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": count},
        Column.REASON: {"validate": "length", "criteria": "<=", "value": limit},
        Column.CONDITIONS: {"validate": "length", "criteria": "<=", "value": limit},
        Column.LANGUAGE: {"validate": "list", "source": languages},
        Column.LANGUAGE_REASON: {
            "validate": "length",
            "criteria": "<=",
            "value": LONGEST_LANGUAGE_REASON,
        },
    }
    for column, rule in rules.items():
        told = words["input"][column]
        spoken = {
            "input_title": told["title"],
            "input_message": told["message"],
            "error_title": told["title"],
            "error_message": told["error"].format(limit=rule.get("value", limit)),
        }
        place = _PLACES[column]
        sheet.data_validation(1, place, count, place, {**rule, **spoken})


def _add_shades(book: Book, sheet: Sheet, count: int, words: Mapping[str, Any]) -> None:
    """The answer as a shade over the row's white cells; red where it lacks its reason or rank."""
    answer, rank, reason, language, why = (
        f"${xl_col_to_name(_PLACES[column])}2"
        for column in (
            Column.OUTCOME,
            Column.RANK,
            Column.REASON,
            Column.LANGUAGE,
            Column.LANGUAGE_REASON,
        )
    )
    spoken = dict(zip(Outcome, _outcome_words(words), strict=True))
    waits = f'{answer}="{spoken[Outcome.WAITLISTED]}"'
    lacks = book.add_format({"bg_color": _LACKS})
    for column, formula in (
        (Column.RANK, f'=AND({waits},{rank}="")'),
        (Column.REASON, f'=AND({answer}<>"",{reason}="")'),
        (Column.LANGUAGE_REASON, f'=AND({language}<>"",{why}="")'),
    ):
        rule = {"type": "formula", "criteria": formula, "format": lacks, "stop_if_true": True}
        sheet.conditional_format(1, _PLACES[column], count, _PLACES[column], rule)
    for outcome, shade in _SHADES.items():
        formula = f'={answer}="{spoken[outcome]}"'
        rule = {
            "type": "formula",
            "criteria": formula,
            "format": book.add_format({"bg_color": shade}),
        }
        sheet.conditional_format(1, _PLACES[Column.OUTCOME], count, len(_PLACES) - 1, rule)


def _write_guide(
    book: Book, rows: Sequence[DecisionRow], programme: Programme, words: Mapping[str, Any]
) -> Sheet:
    guide = book.add_worksheet(words["guide"])
    title, text = book.add_format(TITLE), book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top", "align": "left"})
    for place, width in enumerate(_GUIDE_WIDTHS):
        guide.set_column(place, place, width)
    guide.write_string(0, 0, programme.name["nb"], title)
    guide.write_string(2, 0, words["steps"]["title"], title)
    for row, line in enumerate(words["steps"]["lines"], start=3):
        guide.set_row(row, height_of([line], _GUIDE_WIDTHS[1:]))
        guide.write_number(row, 0, row - 2, bold)
        guide.write_string(row, 1, line, text)
    row = 4 + len(words["steps"]["lines"])
    guide.write_string(row, 0, words["counts"]["title"], title)
    for label, formula, value in _counts(rows, words):
        row += 1
        guide.write_string(row, 0, label, text)
        guide.write_formula(row, 1, formula, bold, value)
    guide.write_string(row + 1, 0, words["counts"]["places"], text)
    guide.write_number(row + 1, 1, programme.decision.places, bold)
    return guide


def _counts(
    rows: Sequence[DecisionRow], words: Mapping[str, Any]
) -> Iterator[tuple[str, str, int]]:
    """How many have each answer: what it is called, how Excel counts it, how many it is now."""
    column = xl_col_to_name(_PLACES[Column.OUTCOME])
    cells = f"'{words['sheet']}'!${column}$2:${column}${max(len(rows), 1) + 1}"
    now = Counter(row.outcome for row in rows)
    for outcome, spoken in zip(Outcome, _outcome_words(words), strict=True):
        yield words["counts"][outcome], f'=COUNTIF({cells},"{spoken}")', now[outcome]
    yield words["counts"]["undecided"], f"=COUNTBLANK({cells})", now[None]


def _outcome_words(words: Mapping[str, Any]) -> list[str]:
    return [words["outcomes"][outcome][0] for outcome in Outcome]
