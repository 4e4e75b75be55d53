"""The mails to staff about a sheet they put in. In bokmål; no personal names."""

from datetime import datetime

from kulturkontor.mails import Mail
from kulturkontor.programme import Programme
from kulturkontor.sheet_imports import SheetImport
from kulturkontor.staff_mail import notice
from kulturkontor.texts import phrase


def sheet_faulty(sheet: SheetImport, programme: Programme, now: datetime, to: str) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("sheet_faulty", sheet.id),
        phrase("nb", "staff_sheet_faulty_title"),
        phrase("nb", "staff_sheet_faulty", count=sheet.faults),
        [],
        [phrase("nb", "staff_sheet_faulty_action")],
    )


def sheet_applied(sheet: SheetImport, programme: Programme, now: datetime, to: str) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("sheet_applied", sheet.id),
        phrase("nb", "staff_sheet_applied_title"),
        phrase("nb", "staff_sheet_applied", count=sheet.rows),
        [],
        [],
    )
