"""The hotel's list: what is frozen, when, and how what came later differs from it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.applications import Application
from kulturkontor.attendance import with_attendance
from kulturkontor.check_ins import expected, not_noted, with_check_ins
from kulturkontor.participation import check_ins_at, is_away
from kulturkontor.people import Attendance, CheckIn, Presence
from kulturkontor.programme import Programme
from kulturkontor.rooming import (
    Bed,
    booked_beds,
    compare,
    count_beds,
    digest_of,
    freeze,
    is_due,
    without_persons,
)
from kulturkontor.turnout import total, turnouts
from tests.office_factory import group, oslo
from tests.rules.application_factory import KIFK2, told
from tests.rules.claim_factory import gathering

S1 = gathering("S1")
AT = oslo("2026-08-26T08:00:00")
BEDS = st.builds(
    Bed,
    application_id=st.sampled_from(["a", "b"]),
    municipality=st.sampled_from(["Bergen", "Ål", "Ås", "Østre Toten"]),
    participant=st.sampled_from(["p1", "p2", "p3"]),
    name=st.sampled_from(["Åse", "Kari", "Ægir"]),
)


def central(**changes: object) -> Programme:
    overnight = KIFK2.overnight.model_copy(update={"mode": "central", **changes})
    return KIFK2.model_copy(update={"overnight": overnight})


def municipality(*said: tuple[str, Presence, bool]) -> Application:
    application = told().but(participants=group().participants)
    return with_attendance(
        application,
        [
            Attendance(gathering="S1", participant=who, presence=what, bed=bed, at=AT)
            for who, what, bed in said
        ],
    )


@given(st.lists(BEDS, unique=True), st.lists(BEDS, unique=True))
def test_the_frozen_list_with_its_differences_is_the_list_as_it_is(
    before: list[Bed], after: list[Bed]
) -> None:
    changes = compare(before, after)
    rebuilt = [each for each in before if each not in changes.removed] + changes.added
    assert sorted(rebuilt, key=repr) == sorted(after, key=repr)


@given(st.lists(BEDS, unique=True))
def test_a_list_differs_from_itself_in_nothing_and_counts_every_bed(beds: list[Bed]) -> None:
    assert compare(beds, beds) == ([], [])
    assert sum(each.beds for each in count_beds(beds)) == len(beds)


@given(st.lists(BEDS, unique=True, min_size=1))
def test_a_name_taken_out_leaves_the_hash_that_was_told(beds: list[Bed]) -> None:
    frozen = freeze(KIFK2, S1, beds, by="remind", at=AT)
    gone = without_persons(frozen, beds[0].application_id)
    assert gone.sha256 == frozen.sha256 == digest_of(beds)
    assert {each.name for each in gone.beds if each.application_id == beds[0].application_id} == {
        ""
    }


def test_beds_are_in_norwegian_order_and_of_those_who_have_one() -> None:
    application = municipality(
        ("p2", Presence.COMES, True), ("p1", Presence.COMES, True), ("p3", Presence.COMES, False)
    )
    assert [each.name for each in booked_beds([application], S1)] == [
        "Prøve Person 1",
        "Prøve Person 2",
    ]


def test_a_list_is_due_from_the_day_after_the_last_day_to_the_end_of_the_gathering() -> None:
    programme = central()
    days = (
        "2026-08-25T23:59:00",
        "2026-08-26T00:00:00",
        "2026-09-25T23:59:00",
        "2026-09-26T00:00:00",
    )
    assert [is_due(programme, S1, oslo(day)) for day in days] == [False, True, True, False]
    assert not is_due(KIFK2, S1, AT)
    assert not is_due(programme, S1.model_copy(update={"is_cancelled": True}), AT)
    moved = S1.model_copy(update={"first_day": date(2026, 10, 20), "last_day": date(2026, 10, 21)})
    assert not is_due(programme, moved, AT)


def test_who_was_noted_at_the_door_counts_before_what_was_said() -> None:
    application = municipality(("p1", Presence.COMES, False), ("p2", Presence.DROPPED_OUT, False))
    at = oslo("2026-09-24T09:00:00")
    noted = with_check_ins(application, S1, {"p1": False, "p2": True}, at=at)
    assert [is_away(noted, "S1", f"p{n}") for n in range(1, 5)] == [True, False, False, False]
    assert (expected(noted, S1), not_noted(noted, S1)) == (["p2", "p3", "p4"], ["p3", "p4"])
    back = with_check_ins(noted, S1, {"p1": None, "p2": True}, at=oslo("2026-09-24T10:00:00"))
    assert check_ins_at(back, "S1") == {"p2": True}
    assert back.check_ins == (CheckIn(gathering="S1", participant="p2", came=True, at=at),)


def test_the_figures_of_all_are_the_sums_of_each() -> None:
    one = municipality(("p1", Presence.COMES, True), ("p2", Presence.STAYS_AWAY, False))
    found = turnouts([one, told()], S1)
    whole = total(found)
    assert (whole.registered, whole.comes, whole.away, whole.unsaid, whole.beds) == (4, 1, 1, 2, 1)
    assert [each.has_answered for each in found] == [False, False]
