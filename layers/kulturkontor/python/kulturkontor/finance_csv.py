"""The rows as Norwegian Excel opens them: semicolon, decimal comma, UTF-8 with BOM, CRLF.

Words that people wrote are never a formula; accounts are grouped and a KID has its word before it,
or Excel would make numbers of them.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

from kulturkontor.finance_rows import Amount, Cell, Row, columns
from kulturkontor.money import decimal_comma

_FORMULA: Final = ("=", "+", "-", "@")


def write_csv(headings: Mapping[str, str], rows: Iterable[Row]) -> bytes:
    """The table, its headings first: `headings` by the names of the columns, in their order."""
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, list(headings), restval="", delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows({name: _said(cell) for name, cell in row.items()} for row in rows)
    return sheet.getvalue().encode("utf-8-sig")


def read_amounts(data: bytes, table: str, column: str) -> list[tuple[str, int]]:
    """End-to-end id and øre of each row; raises ValueError or KeyError for another file."""
    headings = columns()[table]
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    return [(row[headings["end_to_end_id"]], _ore(row[headings[column]])) for row in rows]


def _said(cell: Cell) -> str:
    if isinstance(cell, Amount):
        return decimal_comma(cell.ore)
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return f"{cell:%d.%m.%Y}"


def _ore(written: str) -> int:
    return int(written.replace(",", ""))
