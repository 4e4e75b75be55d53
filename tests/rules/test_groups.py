"""The municipality's group: what makes it whole, substitutes, and who is told what is kept."""

from datetime import datetime
from typing import Any

import pytest

from kulturkontor.applications import Application
from kulturkontor.attendance import Coming, come_after_all, drop_out, rule_on_bed, say_who_comes
from kulturkontor.groups import (
    GroupError,
    Told,
    regular_members,
    require_group,
    who_is_told,
    with_group,
    with_regular_members,
    with_substitute,
    without_substitute,
)
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Attendance, Participant, Presence
from kulturkontor.rooming import booked_beds
from tests.office_factory import group, oslo
from tests.rules.application_factory import KIFK2, told
from tests.rules.test_attendance import CENTRAL

S1, S2 = KIFK2.gatherings[:2]
BEFORE = oslo("2026-06-01T10:00:00")
BETWEEN = oslo("2026-10-01T10:00:00")


def person(number: int = 1, **changes: Any) -> Participant:
    return group(9).participants[number - 1].model_copy(update=changes)


SUBSTITUTE = Participant(id="v1", name="Vikar Prøve", sector="kultur", instead_of="p2")


def a_group(persons: int = 5, **changes: Any) -> Application:
    return told(**{"participants": group(persons).participants, **changes})


def substitute(application: Application, at: datetime = BEFORE, **changes: Any) -> Application:
    return with_substitute(
        application, S1, SUBSTITUTE.model_copy(update=changes), programme=KIFK2, at=at
    )


@pytest.mark.parametrize(
    ("people", "code"),
    [
        pytest.param([person(n) for n in (1, 2, 3)], "too_few", id="too-few"),
        pytest.param(
            [*(person(n) for n in (1, 2, 3)), person(4, only=("S1",))],
            "too_few",
            id="a-substitute-does-not-count",
        ),
        pytest.param([person(1)] * 4, "same_id_twice", id="same-id"),
        pytest.param(
            [person(n, coordinator=False) for n in (1, 2, 3, 4)], "coordinators", id="none"
        ),
        pytest.param(
            [person(n, coordinator=n < 4) for n in (1, 2, 3, 4)], "coordinators", id="three"
        ),
        pytest.param(
            [*(person(n) for n in (1, 2, 3, 4)), person(5, only=("S9",))],
            "unknown_gathering",
            id="gathering",
        ),
        pytest.param(
            [*(person(n) for n in (1, 2, 3, 4)), person(5, only=("S1",), instead_of="p9")],
            "unknown_person",
            id="nobody",
        ),
        pytest.param(
            [person(1, id=f"p{n}", coordinator=n == 1) for n in range(41)],
            "too_many",
            id="too-many",
        ),
    ],
)
def test_people_who_are_no_group_are_refused(people: list[Participant], code: str) -> None:
    with pytest.raises(GroupError, match=code):
        require_group(people, KIFK2)


def test_a_substitute_comes_to_one_gathering_and_the_other_stays_away() -> None:
    after = substitute(a_group())
    assert [each.id for each in participants_at(after, "S1")] == [
        "p1",
        "p2",
        "p3",
        "p4",
        "p5",
        "v1",
    ]
    assert "v1" not in {each.id for each in participants_at(after, "S2")}
    said = attendance_at(after, "S1")
    assert (said["v1"].presence, said["p2"].presence) == (Presence.COMES, Presence.STAYS_AWAY)
    assert regular_members(after) == regular_members(a_group())
    assert substitute(after) == after


def test_whoever_fell_ill_stays_so_when_a_substitute_comes() -> None:
    ill = Attendance(gathering="S1", participant="p2", presence=Presence.DROPPED_OUT, at=BEFORE)
    after = substitute(a_group(attendance=(ill,)))
    assert attendance_at(after, "S1")["p2"].presence is Presence.DROPPED_OUT


def booked_for(participant: str) -> Attendance:
    return Attendance(
        gathering="S1", participant=participant, presence=Presence.COMES, bed=True, at=BEFORE
    )


LATE = oslo("2026-09-20T10:00:00")
"""The hotel has been told."""
Beds = list[tuple[str, bool | None, bool | None]]


def beds_of(application: Application) -> Beds:
    """The names that the hotel has, whether each stays booked, and what staff are asked."""
    said = attendance_at(application, "S1")
    return [
        (bed.name, said[bed.participant].bed, said[bed.participant].bed_asked)
        for bed in booked_beds([application], S1)
    ]


@pytest.mark.parametrize(
    ("at", "beds"),
    [(BEFORE, [("Vikar Prøve", True, None)]), (LATE, [("Prøve Person 2", True, True)])],
    ids=["before the hotel is told", "after"],
)
def test_a_substitute_takes_over_the_bed_in_the_name_that_the_hotel_has(
    at: datetime, beds: Beds
) -> None:
    known = a_group(attendance=(booked_for("p2"),))
    after = with_substitute(known, S1, SUBSTITUTE, programme=CENTRAL, at=at)
    assert beds_of(after) == beds
    assert attendance_at(after, "S1")["p2"].bed is False


def renamed(known: Application, name: str, at: datetime = LATE) -> Application:
    people = [each if each.id != "p2" else person(2, name=name) for each in known.participants]
    return with_group(known, people, programme=CENTRAL, at=at)


