"""What becomes of a decision, and of the place it gives, from its proposal to its letter."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kulturkontor.decisions import (
    Decision,
    DecisionKind,
    DecisionState,
    LetterState,
    Outcome,
    Place,
    PlaceState,
    answer_day,
    confirmed,
    decision_digest,
    place_after,
    proposed_anew,
    state_of,
    with_answer_day,
)
from tests.office_factory import oslo
from tests.rules.application_factory import DECIDED, KIFK2, a_decision, a_letter

CONFIRMER, CHANGER = "leder@example.org", "anne@example.org"
CONFIRMED_AT = DECIDED + timedelta(hours=2)
CHANGED_AT = DECIDED + timedelta(days=1)
NOW = oslo("2026-05-04T09:00:00")
USUAL = KIFK2.decision.answer_by
EARLIER, LATER = USUAL - timedelta(days=3), USUAL + timedelta(days=3)


def a_confirmed(**changes: Any) -> Decision:
    return a_decision(confirmed_by=CONFIRMER, confirmed_at=CONFIRMED_AT, **changes)


def test_a_confirmation_says_who_and_when_and_changes_nothing_else() -> None:
    proposal = a_decision(Outcome.WAITLISTED, rank=4)
    assert confirmed(proposal, by=CONFIRMER, at=CONFIRMED_AT) == a_confirmed(
        outcome=Outcome.WAITLISTED, rank=4
    )


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        pytest.param(None, DecisionState.UNDECIDED, id="none"),
        pytest.param(a_decision(), DecisionState.PROPOSED, id="nobody-else-has-seen-it"),
        pytest.param(a_confirmed(), DecisionState.CONFIRMED, id="a-second-person-has"),
        pytest.param(
            a_confirmed(letter=a_letter(LetterState.PENDING)),
            DecisionState.CONFIRMED,
            id="letter-waits",
        ),
        pytest.param(
            a_confirmed(letter=a_letter(LetterState.HELD)), DecisionState.HELD, id="letter-is-held"
        ),
        pytest.param(a_confirmed(letter=a_letter()), DecisionState.TOLD, id="letter-is-written"),
        pytest.param(
            a_decision(letter=a_letter(LetterState.OUTSIDE)),
            DecisionState.TOLD,
            id="told-by-hand-before-the-office",
        ),
    ],
)
def test_a_decision_is_as_far_as_its_confirmation_and_its_letter(
    decision: Decision | None, state: DecisionState
) -> None:
    assert state_of(decision) is state


@pytest.mark.parametrize(
    ("letter", "told", "ours", "due"),
    [
        pytest.param(None, False, False, True, id="none-yet"),
        pytest.param(LetterState.PENDING, False, False, True, id="waits"),
        pytest.param(LetterState.HELD, False, False, False, id="held"),
        pytest.param(LetterState.RENDERED, True, True, False, id="written"),
        pytest.param(LetterState.OUTSIDE, True, False, False, id="by-hand"),
    ],
)
def test_a_letter_is_due_once_a_second_person_has_confirmed(
    letter: LetterState | None, told: bool, ours: bool, due: bool
) -> None:
    kept = a_letter(letter) if letter else None
    decision = a_confirmed(letter=kept)
    assert (decision.is_told, decision.has_letter, decision.is_to_be_told) == (told, ours, due)
    assert a_decision(letter=kept).is_to_be_told is False


def test_whoever_changes_a_decision_proposes_it_anew_and_the_rest_of_it_stays() -> None:
    before = a_confirmed(
        outcome=Outcome.WAITLISTED,
        rank=4,
        conditions="Rektor blir med.",
        answer_by=LATER,
        letter=a_letter(LetterState.HELD, held_because="Brevet blir for langt."),
    )
    after = proposed_anew(before, by=CHANGER, at=CHANGED_AT, rank=2, reason="Ny grunn.")
    assert after == a_decision(
        Outcome.WAITLISTED,
        rank=2,
        reason="Ny grunn.",
        conditions="Rektor blir med.",
        answer_by=LATER,
        decided_by=CHANGER,
        decided_at=CHANGED_AT,
    )


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "decided_by": st.just("stab"),
            "decided_at": st.just(DECIDED),
            "confirmed_by": st.just(CONFIRMER),
            "confirmed_at": st.just(CONFIRMED_AT),
            "letter": st.just(a_letter()),
        },
    )
)
def test_no_change_brings_its_own_confirmation_or_another_proposer(changes: dict[str, Any]) -> None:
    after = proposed_anew(a_confirmed(), by=CHANGER, at=CHANGED_AT, **changes)
    assert after == a_decision(decided_by=CHANGER, decided_at=CHANGED_AT)


def test_a_decision_cannot_be_changed_to_what_is_none() -> None:
    with pytest.raises(ValidationError) as refused:
        proposed_anew(a_decision(), by=CHANGER, at=CHANGED_AT, outcome="perhaps")
    assert [each["loc"] for each in refused.value.errors()] == [("outcome",)]


def test_the_digest_is_that_of_the_decision_somebody_saw() -> None:
    seen = decision_digest(a_decision())
    assert seen == decision_digest(a_decision())
    assert (len(seen), set(seen) <= set("0123456789abcdef")) == (16, True)
    assert decision_digest(None) == ""


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"reason": "En annen grunn."}, id="reason"),
        pytest.param({"outcome": Outcome.REJECTED}, id="outcome"),
        pytest.param({"conditions": "Rektor blir med."}, id="conditions"),
        pytest.param({"decided_at": CHANGED_AT}, id="proposed-again"),
        pytest.param({"confirmed_by": CONFIRMER, "confirmed_at": CONFIRMED_AT}, id="confirmed"),
        pytest.param({"letter": a_letter()}, id="told"),
    ],
)
def test_another_decision_than_the_one_seen_has_another_digest(changes: dict[str, Any]) -> None:
    assert decision_digest(a_decision(**changes)) != decision_digest(a_decision())


@pytest.mark.parametrize(
    ("kind", "told_on", "day"),
    [
        pytest.param(DecisionKind.ANSWER, "2026-04-30", "2026-05-20", id="the-programmes-day"),
        pytest.param(DecisionKind.ANSWER, "2026-05-12", "2026-05-20", id="five-days-are-left"),
        pytest.param(DecisionKind.ANSWER, "2026-05-13", "2026-05-21", id="one-day-too-few"),
        pytest.param(DecisionKind.ANSWER, "2026-05-26", "2026-06-02", id="after-it"),
        pytest.param(DecisionKind.CORRECTION, "2026-05-26", "2026-06-02", id="correction"),
        pytest.param(DecisionKind.OFFER, "2026-05-04", "2026-05-11", id="offer"),
        pytest.param(DecisionKind.OFFER, "2026-06-29", "2026-08-06", id="not-in-july"),
    ],
)
def test_whoever_is_told_has_until_the_programmes_day_or_some_working_days(
    kind: DecisionKind, told_on: str, day: str
) -> None:
    assert answer_day(kind, date.fromisoformat(told_on), KIFK2) == date.fromisoformat(day)


def test_the_letter_fixes_the_day_and_a_told_one_keeps_it() -> None:
    late = date(2026, 5, 26)
    assert with_answer_day(a_decision(), late, KIFK2) == a_decision(answer_by=date(2026, 6, 2))
    told = a_decision(answer_by=USUAL, letter=a_letter())
    assert with_answer_day(told, late, KIFK2) == told
    assert with_answer_day(a_decision(Outcome.REJECTED), late, KIFK2) == a_decision(
        Outcome.REJECTED
    )


def a_place(state: PlaceState, answer_by: date = USUAL) -> Place:
    answered = None if state is PlaceState.OFFERED else oslo("2026-05-02T12:00:00")
    return Place(
        state=state,
        answer_by=answer_by,
        offered_at=oslo("2026-04-30T09:01:00"),
        answered_at=answered,
    )


OFFERED, ACCEPTED = a_place(PlaceState.OFFERED), a_place(PlaceState.ACCEPTED)
GIVEN_UP = [
    a_place(each) for each in (PlaceState.DECLINED, PlaceState.LAPSED, PlaceState.PASSED_ON)
]


@pytest.mark.parametrize("before", [None, *GIVEN_UP], ids=lambda each: each.state if each else "-")
@pytest.mark.parametrize(("own", "answer_by"), [(None, USUAL), (EARLIER, EARLIER), (LATER, LATER)])
def test_who_is_admitted_and_holds_no_place_is_offered_one(
    before: Place | None, own: date | None, answer_by: date
) -> None:
    found = place_after(a_decision(answer_by=own), before, NOW, KIFK2)
    assert found == Place(state=PlaceState.OFFERED, answer_by=answer_by, offered_at=NOW)


@pytest.mark.parametrize("own", [None, EARLIER, LATER])
def test_a_place_that_was_accepted_stays_when_the_letter_still_gives_it(own: date | None) -> None:
    assert place_after(a_decision(answer_by=own), ACCEPTED, NOW, KIFK2) == ACCEPTED


@pytest.mark.parametrize(
    ("stood", "own", "answer_by"),
    [
        pytest.param(USUAL, None, USUAL, id="the-programmes-day"),
        pytest.param(LATER, None, LATER, id="never-less-time-than-was-promised"),
        pytest.param(LATER, EARLIER, LATER, id="nor-by-a-day-of-its-own"),
        pytest.param(USUAL, LATER, LATER, id="more-time"),
        pytest.param(EARLIER, None, USUAL, id="at-least-the-programmes-day"),
    ],
)
def test_a_place_that_is_offered_stays_offered_with_time_enough(
    stood: date, own: date | None, answer_by: date
) -> None:
    found = place_after(a_decision(answer_by=own), a_place(PlaceState.OFFERED, stood), NOW, KIFK2)
    assert found == a_place(PlaceState.OFFERED, answer_by)


@pytest.mark.parametrize("outcome", [Outcome.WAITLISTED, Outcome.REJECTED])
def test_another_answer_takes_back_only_a_place_that_nobody_has_answered_for(
    outcome: Outcome,
) -> None:
    places = [None, OFFERED, ACCEPTED, *GIVEN_UP]
    found = [place_after(a_decision(outcome), each, NOW, KIFK2) for each in places]
    assert found == [None, None, ACCEPTED, *GIVEN_UP]
