"""Writes what finance gets for a released batch: the bank's file, tables, and a manifest of all.

The files are a function of the sealed rows and the release, so they are the same bytes for ever;
what the bank answers later is not in them. The control sum stands in all, and `finance_checks` adds
it up in each before any is kept.
"""

from collections.abc import Mapping

from kulturkontor.batch_files import (
    GBAT10,
    LINES,
    PAIN001,
    PAYMENTS,
    SHEET,
    Manifest,
    RatesUsed,
    ReceiptEntry,
    VoucherFile,
)
from kulturkontor.finance_csv import write_csv
from kulturkontor.finance_rows import LINE_TABLE, PAYMENT_TABLE, columns, tables
from kulturkontor.gbat10 import write_gbat10
from kulturkontor.pain001 import message_id, write_pain001
from kulturkontor.payment_sheet import write_payment_sheet
from kulturkontor.payments import BatchStateError, PaymentBatch
from kulturkontor.programme import OSLO, Programme


def write_tables(batch: PaymentBatch, programme: Programme) -> dict[str, bytes]:
    """All files but vouchers, manifest and ZIP, by name. Raises BatchStateError before release."""
    if batch.released_at is None:
        raise BatchStateError("the files of a batch are written when it is released")
    found = tables(batch, programme)
    written = {
        PAIN001: write_pain001(batch, programme.payment, programme.payment.pain_version),
        PAYMENTS: write_csv(columns()[PAYMENT_TABLE], found[PAYMENT_TABLE]),
        LINES: write_csv(columns()[LINE_TABLE], found[LINE_TABLE]),
        SHEET: write_payment_sheet(found, batch_id=batch.id, made_at=batch.released_at),
    }
    if programme.payment.gbat10:
        written[GBAT10] = write_gbat10(batch, programme)
    return written


def write_manifest(
    batch: PaymentBatch,
    programme: Programme,
    *,
    sha256: Mapping[str, str],
    rates: RatesUsed,
    voucher_files: tuple[VoucherFile, ...] = (),
    receipts: tuple[ReceiptEntry, ...] = (),
) -> bytes:
    """The manifest of the files with these hashes. Raises BatchStateError before release."""
    if batch.released_at is None or batch.execution_date is None or batch.first_voucher is None:
        raise BatchStateError("the files of a batch are written when it is released")
    manifest = Manifest(
        programme=batch.programme,
        batch=batch.id,
        message_id=message_id(batch),
        message=f"pain.001.001.{programme.payment.pain_version}",
        created=batch.released_at.astimezone(OSLO).replace(microsecond=0),
        execution_date=batch.execution_date,
        rule_version=batch.rule_version,
        rates=rates,
        currency="NOK",
        payment_count=batch.count,
        line_count=len(tables(batch, programme)[LINE_TABLE]),
        control_sum_ore=batch.control_sum_ore,
        vouchers={
            each.end_to_end_id: number
            for number, each in enumerate(batch.payments, start=batch.first_voucher)
        },
        voucher_files=voucher_files,
        receipts=receipts,
        sha256=dict(sha256),
    )
    return f"{manifest.model_dump_json(indent=2)}\n".encode()
