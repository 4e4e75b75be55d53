"""What staff and finance do on the pages, from a list's filter to the release of money."""

from collections import Counter
from typing import Any

import pytest
from lxml import html

from kulturkontor.application_rows import put
from kulturkontor.applications import ApplicationState
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import LetterState, Outcome, PlaceState, decision_digest
from kulturkontor.mails import MailEvent, MailState
from kulturkontor.records import Put
from tests.conftest import messages
from tests.office_factory import (
    admitted,
    all_mails,
    ask_to_withdraw,
    confirm_all,
    decide_all,
    letter,
    oslo,
    post_letter,
    read,
    release,
    send_in,
    send_open_mails,
)
from tests.web.office_browser import Seen, visit_office


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("", {"KFK2-2026-4601", "KFK2-2026-5001", None}),
        ("state=draft", {None}),
        ("outcome=waitlisted", {"KFK2-2026-5001"}),
        ("outcome=none", {None}),
        ("county=Vestland", {"KFK2-2026-4601"}),
        ("q=trondheim", {"KFK2-2026-5001"}),
        ("place=free", {"KFK2-2026-4601"}),
        ("county=Vestland&outcome=waitlisted", set()),
    ],
)
def test_the_list_is_filtered_by_its_address(
    aws: Wiring, query: str, references: set[str | None]
) -> None:
    waiting = send_in(aws, "5001")
    send_in(aws, "1103", submit=False)
    first = admitted(aws)
    assert waiting.reference
    decide_all(aws, [(waiting.reference, Outcome.WAITLISTED)])
    application = read(aws, first)
    assert application.place is not None
    declined = application.place.model_copy(update={"state": PlaceState.DECLINED})
    aws.records.write(*put(application.but(place=declined)))
    browser = visit_office(aws).sign_in("staff")
    found = browser.get(f"/api/applications?{query}").json
    assert {row["reference"] for row in found} == references
    page = browser.get(f"/applications?{query}")
    shown = {each for each in ("KFK2-2026-4601", "KFK2-2026-5001") if each in page.words}
    assert shown == references - {None}


def test_a_held_letter_is_mended_with_a_new_reason(aws: Wiring) -> None:
    receipt = send_in(aws)
    assert receipt.reference
    decide_all(aws, [(receipt.reference, Outcome.REJECTED)], reason="Tegnet \U0001f3ba går ikke.")
    release(aws)
    held = letter(aws, receipt.id)
    assert held is not None
    assert held.state is LetterState.HELD
    browser = visit_office(aws, at="2026-04-30T10:00:00").sign_in("staff")
    ledger = browser.get("/letters?state=held").words
    assert held.held_because in ledger
    told = "Kommuner uten svar: 1. Men ett brev har ikke nådd fram: 1 holdt igjen"
    assert told in ledger
    draft = browser.get(f"/release/preview/{receipt.id}")
    assert (draft.status, "U+1F3BA" in draft.words) == (404, True)
    address = f"/applications/{receipt.id}/reason"
    seen = {"seen": decision_digest(read(aws, receipt.id).decision)}
    assert (browser.post(address, {"reason": "Ny.", "seen": "en annen"})).status == 409
    for fault in ("x" * 20_000, "Født 31123999188, får nei."):
        assert browser.post(address, {"reason": fault} | seen).status == 422
    answer = browser.post(address, {"reason": "Teksten går."} | seen)
    assert answer.location == f"/applications/{receipt.id}"
    assert letter(aws, receipt.id, at="2026-04-30T10:04:00") is None
    confirm_all(aws, at="2026-04-30T10:04:30")
    mended = letter(aws, receipt.id, at="2026-04-30T10:05:00")
    assert mended is not None
    assert mended.state is LetterState.RENDERED
    again = browser.post(address, {"reason": "For sent."} | seen)
    assert again.status == 409
    assert "Brevet er sendt" in again.words
    assert "kari@example.org" in browser.get(f"/applications/{receipt.id}").words


def test_a_letter_is_fetched_by_an_address_that_is_good_for_a_minute(aws: Wiring) -> None:
    first = admitted(aws)
    browser = visit_office(aws, at="2026-05-06T10:00:00").sign_in("staff")
    told = read(aws, first).decisions[0].letter
    assert told is not None
    assert told.sha256[:16] in browser.get("/letters").words
    answer = browser.get("/api/letters/KFK2-2026-4601/1")
    assert answer.status == 302
    assert told.key in answer.location
    assert "X-Amz-Expires=60" in answer.location
    assert browser.get("/api/letters/KFK2-2026-4601/2").status == 404
    assert browser.get("/api/letters/KFK2-2026-9999/1").status == 404


