"""Messages to a group on the pages: seen before it is sent, and nothing typed is lost."""

import re

import pytest

from kulturkontor.aws.wiring import Wiring
from tests.office_factory import all_mails, send_in
from tests.web.office_browser import Browser, Seen, visit_office

KEY = "message00001"
WORDS = {
    "key": KEY,
    "group": "contacts",
    "gathering": "",
    "subject_nb": "Til {municipality}",
    "text_nb": "Hei, {name}",
    "subject_nn": "Til {municipality}",
    "text_nn": "Hei, {name}",
}


def staff(here: Wiring) -> Browser:
    return visit_office(here, at="2026-04-15T10:00:00").sign_in("staff", email="anne@example.org")


def sent(here: Wiring) -> int:
    return sum(each.text == "group_message" for each in all_mails(here).values())


def fields(page: Seen) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def test_the_page_before_shows_whom_how_many_and_the_mail(aws: Wiring) -> None:
    send_in(aws, "4601")
    send_in(aws, "1103", language="nn")
    page = staff(aws).post("/messages/preview", WORDS)
    assert page.status == 200
    for words in ("Mottakere: 2.", "Til Bergen kommune", "Hei, Kari Prøve", "Send til 2 mottakere"):
        assert words in page.words
    assert "kontakt-1103@example.org" in page.words
    assert fields(page)["count"] == "2"
    assert sent(aws) == 0


def test_it_is_sent_once_and_followed_in_its_ledger(aws: Wiring) -> None:
    send_in(aws)
    browser = staff(aws)
    assert "Ingen meldinger er sendt ennå." in browser.get("/messages").words
    for _ in range(2):
        answer = browser.post("/messages", {**WORDS, "count": "1"})
        assert answer.location == f"/messages/{KEY}"
    assert sent(aws) == 1
    ledger = browser.get(answer.location)
    assert "1 i kø" in ledger.words
    assert "kontakt-4601@example.org" in ledger.words
    assert "Til {municipality}" in browser.get("/messages").words
    told = browser.get(f"/api/messages/{KEY}").json
    assert told["counts"] == {"queued": 1}


def test_another_number_than_was_shown_is_seen_again_before_it_is_sent(aws: Wiring) -> None:
    send_in(aws, "4601")
    send_in(aws, "5001")
    page = staff(aws).post("/messages", {**WORDS, "count": "1"})
    assert page.status == 409
    assert "Listen har endret seg" in page.words
    assert fields(page)["count"] == "2"
    assert sent(aws) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text_nb": ""}, "Emne eller tekst mangler"),
        ({"text_nb": "{token}"}, "Ukjent ord i krøllparentes"),
        ({"text_nb": "**"}, "Teksten kan ikke leses"),
        ({"subject_nb": "", "text_nb": ""}, "En målform mangler"),
        ({"group": "waiting_list"}, "Ingen mottakere"),
        ({"group": "participants"}, "Velg en samling"),
        ({"group": "everybody"}, "Noe må rettes"),
    ],
)
def test_what_was_typed_stays_when_something_must_be_mended(
    aws: Wiring, changes: dict[str, str], words: str
) -> None:
    send_in(aws)
    page = staff(aws).post("/messages/preview", {**WORDS, "text_nn": "Lang tekst", **changes})
    assert page.status in (409, 422)
    assert words in page.words
    assert ">Lang tekst</textarea>" in page.text
    assert fields(page)["key"] == KEY


def test_one_may_go_back_and_change_it(aws: Wiring) -> None:
    page = staff(aws).post("/messages/draft", WORDS)
    assert ">Hei, {name}</textarea>" in page.text
    assert fields(page)["key"] == KEY


def test_what_staff_write_is_text_and_not_html(aws: Wiring) -> None:
    send_in(aws)
    page = staff(aws).post("/messages/preview", {**WORDS, "text_nb": "<script>alert(1)</script>"})
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_the_json_api_does_the_same(aws: Wiring) -> None:
    send_in(aws)
    browser = staff(aws)
    preview = browser.post_json("/api/messages/preview", WORDS).json
    assert (preview["count"], preview["previews"][0]["subject"]) == (
        1,
        "«Kulturskolen i fremtidens kommune 2»: Til Bergen kommune (KFK2-2026-4601)",
    )
    wrong = browser.post_json("/api/messages", {**WORDS, "count": 3})
    assert (wrong.status, wrong.code) == (409, "message_count_changed")
    done = browser.post_json("/api/messages", {**WORDS, "count": 1})
    assert (done.status, done.json["written"]) == (201, 1)
    assert [each["id"] for each in browser.get("/api/messages").json] == [KEY]
    assert browser.post_json(f"/api/messages/{KEY}/resume").json["written"] == 1
    assert browser.get("/api/messages/nothing00001").status == 404
