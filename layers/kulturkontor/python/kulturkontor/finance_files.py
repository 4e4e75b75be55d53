"""What finance gets for a released batch: the bank's file, two spreadsheets and a manifest.

A pure function of the sealed rows and the release, so the files are the same bytes for ever;
what the bank answers later is not in them. The control sum stands in all four and
`check_batch_files` adds it up in each. The spreadsheets are CSV as Norwegian Excel opens it:
semicolon, decimal comma, UTF-8 with BOM, CRLF. Accounts are grouped and a KID has its word
before it, or Excel would make numbers of them.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from kulturkontor.accounts import format_account_number
from kulturkontor.bank_xml import read_xml, text
from kulturkontor.money import decimal_comma, decimal_point
from kulturkontor.pain001 import check_pain001, message_id, write_pain001
from kulturkontor.payments import BatchStateError, Payment, PaymentBatch
from kulturkontor.programme import OSLO, Programme
from kulturkontor.word_lists import word_list

PAIN001: Final = "pain001.xml"
PAYMENTS: Final = "payments.csv"
LINES: Final = "lines.csv"
MANIFEST: Final = "manifest.json"

_FORMULA: Final = ("=", "+", "-", "@")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Manifest(BaseModel):
    """What the files of a batch are and add up to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme: str
    batch: str
    message_id: str
    message: str
    created: AwareDatetime
    execution_date: date
    rule_version: str
    currency: Literal["NOK"]
    payment_count: int
    line_count: int
    control_sum_ore: int
    sha256: dict[str, str]


class BatchFilesError(ValueError):
    """The files of a batch do not agree; nothing must be sent. The message says where."""


def write_batch_files(batch: PaymentBatch, programme: Programme) -> dict[str, bytes]:
    """The files by name. Raises BatchStateError before release, BatchFilesError on disagreement."""
    if batch.released_at is None or batch.execution_date is None:
        raise BatchStateError("the files of a batch are written when it is released")
    version = programme.payment.pain_version
    lines = [row for payment in batch.payments for row in _line_rows(payment)]
    written = {
        PAIN001: write_pain001(batch, programme.payment, version),
        PAYMENTS: _csv("payments", (_payment_row(batch, each) for each in batch.payments)),
        LINES: _csv("lines", lines),
    }
    manifest = Manifest(
        programme=batch.programme,
        batch=batch.id,
        message_id=message_id(batch),
        message=f"pain.001.001.{version}",
        created=batch.released_at.astimezone(OSLO).replace(microsecond=0),
        execution_date=batch.execution_date,
        rule_version=batch.rule_version,
        currency="NOK",
        payment_count=batch.count,
        line_count=len(lines),
        control_sum_ore=batch.control_sum_ore,
        sha256={name: _sha256(data) for name, data in written.items()},
    )
    written[MANIFEST] = f"{manifest.model_dump_json(indent=2)}\n".encode()
    if faults := check_batch_files(written):
        raise BatchFilesError("; ".join(faults))
    return written


def _payment_row(batch: PaymentBatch, payment: Payment) -> dict[str, str]:
    return {
        "batch": batch.id,
        "end_to_end_id": payment.end_to_end_id,
        "claim": _guarded(payment.claim_number),
        "claim_version": str(payment.claim_version),
        "reference": _guarded(payment.reference),
        "municipality": _municipality(payment),
        "organisation_number": payment.organisation_number,
        "account_number": format_account_number(payment.account_number),
        "kid": f"KID {payment.kid}" if payment.kid else "",
        "lines": decimal_comma(payment.amount_ore - payment.adjustment_ore),
        "adjustment": decimal_comma(payment.adjustment_ore),
        "amount": decimal_comma(payment.amount_ore),
        "currency": "NOK",
        "execution_date": f"{batch.execution_date:%d.%m.%Y}",
    }


def _line_rows(payment: Payment) -> Iterator[dict[str, str]]:
    """A row for each line, and one for the adjustment, so that the council's column adds up."""
    words = _columns()["words"]
    payment_part = {
        "end_to_end_id": payment.end_to_end_id,
        "claim": _guarded(payment.claim_number),
        "municipality": _municipality(payment),
    }
    for line in payment.lines:
        yield payment_part | {
            "gathering": _guarded(line.gathering),
            "participant": _guarded(line.participant),
            "kind": _guarded(words.get(line.kind, line.kind)),
            "state": _guarded(words.get(line.state, line.state)),
            "reason": _guarded(line.reason),
            "actual": decimal_comma(line.actual_ore),
            "council": decimal_comma(line.council_ore),
            "municipality_share": decimal_comma(line.municipality_ore),
        }
    if payment.adjustment_ore:
        yield payment_part | {
            "kind": words["adjustment"],
            "council": decimal_comma(payment.adjustment_ore),
        }


