"""The rows of a batch as finance reads them: one for each payment, and one for each amount of it.

The council's column of a payment's lines adds up to what is paid: what earlier versions of the
claim settled, and what was netted, are rows of their own, parted in travel and nights as the
accounts are. CSV and workbook show the same rows, each in its own way.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from kulturkontor.accounts import format_account_number
from kulturkontor.payments import OVERNIGHT, TRAVEL, Payment, PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.programme_rules import AccountChart
from kulturkontor.word_lists import word_list

PAYMENT_TABLE: Final = "payments"
LINE_TABLE: Final = "lines"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Amount(NamedTuple):
    """Øre, so that each file can show them as its readers expect."""

    ore: int


Cell = str | date | Amount
Row = Mapping[str, Cell]


def columns() -> Mapping[str, Any]:
    """The headings of each table in order, and the words in its cells."""
    return word_list("nb", "finance_columns")


def tables(batch: PaymentBatch, programme: Programme) -> dict[str, list[Row]]:
    """Both tables by name."""
    chart = programme.payment.accounts
    return {
        PAYMENT_TABLE: [_payment_row(batch, each) for each in batch.payments],
        LINE_TABLE: [row for each in batch.payments for row in _line_rows(batch, each, chart)],
    }


def _payment_row(batch: PaymentBatch, payment: Payment) -> Row:
    overnight = overnight_paid(payment)
    return {
        "voucher": str(batch.voucher(payment)),
        "batch": batch.id,
        "end_to_end_id": payment.end_to_end_id,
        "claim": payment.claim_number,
        "claim_version": str(payment.claim_version),
        "reference": payment.reference,
        "municipality": _municipality(payment),
        "creditor": one_line(payment.creditor),
        "organisation_number": payment.organisation_number,
        "account_number": format_account_number(payment.account_number),
        "kid": f"KID {payment.kid}" if payment.kid else "",
        "lines": Amount(sum(each.council_ore for each in payment.lines)),
        "adjustment": Amount(payment.adjustment_ore),
        "netted": Amount(-payment.netted_ore),
        "amount": Amount(payment.amount_ore),
        "travel": Amount(payment.amount_ore - overnight),
        "overnight": Amount(overnight),
        "currency": "NOK",
        "execution_date": batch.execution_date or "",
        "attested_by": payment.attested_by,
        "released_by": batch.released_by or "",
    }


def overnight_paid(payment: Payment) -> int:
    """How much of the amount is for nights."""
    return payment.overnight_ore - sum(each.overnight_ore for each in payment.nettings)


def _line_rows(batch: PaymentBatch, payment: Payment, chart: AccountChart) -> Iterator[Row]:
    words = columns()["words"]
    of_payment: dict[str, Cell] = {
        "voucher": str(batch.voucher(payment)),
        "end_to_end_id": payment.end_to_end_id,
        "claim": payment.claim_number,
        "municipality": _municipality(payment),
        "project": chart.project,
        "department": chart.department,
    }
    for line in payment.lines:
        yield of_payment | {
            **_booked(line.kind, chart),
            "gathering": line.gathering,
            "participant": one_line(line.participant),
            "state": words.get(line.state, one_line(line.state)),
            "reason": one_line(line.reason),
            "actual": Amount(line.actual_ore),
            "council": Amount(line.council_ore),
            "municipality_share": Amount(line.municipality_ore),
        }
    for state, reason, kind, ore in _deductions(payment):
        yield of_payment | {
            **_booked(kind, chart),
            "state": words[state],
            "reason": reason,
            "council": Amount(ore),
        }


def _deductions(payment: Payment) -> Iterator[tuple[str, str, str, int]]:
    """Word, which claim, kind and øre of all that is not a line, without what is nothing."""
    nights = payment.adjustment_overnight_ore
    found = [
        ("adjustment", payment.claim_number, TRAVEL, payment.adjustment_ore - nights),
        ("adjustment", payment.claim_number, OVERNIGHT, nights),
    ]
    for each in payment.nettings:
        debt = f"{each.claim_number} R{each.claim_version}"
        found.append(("netted", debt, TRAVEL, each.overnight_ore - each.amount_ore))
        found.append(("netted", debt, OVERNIGHT, -each.overnight_ore))
    return (each for each in found if each[-1])


def _booked(kind: str, chart: AccountChart) -> dict[str, Cell]:
    account = chart.overnight if kind == OVERNIGHT else chart.travel
    return {"kind": columns()["words"].get(kind, one_line(kind)), "account": account}


def _municipality(payment: Payment) -> str:
    """Number and name in one cell: alone, the number would lose its first zero."""
    return f"{payment.kommunenummer} {one_line(payment.municipality)}"


def one_line(words: str) -> str:
    """What people wrote, without anything that begins a new row."""
    return _CONTROLS.sub(" ", words).strip()