def test_the_hotel_keeps_the_name_it_has_until_staff_say_yes_to_another() -> None:
    known = a_group(attendance=(booked_for("p2"),))
    assert beds_of(renamed(known, "Ny Prøve", BEFORE)) == [("Ny Prøve", True, None)]
    asked = renamed(known, "Ny Prøve")
    assert beds_of(asked) == [("Prøve Person 2", True, True)]
    again = renamed(renamed(asked, "Ny Prøve"), "Enda Nyere")
    assert beds_of(again) == [("Prøve Person 2", True, True)]
    comes = {"p2": Coming(comes=True, bed=True)}
    assert beds_of(say_who_comes(again, S1, comes, programme=CENTRAL, at=LATE)) == beds_of(again)
    ill = drop_out(again, S1, "p2", programme=CENTRAL, at=LATE)
    assert beds_of(ill) == [("Prøve Person 2", True, False)]
    assert beds_of(come_after_all(ill, S1, "p2", programme=CENTRAL, at=LATE)) == beds_of(again)
    for granted, beds in (
        (True, [("Enda Nyere", True, None)]),
        (False, [("Prøve Person 2", True, None)]),
    ):
        assert beds_of(rule_on_bed(again, "S1", "p2", granted=granted, at=LATE)) == beds
    assert beds_of(renamed(asked, "Prøve Person 2")) == [("Prøve Person 2", True, None)]


def test_after_the_gathering_nobody_is_asked_about_a_name() -> None:
    over = oslo("2026-09-26T10:00:00")
    known = renamed(a_group(attendance=(booked_for("p2"),)), "Ny Prøve", over)
    assert beds_of(known) == [("Ny Prøve", True, None)]


def test_a_substitute_for_nobody_in_particular_comes_too() -> None:
    after = substitute(a_group(), instead_of="")
    assert [each.participant for each in after.attendance] == ["v1"]


def test_a_substitute_for_a_stranger_is_refused() -> None:
    with pytest.raises(GroupError, match="unknown_person"):
        substitute(a_group(), instead_of="p9")


def test_a_substitute_is_taken_off_one_gathering_at_a_time() -> None:
    both = a_group(participants=(*group(4).participants, person(5, only=("S1", "S2"))))
    once = without_substitute(both, S1, "p5", programme=KIFK2, at=BEFORE)
    assert once.participants[-1].only == ("S2",)
    twice = without_substitute(once, S2, "p5", programme=KIFK2, at=BEFORE)
    assert twice.participants == group(4).participants
    assert without_substitute(twice, S2, "p1", programme=KIFK2, at=BEFORE) == twice


def test_substitutes_stay_when_the_members_are_registered_anew() -> None:
    known = substitute(a_group())
    people = with_regular_members(known, group(4).participants, programme=KIFK2, at=BEFORE)
    assert [(each.id, each.instead_of) for each in people if each.only] == [("v1", "p2")]
    without_p2 = [each for each in group(5).participants if each.id != "p2"]
    people = with_regular_members(known, without_p2, programme=KIFK2, at=BEFORE)
    assert [(each.id, each.instead_of) for each in people if each.only] == [("v1", "")]


def test_whoever_leaves_stays_registered_for_what_has_been() -> None:
    known = a_group()
    remaining = group(4).participants
    before = with_regular_members(known, remaining, programme=KIFK2, at=BEFORE)
    assert before == list(remaining)
    after = with_regular_members(known, remaining, programme=KIFK2, at=BETWEEN)
    assert after == [*remaining, person(5, only=("S1",))]


def test_what_was_said_of_somebody_who_left_stays_for_what_has_been() -> None:
    said = tuple(
        Attendance(gathering=each, participant="p5", presence=Presence.COMES, at=BEFORE)
        for each in ("S1", "S2")
    )
    known = a_group(attendance=said)
    changed = with_group(known, group(4).participants, programme=KIFK2, at=BETWEEN)
    assert changed.attendance == said[:1]


def test_a_bed_booked_for_somebody_who_left_is_for_staff_to_cancel() -> None:
    booked = Attendance(
        gathering="S1", participant="p5", presence=Presence.COMES, bed=True, at=BEFORE
    )
    known = a_group(attendance=(booked,))
    early = with_group(known, group(4).participants, programme=CENTRAL, at=BEFORE)
    assert early.attendance == ()
    late = with_group(
        known, group(4).participants, programme=CENTRAL, at=oslo("2026-09-20T10:00:00")
    )
    (left,) = late.attendance
    assert (left.presence, left.bed, left.bed_asked) == (Presence.STAYS_AWAY, True, False)
    assert beds_of(late) == [("Prøve Person 5", True, False)]
    assert beds_of(rule_on_bed(late, "S1", "p5", granted=True, at=BETWEEN)) == []


@pytest.mark.parametrize(
    ("before", "after", "told_of"),
    [
        pytest.param([], [person()], [Told("registered", person())], id="new"),
        pytest.param([person()], [person()], [], id="same"),
        pytest.param([person()], [person(id="other")], [], id="another-id-of-ours"),
        pytest.param([], [person(email="")], [], id="no-address"),
        pytest.param(
            [person()], [person(name="Ny")], [Told("changed", person(name="Ny"))], id="name"
        ),
        pytest.param(
            [person()],
            [person(email="ny@example.org")],
            [
                Told("registered", person(email="ny@example.org")),
                Told("removed", person()),
            ],
            id="another-address",
        ),
        pytest.param([person()], [], [Told("removed", person())], id="gone"),
        pytest.param(
            [person()],
            [person(email=person().email.upper())],
            [],
            id="the-same-address-in-capitals",
        ),
    ],
)
def test_each_is_told_of_what_is_new_and_of_nothing_else(
    before: list[Participant], after: list[Participant], told_of: list[Told]
) -> None:
    assert who_is_told(before, after) == told_of
