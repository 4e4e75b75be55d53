"""The emergency stop stops the decision too: what is kept back tells nobody, and is taken back."""

from typing import Any

import pytest

from kulturkontor.actions import control_release, offer_places, withdraw
from kulturkontor.actions.answer import PlaceStateError
from kulturkontor.actions.decide import DecisionStateError, read_rows
from kulturkontor.actions.take_back_letter import take_back_letter
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import LetterState, Outcome, PlaceState, decision_digest
from kulturkontor.letter_ledger import Fate, count_fates, ledger_lines
from kulturkontor.mail_states import mark_failed
from kulturkontor.mails import MailState
from kulturkontor.records import Put
from kulturkontor.release import count_letters
from tests.actions.test_decisions import confirm, propose
from tests.actions.test_settle_places import morning
from tests.conftest import set_clock
from tests.office_factory import (
    accept,
    all_mails,
    decide_all,
    hand_over,
    letter,
    oslo,
    post_letter,
    read,
    release,
    send_in,
    send_one,
)
from tests.web.office_browser import visit_office
from tests.web.portal_visitor import Visitor, token_of

STOPPED = "2026-04-30T09:02:00"
REMINDED, LAPSED = "2026-05-13T06:00:00", "2026-05-21T06:00:00"


def stop(here: Wiring) -> None:
    control_release.stop_letters(
        reason="Feil navn i brevene.",
        by="stab",
        at=oslo(STOPPED),
        programme=here.programme,
        records=here.records,
    )


