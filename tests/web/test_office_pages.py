"""The pages of staff and finance, rendered for records of a whole season in both languages."""

import pytest

from kulturkontor.actions import receive_files
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.mails import mail_id
from kulturkontor.records import Put
from kulturkontor.sheet_imports import SheetImport
from tests.office_factory import (
    admitted,
    answers,
    attest,
    claim_body,
    decide_all,
    letter,
    oslo,
    read,
    release_batch,
    seal,
    send_claim,
    send_in,
)
from tests.web.assessors import VERA, give
from tests.web.office_browser import tags, visit_office

NASTY = '<script>alert("æ")</script>'


def season(here: Wiring) -> str:
    """One municipality all the way to a released payment, others on the way; the first one's id."""
    nasty = {**answers()["contact"], "name": NASTY, "role": "'\"><b>"}
    waiting = send_in(here, "5001", motivation=NASTY, contact=nasty)
    rejected = send_in(here, "0301", motivation="Kort")
    send_in(here, "1103", submit=False)
    send_in(here, "1106")
    assert waiting.reference is not None
    assert rejected.reference is not None
    receive_files.promise_file(
        read(here, waiting.id),
        file_id="abcdef0123456789",
        purpose="attachments",
        name=NASTY,
        at=oslo("2026-03-21T10:00:00"),
        records=here.records,
        uploads=here.uploads,
    )
    first = admitted(here)
    decide_all(
        here,
        [(waiting.reference, Outcome.WAITLISTED), (rejected.reference, Outcome.REJECTED)],
        reason=NASTY,
    )
    letter(here, waiting.id)
    here.records.write(
        Put(
            SheetImport(
                id="1" * 32,
                programme="kifk2",
                kind="decisions",
                by=NASTY,
                promised_at=oslo("2026-04-19T10:00:00"),
            )
        )
    )
    send_claim(
        here,
        first,
        body={
            **claim_body(),
            "participants": [{"id": "p1", "name": "Prøve Person 1"}, {"id": "p2", "name": NASTY}],
        },
    )
    attest(here, first)
    batch = seal(here)[0]
    release_batch(here, batch.id)
    send_claim(
        here,
        first,
        "S2",
        at="2026-11-20T10:00:00",
        body=claim_body(date="2026-11-12", kilometres="300"),
    )
    return first


def held_letter(here: Wiring) -> str:
    """An application whose letter cannot be printed as it is written."""
    receipt = send_in(here, "1108")
    assert receipt.reference is not None
    decide_all(here, [(receipt.reference, Outcome.REJECTED)], reason="Tegnet \U0001f3ba")
    letter(here, receipt.id)
    return receipt.id


def addresses(here: Wiring, first: str) -> list[str]:
    mail = mail_id(first, "letter", 1)
    batch = "KIFK2-20261005-1"
    return [
        "/",
        "/applications",
        "/applications?q=zzz",
        f"/applications/{first}",
        f"/applications/{first}/confirm-withdrawal",
        f"/applications/{first}/keep",
        f"/applications/{held_letter(here)}",
        "/letters",
        "/mails",
        "/mails?state=all",
        f"/mails/{mail}",
        "/sheets",
        f"/sheets/{'1' * 32}",
        f"/sheets/{'1' * 32}?sent=1",
        "/claims",
        f"/claims/{first}/S1",
        f"/claims/{first}/S2",
        f"/claims/{first}/S1?version=1",
        "/accounts",
        f"/accounts/{first}/S2",
        "/payees/4601",
        "/finance",
        "/finance/balances?by=all",
        "/finance/debts",
        "/finance/year-end?year=2026",
        "/finance/search?q=bergen",
        "/batches",
        "/batches/next",
        f"/batches/{batch}",
        f"/batches/{batch}/release",
        "/finnes/ikke",
    ]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_page_is_whole_and_holds_no_script_in_both_languages(
    aws: Wiring, language: str
) -> None:
    first = season(aws)
    browser = visit_office(aws, at="2026-04-19T10:30:00").sign_in("staff", "finance", "admin")
    for address in addresses(aws, first):
        answer = browser.get(address, accept_language=language)
        found = tags(answer.text)
        names = [tag for tag, _ in found]
        assert answer.status == (404 if "finnes" in address else 200), (address, answer.words)
        assert "script" not in names, address
        assert all(not name.startswith("on") for _, each in found for name in each), address
        assert [each["lang"] for tag, each in found if tag == "html"] == [language]
        assert names.count("h1") == 1, address
        ids = [each["id"] for _, each in found if "id" in each]
        assert len(ids) == len(set(ids)), address
        labelled = {each.get("for") for tag, each in found if tag == "label"}
        fields = [
            each.get("id")
            for tag, each in found
            if tag in ("input", "select", "textarea") and each.get("type") != "hidden"
        ]
        assert set(fields) <= labelled, address


def test_names_from_outside_are_shown_as_text(aws: Wiring) -> None:
    first = season(aws)
    browser = visit_office(aws, at="2026-10-06T10:00:00").sign_in("staff")
    rows = browser.get("/api/applications").json
    waiting = next(row["id"] for row in rows if row["kommunenummer"] == "5001")
    shown = ("/applications", f"/applications/{waiting}", f"/claims/{first}/S1", "/sheets")
    pages = {address: browser.get(address) for address in shown}
    assert {address: "&lt;script&gt;" in page.text for address, page in pages.items()} == {
        "/applications": False,
        f"/applications/{waiting}": True,
        f"/claims/{first}/S1": True,
        "/sheets": False,
    }
    assert [address for address, page in pages.items() if "<script" in page.text] == []


def test_pages_may_load_and_send_nothing_elsewhere(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff", "finance")
    answer = browser.get("/applications")
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "form-action 'self' https://login.example.org; base-uri 'none'; frame-ancestors 'none'"
    )
    kept = ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")
    assert [answer.headers[name] for name in kept] == ["no-store", "same-origin", "nosniff"]


def test_style_sheets_are_served_for_good_and_compressed(aws: Wiring) -> None:
    browser = visit_office(aws)
    page = browser.get("/finnes/ikke").text
    names = [each["href"] for tag, each in tags(page) if each.get("rel") == "stylesheet"]
    assert len(names) == 2
    for name in names:
        answer = browser.get(str(name), accept_encoding="gzip, br")
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert "{" in answer.text
    assert browser.get("/assets/none.css").status == 404


def test_the_language_is_kept_once_chosen(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    assert "Søknader" in browser.get("/").words
    answer = browser.post(
        "/language", {"language": "nn"}, referer="https://kontor.example.org/mails"
    )
    assert answer.location == "/mails"
    assert "Dette ventar på dykk" in browser.get("/").words
    assert browser.post("/language", {"language": "se"}).status == 422


def test_reviewers_see_applications_and_no_money(aws: Wiring) -> None:
    first = season(aws)
    browser = visit_office(aws, at="2026-10-06T10:00:00").sign_in("reviewer", email=VERA)
    give(aws, first)
    front = browser.get("/").words
    assert "Mottatt" in front
    assert "Kontrollsum" not in front
    whole = browser.get(f"/applications/{first}")
    assert whole.status == 200
    assert 'method="post" action="/applications' not in whole.text
    assert browser.get(f"/api/applications/{first}").json["claims"] == []