def test_a_free_place_is_offered_on_after_a_second_look(aws: Wiring) -> None:
    waiting = send_in(aws, "5001")
    assert waiting.reference
    first = admitted(aws)
    decide_all(aws, [(waiting.reference, Outcome.WAITLISTED)])
    post_letter(aws, waiting.id)
    send_open_mails(aws, oslo("2026-05-04T09:05:00"))
    application = read(aws, first)
    assert application.place is not None
    declined = application.place.model_copy(update={"state": PlaceState.DECLINED})
    aws.records.write(*put(application.but(place=declined)))
    messages(aws.letter_queue.url)
    browser = visit_office(aws, at="2026-05-21T10:00:00").sign_in("staff")
    assert f"/applications/{first}/offer-next" in browser.get(f"/applications/{first}").text
    asked = browser.get(f"/applications/{first}/offer-next")
    assert "Trondheim - Tråante (KFK2-2026-5001) , nummer 1 på ventelisten" in asked.words
    assert "Svarfrist 29. mai 2026" in asked.words
    assert f'name="seen" value="{waiting.id}"' in asked.text
    other = browser.post(f"/applications/{first}/offer-next", {"seen": "somebody else"})
    assert (other.status, "En annen står først nå." in other.words) == (409, True)
    assert read(aws, waiting.id).decision == read(aws, waiting.id).decisions[0]
    answer = browser.post(f"/applications/{first}/offer-next", {"seen": waiting.id})
    assert answer.location == f"/applications/{waiting.id}"
    assert read(aws, waiting.id).decisions[1].outcome is Outcome.ADMITTED
    stands = browser.get("/decisions").words
    assert "plass 1 av 16 plasser" in stands
    assert "plass som er gitt fra seg eller falt bort 1" in stands
    assert "gått videre" in browser.get("/decisions?q=4601").words
    assert "0 av 2" not in browser.get("/decisions?q=TRÅANTE").words
    assert "Ingen svar passer" in browser.get("/decisions?q=Oslo").words
    assert messages(aws.letter_queue.url) == [{"programme": "kifk2", "application": waiting.id}]
    assert browser.post(f"/applications/{first}/offer-next").status == 409


