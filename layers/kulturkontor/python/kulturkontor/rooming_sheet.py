"""The hotel's spreadsheet: who has a bed, what has changed since it was told, and how many there
are. Nothing about diet.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

from kulturkontor.attendance import last_bed_day
from kulturkontor.days import format_date, format_days, format_moment
from kulturkontor.programme import Gathering, Language, Programme
from kulturkontor.rooming import Bed, Differences, RoomingList, compare, count_beds
from kulturkontor.word_lists import word_list
from kulturkontor.workbook_look import (
    CELL,
    HEADING,
    TITLE,
    Book,
    open_workbook,
    set_up_page,
    write_text,
)

_WIDTHS = (34, 40, 18)
_FIRST_ROW = 6


def write_rooming_sheet(
    beds: Sequence[Bed],
    frozen: RoomingList | None,
    gathering: Gathering,
    programme: Programme,
    language: Language,
    *,
    at: datetime,
) -> bytes:
    """An XLSX of the beds as they are now, with those that were cancelled since the list was
    frozen below.
    """
    words: Mapping[str, str] = word_list(language, "gathering_papers")["rooming"]
    changes = compare(frozen.beds, beds) if frozen else Differences([], [])
    about = [
        words["gathering"].format(
            programme=programme.name[language],
            number=gathering.number,
            days=format_days(gathering.first_day, gathering.last_day, language),
            place=gathering.place,
        ),
        words["nights"].format(night=format_date(gathering.night, language)),
        _state(frozen, gathering, programme, language, words, at=at),
        words["changed"].format(added=len(changes.added), removed=len(changes.removed))
        if any(changes)
        else "",
    ]
    target = BytesIO()
    with open_workbook(target, title=about[0], made_at=at) as book:
        _write_names(book, beds, changes, about, words, at=at)
        _write_counts(book, beds, about, words, at=at)
    return target.getvalue()


def _state(
    frozen: RoomingList | None,
    gathering: Gathering,
    programme: Programme,
    language: Language,
    words: Mapping[str, str],
    *,
    at: datetime,
) -> str:
    if frozen is None:
        day = format_date(last_bed_day(programme, gathering), language)
        return words["not_frozen"].format(moment=format_moment(at, language), day=day)
    moment = format_moment(frozen.frozen_at, language)
    return words["frozen"].format(moment=moment, sha256=frozen.sha256[:16])


def _write_names(
    book: Book,
    beds: Sequence[Bed],
    changes: Differences,
    about: Sequence[str],
    words: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    rows = [
        *((each, words["added"] if each in changes.added else "") for each in beds),
        *((each, words["removed"]) for each in changes.removed),
    ]
    table = [[each.municipality, each.name or words["left"], state] for each, state in rows]
    headings = [words["municipality"], words["name"], words["state"]]
    _write_table(book, words["names"], about, headings, table, at=at)


def _write_counts(
    book: Book,
    beds: Sequence[Bed],
    about: Sequence[str],
    words: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    table: list[list[str | int]] = [[each.municipality, each.beds] for each in count_beds(beds)]
    table.append([words["total"], len(beds)])
    headings = [words["municipality"], words["beds"]]
    _write_table(book, words["counts"], about, headings, table, at=at)


def _write_table(
    book: Book,
    name: str,
    about: Sequence[str],
    headings: Sequence[str],
    table: Sequence[Sequence[str | int]],
    *,
    at: datetime,
) -> None:
    sheet = book.add_worksheet(name)
    title, plain = book.add_format(TITLE), book.add_format({"valign": "top"})
    heading, cell = book.add_format(HEADING), book.add_format(CELL)
    number = book.add_format({**CELL, "num_format": "0", "align": "right"})
    for row, text in enumerate(about):
        write_text(sheet, row, 0, text, plain if row else title)
    for column, text in enumerate(headings):
        sheet.set_column(column, column, _WIDTHS[column])
        sheet.write_string(_FIRST_ROW - 1, column, text, heading)
    for row, values in enumerate(table, start=_FIRST_ROW):
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(row, column, value, number)
            else:
                write_text(sheet, row, column, value, cell)
    sheet.freeze_panes(_FIRST_ROW, 0)
    set_up_page(sheet, made_at=at, heading_row=_FIRST_ROW - 1)
    sheet.set_portrait()
