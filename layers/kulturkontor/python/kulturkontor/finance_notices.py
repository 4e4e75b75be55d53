"""The mails to finance about batches and the bank's answers. In bokmål; no personal names."""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.mails import Mail
from kulturkontor.money import format_kroner
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.staff_mail import notice
from kulturkontor.texts import phrase


def batch_proposed(batch: PaymentBatch, programme: Programme, now: datetime, to: str) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("batch_proposed", batch.id),
        phrase("nb", "staff_batch_title", batch=batch.id),
        phrase(
            "nb",
            "staff_batch",
            count=batch.count,
            amount=format_kroner(batch.control_sum_ore),
        ),
        [],
        [phrase("nb", "staff_batch_action")],
    )


def bank_report_faulty(
    key: str, because: str, programme: Programme, now: datetime, to: str
) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("bank_report_faulty", key),
        phrase("nb", "staff_bank_faulty_title"),
        phrase("nb", "staff_bank_faulty", because=because),
        [],
        [phrase("nb", "staff_bank_faulty_action")],
    )


def bank_report_read(
    message_id: str,
    paid: int,
    rejected: Sequence[str],
    unclear: Sequence[str],
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("bank_report", message_id),
        phrase("nb", "staff_bank_title", count=len(rejected)),
        phrase("nb", "staff_bank", paid=paid, rejected=len(rejected), unclear=len(unclear)),
        [*rejected, *unclear],
        [phrase("nb", "staff_bank_action")] if rejected or unclear else [],
    )
