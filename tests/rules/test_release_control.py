"""Two persons let the letters go in spite of exactly what they saw; too many bounces stop them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.release_checks import Concern
from kulturkontor.release_control import (
    Halt,
    Override,
    ReleaseControl,
    ReleaseStateError,
    digest_of,
    is_overridden,
    must_pause,
    overriders,
    with_override,
)
from tests.office_factory import oslo

AT = oslo("2026-04-30T09:00:00")
NOTHING = ReleaseControl(programme="kifk2")
UNDECIDED = Concern(code="undecided", references=("A", "B"), ids=("a", "b"), blocks=True)
MISSING = Concern(code="minutes_missing", references=("16",), blocks=True)
DIGEST = digest_of([UNDECIDED, MISSING])


def word(by: str, digest: str = DIGEST) -> Override:
    return Override(by=by, at=AT, reason="Slik blir det.", digest=digest)


def said(*overrides: Override) -> ReleaseControl:
    control = NOTHING
    for each in overrides:
        control = with_override(control, each)
    return control


def test_the_same_obstacles_have_the_same_digest_in_any_order() -> None:
    turned = UNDECIDED.model_copy(update={"references": ("B", "A")})
    assert digest_of([MISSING, turned]) == DIGEST
    assert digest_of([MISSING]) != DIGEST
    assert digest_of([]) == ""


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        pytest.param(NOTHING, False, id="nobody"),
        pytest.param(said(word("kari@example.org")), False, id="one"),
        pytest.param(said(word("kari@example.org"), word("ola@example.org")), True, id="two"),
        pytest.param(
            NOTHING.but(overrides=(word("kari@example.org"), word("Kari@example.org"))),
            False,
            id="the-same-in-capitals",
        ),
        pytest.param(
            NOTHING.but(overrides=(word("kari@example.org"), word("ola@example.org", "other"))),
            False,
            id="one-of-something-else",
        ),
    ],
)
def test_two_different_persons_are_needed(control: ReleaseControl, expected: bool) -> None:
    assert is_overridden(control, DIGEST) is expected


def test_nothing_is_overridden_where_nothing_is_in_the_way() -> None:
    control = NOTHING.but(overrides=(word("kari@example.org", ""), word("ola@example.org", "")))
    assert (overriders(control, ""), is_overridden(control, "")) == ((), False)


def test_the_same_person_cannot_say_it_twice() -> None:
    with pytest.raises(ReleaseStateError, match="same_person"):
        with_override(said(word("kari@example.org")), word("KARI@example.org"))


def test_a_word_about_other_obstacles_is_forgotten_when_somebody_says_it_anew() -> None:
    control = with_override(said(word("kari@example.org", "old")), word("kari@example.org"))
    assert control.overrides == (word("kari@example.org"),)


@pytest.mark.parametrize(
    ("control", "bounced", "handed_over", "expected"),
    [
        pytest.param(NOTHING, 4, 10, False, id="four-of-ten-are-too-few"),
        pytest.param(NOTHING, 5, 10, True, id="five-of-ten"),
        pytest.param(NOTHING, 5, 125, False, id="five-are-exactly-four-percent"),
        pytest.param(NOTHING, 5, 124, True, id="five-are-just-over"),
        pytest.param(NOTHING.but(pardoned=5), 9, 50, False, id="four-since-staff-let-them-go"),
        pytest.param(NOTHING.but(pardoned=5), 10, 50, True, id="five-since-staff-let-them-go"),
        pytest.param(NOTHING.but(halt=Halt(at=AT)), 50, 50, False, id="stopped-already"),
    ],
)
def test_too_many_bounces_stop_the_letters(
    control: ReleaseControl, bounced: int, handed_over: int, expected: bool
) -> None:
    found = must_pause(control, bounced=bounced, handed_over=handed_over, least=5, percent=4)
    assert found is expected


@given(st.integers(0, 400), st.integers(1, 400))
def test_one_more_bounce_never_lets_letters_go_on(bounced: int, handed_over: int) -> None:
    before, after = (
        must_pause(NOTHING, bounced=each, handed_over=handed_over, least=5, percent=4)
        for each in (bounced, bounced + 1)
    )
    assert after or not before
