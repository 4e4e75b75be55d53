"""What a year's accounts must set aside: claims not paid yet, and costs that nobody has claimed.

What an unclaimed gathering will cost is an estimate: the mean of what the same municipality is
entitled to for its other gatherings, else the mean of every claim.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import ApplicationState
from kulturkontor.claims import SETTLED, ClaimRow, ClaimState
from kulturkontor.decisions import PlaceState
from kulturkontor.payments import PaymentBatch, PaymentState
from kulturkontor.programme import Gathering, Programme

_UNPAID: Final = frozenset(ClaimState) - SETTLED
_GONE: Final = frozenset({ApplicationState.WITHDRAWN})


class Unpaid(NamedTuple):
    """A claim that moves something and has not been paid: what is expected, and what is held."""

    row: ClaimRow
    expected_ore: int
    held_ore: int


class Unclaimed(NamedTuple):
    """A municipality that took part in a gathering and has claimed nothing, not even no cost."""

    application_id: str
    reference: str
    kommunenummer: str
    gathering: str
    estimate_ore: int


class YearEnd(NamedTuple):
    year: int
    unpaid: list[Unpaid]
    unclaimed: list[Unclaimed]

    @property
    def unpaid_ore(self) -> int:
        return sum(each.expected_ore for each in self.unpaid)

    @property
    def unclaimed_ore(self) -> int:
        return sum(each.estimate_ore for each in self.unclaimed)

    def unclaimed_at(self, gathering_id: str) -> list[Unclaimed]:
        return [each for each in self.unclaimed if each.gathering == gathering_id]


def close_year(
    year: int,
    applications: Sequence[ApplicationRow],
    claims: Sequence[ClaimRow],
    batches: Sequence[PaymentBatch],
    programme: Programme,
) -> YearEnd:
    """Of the gatherings that ended in that year or before, as things stand now."""
    gatherings = [each for each in programme.gatherings if each.last_day.year <= year]
    ids = {each.id for each in gatherings}
    of_year = [each for each in claims if each.gathering in ids]
    under_way = _not_answered(batches)
    unpaid = [
        Unpaid(row, max(row.council_ore - row.paid_ore, 0), row.held_ore)
        for row in of_year
        if row.state in _UNPAID or _number(row) in under_way
    ]
    unclaimed = [
        found for gathering in gatherings for found in _missing(gathering, applications, claims)
    ]
    return YearEnd(year, [each for each in unpaid if any(each[1:])], unclaimed)


def _number(row: ClaimRow) -> str:
    return f"{row.application_id}-{row.gathering}-{row.version}"


def _not_answered(batches: Sequence[PaymentBatch]) -> set[str]:
    answered = (PaymentState.PAID, PaymentState.REJECTED)
    return {
        payment.claim_id
        for batch in batches
        for payment in batch.payments
        if payment.state not in answered
    }


def _missing(
    gathering: Gathering, applications: Sequence[ApplicationRow], claims: Sequence[ClaimRow]
) -> list[Unclaimed]:
    if gathering.is_cancelled:
        return []
    claimed = {row.application_id for row in claims if row.gathering == gathering.id}
    return [
        Unclaimed(
            each.id,
            each.reference or "",
            each.kommunenummer,
            gathering.id,
            _estimate(each.id, claims),
        )
        for each in applications
        if each.place == PlaceState.ACCEPTED and each.state not in _GONE and each.id not in claimed
    ]


def _estimate(application_id: str, claims: Sequence[ClaimRow]) -> int:
    own = [row.council_ore for row in claims if row.application_id == application_id]
    amounts = own or [row.council_ore for row in claims]
    return (2 * sum(amounts) + len(amounts)) // (2 * len(amounts)) if amounts else 0
