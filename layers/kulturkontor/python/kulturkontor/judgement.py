"""What the travel rule says about a claim, line by line, and what it has to know to say it.

A line is settled when it is approved, reduced or rejected. `actual_ore` sums what the settled lines
cost according to the claim. Of it the council pays `council_ore`; the rest, with all that was
reduced or rejected, is the municipality's, so council + municipality = actual to the øre. A held
line is in neither until it is released; `held_ore` tells what waits. A line that a person struck as
a duplicate is no cost at all (0 øre). A line that gives another back is below zero.

The rules and the facts it was judged by are kept with it (`rules`, `known`), so that `travel.judge`
comes to the same from what is stored alone, years later.
"""

from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.claim_fields import LineKind
from kulturkontor.programme_rules import Ore, Percent
from kulturkontor.rules_used import RulesUsed


class LineState(StrEnum):
    APPROVED = "approved"
    REDUCED = "reduced"
    HELD = "held"
    REJECTED = "rejected"


class ReasonCode(StrEnum):
    """Why a line has its state; `texts/*/claim_reasons.toml` says each in words."""

    TRAVEL_COVERED = "travel_covered"
    NIGHT_COVERED = "night_covered"
    GIVEN_BACK = "given_back"
    APPROVED_BY_STAFF = "approved_by_staff"

    PASSENGER_NOT_REGISTERED = "passenger_not_registered"
    OVER_NIGHT_PRICE = "over_night_price"
    REDUCED_BY_STAFF = "reduced_by_staff"

    ASKED_BY_STAFF = "asked_by_staff"
    WAITS_WITH_LINE = "waits_with_line"
    RATE_UNKNOWN = "rate_unknown"
    GATHERING_CANCELLED = "gathering_cancelled"
    MUNICIPALITY_WITHDRAWN = "municipality_withdrawn"
    PARTICIPANT_DROPPED_OUT = "participant_dropped_out"
    NOT_REGISTERED = "not_registered"
    OUTSIDE_DATES = "outside_dates"
    NIGHT_NOT_ADJOINING = "night_not_adjoining"
    RECEIPT_MISSING = "receipt_missing"
    RECEIPT_WAITING = "receipt_waiting"
    RECEIPT_REFUSED = "receipt_refused"
    BILL_NOT_PDF = "bill_not_pdf"
    TAXI_WITHOUT_REASON = "taxi_without_reason"
    RATE_PER_HUNDRED = "rate_per_hundred"
    PASSENGER_CLAIMS_CAR = "passenger_claims_car"
    SUPPLEMENT_WITHOUT_CAR = "supplement_without_car"
    POSSIBLE_DUPLICATE = "possible_duplicate"

    NIGHT_BOOKED_BY_COUNCIL = "night_booked_by_council"
    SECOND_NIGHT = "second_night"
    OVER_NIGHT_PERSONS = "over_night_persons"
    OVER_TRAVEL_PERSONS = "over_travel_persons"
    GIVEN_BACK_UNCOVERED = "given_back_uncovered"
    REJECTED_BY_STAFF = "rejected_by_staff"
    DUPLICATE = "duplicate"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReceiptFact(_Value):
    """What is known of an uploaded receipt; `sha256` and `media_type` once it was inspected."""

    id: str
    state: Literal["waiting", "accepted", "refused"]
    sha256: str | None = None
    media_type: str = ""


class LineRuling(_Value):
    """What a person at the council decided about one line, and why.

    Approving lifts every hold but an unknown rate; it does not lift the rule itself (one night,
    four persons). `approved_ore`: approve only that much of the line. Asking holds the line until
    the municipality has answered. `reason` is what the municipality reads; `internal` it never
    sees.
    """

    line_id: str
    verdict: Literal["approve", "reject", "ask"]
    by: str
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    internal: Annotated[str, Field(max_length=500)] = ""
    approved_ore: Ore | None = None


class JudgedLine(_Value):
    """One line with its outcome. `counted_ore` is what the council's share is reckoned from."""

    line_id: str
    participant: str
    kind: LineKind
    state: LineState
    reason: ReasonCode
    also: tuple[ReasonCode, ...] = ()
    """The other reasons a line is held for; a ruling that approves lifts them as well."""
    like: str | None = None
    """The line id, or the number of the municipality's other claim, that it may repeat."""
    refunds: str | None = None
    """The line id that this one gives back; both amounts are then below zero."""
    actual_ore: int
    counted_ore: int
    ore_per_km: Ore | None = None
    ruling: LineRuling | None = None
    """What a person decided, without the comment that only the council reads."""


class ParticipantResult(_Value):
    participant: str
    travel_actual_ore: Ore
    travel_counted_ore: Ore
    travel_council_ore: Ore
    overnight_actual_ore: Ore
    overnight_council_ore: Ore
    held_ore: Ore

    @property
    def actual_ore(self) -> int:
        return self.travel_actual_ore + self.overnight_actual_ore

    @property
    def council_ore(self) -> int:
        return self.travel_council_ore + self.overnight_council_ore

    @property
    def municipality_ore(self) -> int:
        return self.actual_ore - self.council_ore


class ClaimResult(_Value):
    """The whole claim judged, as anybody may see it: `council_ore` is what the municipality is
    entitled to so far.
    """

    rule_version: str
    rules: RulesUsed
    share_percent: Percent
    lines: tuple[JudgedLine, ...]
    participants: tuple[ParticipantResult, ...]
    actual_ore: Ore
    council_ore: Ore
    municipality_ore: Ore
    held_ore: Ore

    @property
    def has_held(self) -> bool:
        return any(line.state is LineState.HELD for line in self.lines)


class Known(_Value):
    """What was known when a claim was judged. Persons are participant ids; `earlier` and
    `elsewhere` map the marks of lines (`duplicates`) to the claim that has them too: another of the
    same municipality, or another municipality's.
    """

    registered: tuple[str, ...]
    absent: tuple[str, ...] = ()
    withdrawn: bool = False
    receipts: tuple[ReceiptFact, ...] = ()
    earlier: dict[str, str] = Field(default_factory=dict)
    elsewhere: dict[str, str] = Field(default_factory=dict)


class Judgement(ClaimResult):
    """The result with what only the council reads: what it was judged by, and which lines another
    municipality's claim may have too (line id → claim number).
    """

    known: Known
    elsewhere: dict[str, str] = Field(default_factory=dict)

    def shown(self) -> ClaimResult:
        """Without what is only the council's."""
        return ClaimResult(**{name: getattr(self, name) for name in ClaimResult.model_fields})


class Settlement(NamedTuple):
    """What this version moves: `pay_ore` to the municipality, or `owed_ore` by it. Never both."""

    pay_ore: int
    owed_ore: int


def settle(entitlement_ore: int, already_paid_ore: int) -> Settlement:
    """The difference to what earlier versions paid; a debt never becomes a line to the bank."""
    difference = entitlement_ore - already_paid_ore
    return Settlement(pay_ore=max(difference, 0), owed_ore=max(-difference, 0))
