"""Medians, ranks with ties, and the balance."""

from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from kulturkontor.ranking import Share, Standing, balance, median_of, rank
from tests.rules.assessment_factory import CRITERIA, PROGRAMME, an_assessment

POINTS = st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("numbers", "middle"),
    [([4], "4"), ([5, 1, 3], "3"), ([1, 2], "1.5"), ([9, 1, 4, 2], "3"), ([2, 2, 5, 5], "3.5")],
)
def test_the_median_of_an_even_number_is_the_middle_of_the_two_in_the_middle(
    numbers: list[int], middle: str
) -> None:
    assert median_of(numbers) == Decimal(middle)


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="nothing"):
        median_of([])


@for_all(POINTS)
def test_the_median_is_that_of_the_standard_library(numbers: list[int]) -> None:
    assert median_of(numbers) == Decimal(str(median(numbers)))


def test_applications_stand_by_the_median_of_their_totals() -> None:
    counting = {
        "a": [an_assessment(3), an_assessment(4), an_assessment(1)],
        "b": [an_assessment(4), an_assessment(5)],
        "c": [],
    }
    found = rank(counting, PROGRAMME)
    assert [(each.application_id, each.rank, each.median, each.totals) for each in found] == [
        ("b", 1, Decimal("22.5"), (20, 25)),
        ("a", 2, Decimal(15), (5, 15, 20)),
        ("c", None, None, ()),
    ]
    assert found[0].medians == {each: Decimal("4.5") for each in CRITERIA}
    assert found[2] == Standing("c", None, None, (), {})


def test_equal_medians_share_a_rank_in_the_order_given() -> None:
    counting = {
        "first": [an_assessment(3)],
        "last": [an_assessment(2)],
        "second": [an_assessment(3)],
        "best": [an_assessment(5)],
    }
    found = rank(counting, PROGRAMME)
    assert [(each.application_id, each.rank) for each in found] == [
        ("best", 1),
        ("first", 2),
        ("second", 2),
        ("last", 4),
    ]


@for_all(st.lists(st.lists(st.integers(1, 5), max_size=4), max_size=8))
def test_a_rank_is_one_more_than_the_number_of_better_ones(points: list[list[int]]) -> None:
    counting = {
        str(number): [an_assessment(each) for each in found] for number, found in enumerate(points)
    }
    found = rank(counting, PROGRAMME)
    assert {each.application_id for each in found} == set(counting)
    medians = [each.median for each in found if each.median is not None]
    assert medians == sorted(medians, reverse=True)
    for each in found:
        if each.median is not None:
            assert each.rank == 1 + sum(other > each.median for other in medians)


def test_the_balance_holds_groups_that_applied_in_the_order_asked_for() -> None:
    applied, admitted = ["x", "y", "x", "z"], ["x", "z"]
    assert balance(applied, admitted, ["z", "w", "y", "x"]) == [
        Share("z", 1, 1),
        Share("y", 1, 0),
        Share("x", 2, 1),
    ]
