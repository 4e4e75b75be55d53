"""The steps of a travel claim from one state to the next; no other step exists.

Each gives the claim as it should become, and raises ClaimStateError where the claim is in a state
that the step does not start from. Who takes the step is kept where money hangs on it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from kulturkontor.claims import (
    ASKS_FOR_ACCOUNT,
    SETTLED,
    ClaimState,
    Correction,
    Settled,
    TravelClaim,
)
from kulturkontor.refusals import Refusal

CORRECTABLE: Final = SETTLED - {ClaimState.IN_BATCH} | {ClaimState.BANK_REJECTED}
"""Staff may open a new version of it."""
OUTSIDE_FROM: Final = frozenset({ClaimState.RECEIVED, ClaimState.ATTESTED} | ASKS_FOR_ACCOUNT)
"""It may be settled outside the system."""


class ClaimStateError(Refusal):
    """The claim is not in a state where this can be done; `state` is the one it is in."""

    code = "claim_state"

    def __init__(self, state: ClaimState, wanted: str) -> None:
        super().__init__(f"the claim is {state}; it can be {wanted} from another state only")
        self.state = state


class NothingToPayError(Refusal):
    """The claim pays nothing, so there is nothing to settle by an invoice; attest it instead."""

    code = "nothing_to_pay"


def attest(claim: TravelClaim, *, by: str, now: datetime) -> TravelClaim:
    """Somebody vouches for the claim; with nothing to pay it is closed at once."""
    _require(claim, "attested", ClaimState.RECEIVED)
    pays = claim.settlement.pay_ore > 0
    return claim.but(
        state=ClaimState.ATTESTED if pays else ClaimState.CLOSED_WITHOUT_PAYMENT,
        attested_by=by,
        attested_at=now,
    )


def seal(claim: TravelClaim, batch_id: str) -> TravelClaim:
    _require(claim, "put in a batch", ClaimState.ATTESTED)
    return claim.but(state=ClaimState.IN_BATCH, batch_id=batch_id)


def return_to_attested(claim: TravelClaim) -> TravelClaim:
    """The batch was refused before any file was written; the claim waits for the next."""
    _require(claim, "taken out of its batch", ClaimState.IN_BATCH)
    return claim.but(state=ClaimState.ATTESTED, batch_id=None)


def mark_paid(claim: TravelClaim) -> TravelClaim:
    _require(claim, "marked paid", ClaimState.IN_BATCH)
    return claim.but(state=ClaimState.PAID)


def mark_netted(claim: TravelClaim) -> TravelClaim:
    """A debt of the municipality's takes all that the claim pays: nothing goes to the bank."""
    _require(claim, "netted", ClaimState.ATTESTED)
    return claim.but(state=ClaimState.NETTED)


def settle_outside(claim: TravelClaim, *, voucher: str, by: str, now: datetime) -> TravelClaim:
    """It was settled by something else than a batch (an invoice, say), whose voucher is named."""
    _require(claim, "settled outside", *OUTSIDE_FROM)
    if claim.settlement.pay_ore <= 0:
        raise NothingToPayError(claim.claim_number)
    return claim.but(
        state=ClaimState.SETTLED_OUTSIDE, voucher=voucher, attested_by=by, attested_at=now
    )


def take_back_outside(claim: TravelClaim) -> TravelClaim:
    """The mark was a mistake: the claim waits to be attested as before."""
    _require(claim, "taken back", ClaimState.SETTLED_OUTSIDE)
    return claim.but(state=ClaimState.RECEIVED, voucher="", attested_by=None, attested_at=None)


def correct(claim: TravelClaim, *, by: str, now: datetime, reason: str) -> TravelClaim:
    """The next version, with the same lines and rulings, for staff to rule on anew."""
    _require(claim, "corrected", *CORRECTABLE)
    version = claim.version + 1
    return claim.but(
        revision=0,
        id=f"{claim.application_id}-{claim.gathering}-{version}",
        version=version,
        state=ClaimState.RECEIVED,
        received_at=now,
        attested_by=None,
        attested_at=None,
        batch_id=None,
        voucher="",
        correction=Correction(by=by, at=now, reason=reason),
    )


def mark_bank_rejected(claim: TravelClaim) -> TravelClaim:
    _require(claim, "marked rejected by the bank", ClaimState.IN_BATCH)
    return claim.but(state=ClaimState.BANK_REJECTED)


def refuse_account(claim: TravelClaim) -> TravelClaim:
    """Its account could not be confirmed: the municipality is asked for the right one."""
    _require(claim, "asked for its account", ClaimState.RECEIVED, ClaimState.ATTESTED)
    return claim.but(state=ClaimState.ACCOUNT_REFUSED, attested_by=None, attested_at=None)


def return_to_municipality(claim: TravelClaim) -> TravelClaim:
    """The municipality mends it, or has sent a new version that takes its place."""
    _require(
        claim,
        "returned",
        ClaimState.RECEIVED,
        ClaimState.ATTESTED,
        *ASKS_FOR_ACCOUNT,
    )
    return claim.but(state=ClaimState.RETURNED)


def _require(claim: TravelClaim, wanted: str, *states: ClaimState) -> None:
    if claim.state not in states:
        raise ClaimStateError(claim.state, wanted)


def settled_by(versions: Iterable[TravelClaim]) -> Settled:
    """What these versions of one claim have settled, or will when their batch is released: paid,
    netted, settled outside, less what was corrected downwards.
    """
    moves = [each.moved for each in versions if each.state in SETTLED]
    return Settled(sum(each.ore for each in moves), sum(each.overnight_ore for each in moves))
