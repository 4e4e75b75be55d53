"""What the letter of a decision says of the one before it."""

import pytest

from kulturkontor.decision_letters import LetterFigures, decision_letter
from kulturkontor.decisions import DecisionKind, LetterState, Outcome
from tests.office_factory import oslo
from tests.rules.application_factory import KIFK2, a_decision, a_letter, an_application

FIGURES = LetterFigures(40, 16, oslo("2026-04-30T09:00:00").date())


@pytest.mark.parametrize(
    ("state", "day"),
    [
        pytest.param(LetterState.RENDERED, "4. mai 2026", id="ours-has-the-day-it-was-final"),
        pytest.param(LetterState.OUTSIDE, "12. mars 2026", id="sent-by-hand-before-the-office"),
    ],
)
def test_a_correction_names_the_day_that_the_replaced_letter_bears(
    state: LetterState, day: str
) -> None:
    told = a_letter(state, at=oslo("2026-03-12T12:00:00"))
    final = {"confirmed_by": "leder", "confirmed_at": oslo("2026-05-04T10:00:00")}
    earlier = a_decision(Outcome.REJECTED, letter=told, **final)
    correction = a_decision(
        Outcome.ADMITTED,
        serial=2,
        kind=DecisionKind.CORRECTION,
        correction_reason="Vi leste feil rad.",
        **final,
    )
    application = an_application(decisions=(earlier, correction))
    letter = decision_letter(application, correction, FIGURES, KIFK2)
    assert f"av {day}" in letter.model_dump_json()


@pytest.mark.parametrize("earlier", Outcome)
def test_only_a_letter_that_replaces_an_offer_speaks_of_an_answer_already_given(
    earlier: Outcome,
) -> None:
    correction = a_decision(
        Outcome.ADMITTED, serial=2, kind=DecisionKind.CORRECTION, correction_reason="Feil rad."
    )
    application = an_application(decisions=(a_decision(earlier, letter=a_letter()), correction))
    letter = decision_letter(application, correction, FIGURES, KIFK2).model_dump_json()
    assert ("allerede takket ja" in letter) is (earlier is Outcome.ADMITTED)
