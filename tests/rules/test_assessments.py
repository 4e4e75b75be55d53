"""What an assessment must have, when it can be changed, and who sees it."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from kulturkontor.assessments import (
    MAX_REASON,
    AssessmentError,
    Gap,
    Score,
    Scores,
    find_gaps,
    is_open,
    is_submitted,
    require_open,
    shows_others,
    total_of,
)
from kulturkontor.programme import Programme
from kulturkontor.programme_rules import Criterion
from tests.rules.assessment_factory import CRITERIA, PROGRAMME, an_assessment, given


def changed(**rules: object) -> Programme:
    assessment = PROGRAMME.assessment.model_copy(update=rules)
    return PROGRAMME.model_copy(update={"assessment": assessment})


def with_criterion() -> Programme:
    more = (*PROGRAMME.decision.criteria, Criterion(id="new", nb="ny", nn="ny"))
    decision = PROGRAMME.decision.model_copy(update={"criteria": more})
    return PROGRAMME.model_copy(update={"decision": decision})


def test_an_assessment_with_points_and_reasons_lacks_nothing() -> None:
    assert find_gaps(given(1), PROGRAMME) == ()
    assert find_gaps(given(5), PROGRAMME) == ()


def test_each_criterion_needs_points_on_the_scale_and_a_reason() -> None:
    first, second, third, *rest = CRITERIA
    scores = {each: Score(points=3, reason="God.") for each in rest}
    scores |= {first: Score(reason="God."), second: Score(points=6, reason="God.")}
    assert find_gaps(Scores(scores=scores), PROGRAMME) == (
        Gap(first, "points"),
        Gap(second, "off_scale"),
        Gap(third, "points"),
        Gap(third, "reason"),
    )


@pytest.mark.parametrize("points", [0, 6, -1])
def test_the_scale_is_the_programmes(points: int) -> None:
    assert {each.code for each in find_gaps(given(points), PROGRAMME)} == {"off_scale"}
    assert find_gaps(given(points), changed(lowest=-1, highest=6)) == ()


def test_a_reason_has_a_limit_and_no_national_identity_number() -> None:
    Score(reason="x" * MAX_REASON)
    for reason in ("x" * (MAX_REASON + 1), "Født 010190 00083"):
        with pytest.raises(ValidationError):
            Score(reason=reason)


def test_a_draft_is_not_submitted() -> None:
    assert is_submitted(an_assessment(), PROGRAMME)
    assert not is_submitted(an_assessment(submitted=False), PROGRAMME)
    assert not is_submitted(None, PROGRAMME)


def test_a_criterion_that_is_added_reopens_what_was_submitted() -> None:
    assert not is_submitted(an_assessment(), with_criterion())


def test_a_criterion_that_is_gone_no_longer_counts() -> None:
    one = PROGRAMME.decision.model_copy(update={"criteria": PROGRAMME.decision.criteria[:1]})
    programme = PROGRAMME.model_copy(update={"decision": one})
    assert is_submitted(an_assessment(4), programme)
    assert (total_of(given(4), PROGRAMME), total_of(given(4), programme)) == (20, 4)


def test_it_is_open_until_the_letters_go_unless_it_closes_before() -> None:
    last = PROGRAMME.released_at - timedelta(seconds=1)
    assert is_open(PROGRAMME, last)
    assert not is_open(PROGRAMME, PROGRAMME.released_at)
    early = changed(closes=PROGRAMME.decision.released - timedelta(days=2))
    assert is_open(early, last - timedelta(days=2))
    assert not is_open(early, last - timedelta(days=1))
    late = changed(closes=PROGRAMME.decision.released + timedelta(days=2))
    assert not is_open(late, PROGRAMME.released_at)


@pytest.mark.parametrize(("rules", "code"), [({"enabled": False}, "off"), ({}, "closed")])
def test_why_it_is_not_open_is_told(rules: dict[str, bool], code: str) -> None:
    with pytest.raises(AssessmentError) as refused:
        require_open(changed(**rules), PROGRAMME.released_at)
    assert refused.value.args == (code,)


@pytest.mark.parametrize(
    ("own_first", "is_mine", "is_done", "is_staff", "sees"),
    [
        (True, True, False, False, False),
        (True, True, False, True, False),
        (True, True, True, False, True),
        (False, True, False, False, True),
        (True, False, False, True, True),
        (True, False, False, False, False),
        (False, False, False, False, False),
    ],
)
def test_own_score_comes_before_others_where_the_programme_says_so(
    own_first: bool, is_mine: bool, is_done: bool, is_staff: bool, sees: bool
) -> None:
    programme = changed(own_score_first=own_first)
    assert shows_others(programme, is_mine=is_mine, is_done=is_done, is_staff=is_staff) is sees


def test_two_criteria_never_share_an_id_and_a_scale_rises() -> None:
    twice = PROGRAMME.decision.model_dump() | {"criteria": [{"id": "k1", "nb": "a"}] * 2}
    with pytest.raises(ValidationError, match="id of its own"):
        type(PROGRAMME.decision).model_validate(twice)
    with pytest.raises(ValidationError, match="scale_rises"):
        type(PROGRAMME.assessment)(lowest=5, highest=5)
