"""Vouchers for an accounting system that imports GBAT10 (Mamut; read by Tripletex, PowerOffice,
24SevenOffice, Visma eAccounting and Xledger).

28 columns between semicolons, decimal point, UTF-8. A payment is one voucher whose rows sum to
zero: travel and nights on their accounts, the payment on the clearing account. The vouchers have no
VAT, so gross and net are the same. Columns about ledgers of customers and suppliers stay empty: the
payments are booked on accounts only.
Source: Mamut's own description of the format (help.mamut.com, «Bilag: GBAT10»).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from kulturkontor.finance_rows import columns, one_line, overnight_paid
from kulturkontor.money import decimal_point
from kulturkontor.payments import Payment, PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.programme_rules import AccountChart

COLUMNS: Final = 28
_NAME: Final = "GBAT10"
_LONGEST_TEXT: Final = 100
_VOUCHER, _NET, _GROSS = 1, 8, 27


def write_gbat10(batch: PaymentBatch, programme: Programme) -> bytes:
    """The file of a released batch."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    for payment in batch.payments:
        writer.writerows(_rows(batch, payment, programme.payment.accounts))
    return sheet.getvalue().encode()


def _rows(batch: PaymentBatch, payment: Payment, chart: AccountChart) -> Iterator[list[str]]:
    overnight = overnight_paid(payment)
    amounts = (
        (chart.travel, payment.amount_ore - overnight),
        (chart.overnight, overnight),
        (chart.clearing, -payment.amount_ore),
    )
    for account, ore in amounts:
        if ore:
            yield _row(batch, payment, chart, account, ore)


def _row(
    batch: PaymentBatch, payment: Payment, chart: AccountChart, account: str, ore: int
) -> list[str]:
    day = batch.execution_date
    filled = {
        0: _NAME,
        _VOUCHER: str(batch.voucher(payment)),
        2: f"{day:%Y%m%d}",
        3: chart.voucher_type,
        4: f"{day:%m}".lstrip("0"),
        5: f"{day:%Y}",
        6: account,
        7: chart.vat_code,
        _NET: decimal_point(ore),
        15: payment.claim_number,
        16: payment.kid or "",
        20: _text(payment),
        23: chart.project,
        24: chart.department,
        26: "T",
        _GROSS: decimal_point(ore),
    }
    return [filled.get(place, "") for place in range(COLUMNS)]


def _text(payment: Payment) -> str:
    words: str = columns()["gbat10"]["text"].format(
        claim=payment.claim_number, municipality=payment.municipality
    )
    # Some importers take these for the end of a column or of the text, whatever stands around them.
    return one_line(words.replace(";", ",").replace('"', "'"))[:_LONGEST_TEXT]


def faults_in_gbat10(data: bytes, *, clearing: str, paid: dict[str, int]) -> list[str]:
    """Where the vouchers do not close or do not pay what they should; `paid` in øre by voucher."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=";"))
    if any(len(row) != COLUMNS or row[0] != _NAME for row in rows):
        return [f"a row has not its {COLUMNS} columns"]
    sums: dict[str, int] = defaultdict(int)
    cleared: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row[_VOUCHER]] += _ore(row[_NET])
        if row[6] == clearing:
            cleared[row[_VOUCHER]] -= _ore(row[_NET])
    return [
        *(f"voucher {each} does not sum to zero" for each, ore in sums.items() if ore),
        *(
            f"voucher {each} pays {decimal_point(cleared[each])} for {decimal_point(ore)}"
            for each, ore in paid.items()
            if cleared[each] != ore
        ),
        *(f"voucher {each} is not of this batch" for each in sums.keys() - paid.keys()),
        *("net and gross differ" for row in rows if row[_NET] != row[_GROSS]),
    ]


def _ore(written: str) -> int:
    return int(written.replace(".", ""))
