"""The mails to staff about a sheet they put in. In bokmål; no personal names."""

from datetime import datetime

from kulturkontor.mails import Mail
from kulturkontor.own_phrases import phrase_of
from kulturkontor.programme import Programme
from kulturkontor.sheet_imports import SheetImport
from kulturkontor.staff_mail import notice


def sheet_faulty(sheet: SheetImport, programme: Programme, now: datetime, to: str) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("sheet_faulty", sheet.id),
        phrase_of(programme, "nb", "staff_sheet_faulty_title"),
        phrase_of(programme, "nb", "staff_sheet_faulty", count=sheet.faults),
        [],
        [phrase_of(programme, "nb", "staff_sheet_faulty_action")],
    )


def sheet_applied(sheet: SheetImport, programme: Programme, now: datetime, to: str) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("sheet_applied", sheet.id),
        phrase_of(programme, "nb", "staff_sheet_applied_title"),
        phrase_of(programme, "nb", "staff_sheet_applied", count=sheet.rows),
        [],
        [],
    )
