"""Applications dealt out to reviewers: as evenly as their conflicts allow."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from kulturkontor.distribution import Plan, distribute

REVIEWERS = ("r1", "r2", "r3", "r4")
OPEN = st.lists(st.sets(st.sampled_from(REVIEWERS)).map(sorted), min_size=1, max_size=5)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, list[str]], int]:
    """Who may read what, and what some of them have already."""
    open_to = {f"a{number}": found for number, found in enumerate(draw(OPEN))}
    assigned = {
        each: sorted(draw(st.sets(st.sampled_from(found)))) if found else []
        for each, found in open_to.items()
    }
    return open_to, assigned, draw(st.integers(1, 3))


def spread(loads: dict[str, int]) -> int:
    return sum(each * each for each in loads.values())


def most_even(open_to: dict[str, list[str]], assigned: dict[str, list[str]], wanted: int) -> int:
    """The smallest spread that any dealing has, by trying all of them."""
    choices = []
    for each, found in open_to.items():
        free = [one for one in found if one not in assigned[each]]
        lacks = max(0, wanted - len(assigned[each]))
        choices.append(list(combinations(free, min(lacks, len(free)))))
    reviewers = {each for found in open_to.values() for each in found}
    before = {each: sum(each in have for have in assigned.values()) for each in reviewers}
    return min(
        spread({each: count + sum(each in one for one in dealt) for each, count in before.items()})
        for dealt in product(*choices)
    )


@given(cases())
@settings(max_examples=150)
def test_no_dealing_is_more_even(
    case: tuple[dict[str, list[str]], dict[str, list[str]], int],
) -> None:
    open_to, assigned, wanted = case
    plan = distribute(open_to, assigned, wanted=wanted)
    assert spread(plan.after) == most_even(open_to, assigned, wanted)


@given(cases())
def test_nobody_gets_what_is_closed_to_them_or_what_they_have(
    case: tuple[dict[str, list[str]], dict[str, list[str]], int],
) -> None:
    open_to, assigned, wanted = case
    plan = distribute(open_to, assigned, wanted=wanted)
    for each, found in plan.new.items():
        assert len(found) == len(set(found))
        assert set(found) <= set(open_to[each]) - set(assigned[each])
    for each, able in open_to.items():
        has = len(assigned[each]) + len(plan.new.get(each, []))
        assert has == max(len(assigned[each]), min(wanted, len(able)))
        assert plan.short.get(each, 0) == max(0, wanted - has)
    for reviewer, count in plan.after.items():
        dealt = sum(reviewer in found for found in plan.new.values())
        assert count == plan.before[reviewer] + dealt


@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 4))
def test_without_conflicts_nobody_has_two_more_than_another(
    applications: int, reviewers: int, wanted: int
) -> None:
    people = [f"r{number}" for number in range(reviewers)]
    open_to = {f"a{number}": people for number in range(applications)}
    loads = distribute(open_to, {}, wanted=wanted).after.values()
    assert max(loads) - min(loads) <= 1


def test_it_is_passed_on_by_way_of_others() -> None:
    """Dealt greedily r1 would have three: they cannot give to r3, but r2 can."""
    open_to = {"a": ["r1"], "b": ["r1", "r2"], "c": ["r1", "r2"], "d": ["r2", "r3"]}
    plan = distribute(open_to, {}, wanted=1)
    assert sorted(plan.after.values()) == [1, 1, 2]
    assert plan.new["d"] == ["r3"]


def test_the_same_case_is_dealt_the_same_way() -> None:
    open_to = {f"a{number}": list(REVIEWERS) for number in range(7)}
    assert distribute(open_to, {}, wanted=2) == distribute(open_to, {}, wanted=2)


def test_what_nobody_may_read_is_told() -> None:
    assert distribute({"a": []}, {}, wanted=2) == Plan({}, {"a": 2}, {}, {})


def test_a_whole_country_is_dealt_out_at_once() -> None:
    people = [f"r{number}" for number in range(20)]
    open_to = {
        f"a{number}": [each for each in people if each != people[number % 20]]
        for number in range(357)
    }
    loads = distribute(open_to, {}, wanted=3).after.values()
    assert max(loads) - min(loads) <= 1
