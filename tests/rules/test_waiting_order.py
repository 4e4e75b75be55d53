"""The waiting list: each number once, what letters have told stands, and gaps can be closed."""

from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.application_rows import ApplicationRow, LetterMark
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import LetterState, Outcome, PlaceState
from kulturkontor.waiting_order import (
    closed_up,
    is_movable,
    neighbour,
    next_rank,
    taken_ranks,
    waiting,
)
from tests.rules.application_factory import a_row


def waits(
    name: str,
    rank: int,
    *,
    told: bool = False,
    outcome: Outcome = Outcome.WAITLISTED,
    **more: object,
) -> ApplicationRow:
    state = LetterState.RENDERED if told else LetterState.PENDING
    mark = LetterMark(n=1, o=outcome, s=state, c=told)
    return a_row(id=name, rank=rank, letters=(mark,), **more)


def test_only_who_is_to_wait_is_on_the_list_in_order() -> None:
    rows = [
        waits("b", 2),
        waits("a", 1, told=True),
        waits("admitted", 3, outcome=Outcome.ADMITTED),
        waits("gone", 4, state=ApplicationState.WITHDRAWN),
        waits("offered", 5, place=PlaceState.OFFERED),
        a_row(id="undecided"),
    ]
    assert [row.id for row in waiting(rows)] == ["a", "b"]
    assert taken_ranks(rows) == {1, 2}
    assert taken_ranks(rows, but="b") == {1}
    assert next_rank(rows) == 3
    assert next_rank([]) == 1


def test_who_has_been_told_a_number_is_nobodys_neighbour() -> None:
    rows = [waits("a", 1, told=True), waits("b", 2), waits("c", 3)]
    assert neighbour(rows, "b", up=True) is None
    assert neighbour(rows, "b", up=False) == rows[2]
    assert neighbour(rows, "c", up=False) is None
    assert neighbour(rows, "unknown", up=True) is None


def test_numbers_are_closed_up_after_what_is_told() -> None:
    rows = [waits("a", 2, told=True), waits("b", 5), waits("c", 9)]
    assert closed_up(rows) == {"b": 3, "c": 4}
    assert closed_up([waits("a", 1), waits("b", 2)]) == {}


def test_a_number_before_what_is_told_is_kept_and_nobody_passes_who_was_told_theirs() -> None:
    rows = [waits("a", 1), waits("b", 2, told=True), waits("c", 3, told=True), waits("d", 9)]
    assert closed_up(rows) == {"d": 4}
    gap = [waits("b", 2, told=True), waits("d", 9)]
    assert closed_up(gap) == {"d": 3}


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.booleans()), unique_by=lambda each: each[0], max_size=12
    )
)
def test_closing_up_keeps_the_order_and_what_is_told_and_never_gives_a_number_twice(
    ranks: list[tuple[int, bool]],
) -> None:
    rows = [waits(f"a{rank}", rank, told=told) for rank, told in ranks]
    before = [row.id for row in waiting(rows)]
    changes = closed_up(rows)
    now = {row.id: row for row in rows}
    for application_id, rank in changes.items():
        assert rank not in taken_ranks(list(now.values()), but=application_id)
        now[application_id] = now[application_id].but(rank=rank)
    after = list(now.values())
    assert [row.id for row in waiting(after)] == before
    assert all(is_movable(now[each]) for each in changes)
    assert closed_up(after) == {}
