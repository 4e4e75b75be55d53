"""Calendar files for everybody, and a case's own feed, which works without a cookie."""

import pytest
from icalendar import Calendar

from kulturkontor.application_rows import put
from kulturkontor.aws.secrets import link_key
from kulturkontor.aws.wiring import Wiring
from kulturkontor.links import SecretLink, make_feed_token
from tests.actions.test_change_calendar import MEETING, change
from tests.conftest import set_clock
from tests.office_factory import admitted, read, send_in
from tests.web.portal_visitor import Seen, Visitor, token_of


def summaries(seen: Seen) -> list[str]:
    return [str(each["SUMMARY"]) for each in Calendar.from_ical(seen.text).walk("VEVENT")]


def feed(visitor: Visitor, link: SecretLink) -> Seen:
    return visitor.get(f"/kalender/{make_feed_token(link_key(), link)}.ics")


def with_meeting(here: Wiring) -> None:
    change(here, MEETING, "M1")


def test_everybody_may_have_all_the_gatherings(visitor: Visitor) -> None:
    seen = visitor.get("/kalender.ics")
    assert (seen.status, seen.headers["Content-Type"]) == (
        200,
        "text/calendar; charset=utf-8; method=PUBLISH",
    )
    assert seen.headers["Content-Disposition"] == 'attachment; filename="kifk2.ics"'
    assert summaries(seen) == [
        f"Kulturskolen i fremtidens kommune 2: samling {number}" for number in range(1, 7)
    ]
    assert seen.calls == {}


def test_everybody_may_have_one_gathering(visitor: Visitor) -> None:
    seen = visitor.get("/kalender/S3.ics?lang=nn")
    assert seen.headers["Content-Disposition"] == 'attachment; filename="kifk2-S3.ics"'
    assert summaries(seen) == ["Kulturskolen i fremtidens kommune 2: samling 3"]


@pytest.mark.parametrize("name", ["S9.ics", "S1", "S1.txt", ".ics", "M1.ics"])
def test_a_file_that_is_not_there_is_not_found(visitor: Visitor, aws: Wiring, name: str) -> None:
    with_meeting(aws)
    assert visitor.get(f"/kalender/{name}").status == 404


def test_meetings_are_not_for_everybody(visitor: Visitor, aws: Wiring) -> None:
    with_meeting(aws)
    assert "moete.example.org" not in visitor.get("/kalender.ics").text


def test_the_feed_of_a_case_has_the_meetings_without_a_cookie(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = admitted(aws)
    with_meeting(aws)
    seen = feed(visitor, SecretLink(application_id, 1))
    assert (seen.status, visitor.cookies) == (200, {})
    assert len(summaries(seen)) == 7
    assert summaries(seen)[-1] == "Kulturskolen i fremtidens kommune 2: koordinatormøte 1"
    assert "moete.example.org" in seen.text
    assert seen.headers["Cache-Control"] == "private, max-age=300"


def test_the_feed_of_a_case_without_a_place_has_no_meetings(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    with_meeting(aws)
    assert len(summaries(feed(visitor, SecretLink(application_id, 1)))) == 6


def test_the_feed_dies_with_the_link(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    aws.records.write(*put(read(aws, application_id).but(link_version=2)))
    assert feed(visitor, SecretLink(application_id, 1)).status == 404
    assert feed(visitor, SecretLink(application_id, 2)).status == 200
    assert feed(visitor, SecretLink("0" * 32, 1)).status == 404


def test_the_address_of_the_feed_opens_nothing_else(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    token = make_feed_token(link_key(), SecretLink(application_id, 1))
    assert visitor.get(f"/s/{token}").status == 401
    assert visitor.api("GET", f"/api/applications/{application_id}", token=token).status == 401
    assert visitor.get(f"/kalender/{token_of(application_id)}.ics").status == 404


def test_the_page_of_the_gatherings_has_the_feeds_address(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    page = visitor.open_case(application_id).get(f"/sak/{application_id}/samlinger").page
    address = str(page.get_element_by_id("calendar").get("value"))
    assert address.startswith("https://soknad.example.org/kalender/")
    assert Visitor().get(address.removeprefix("https://soknad.example.org")).status == 200
