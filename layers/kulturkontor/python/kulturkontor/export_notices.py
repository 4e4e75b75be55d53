"""The mail to finance about the accounts of a year."""

from datetime import datetime

from kulturkontor.mails import Mail
from kulturkontor.money import format_kroner
from kulturkontor.own_phrases import phrase_of
from kulturkontor.programme import OSLO, Programme
from kulturkontor.staff_mail import notice
from kulturkontor.year_exports import YearExport


def year_export_ready(export: YearExport, programme: Programme, now: datetime, to: str) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("year_export", export.id, export.requested_at.astimezone(OSLO).strftime("%Y%m%dT%H%M%S")),
        phrase_of(programme, "nb", "staff_export_title", year=export.year),
        phrase_of(
            programme,
            "nb",
            "staff_export",
            count=export.payment_count,
            amount=format_kroner(export.control_sum_ore),
        ),
        [phrase_of(programme, "nb", "staff_export_hash", sha256=export.sha256)],
        [phrase_of(programme, "nb", "staff_export_action")],
    )
