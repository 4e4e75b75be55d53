"""The mails to finance about batches and the bank's answers. In bokmål; no personal names."""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.mails import Mail
from kulturkontor.money import format_kroner
from kulturkontor.own_phrases import phrase_of
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.staff_mail import notice


def batch_proposed(batch: PaymentBatch, programme: Programme, now: datetime, to: str) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("batch_proposed", batch.id),
        phrase_of(programme, "nb", "staff_batch_title", batch=batch.id),
        phrase_of(
            programme,
            "nb",
            "staff_batch",
            count=batch.count,
            amount=format_kroner(batch.control_sum_ore),
        ),
        [],
        [phrase_of(programme, "nb", "staff_batch_action")],
    )


def bank_report_faulty(
    key: str, because: str, programme: Programme, now: datetime, to: str
) -> Mail:
    return notice(
        programme,
        now,
        to,
        ("bank_report_faulty", key),
        phrase_of(programme, "nb", "staff_bank_faulty_title"),
        phrase_of(programme, "nb", "staff_bank_faulty", because=because),
        [],
        [phrase_of(programme, "nb", "staff_bank_faulty_action")],
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
        phrase_of(programme, "nb", "staff_bank_title", count=len(rejected)),
        phrase_of(
            programme, "nb", "staff_bank", paid=paid, rejected=len(rejected), unclear=len(unclear)
        ),
        [*rejected, *unclear],
        [phrase_of(programme, "nb", "staff_bank_action")] if rejected or unclear else [],
    )
