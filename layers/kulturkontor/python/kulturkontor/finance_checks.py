"""Reads the files of a batch again and adds each up anew: they must agree to the øre.

What is read is what was written, not what it was written from, so a fault in a writer is found.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kulturkontor.bank_xml import read_xml, text
from kulturkontor.batch_files import (
    GBAT10,
    LINES,
    MANIFEST,
    PAIN001,
    PAYMENTS,
    SHEET,
    Manifest,
    sha256_of,
)
from kulturkontor.finance_csv import read_amounts
from kulturkontor.finance_rows import LINE_TABLE, PAYMENT_TABLE
from kulturkontor.gbat10 import faults_in_gbat10
from kulturkontor.money import decimal_point
from kulturkontor.pain001 import check_pain001
from kulturkontor.payment_sheet import read_sheet_amounts

Amounts = list[tuple[str, int]]
"""A table's rows as end-to-end id and øre."""
_SHEET_LINES = f"{SHEET}, lines"


class _Sums(NamedTuple):
    rows: dict[str, Amounts]
    stated: dict[str, int]
    """Sums that a file states of itself."""


def check_batch_files(files: Mapping[str, bytes], *, clearing: str) -> list[str]:
    """Where the files disagree; empty when they agree. `clearing`: the account of the vouchers'
    other side. Vouchers are checked when they are set.
    """
    if missing := sorted({PAIN001, PAYMENTS, LINES, SHEET, MANIFEST} - files.keys()):
        return [f"{name} is missing" for name in missing]
    if faults := check_pain001(files[PAIN001]):
        return [f"{PAIN001}: {fault}" for fault in faults]
    try:
        manifest = Manifest.model_validate_json(files[MANIFEST])
        sums = _read(files)
        vouchers = _faults_in_vouchers(manifest, sums, files.get(GBAT10), clearing)
    except (ValueError, LookupError) as fault:
        return [f"a file cannot be read: {fault}"]
    return [
        *_faults_in_sums(manifest, sums),
        *_faults_in_counts(manifest, sums),
        *vouchers,
        *_faults_in_hashes(manifest, files),
    ]


def _read(files: Mapping[str, bytes]) -> _Sums:
    paid, paid_sum = read_sheet_amounts(files[SHEET], PAYMENT_TABLE, "amount")
    lines, line_sum = read_sheet_amounts(files[SHEET], LINE_TABLE, "council")
    return _Sums(
        rows={
            PAIN001: _bank_amounts(files[PAIN001]),
            PAYMENTS: read_amounts(files[PAYMENTS], PAYMENT_TABLE, "amount"),
            LINES: read_amounts(files[LINES], LINE_TABLE, "council"),
            SHEET: paid,
            _SHEET_LINES: lines,
        },
        stated={SHEET: paid_sum, _SHEET_LINES: line_sum},
    )


def _bank_amounts(data: bytes) -> Amounts:
    return [
        (text(each, "PmtId/EndToEndId"), int(text(each, "Amt/InstdAmt").replace(".", "")))
        for each in read_xml(data).iterfind("*/PmtInf/CdtTrfTxInf")
    ]


def _faults_in_sums(manifest: Manifest, sums: _Sums) -> Iterator[str]:
    found = {name: sum(ore for _, ore in rows) for name, rows in sums.rows.items()}
    stated = {f"the sum below {name}": ore for name, ore in sums.stated.items()}
    for name, total in (found | stated).items():
        if total != manifest.control_sum_ore:
            wanted = decimal_point(manifest.control_sum_ore)
            yield f"{name} adds up to {decimal_point(total)}, {MANIFEST} says {wanted}"
    for name, rows in sums.rows.items():
        for payment, difference in _differences(sums.rows[PAIN001], rows):
            yield f"{payment} differs by {decimal_point(difference)} in {name} and {PAIN001}"


def _differences(expected: Amounts, rows: Amounts) -> Iterator[tuple[str, int]]:
    difference: Counter[str] = Counter()
    for payment, ore in rows:
        difference[payment] += ore
    for payment, ore in expected:
        difference[payment] -= ore
    return ((payment, ore) for payment, ore in difference.items() if ore)


def _faults_in_counts(manifest: Manifest, sums: _Sums) -> Iterator[str]:
    payments, lines = manifest.payment_count, manifest.line_count
    stated = {
        PAIN001: payments,
        PAYMENTS: payments,
        SHEET: payments,
        LINES: lines,
        _SHEET_LINES: lines,
    }
    for name, count in stated.items():
        if len(sums.rows[name]) != count:
            yield f"{name} has {len(sums.rows[name])} rows, {MANIFEST} says {count}"


def _faults_in_vouchers(
    manifest: Manifest, sums: _Sums, gbat10: bytes | None, clearing: str
) -> list[str]:
    """Each payment has its own number, without a gap; and GBAT10, if it is there, pays it."""
    numbers = list(manifest.vouchers.values())
    faults = []
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        faults.append(f"the vouchers of {MANIFEST} are not in unbroken order")
    if gbat10 is not None:
        paid = {str(manifest.vouchers[each]): ore for each, ore in sums.rows[PAIN001]}
        found = faults_in_gbat10(gbat10, clearing=clearing, paid=paid)
        faults += [f"{GBAT10}: {fault}" for fault in found]
    return faults


def _faults_in_hashes(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[str]:
    if text(read_xml(files[PAIN001]), "*/GrpHdr/MsgId") != manifest.message_id:
        yield f"{PAIN001} has another message id than {MANIFEST}"
    for name in sorted(files.keys() - {MANIFEST}):
        if sha256_of(files[name]) != manifest.sha256.get(name):
            yield f"{name} is not the file that {MANIFEST} names"
