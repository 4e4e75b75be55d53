"""Who comes and who needs a bed: what the municipality changes by itself, and what staff answer."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.applications import Application
from kulturkontor.attendance import (
    AttendanceError,
    Coming,
    beds_asked,
    come_after_all,
    drop_out,
    has_beds,
    is_frozen,
    last_bed_day,
    rule_on_bed,
    say_who_comes,
)
from kulturkontor.participation import attendance_at
from kulturkontor.people import Attendance, Presence
from kulturkontor.programme import Gathering, Programme
from tests.office_factory import group, oslo
from tests.rules.application_factory import KIFK2, told

S1 = KIFK2.gatherings[0]
CENTRAL = KIFK2.model_copy(
    update={"overnight": KIFK2.overnight.model_copy(update={"mode": "central"})}
)
EARLY = oslo("2026-08-25T23:59:59")
LATE = oslo("2026-08-26T00:00:00")
ON_THE_DAY = oslo("2026-09-24T08:00:00")
AFTER = oslo("2026-09-26T00:00:00")
P1, P2 = "p1", "p2"


def with_group(persons: int = 4) -> Application:
    return told(participants=group(persons).participants)


def say(
    application: Application,
    at: datetime = EARLY,
    programme: Programme = KIFK2,
    gathering: Gathering = S1,
    **said: Coming,
) -> Application:
    return say_who_comes(application, gathering, said, programme=programme, at=at)


def said_of(application: Application, participant: str) -> Attendance:
    return attendance_at(application, "S1")[participant]


def test_what_is_said_is_kept_with_its_time() -> None:
    known = say(with_group(), p1=Coming(True), p2=Coming(False))
    assert known.attendance == (
        Attendance(gathering="S1", participant=P1, presence=Presence.COMES, at=EARLY),
        Attendance(gathering="S1", participant=P2, presence=Presence.STAYS_AWAY, at=EARLY),
    )


def test_the_same_said_again_changes_nothing() -> None:
    known = say(with_group(), p1=Coming(True), p2=Coming(False))
    assert say(known, ON_THE_DAY, p1=Coming(True), p2=Coming(False)) == known


def test_the_municipality_changes_its_mind_until_the_gathering_is_over() -> None:
    known = say(with_group(), p1=Coming(True))
    changed = say(known, oslo("2026-09-25T23:59:59"), p1=Coming(False))
    assert said_of(changed, P1).presence is Presence.STAYS_AWAY
    with pytest.raises(AttendanceError, match="gathering_over"):
        say(known, AFTER, p1=Coming(False))


def test_nobody_says_anything_of_a_cancelled_gathering_or_a_stranger() -> None:
    with pytest.raises(AttendanceError, match="gathering_cancelled"):
        say(with_group(), gathering=S1.model_copy(update={"is_cancelled": True}), p1=Coming(True))
    with pytest.raises(AttendanceError, match="unknown_participant"):
        say(with_group(), p9=Coming(True))


def test_dropping_out_and_coming_after_all_undo_each_other() -> None:
    known = say(with_group(), p1=Coming(True))
    gone = drop_out(known, S1, P1, programme=KIFK2, at=ON_THE_DAY)
    assert said_of(gone, P1).presence is Presence.DROPPED_OUT
    assert drop_out(gone, S1, P1, programme=KIFK2, at=AFTER) == gone
    back = come_after_all(gone, S1, P1, programme=KIFK2, at=AFTER)
    assert said_of(back, P1).presence is Presence.COMES
    assert come_after_all(back, S1, P1, programme=KIFK2, at=AFTER) == back


def test_somebody_of_whom_nothing_was_said_can_drop_out() -> None:
    gone = drop_out(with_group(), S1, P1, programme=KIFK2, at=ON_THE_DAY)
    assert said_of(gone, P1).presence is Presence.DROPPED_OUT


def test_a_form_sent_later_does_not_make_a_dropout_a_no() -> None:
    gone = drop_out(with_group(), S1, P1, programme=KIFK2, at=EARLY)
    assert said_of(say(gone, ON_THE_DAY, p1=Coming(False)), P1).presence is Presence.DROPPED_OUT
    assert said_of(say(gone, ON_THE_DAY, p1=Coming(True)), P1).presence is Presence.COMES


def test_dropping_out_can_be_told_as_long_as_it_can_be_claimed_for() -> None:
    last = oslo("2026-10-16T23:59:59")
    assert drop_out(with_group(), S1, P1, programme=KIFK2, at=last) != with_group()
    with pytest.raises(AttendanceError, match="gathering_over"):
        drop_out(with_group(), S1, P1, programme=KIFK2, at=oslo("2026-10-17T00:00:00"))


def test_where_the_municipality_books_no_bed_is_kept() -> None:
    assert not has_beds(KIFK2)
    assert said_of(say(with_group(), p1=Coming(True, bed=True)), P1).bed is None


def test_beds_are_the_municipalitys_until_the_hotels_date() -> None:
    assert (has_beds(CENTRAL), last_bed_day(CENTRAL, S1)) == (True, date(2026, 8, 25))
    assert (is_frozen(CENTRAL, S1, EARLY), is_frozen(CENTRAL, S1, LATE)) == (False, True)
    known = say(with_group(), EARLY, CENTRAL, p1=Coming(True, bed=True), p2=Coming(True))
    assert [(each.bed, each.bed_asked) for each in known.attendance] == [
        (True, None),
        (False, None),
    ]
    changed = say(known, EARLY, CENTRAL, p1=Coming(True), p2=Coming(True, bed=True))
    assert [(each.bed, each.bed_asked) for each in changed.attendance] == [
        (False, None),
        (True, None),
    ]


def test_changes_of_beds_after_the_hotels_date_wait_for_staff() -> None:
    known = say(with_group(), EARLY, CENTRAL, p1=Coming(True, bed=True), p2=Coming(True))
    asked = say(known, LATE, CENTRAL, p1=Coming(False), p2=Coming(True, bed=True))
    assert [(each.bed, each.bed_asked) for each in beds_asked(asked)] == [
        (True, False),
        (False, True),
    ]
    taken_back = say(asked, LATE, CENTRAL, p1=Coming(True, bed=True), p2=Coming(True))
    assert beds_asked(taken_back) == []


@pytest.mark.parametrize(
    ("granted", "bed"), [(True, True), (False, False)], ids=["granted", "refused"]
)
def test_staff_answer_a_bed_that_was_asked_for(granted: bool, bed: bool) -> None:
    asked = say(with_group(), LATE, CENTRAL, p1=Coming(True, bed=True))
    ruled = rule_on_bed(asked, "S1", P1, granted=granted, at=ON_THE_DAY)
    assert (said_of(ruled, P1).bed, said_of(ruled, P1).bed_asked) == (bed, None)
    assert rule_on_bed(ruled, "S1", P1, granted=not granted, at=ON_THE_DAY) == ruled


def test_dropping_out_late_asks_staff_to_cancel_the_bed_and_coming_takes_it_back() -> None:
    known = say(with_group(), EARLY, CENTRAL, p1=Coming(True, bed=True))
    gone = drop_out(known, S1, P1, programme=CENTRAL, at=LATE)
    assert (said_of(gone, P1).bed, said_of(gone, P1).bed_asked) == (True, False)
    back = come_after_all(gone, S1, P1, programme=CENTRAL, at=LATE)
    assert (said_of(back, P1).bed, said_of(back, P1).bed_asked) == (True, None)


def test_no_more_beds_than_the_council_pays_for_can_be_asked_for() -> None:
    everybody = {f"p{number}": Coming(True, bed=True) for number in range(1, 6)}
    with pytest.raises(AttendanceError, match="too_many_beds"):
        say(with_group(5), EARLY, CENTRAL, **everybody)
    four = everybody | {"p5": Coming(True)}
    assert (
        sum(bool(each.bed) for each in say(with_group(5), EARLY, CENTRAL, **four).attendance) == 4
    )


@given(
    st.lists(st.tuples(st.sampled_from([P1, P2]), st.booleans(), st.booleans()), max_size=6),
    st.booleans(),
)
def test_a_bed_that_is_booked_changes_by_itself_only_before_the_hotels_date(
    steps: list[tuple[str, bool, bool]], is_late: bool
) -> None:
    known = say(with_group(), EARLY, CENTRAL, p1=Coming(True, bed=True), p2=Coming(True))
    before = {each.participant: each.bed for each in known.attendance}
    at = LATE if is_late else EARLY
    for participant, comes, bed in steps:
        known = say_who_comes(
            known, S1, {participant: Coming(comes, bed)}, programme=CENTRAL, at=at
        )
    after = {each.participant: each.bed for each in known.attendance}
    assert after == before or not is_late
    assert is_late or beds_asked(known) == []
