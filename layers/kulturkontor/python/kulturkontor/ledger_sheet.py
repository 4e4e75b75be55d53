"""The ledger of letters as a file: CSV that Norwegian Excel opens, or a workbook; each row holds
what it takes to follow one letter from decision to delivery.

Text is text: no name, address or reason becomes a formula.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from kulturkontor.letter_ledger import LedgerLine
from kulturkontor.programme import OSLO

COLUMNS: Final = (
    *("reference", "municipality", "serial", "outcome", "fate", "decided_by", "decided_at"),
    *("confirmed_by", "confirmed_at", "rendered_at", "handed_over_at", "delivered_at"),
    *("bounced_at", "to", "mail", "message_id", "second_contact", "again_to"),
    *("again_delivered_at", "template", "sha256", "because"),
)
"""In this order; each has its words in the texts."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDEST: Final = 60


def ledger_rows(lines: Sequence[LedgerLine], words: Mapping[str, str]) -> list[dict[str, str]]:
    """What stands in each column; `words` are those of outcomes and fates, by `outcome.…` and
    `fate.…`.
    """
    return [_row(line, words) for line in lines]


def write_ledger_csv(rows: Sequence[Mapping[str, str]], headings: Mapping[str, str]) -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow([headings[name] for name in COLUMNS])
    writer.writerows([_as_text(row[name]) for name in COLUMNS] for row in rows)
    return sheet.getvalue().encode("utf-8-sig")


def write_ledger_book(
    rows: Sequence[Mapping[str, str]],
    headings: Mapping[str, str],
    *,
    title: str,
    made_at: datetime,
) -> bytes:
    # Here, not above: the spreadsheet library is 40 modules, and only who asks waits for it.
    from kulturkontor.workbook_look import CELL, HEADING, open_workbook, set_up_page, write_text

    data = io.BytesIO()
    book = open_workbook(data, title=title, made_at=made_at)
    sheet = book.add_worksheet(title)
    heading, text = book.add_format(HEADING), book.add_format(CELL)
    for column, name in enumerate(COLUMNS):
        longest = max(len(each) for each in (headings[name], *(row[name] for row in rows)))
        sheet.set_column(column, column, min(longest + 2, _WIDEST))
        sheet.write_string(0, column, headings[name], heading)
        for number, row in enumerate(rows, start=1):
            write_text(sheet, number, column, row[name], text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    set_up_page(sheet, made_at=made_at, heading_row=0)
    book.close()
    return data.getvalue()


def _row(line: LedgerLine, words: Mapping[str, str]) -> dict[str, str]:
    decision, mail, letter = line.decision, line.mail, line.decision.letter
    return {
        "reference": line.application.reference or "",
        "municipality": line.municipality,
        "serial": str(decision.serial),
        "outcome": words[f"outcome.{decision.outcome}"],
        "fate": words[f"fate.{line.fate}"],
        "decided_by": decision.decided_by,
        "decided_at": _moment(decision.decided_at),
        "confirmed_by": decision.confirmed_by,
        "confirmed_at": _moment(decision.confirmed_at),
        "rendered_at": _moment(line.rendered_at),
        "handed_over_at": _moment(mail.handed_over_at) if mail else "",
        "delivered_at": _moment(line.delivered_at),
        "bounced_at": _moment(line.bounced_at),
        "to": mail.to if mail else "",
        "mail": mail.id if mail else "",
        "message_id": (mail.message_id or "") if mail else "",
        "second_contact": line.second.to if line.second else "",
        "again_to": line.again.to if line.again else "",
        "again_delivered_at": _moment(line.again_delivered_at),
        "template": letter.template_version if letter else "",
        "sha256": letter.sha256 if letter else "",
        "because": letter.held_because if letter else "",
    }


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(OSLO):%d.%m.%Y %H:%M:%S}" if at else ""


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
