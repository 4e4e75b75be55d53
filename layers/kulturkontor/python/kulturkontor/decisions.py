"""Decisions, the letters that tell them, and the place an admitted municipality may take.

People decide; the system keeps what they decided, tells it on the day, and keeps the answer.
"""

import hashlib
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from kulturkontor.days import add_working_days
from kulturkontor.programme import Language, Programme


class Outcome(StrEnum):
    ADMITTED = "admitted"
    WAITLISTED = "waitlisted"
    REJECTED = "rejected"


class DecisionKind(StrEnum):
    """Why there is a decision; what its letter says follows from it."""

    ANSWER = "answer"
    OFFER = "offer"
    """A place that became free goes to the first on the waiting list."""
    CORRECTION = "correction"
    """Replaces what an earlier letter told."""
    LIST_CLOSED = "list_closed"
    """The waiting list has ended, and no place became free."""


class DecisionState(StrEnum):
    """How far a decision is, as staff see it."""

    UNDECIDED = "undecided"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    HELD = "held"
    TOLD = "told"


class LetterState(StrEnum):
    PENDING = "pending"
    HELD = "held"
    RENDERED = "rendered"
    OUTSIDE = "outside"
    """Sent by hand before the office was in use: told, and no letter of ours."""
    TAKEN_BACK = "taken_back"
    """Written and stopped, and taken back before anybody was sent it."""


TOLD: Final = frozenset({LetterState.RENDERED, LetterState.OUTSIDE})
"""Its letter is written, or went by hand: only a correction changes it, or, as long as nobody was
sent it, taking it back (`made_known`).
"""


class PlaceState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    PASSED_ON = "passed_on"


GIVEN_UP: Final = frozenset({PlaceState.DECLINED, PlaceState.LAPSED, PlaceState.PASSED_ON})
"""The place is not theirs any more, and can be or is somebody else's."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Part):
    """A place that was offered, and what became of it."""

    state: PlaceState
    answer_by: date
    offered_at: datetime
    answered_at: datetime | None = None
    passed_on_to: str | None = None
    found: PlaceState | None = None
    """Before it was passed on: it stands so again where the offer is dropped; None where no letter
    had given it.
    """


class DecisionLetter(_Part):
    """One letter: rendered and kept, or held with the reason until staff mend its text."""

    state: LetterState
    held_because: str = ""
    key: str = ""
    sha256: str = ""
    template_version: str = ""
    mail_id: str = ""
    at: datetime
    place_found: Place | None = None
    place_left: Place | None = None
    """The place before the letter was written, and what the letter makes of it."""


class Decision(_Part):
    """One decision: proposed, confirmed by a second person, told by its letter. A later one (an
    offer from the waiting list, a correction) has the next serial; none is changed after release.
    """

    serial: int
    kind: DecisionKind = DecisionKind.ANSWER
    outcome: Outcome
    reason: str
    conditions: str = ""
    """Printed in the letter of an admitted municipality, beside the programme's own."""
    language: Language
    language_reason: str = ""
    """Why the letter is not in the language it would have by itself."""
    correction_reason: str = ""
    """Why an earlier letter is replaced, as the new one tells it."""
    rank: int | None = None
    answer_by: date | None = None
    """The last day to accept, as the letter told it: counted from the day it was written."""
    decided_by: str
    decided_at: datetime
    source: str
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    letter: DecisionLetter | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def is_by(self, email: str) -> bool:
        """Whether they proposed it: somebody else must confirm it."""
        return self.decided_by.casefold() == email.casefold()

    @property
    def is_to_be_told(self) -> bool:
        """A letter is due: a second person has confirmed it, and none is written or held."""
        return self.is_confirmed and self.letter_state is LetterState.PENDING

    @property
    def letter_state(self) -> LetterState:
        return self.letter.state if self.letter else LetterState.PENDING

    @property
    def is_told(self) -> bool:
        return self.letter_state in TOLD

    @property
    def has_letter(self) -> bool:
        """Whether there is a PDF of ours."""
        return self.letter_state is LetterState.RENDERED


def answer_day(kind: DecisionKind, told_on: date, programme: Programme) -> date:
    """The last day to accept a place that is told that day. The programme's own day, «Svarfrist»;
    who is told close to it or later, or is offered a place that became free, has a number of
    working days, July not counted.
    """
    own = add_working_days(
        told_on,
        programme.decision.waiting_list_answer_working_days,
        skip_july=True,
    )
    return own if kind is DecisionKind.OFFER else max(programme.decision.answer_by, own)


def with_answer_day(decision: Decision, told_on: date, programme: Programme) -> Decision:
    """As its letter tells it when it is written that day; one that was told keeps its day."""
    if decision.outcome is not Outcome.ADMITTED or decision.is_told:
        return decision
    day = answer_day(decision.kind, told_on, programme)
    return decision.model_copy(update={"answer_by": day})


def place_after(
    decision: Decision, place: Place | None, at: datetime, programme: Programme
) -> Place | None:
    """The place once the decision's letter is written. A place that is offered or accepted stays
    when the letter is corrected and still gives it, with time enough to answer; one that was given
    up is offered anew. Another answer takes back a place that nobody has answered for; one that was
    given up stays free, for the next on the list.
    """
    if decision.outcome is not Outcome.ADMITTED:
        is_taken_back = place is not None and place.state is PlaceState.OFFERED
        return None if is_taken_back else place
    answer_by = decision.answer_by or programme.decision.answer_by
    if place is not None and place.state is PlaceState.ACCEPTED:
        return place
    if place is not None and place.state is PlaceState.OFFERED:
        return place.model_copy(update={"answer_by": max(place.answer_by, answer_by)})
    return Place(state=PlaceState.OFFERED, answer_by=answer_by, offered_at=at)


def state_of(decision: Decision | None) -> DecisionState:
    if decision is None:
        return DecisionState.UNDECIDED
    if decision.is_told:
        return DecisionState.TOLD
    if decision.letter_state is LetterState.HELD:
        return DecisionState.HELD
    return DecisionState.CONFIRMED if decision.is_confirmed else DecisionState.PROPOSED


def confirmed(decision: Decision, *, by: str, at: datetime) -> Decision:
    return decision.model_copy(update={"confirmed_by": by, "confirmed_at": at})


def proposed_anew(decision: Decision, *, by: str, at: datetime, **changes: object) -> Decision:
    """With these changes, made by this person: what was confirmed was another decision, and a
    letter that was held is written anew.
    """
    values = {
        **dict(decision),
        **changes,
        "decided_by": by,
        "decided_at": at,
        "confirmed_by": "",
        "confirmed_at": None,
        "letter": None,
    }
    return Decision.model_validate(values)


def decision_digest(decision: Decision | None) -> str:
    """Tells whether a decision is still the one that somebody saw; empty where there is none."""
    if decision is None:
        return ""
    return hashlib.sha256(decision.model_dump_json().encode()).hexdigest()[:16]


def is_own_place_free(outcome: Outcome | None, place: Place | None) -> bool:
    """Whether somebody would wait for the place that they gave up themselves: it must go to the
    next on the list first.
    """
    given_up = place is not None and place.state in (PlaceState.DECLINED, PlaceState.LAPSED)
    return outcome is Outcome.WAITLISTED and given_up


def is_place_free(place: str | None, *, is_withdrawn: bool) -> bool:
    """Whether staff may offer it on: it was declined or has lapsed, or who had it withdrew."""
    if place in (PlaceState.DECLINED, PlaceState.LAPSED):
        return True
    return is_withdrawn and place in (PlaceState.OFFERED, PlaceState.ACCEPTED)
