"""Calendar files as a real parser reads them, and as RFC 5545 wants their bytes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from kulturkontor.calendar_files import calendar_file
from kulturkontor.programme import CoordinatorMeeting, Gathering, Programme
from tests.rules.application_factory import KIFK2

MEETING = CoordinatorMeeting(
    id="M1",
    starts=datetime.fromisoformat("2026-10-20T09:00"),
    ends=datetime.fromisoformat("2026-10-20T10:30"),
    address="https://moete.example.org/1?a=b,c;d",
)
WINTER = MEETING.model_copy(
    update={
        "id": "M2",
        "starts": datetime.fromisoformat("2026-11-20T09:00"),
        "ends": datetime.fromisoformat("2026-11-20T10:00"),
    }
)


def events(data: bytes) -> list[Event]:
    return list(Calendar.from_ical(data.decode()).walk("VEVENT"))


def gathering(**changes: object) -> Gathering:
    return KIFK2.gatherings[0].model_copy(update=changes)


def test_the_file_holds_every_gathering_with_its_days_and_place() -> None:
    calendar = Calendar.from_ical(calendar_file(KIFK2, "nb", gatherings=KIFK2.gatherings).decode())
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert [
        (str(each["UID"]), each.decoded("DTSTART"), each.decoded("DTEND"), str(each["LOCATION"]))
        for each in calendar.walk("VEVENT")
    ] == [
        (
            f"kifk2-{each.id.lower()}@kulturkontor",
            each.first_day,
            each.last_day + timedelta(days=1),
            "Gardermoen",
        )
        for each in KIFK2.gatherings
    ]


def test_a_gathering_takes_whole_days_and_its_end_is_the_day_after() -> None:
    (event,) = events(calendar_file(KIFK2, "nb", gatherings=[gathering()]))
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        date(2026, 9, 24),
        date(2026, 9, 26),
    )
    assert type(event.decoded("DTSTART")) is date


@pytest.mark.parametrize(
    ("meeting", "hour"), [(MEETING, 7), (WINTER, 8)], ids=["summer time", "winter time"]
)
def test_a_meeting_has_its_hours_in_utc(meeting: CoordinatorMeeting, hour: int) -> None:
    (event,) = events(calendar_file(KIFK2, "nb", meetings=[meeting]))
    starts = event.decoded("DTSTART")
    assert (starts.hour, starts.utcoffset()) == (hour, timedelta(0))
    assert str(event["LOCATION"]) == "https://moete.example.org/1?a=b,c;d"


def test_an_address_that_is_not_known_yet_is_left_out() -> None:
    unknown = MEETING.model_copy(update={"address": ""})
    (event,) = events(calendar_file(KIFK2, "nb", meetings=[unknown]))
    assert "LOCATION" not in event


def test_what_was_never_changed_is_as_it_was_announced() -> None:
    (event,) = events(calendar_file(KIFK2, "nb", gatherings=[gathering()]))
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event.decoded("DTSTAMP") == KIFK2.opens_at.astimezone(UTC)
    assert event.decoded("LAST-MODIFIED") == KIFK2.opens_at.astimezone(UTC)


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    changed_at = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    moved = gathering(first_day=date(2026, 9, 25), sequence=1, changed_at=changed_at)
    (before,) = events(calendar_file(KIFK2, "nb", gatherings=[gathering()]))
    (after,) = events(calendar_file(KIFK2, "nb", gatherings=[moved]))
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert after.decoded("DTSTAMP") == changed_at


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_what_is_cancelled_stays_in_the_file_and_says_so(language: str) -> None:
    (event,) = events(
        calendar_file(KIFK2, KIFK2.language(language), gatherings=[gathering(is_cancelled=True)])
    )
    assert event["STATUS"] == "CANCELLED"
    assert str(event["SUMMARY"]) == "Avlyst: Kulturskolen i fremtidens kommune 2: samling 1"


def test_the_same_programme_gives_the_same_bytes() -> None:
    first = calendar_file(KIFK2, "nn", gatherings=KIFK2.gatherings, meetings=[MEETING])
    assert first == calendar_file(KIFK2, "nn", gatherings=KIFK2.gatherings, meetings=[MEETING])


PLACES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029"
    ),
    max_size=200,
)


@given(PLACES)
def test_any_place_is_read_back_and_no_line_is_too_long(place: str) -> None:
    data = calendar_file(KIFK2, "nb", gatherings=[gathering(place=place)])
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode()  # no character is cut in two
    (event,) = events(data)
    assert str(event["LOCATION"]) == place


def test_no_text_can_add_a_line_of_its_own() -> None:
    bad = "Et sted\r\nATTENDEE:mailto:kari@example.org"
    (event,) = events(calendar_file(KIFK2, "nb", gatherings=[gathering(place=bad)]))
    assert "ATTENDEE" not in event
    assert str(event["LOCATION"]) == "Et sted\nATTENDEE:mailto:kari@example.org"


def test_a_programme_of_one_language_is_written_in_it() -> None:
    one: Programme = KIFK2.model_copy(update={"languages": ("nn",)})
    assert b"NAME:Kulturskolen i fremtidens kommune 2\r\n" in calendar_file(one, "nn")