def test_a_withdrawal_is_confirmed_by_staff(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask_to_withdraw(aws, receipt.id, "2026-04-20T10:00:00")
    browser = visit_office(aws, at="2026-04-21T10:00:00").sign_in("staff")
    assert "1 vil trekke søknaden" in browser.get("/").words
    assert browser.post(f"/applications/{receipt.id}/confirm-withdrawal").status == 303
    assert read(aws, receipt.id).state is ApplicationState.WITHDRAWN
    assert "Trekking av søknaden" in browser.get(f"/applications/{receipt.id}").words
    assert browser.post(f"/applications/{receipt.id}/keep").status == 409


def test_who_regrets_a_withdrawal_keeps_the_application_and_may_ask_again(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask_to_withdraw(aws, receipt.id, "2026-04-20T10:00:00")
    browser = visit_office(aws, at="2026-04-21T10:00:00").sign_in("staff")
    assert "Skal søknaden stå likevel?" in browser.get(f"/applications/{receipt.id}/keep").words
    for _ in range(2):
        assert browser.post(f"/applications/{receipt.id}/keep").status == 303
    assert read(aws, receipt.id).state is ApplicationState.SUBMITTED
    ask_to_withdraw(aws, receipt.id, "2026-04-22T10:00:00")
    assert read(aws, receipt.id).state is ApplicationState.WITHDRAWAL_ASKED
    assert Counter(each.text for each in all_mails(aws).values() if "withdrawal" in each.text) == {
        "withdrawal_received": 2,
        "withdrawal_taken_back": 1,
    }


def page(seen: Seen) -> Any:
    return html.fromstring(seen.text)


def bounced(here: Wiring) -> str:
    receipt = send_in(here)
    send_open_mails(here, oslo("2026-03-20T10:01:00"))
    mail = next(each for each in all_mails(here).values() if each.text == "receipt")
    event = MailEvent(kind="Bounce", at=oslo("2026-03-20T10:02:00"), detail="Permanent")
    here.records.write(Put(mail.but(state=MailState.BOUNCED, events=(event,))))
    assert receipt.id in mail.id
    return mail.id


def test_a_bounced_mail_is_sent_again_to_a_mended_address(aws: Wiring) -> None:
    mail = bounced(aws)
    messages(aws.mail_queue.url)
    browser = visit_office(aws, at="2026-03-21T10:00:00").sign_in("staff")
    assert f"/mails/{mail}" in browser.get("/mails").text
    assert "kan få to like e-poster" in browser.get(f"/mails/{mail}").words
    pressed = {"to": "ny@example.org", "seen": "0"}
    for _ in range(2):
        answer = browser.post(f"/mails/{mail}/resend", pressed)
        assert answer.location == f"/mails/{mail}_again1"
    other = browser.post(f"/mails/{mail}/resend", pressed | {"to": "feil@example.org"})
    assert (other.status, all_mails(aws)[mail].copies) == (409, 1)
    copy, old = all_mails(aws)[f"{mail}_again1"], all_mails(aws)[mail]
    assert (copy.to, copy.state, old.handled_by) == (
        "ny@example.org",
        MailState.QUEUED,
        "kari@example.org",
    )
    assert messages(aws.mail_queue.url) == [{"programme": "kifk2", "mail": copy.id}]
    application = read(aws, mail.split("_")[0])
    assert application.answers.contact.email == "ny@example.org"
    (link,) = {page.link_version for page in copy.pages.values() if page.application_id}
    assert (application.link_version, link) == (2, 2)
    assert browser.get("/api/mails").json == []
    assert mail in browser.get("/mails?state=all").text


def test_a_mail_is_sent_again_as_it_was_and_nothing_is_said_to_be_corrected(aws: Wiring) -> None:
    mail = bounced(aws)
    browser = visit_office(aws, at="2026-03-21T10:00:00").sign_in("staff")
    before = read(aws, mail.split("_")[0])
    again, correct = page(browser.get(f"/mails/{mail}")).xpath("//form[contains(@action,'resend')]")
    assert [each.get("name") for each in again.findall(".//input")] == ["csrf", "seen"]
    address = correct.find(".//input[@name='to']")
    assert (address.get("value"), "required" in address.attrib) == (None, True)
    assert browser.post(f"/mails/{mail}/resend", {"seen": "0"}).status == 303
    assert read(aws, before.id) == before
    rows = aws.records.list(AuditRow, before.key.partition, "AUDIT#")
    assert [row.what for row in rows if row.by == "kari@example.org"] == []


def test_mails_are_found_by_address_and_reference_and_shown_page_by_page(aws: Wiring) -> None:
    bounce = bounced(aws)
    mail = all_mails(aws)[bounce]
    others = [mail.but(id=f"a{n}_receipt_1", to=f"n{n}@example.org") for n in range(60)]
    for each in others:
        aws.records.write(Put(each.but(revision=0, values={"reference": "KFK2-2026-0301"})))
    browser = visit_office(aws, at="2026-03-21T10:00:00").sign_in("staff")

    def found(query: str) -> tuple[int, bool]:
        answer = browser.get(f"/mails?{query}")
        return len(page(answer).xpath("//tbody/tr")), 'rel="next"' in answer.text

    assert found("q=kfk2-2026-0301") == (50, True)
    assert found("q=kfk2-2026-0301&page=2") == (10, False)
    assert found("q=KONTAKT-4601@example.org&state=bounced") == (1, False)
    assert found("q=n7@example&state=failed") == (0, False)


@pytest.mark.parametrize("to", ["ikke en adresse", "a@b", "ny@example.org\nBcc: x@example.org"])
def test_a_mail_is_not_sent_to_what_is_no_address(aws: Wiring, to: str) -> None:
    mail = bounced(aws)
    browser = visit_office(aws).sign_in("staff")
    assert browser.post(f"/mails/{mail}/resend", {"to": to}).status == 422
    assert browser.post_json(f"/api/mails/{mail}/resend", {"to": to}).json["errors"] == [
        {
            "field": "to",
            "code": "email",
            "message": "Skriv en e-postadresse, for eksempel navn@kommune.no.",
        }
    ]


def test_a_mail_put_aside_no_longer_waits(aws: Wiring) -> None:
    mail = bounced(aws)
    browser = visit_office(aws).sign_in("staff")
    assert browser.post(f"/mails/{mail}/handled").location == "/mails"
    assert browser.get("/api/mails").json == []
    assert all_mails(aws)[mail].handled_by == "kari@example.org"
    assert browser.post(f"/mails/{mail}/handled").status == 303
    assert browser.post("/mails/none/handled").status == 404


def test_a_mail_on_its_way_is_not_sent_again(aws: Wiring) -> None:
    send_in(aws)
    mail = next(iter(all_mails(aws)))
    browser = visit_office(aws).sign_in("staff")
    assert browser.post(f"/mails/{mail}/resend", {"to": ""}).status == 409
    assert browser.post(f"/mails/{mail}/handled").status == 409
