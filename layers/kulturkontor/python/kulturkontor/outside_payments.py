"""A claim that was settled by something else than a batch: by an invoice, say, or long ago by hand.

Whoever settled it tells the number of the voucher and why. It never enters a batch, and a later
version of the claim moves only the difference to it.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from kulturkontor.application_rows import programme_partition
from kulturkontor.claims import TravelClaim
from kulturkontor.records import Key, Record

Voucher = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$")]


class OutsidePayment(Record):
    """What one version of a claim moved, settled by that voucher. Amounts are øre."""

    programme: str
    kommunenummer: str
    municipality: str
    application_id: str
    reference: str
    gathering: str
    claim_version: int
    amount_ore: Annotated[int, Field(gt=0)]
    overnight_ore: int
    voucher: Voucher
    reason: str
    by: str
    at: datetime

    @property
    def key(self) -> Key:
        return outside_key(self.programme, self.kommunenummer, self.gathering, self.claim_version)

    @property
    def claim_number(self) -> str:
        return f"{self.reference}-{self.gathering}"


def outside_key(programme_id: str, kommunenummer: str, gathering: str, version: int) -> Key:
    place = f"OUTSIDE#{kommunenummer}#{gathering}#{version:03d}"
    return Key(programme_partition(programme_id), place)


def outside_payment(
    claim: TravelClaim, *, voucher: str, reason: str, by: str, at: datetime
) -> OutsidePayment:
    """What the claim moves, as it is before it is marked."""
    return OutsidePayment(
        programme=claim.programme,
        kommunenummer=claim.kommunenummer,
        municipality=claim.municipality,
        application_id=claim.application_id,
        reference=claim.reference,
        gathering=claim.gathering,
        claim_version=claim.version,
        amount_ore=claim.moved.ore,
        overnight_ore=claim.moved.overnight_ore,
        voucher=voucher,
        reason=reason,
        by=by,
        at=at,
    )
