"""A travel claim as the office keeps it, and the states it goes through.

`received` → `attested` → `in_batch` → `paid`. A refused batch gives its claims back; the bank may
reject a payment; a claim that pays nothing is closed without payment. A corrected claim is a new
version that pays the difference, never a deletion, so a rejected payment is mended by a new version
too: the bank gets a new payment id. One person attests, another releases the batch.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from kulturkontor.claim_form import ClaimIn
from kulturkontor.judgement import (
    EarlierLine,
    Judgement,
    LineRuling,
    ReceiptFact,
    Settlement,
    settle,
)
from kulturkontor.programme import Language, Ore
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
    CLOSED_WITHOUT_PAYMENT = "closed_without_payment"
    RETURNED = "returned"


class ClaimStateError(ValueError):
    """The claim is not in a state where this can be done; `state` is the one it is in."""

    def __init__(self, state: ClaimState, wanted: str) -> None:
        super().__init__(f"the claim is {state}; it can be {wanted} from another state only")
        self.state = state


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
    """What earlier versions pay for this gathering (`sum_paid`); reckoned anew before attesting."""

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
    def open_work(self) -> OpenWork | None:
        if self.state is ClaimState.ATTESTED and self.attested_at:
            return OpenWork(TO_BATCH, self.attested_at)
        if self.state is ClaimState.RECEIVED:
            return OpenWork(TO_ATTEST, self.received_at)
        if self.state is ClaimState.BANK_REJECTED:
            return OpenWork(TO_MEND, self.received_at)
        return None


def claim_key(application_id: str, gathering: str, version: int) -> Key:
    return Key(f"APPLICATION#{application_id}", f"CLAIM#{gathering}#{version:03d}")


class ClaimRow(Record):
    """The slim row of a claim's last version in its programme's list (about 300 bytes)."""

    programme: str
    gathering: str
    reference: str
    application_id: str
    version: int
    state: ClaimState
    late: bool
    actual_ore: Ore
    council_ore: Ore
    held_ore: Ore
    paid_ore: Ore
    has_held: bool
    attested_by: str | None = None
    batch_id: str | None = None

    @property
    def key(self) -> Key:
        return Key(f"PROGRAMME#{self.programme}", f"CLAIM#{self.gathering}#{self.reference}")


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
        held_ore=claim.judgement.held_ore,
        paid_ore=claim.paid_ore,
        has_held=claim.judgement.has_held,
        attested_by=claim.attested_by,
        batch_id=claim.batch_id,
    )


def put_claim(claim: TravelClaim, *, row_revision: int) -> list[Change]:
    """A claim as it should become, with its row."""
    return [Put(claim), Put(claim_row(claim, revision=row_revision))]


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


def mark_bank_rejected(claim: TravelClaim) -> TravelClaim:
    _require(claim, "marked rejected by the bank", ClaimState.IN_BATCH)
    return claim.but(state=ClaimState.BANK_REJECTED)


def return_to_municipality(claim: TravelClaim) -> TravelClaim:
    """The municipality mends it, or has sent a new version that takes its place."""
    _require(
        claim,
        "returned",
        ClaimState.RECEIVED,
        ClaimState.ATTESTED,
        ClaimState.BANK_REJECTED,
    )
    return claim.but(state=ClaimState.RETURNED)


def _require(claim: TravelClaim, wanted: str, *states: ClaimState) -> None:
    if claim.state not in states:
        raise ClaimStateError(claim.state, wanted)


def sum_paid(versions: Iterable[TravelClaim]) -> int:
    """What these versions of one claim have paid, or will when their batch is released."""
    moved = (ClaimState.IN_BATCH, ClaimState.PAID)
    return sum(each.settlement.pay_ore for each in versions if each.state in moved)


def earlier_lines(
    claim: TravelClaim, receipts: Mapping[str, ReceiptFact]
) -> tuple[EarlierLine, ...]:
    """The lines of this claim as another claim is compared with them."""
    actual = {line.line_id: line.actual_ore for line in claim.judgement.lines}
    return tuple(
        EarlierLine(
            claim_number=claim.claim_number,
            person=claim.claim.participant(line.participant).name,
            kind=line.kind,
            date=line.date,
            actual_ore=actual[line.id],
            receipts=tuple(
                fact.sha256
                for each in line.receipt_ids
                if (fact := receipts.get(each)) and fact.sha256
            ),
        )
        for line in claim.claim.lines
    )