def _municipality(payment: Payment) -> str:
    """Number and name in one cell: alone, the number would lose its first zero."""
    return f"{payment.kommunenummer} {_CONTROLS.sub(' ', payment.municipality)}"


def _guarded(words: str) -> str:
    """One line that no spreadsheet takes for a formula."""
    line = _CONTROLS.sub(" ", words).strip()
    return f"'{line}" if line.startswith(_FORMULA) else line


def _columns() -> Mapping[str, Mapping[str, str]]:
    return word_list("nb", "finance_columns")


def _csv(table: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    headings = _columns()[table]
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, list(headings), restval="", delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return sheet.getvalue().encode("utf-8-sig")


def check_batch_files(files: Mapping[str, bytes]) -> list[str]:
    """Where the four files disagree; empty when they agree. Each sum is added up anew."""
    if missing := sorted({PAIN001, PAYMENTS, LINES, MANIFEST} - files.keys()):
        return [f"{name} is missing" for name in missing]
    if faults := check_pain001(files[PAIN001]):
        return [f"{PAIN001}: {fault}" for fault in faults]
    try:
        manifest = Manifest.model_validate_json(files[MANIFEST])
        amounts = {
            PAIN001: _bank_amounts(files[PAIN001]),
            PAYMENTS: _sheet_amounts(files[PAYMENTS], "payments", "amount"),
            LINES: _sheet_amounts(files[LINES], "lines", "council"),
        }
    except (ValueError, KeyError) as fault:
        return [f"a file cannot be read: {fault}"]
    return [
        *_faults_in_sums(manifest, amounts),
        *_faults_in_counts(manifest, amounts),
        *_faults_in_hashes(manifest, files),
    ]


Amounts = list[tuple[str, int]]
"""A file's rows as end-to-end id and øre."""


def _bank_amounts(data: bytes) -> Amounts:
    transfers = read_xml(data).iterfind("*/PmtInf/CdtTrfTxInf")
    return [
        (text(each, "PmtId/EndToEndId"), _ore(text(each, "Amt/InstdAmt"))) for each in transfers
    ]


def _sheet_amounts(data: bytes, table: str, column: str) -> Amounts:
    headings = _columns()[table]
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    return [(row[headings["end_to_end_id"]], _ore(row[headings[column]])) for row in rows]


def _ore(written: str) -> int:
    return int(written.replace(",", "").replace(".", ""))


def _faults_in_sums(manifest: Manifest, amounts: Mapping[str, Amounts]) -> Iterator[str]:
    for name, rows in amounts.items():
        total = sum(ore for _, ore in rows)
        if total != manifest.control_sum_ore:
            stated = decimal_point(manifest.control_sum_ore)
            yield f"{name} adds up to {decimal_point(total)}, {MANIFEST} says {stated}"
        for payment, difference in _differences(amounts[PAIN001], rows):
            yield f"{payment} differs by {decimal_point(difference)} in {name} and {PAIN001}"


def _differences(expected: Amounts, rows: Amounts) -> Iterator[tuple[str, int]]:
    difference: Counter[str] = Counter()
    for payment, ore in rows:
        difference[payment] += ore
    for payment, ore in expected:
        difference[payment] -= ore
    return ((payment, ore) for payment, ore in difference.items() if ore)


def _faults_in_counts(manifest: Manifest, amounts: Mapping[str, Amounts]) -> Iterator[str]:
    stated = {
        PAIN001: manifest.payment_count,
        PAYMENTS: manifest.payment_count,
        LINES: manifest.line_count,
    }
    for name, count in stated.items():
        if len(amounts[name]) != count:
            yield f"{name} has {len(amounts[name])} rows, {MANIFEST} says {count}"


def _faults_in_hashes(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[str]:
    if text(read_xml(files[PAIN001]), "*/GrpHdr/MsgId") != manifest.message_id:
        yield f"{PAIN001} has another message id than {MANIFEST}"
    for name in (PAIN001, PAYMENTS, LINES):
        if _sha256(files[name]) != manifest.sha256.get(name):
            yield f"{name} is not the file that {MANIFEST} names"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
