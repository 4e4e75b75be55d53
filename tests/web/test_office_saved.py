"""After something is done the next page says so, once; and a refusal leads back."""

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.web.office_access import ACCESS, nearest_page
from kulturkontor.web.office_saved import _CODES, code_of
from kulturkontor.web.office_texts import has_text
from tests.office_factory import send_in
from tests.web.office_browser import Browser, visit_office

SAID = '<p class="good" role="status">{}</p>'


@pytest.fixture
def staff(aws: Wiring) -> Browser:
    return visit_office(aws).sign_in("staff")


def test_the_next_page_tells_what_was_done_and_the_one_after_does_not(
    aws: Wiring, staff: Browser
) -> None:
    one = f"/applications/{send_in(aws).id}"
    answer = staff.post(f"{one}/notes", {"key": "a" * 32, "text": "Ringte."})
    assert answer.status == 303, answer.words
    said = [SAID.format("Notatet er lagret.") in staff.get(one).text for _ in range(2)]
    assert said == [True, False]


def test_what_was_refused_or_only_shown_is_not_told_as_done(aws: Wiring, staff: Browser) -> None:
    one = f"/applications/{send_in(aws).id}"
    staff.post(f"{one}/notes", {"key": "a" * 32, "text": ""})
    staff.post("/language", {"language": "nb"})
    staff.post_json("/api/calendar/S1/finish", {"sequence": 1})
    assert 'role="status"' not in staff.get(one).text


def test_a_word_that_is_not_ours_is_not_told(staff: Browser) -> None:
    staff.cookies["saved"] = "<b>x</b>"
    seen = staff.get("/applications")
    assert (seen.status, 'role="status"' in seen.text, "<b>x" in seen.text) == (200, False, False)


def test_every_route_has_its_word() -> None:
    assert _CODES.keys() <= ACCESS.keys()
    for language in ("nb", "nn"):
        assert [each for each in ACCESS if not has_text(language, f"saved.{code_of(each)}")] == []


def test_a_refused_form_leads_back_to_its_own_page(aws: Wiring, staff: Browser) -> None:
    path = f"/decisions/{send_in(aws).id}"
    seen = staff.post(path, {"unknown": "1"}, referer=f"{staff.doors.office_url}{path}")
    assert (seen.status, f'<a href="{path}">Tilbake</a>' in seen.text) == (422, True)
    gone = staff.get("/nothing", referer=f"{staff.doors.office_url}/nothing")
    assert (gone.status, '<a href="/">Til oversikten</a>' in gone.text) == (404, True)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/calendar/S1/plan", "/calendar/S1"),
        ("/decisions", "/decisions"),
        ("/settings/decision/change", "/settings/decision"),
        ("/nothing/here", "/"),
        ("/", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_to_a_page_that_is_there(path: str, page: str) -> None:
    assert nearest_page(path) == page