def resume(here: Wiring) -> None:
    control_release.resume_letters(
        reason="Rettet.",
        by="stab",
        at=oslo("2026-05-04T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


@pytest.fixture
def stopped(aws: Wiring) -> str:
    """Admitted; the letter is written, and everything stopped before it went."""
    receipt = send_in(aws, "5001")
    decide_all(aws, [(receipt.reference or "", Outcome.ADMITTED)])
    release(aws)
    letter(aws, receipt.id)
    stop(aws)
    assert send_one(aws, f"{receipt.id}_letter_1", oslo(STOPPED)) == "not_due"
    return receipt.id


def take_back(here: Wiring, application_id: str, at: str = "2026-05-01T10:00:00") -> Any:
    return take_back_letter(
        application_id,
        seen=decision_digest(read(here, application_id).decision),
        by="stab",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
    )


def refused(does: Any, *args: Any, **named: Any) -> str:
    with pytest.raises((DecisionStateError, PlaceStateError)) as fault:
        does(*args, **named)
    return str(fault.value.args[0])


def states(here: Wiring, application_id: str) -> dict[str, MailState]:
    found = all_mails(here)
    start = f"{application_id}_letter_"
    return {each.removeprefix(start): m.state for each, m in found.items() if start in each}


def test_a_letter_that_is_kept_back_tells_nothing_and_does_nothing(
    aws: Wiring, visitor: Visitor, stopped: str
) -> None:
    set_clock("2026-05-12T10:00:00+02:00")
    case = visitor.open_case(stopped)
    own = f"/sak/{stopped}"
    pages = [case.get(f"{own}{rest}") for rest in ("", "/post")]
    assert not [seen for seen in pages if "/brev/1" in seen.text or "/svar" in seen.text]
    assert "letter_1" not in pages[1].text
    gone = [
        case.get(f"{own}{rest}").status
        for rest in ("/brev/1", "/svar", f"/post/{stopped}_letter_1")
    ]
    assert gone == [404, 409, 404]
    claims = [case.get(f"{own}/reisekrav/S1"), case.get(f"{own}/reisekrav")]
    assert [each.status for each in claims] == [404, 404]
    told = visitor.api("GET", f"/api/applications/{stopped}", token=token_of(stopped)).json
    assert (told["decision"], told["place"]) == (None, None)
    assert refused(accept, aws, stopped) == "none"
    assert refused(propose, aws, stopped, Outcome.REJECTED, correction_reason="Feil.") == (
        "letter_kept_back"
    )
    assert [morning(aws, at) for at in (REMINDED, LAPSED)] == [
        {"mails": 0, "lapsed": 0, "offered": 0, "closed": 0}
    ] * 2
    place = read(aws, stopped).place
    assert place is not None
    assert place.state is PlaceState.OFFERED
    resume(aws)
    hand_over(aws, stopped)
    assert [case.get(f"{own}{rest}").status for rest in ("/brev/1", "/svar")] == [200, 200]
    assert morning(aws, LAPSED)["lapsed"] == 1


def test_a_letter_is_taken_back_and_another_decision_told_in_a_letter_of_its_own(
    aws: Wiring, stopped: str
) -> None:
    browser = visit_office(aws, at="2026-05-01T10:00:00").sign_in("staff", email="ola@example.org")
    address = f"/decisions/{stopped}"
    for page in (address, "/letters"):
        assert f'action="{address}/letter-back"' in browser.get(page).text
    digest = decision_digest(read(aws, stopped).decision)
    done = browser.post(f"{address}/letter-back", {"seen": digest})
    assert (done.status, done.location) == (303, address)
    known = read(aws, stopped)
    assert [(each.serial, each.letter_state) for each in known.taken_back] == [
        (1, LetterState.TAKEN_BACK)
    ]
    again = known.decision
    assert again is not None
    assert (again.serial, again.is_confirmed, again.letter, known.place) == (2, False, None, None)
    assert set(states(aws, stopped).values()) == {MailState.TAKEN_BACK}
    assert refused(take_back, aws, stopped) == "not_written"
    (note,) = aws.records.list(AuditRow, f"APPLICATION#{stopped}", "AUDIT#2026-05-01")
    assert (note.what, note.by, note.before) == ("letter_taken_back", "ola@example.org", "admitted")

    books = count_letters(read_rows(aws.programme, aws.records), [])
    assert (books.decided, books.unconfirmed, books.taken_back, books.unexplained) == (0, 1, 1, 0)
    assert "Brev som er tatt tilbake" in browser.get(address).words
    propose(aws, stopped, Outcome.WAITLISTED, at="2026-05-01T11:00:00")
    confirm(aws, stopped, at="2026-05-01T12:00:00")
    resume(aws)
    post_letter(aws, stopped, at="2026-05-04T10:05:00")
    assert send_one(aws, f"{stopped}_letter_1", oslo("2026-05-04T10:06:00")) == "not_due"
    told = read(aws, stopped)
    assert told.decision is not None
    assert (told.decision.kind, told.decision.outcome, told.place) == (
        "answer",
        Outcome.WAITLISTED,
        None,
    )
    mails = all_mails(aws)
    assert mails[f"{stopped}_letter_2"].text == "decision_waitlisted"
    fates = count_fates(ledger_lines([told], mails))
    assert {fate: count for fate, count in fates.items() if count} == {
        Fate.TAKEN_BACK: 1,
        Fate.IN_TRANSIT: 1,
    }
    own = [mails[f"{stopped}_letter_2"]]
    books = count_letters(read_rows(aws.programme, aws.records), own)
    assert (books.decided, books.taken_back, books.unexplained) == (1, 1, 0)
    assert "Tatt tilbake før de ble sendt: 1" in browser.get("/letters").words


def test_what_somebody_has_been_sent_is_not_taken_back(aws: Wiring, stopped: str) -> None:
    copy = all_mails(aws)[f"{stopped}_letter_1_copy_leader"]
    aws.records.write(Put(copy.but(state=MailState.SENT)))
    assert refused(take_back, aws, stopped) == "letter_gone"
    assert states(aws, stopped) == {"1": MailState.QUEUED, "1_copy_leader": MailState.SENT}
    assert accept(aws, stopped).place is not None
    seen = visit_office(aws, at="2026-05-05T10:00:00").sign_in("staff")
    answer = seen.post_json(f"/api/decisions/{stopped}/letter-back", {"seen": "x"})
    assert (answer.status, answer.code) == (409, "changed_meanwhile")
    assert "/letter-back" not in seen.get(f"/decisions/{stopped}").text


def test_a_letter_that_ses_never_took_is_known_to_nobody_and_can_be_taken_back(
    aws: Wiring, stopped: str
) -> None:
    for each in ("letter_1", "letter_1_copy_leader"):
        mail = all_mails(aws)[f"{stopped}_{each}"]
        aws.records.write(Put(mark_failed(mail, code="refused", now=oslo(STOPPED))))
    assert [morning(aws, at)["mails"] for at in (REMINDED, LAPSED)] == [0, 0]
    browser = visit_office(aws, at="2026-05-01T10:00:00").sign_in("staff")
    assert f'action="/decisions/{stopped}/letter-back"' in browser.get("/letters").text
    assert take_back(aws, stopped).place is None
    assert set(states(aws, stopped).values()) == {MailState.TAKEN_BACK}


def test_letters_go_on_but_for_those_whose_answer_day_is_too_near(
    aws: Wiring, stopped: str
) -> None:
    other = send_in(aws, "4601")
    decide_all(aws, [(other.reference or "", Outcome.REJECTED)])
    control_release.resume_letters(**means_of(aws, STOPPED), reason="Rettet.")
    letter(aws, other.id)
    stop(aws)
    late = "2026-05-26T10:00:00"
    browser = visit_office(aws, at=late).sign_in("staff")
    done = browser.post("/release/resume", {"reason": "Rettet."})
    assert done.location == "/letters?state=stopped"
    page = browser.get(done.location)
    assert "Svarfristen i brevet er for nær" in page.words
    assert f'action="/decisions/{stopped}/letter-back"' in page.text
    assert set(states(aws, stopped).values()) == {MailState.STOPPED}
    assert set(states(aws, other.id).values()) == {MailState.QUEUED}
    assert send_one(aws, f"{other.id}_letter_1", oslo(late)) == "sent"
    refusal = browser.post_json(f"/api/mails/{stopped}_letter_1/let-go", {})
    assert (refusal.status, refusal.code) == (409, "answer_day_too_near")
    assert morning(aws, "2026-05-27T06:00:00")["lapsed"] == 0
    take_back(aws, stopped, at=late)
    confirm(aws, stopped, at=late)
    post_letter(aws, stopped, at=late)
    place = read(aws, stopped).place
    assert place is not None
    assert str(place.answer_by) == "2026-06-02"


def test_a_letter_that_has_not_gone_never_goes_to_who_has_withdrawn(
    aws: Wiring, stopped: str
) -> None:
    withdraw.withdraw(stopped, **means_of(aws, "2026-05-01T10:00:00"))
    withdraw.confirm_withdrawal(stopped, **means_of(aws, "2026-05-01T11:00:00"))
    resume(aws)
    assert set(states(aws, stopped).values()) == {MailState.TAKEN_BACK}
    assert send_one(aws, f"{stopped}_letter_1", oslo("2026-05-04T10:05:00")) == "not_due"
    browser = visit_office(aws, at="2026-05-05T10:00:00").sign_in("staff")
    assert "Tatt tilbake før de ble sendt: 1" in browser.get("/letters").words


def test_a_place_that_an_unsent_letter_takes_back_is_not_answered(
    aws: Wiring, visitor: Visitor
) -> None:
    one = send_in(aws, "5001")
    decide_all(aws, [(one.reference or "", Outcome.ADMITTED)])
    release(aws)
    post_letter(aws, one.id)
    propose(aws, one.id, Outcome.REJECTED, at="2026-05-04T10:00:00", correction_reason="Feil.")
    confirm(aws, one.id, at="2026-05-04T11:00:00")
    letter(aws, one.id, at="2026-05-04T11:05:00")
    set_clock("2026-05-05T10:00:00+02:00")
    address = f"/api/applications/{one.id}/answer"
    answer = visitor.api("POST", address, {"accept": True}, token=token_of(one.id))
    assert (answer.status, answer.json["code"]) == (409, "place_changing")
    assert read(aws, one.id).place is None


def means_of(here: Wiring, at: str) -> dict[str, Any]:
    return {
        "by": "stab",
        "at": oslo(at),
        "programme": here.programme,
        "records": here.records,
        "mail_queue": here.mail_queue,
    }


def test_the_list_waits_for_the_letter_of_who_stands_first(aws: Wiring) -> None:
    free, first = send_in(aws), send_in(aws, "5001")
    decide_all(
        aws, [(free.reference or "", Outcome.ADMITTED), (first.reference or "", Outcome.WAITLISTED)]
    )
    release(aws)
    post_letter(aws, free.id)
    accept(aws, free.id, accept=False)
    letter(aws, first.id)
    stop(aws)
    means = {
        "by": "stab",
        "at": oslo("2026-05-05T10:00:00"),
        "programme": aws.programme,
        "records": aws.records,
    }
    assert refused(offer_places.pass_on, free.id, **means) == "letter_kept_back"
    assert morning(aws, "2027-01-05T06:00:00")["closed"] == 0
    hand_over(aws, first.id)
    assert morning(aws, "2027-01-05T06:00:00")["closed"] == 1


def test_a_place_that_is_offered_again_lapses_again(aws: Wiring) -> None:
    one = send_in(aws, "5001")
    decide_all(aws, [(one.reference or "", Outcome.ADMITTED)])
    release(aws)
    post_letter(aws, one.id)
    propose(aws, one.id, at="2026-05-19T10:00:00", reason="Ny.", correction_reason="Feil grunn.")
    assert morning(aws, LAPSED)["lapsed"] == 1
    confirm(aws, one.id, at="2026-05-22T10:00:00")
    post_letter(aws, one.id, at="2026-05-22T10:05:00")
    assert morning(aws, "2026-07-30T06:00:00")["lapsed"] == 1
    lapsed = [each for each in all_mails(aws) if each.startswith(f"{one.id}_place_lapsed_")]
    assert lapsed == [f"{one.id}_place_lapsed_1", f"{one.id}_place_lapsed_2"]
