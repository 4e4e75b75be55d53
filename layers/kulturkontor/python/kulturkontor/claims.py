"""A travel claim as the office keeps it, and the states it goes through.

`received` → `attested` → `in_batch` → `paid`. A refused batch gives its claims back; the bank may
reject a payment, and an account that nobody could confirm is asked for again (`account_refused`); a
claim that pays nothing is closed without payment, one that a debt takes whole is `netted`, one that
was settled by an invoice, say, is `settled_outside`. A corrected claim, by the municipality or by
staff, is a new version that moves the difference, never a deletion, so a rejected payment is mended
by a new version too: the bank gets a new payment id. What a version moves is its entitlement less
what the versions before it settled; the moves of all versions add up to what the municipality is
entitled to. One person attests, another releases the batch.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.claim_form import ClaimIn
from kulturkontor.duplicates import marks_of_claim
from kulturkontor.judgement import Judgement, LineRuling, Settlement, settle
from kulturkontor.programme import Language
from kulturkontor.programme_rules import Ore
from kulturkontor.records import Change, Key, OpenWork, Put, Record

TO_ATTEST = "claim-to-attest"
TO_BATCH = "claim-to-batch"
TO_MEND = "claim-to-mend"


class ClaimState(StrEnum):
    RECEIVED = "received"
    ATTESTED = "attested"
    IN_BATCH = "in_batch"
    PAID = "paid"
    BANK_REJECTED = "bank_rejected"
    ACCOUNT_REFUSED = "account_refused"
    CLOSED_WITHOUT_PAYMENT = "closed_without_payment"
    NETTED = "netted"
    SETTLED_OUTSIDE = "settled_outside"
    RETURNED = "returned"


SETTLED: Final = frozenset(
    {
        ClaimState.IN_BATCH,
        ClaimState.PAID,
        ClaimState.CLOSED_WITHOUT_PAYMENT,
        ClaimState.NETTED,
        ClaimState.SETTLED_OUTSIDE,
    }
)
"""A version in one of these has moved what it moves: a later one moves the difference only."""
ASKS_FOR_ACCOUNT: Final = frozenset({ClaimState.BANK_REJECTED, ClaimState.ACCOUNT_REFUSED})
"""The municipality must tell its account anew: the bank refused it, or nobody could confirm it."""


class Correction(BaseModel):
    """Staff opened this version, with the lines of the one before it, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    at: datetime
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Settled(NamedTuple):
    """What versions of a claim have settled, and how much of it is for nights."""

    ore: int
    overnight_ore: int


class TravelClaim(Record):
    """One version of a municipality's claim for one gathering, with how it was judged."""

    id: str
    programme: str
    application_id: str
    reference: str
    kommunenummer: str
    municipality: str
    organisation_number: str
    language: Language
    gathering: str
    version: int
    state: ClaimState = ClaimState.RECEIVED
    received_at: datetime
    is_late: bool = False
    claim: ClaimIn
    rulings: tuple[LineRuling, ...] = ()
    judgement: Judgement
    attested_by: str | None = None
    attested_at: datetime | None = None
    batch_id: str | None = None
    paid_ore: Ore = 0
    """What earlier versions settled for this gathering (`settled_by`); reckoned anew before
    attesting."""
    paid_overnight_ore: int = 0
    """How much of it was for nights."""
    correction: Correction | None = None
    voucher: str = ""
    """Settled outside the system: the number of the voucher it was settled by."""

    @property
    def key(self) -> Key:
        return claim_key(self.application_id, self.gathering, self.version)

    @property
    def claim_number(self) -> str:
        return f"{self.reference}-{self.gathering}"

    @property
    def settlement(self) -> Settlement:
        return settle(self.judgement.council_ore, self.paid_ore)

    @property
    def overnight_ore(self) -> int:
        """How much of the council's share is for nights."""
        return sum(each.overnight_council_ore for each in self.judgement.participants)

    @property
    def moved(self) -> Settled:
        """What this version adds to the earlier ones; below zero where it corrects them down."""
        return Settled(
            self.judgement.council_ore - self.paid_ore,
            self.overnight_ore - self.paid_overnight_ore,
        )

    @property
    def open_work(self) -> OpenWork | None:
        if self.state is ClaimState.ATTESTED and self.attested_at:
            return OpenWork(TO_BATCH, self.attested_at)
        if self.state is ClaimState.RECEIVED:
            return OpenWork(TO_ATTEST, self.received_at)
        if self.state in ASKS_FOR_ACCOUNT:
            return OpenWork(TO_MEND, self.received_at)
        return None


def claim_key(application_id: str, gathering: str, version: int) -> Key:
    return Key(f"APPLICATION#{application_id}", f"CLAIM#{gathering}#{version:03d}")


class ClaimRow(Record):
    """The slim row of a claim's last version in its programme's list (about 300 bytes, and 11 for
    each mark).
    """

    programme: str
    gathering: str
    reference: str
    application_id: str
    version: int
    state: ClaimState
    late: bool
    actual_ore: Ore
    council_ore: Ore
    overnight_ore: int = 0
    held_ore: Ore
    paid_ore: Ore
    paid_overnight_ore: int = 0
    has_held: bool
    attested_by: str | None = None
    batch_id: str | None = None
    marks: tuple[str, ...] = ()
    """What another claim for the same costs would have in common with this one (`duplicates`)."""

    @property
    def key(self) -> Key:
        return Key(f"PROGRAMME#{self.programme}", f"CLAIM#{self.gathering}#{self.reference}")

    @property
    def claim_number(self) -> str:
        return f"{self.reference}-{self.gathering}"


def claim_row(claim: TravelClaim, *, revision: int) -> ClaimRow:
    """The row as the claim makes it; `revision` is that of the row it replaces, 0 for the first."""
    return ClaimRow(
        revision=revision,
        programme=claim.programme,
        gathering=claim.gathering,
        reference=claim.reference,
        application_id=claim.application_id,
        version=claim.version,
        state=claim.state,
        late=claim.is_late,
        actual_ore=claim.judgement.actual_ore,
        council_ore=claim.judgement.council_ore,
        overnight_ore=claim.overnight_ore,
        held_ore=claim.judgement.held_ore,
        paid_ore=claim.paid_ore,
        paid_overnight_ore=claim.paid_overnight_ore,
        has_held=claim.judgement.has_held,
        attested_by=claim.attested_by,
        batch_id=claim.batch_id,
        marks=marks_of_claim(claim.claim, claim.judgement),
    )


def put_claim(claim: TravelClaim, *, row_revision: int) -> list[Change]:
    """A claim as it should become, with its row."""
    return [Put(claim), Put(claim_row(claim, revision=row_revision))]
