"""A claim, payment, debt or voucher found by whatever stands on the paper in somebody's hand.

A reference, a claim's number, a municipality by name or number, a KID, an account, an end-to-end
id, a voucher's number, or an amount as people type it.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from kulturkontor.claims import ClaimRow
from kulturkontor.money import AmountError, parse_kroner
from kulturkontor.outside_payments import OutsidePayment
from kulturkontor.payments import Payment, PaymentBatch
from kulturkontor.receivables import Receivable


class Searched(Protocol):
    """What is looked through."""

    @property
    def rows(self) -> list[ClaimRow]: ...

    @property
    def batches(self) -> list[PaymentBatch]: ...

    @property
    def debts(self) -> list[Receivable]: ...

    @property
    def outside(self) -> list[OutsidePayment]: ...


class Hits(NamedTuple):
    rows: list[ClaimRow]
    payments: list[tuple[PaymentBatch, Payment]]
    debts: list[Receivable]
    outside: list[OutsidePayment]


def search(wanted: str, among: Searched, *, name_of: Callable[[str], str]) -> Hits:
    """`name_of`: a municipality's name by its reference. Nothing wanted finds nothing."""
    words, digits, ore = _fold(wanted), _digits(wanted), _amount(wanted)
    if not words:
        return Hits([], [], [], [])

    def fits(reference: str, texts: Iterable[str], numbers: Iterable[str], *amounts: int) -> bool:
        named = (name_of(reference), reference, *texts)
        return (
            any(words in _fold(each) for each in named)
            or bool(digits and digits in numbers)
            or ore in amounts
        )

    return Hits(
        rows=[
            row
            for row in among.rows
            if fits(
                row.reference,
                [row.claim_number],
                [],
                row.council_ore,
                row.actual_ore,
                row.council_ore - row.paid_ore,
            )
        ],
        payments=[
            (batch, each)
            for batch in among.batches
            for each in batch.payments
            if fits(
                each.reference,
                [each.claim_number, each.end_to_end_id, each.creditor],
                [each.kid or "", each.account_number, str(batch.voucher(each) or "")],
                each.amount_ore,
            )
        ],
        debts=[
            each
            for each in among.debts
            if fits(
                each.reference,
                [each.claim_number, each.voucher],
                [],
                each.amount_ore,
                each.left_ore,
            )
        ],
        outside=[
            each
            for each in among.outside
            if fits(each.reference, [each.claim_number, each.voucher], [], each.amount_ore)
        ],
    )


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _digits(text: str) -> str:
    """A number as it is stored: without the spaces and points that people put in it."""
    bare = "".join(text.split()).replace(".", "")
    return bare if bare[:-1].isdigit() else ""


def _amount(text: str) -> int | None:
    try:
        return parse_kroner(text)
    except AmountError:
        return None
