"""What each municipality is entitled to, has got and is still owed, by gathering and budget line.

Entitled comes from the claims; paid, netted and settled outside from batches, debts and vouchers.
What is outstanding is the difference, and must be what waits: attested and not yet paid, at the
bank, less what is owed and not yet settled. The two are counted apart, so a table either ties or
shows by how much it does not. Netted is plus at the claim that was reduced and minus at the one
that owed: in sum nothing. Amounts are øre.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kulturkontor.claims import SETTLED, ClaimRow, ClaimState
from kulturkontor.outside_payments import OutsidePayment
from kulturkontor.payments import (
    OVERNIGHT,
    TRAVEL,
    BatchState,
    Payment,
    PaymentBatch,
    PaymentState,
)
from kulturkontor.receivables import Receivable, ReceivableState

KINDS: Final = (TRAVEL, OVERNIGHT)
_ATTESTED: Final = SETTLED | {ClaimState.ATTESTED, ClaimState.BANK_REJECTED}
_WAITING: Final = frozenset({ClaimState.ATTESTED, ClaimState.BANK_REJECTED})


class Place(NamedTuple):
    """Where an amount belongs. Empty parts are added up over."""

    reference: str
    gathering: str
    kind: str


@dataclass
class Balance:
    """`waiting` is what should be outstanding, counted from what waits."""

    place: Place
    entitled_ore: int = 0
    paid_ore: int = 0
    netted_ore: int = 0
    outside_ore: int = 0
    at_bank_ore: int = 0
    """Sealed or released, and not yet answered by the bank; part of what is outstanding."""
    under_review_ore: int = 0
    """What claims that nobody has attested would add."""
    waiting_ore: int = 0

    @property
    def outstanding_ore(self) -> int:
        return self.entitled_ore - self.paid_ore - self.netted_ore - self.outside_ore

    @property
    def difference_ore(self) -> int:
        """Nothing, when the table ties."""
        return self.outstanding_ore - self.waiting_ore

    def add(self, other: "Balance") -> None:
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_SUMS: Final = (
    "entitled_ore",
    "paid_ore",
    "netted_ore",
    "outside_ore",
    "at_bank_ore",
    "under_review_ore",
    "waiting_ore",
)
_Entry = tuple[Place, str, int]
"""Where, which of the sums, and øre."""


def count_balances(
    rows: Iterable[ClaimRow],
    batches: Iterable[PaymentBatch],
    debts: Iterable[Receivable],
    outside: Iterable[OutsidePayment],
) -> list[Balance]:
    """One for each municipality, gathering and budget line that has any amount, in that order."""
    found: dict[Place, Balance] = {}
    entries = (
        *(entry for row in rows for entry in _of_row(row)),
        *(entry for payment in _live_payments(batches) for entry in _of_payment(payment)),
        *(entry for debt in debts for entry in _of_debt(debt)),
        *(entry for paper in outside for entry in _of_paper(paper)),
    )
    for place, name, ore in entries:
        balance = found.setdefault(place, Balance(place))
        setattr(balance, name, getattr(balance, name) + ore)
    return [found[place] for place in sorted(found)]


def add_up(balances: Iterable[Balance], by: Callable[[Place], Place]) -> list[Balance]:
    """The balances of what `by` makes the same place."""
    found: dict[Place, Balance] = {}
    for each in balances:
        place = by(each.place)
        found.setdefault(place, Balance(place)).add(each)
    return [found[place] for place in sorted(found)]


def total(balances: Iterable[Balance]) -> Balance:
    whole = Balance(Place("", "", ""))
    for each in balances:
        whole.add(each)
    return whole


def _parted(place: Place, name: str, ore: int, overnight_ore: int) -> Iterator[_Entry]:
    """An amount in its two budget lines."""
    parts = {TRAVEL: ore - overnight_ore, OVERNIGHT: overnight_ore}
    return ((place._replace(kind=kind), name, part) for kind, part in parts.items() if part)


def _of_row(row: ClaimRow) -> Iterator[_Entry]:
    place = Place(row.reference, row.gathering, "")
    moved, nights = row.council_ore - row.paid_ore, row.overnight_ore - row.paid_overnight_ore
    if row.state not in _ATTESTED:
        yield from _parted(place, "entitled_ore", row.paid_ore, row.paid_overnight_ore)
        if row.state is ClaimState.RECEIVED:
            yield from _parted(place, "under_review_ore", moved, nights)
        return
    yield from _parted(place, "entitled_ore", row.council_ore, row.overnight_ore)
    if row.state in _WAITING:
        yield from _parted(place, "waiting_ore", moved, nights)


def _live_payments(batches: Iterable[PaymentBatch]) -> Iterator[Payment]:
    return (
        payment
        for batch in batches
        if batch.state is not BatchState.REFUSED
        for payment in batch.payments
        if payment.state is not PaymentState.REJECTED
    )


def _of_payment(payment: Payment) -> Iterator[_Entry]:
    gathering = payment.claim_number.removeprefix(f"{payment.reference}-")
    place = Place(payment.reference, gathering, "")
    nights = payment.overnight_ore - sum(each.overnight_ore for each in payment.nettings)
    if payment.state is PaymentState.PAID:
        yield from _parted(place, "paid_ore", payment.amount_ore, nights)
        return
    yield from _parted(place, "at_bank_ore", payment.amount_ore, nights)
    yield from _parted(place, "waiting_ore", payment.amount_ore, nights)


def _of_debt(debt: Receivable) -> Iterator[_Entry]:
    place = Place(debt.reference, debt.gathering, "")
    left, nights = debt.left_ore, debt.left_overnight_ore
    name = "outside_ore" if debt.state is ReceivableState.SETTLED else "waiting_ore"
    yield from _parted(place, name, -left, -nights)
    for each in debt.nettings:
        reference = each.claim_number.removesuffix(f"-{each.gathering}")
        reduced = Place(reference, each.gathering, "")
        yield from _parted(reduced, "netted_ore", each.amount_ore, each.overnight_ore)
        yield from _parted(place, "netted_ore", -each.amount_ore, -each.overnight_ore)


def _of_paper(paper: OutsidePayment) -> Iterator[_Entry]:
    place = Place(paper.reference, paper.gathering, "")
    return _parted(place, "outside_ore", paper.amount_ore, paper.overnight_ore)


def owed(debts: Sequence[Receivable]) -> int:
    """What municipalities owe and have neither been netted for nor paid."""
    return sum(each.left_ore for each in debts if each.state is not ReceivableState.SETTLED)
