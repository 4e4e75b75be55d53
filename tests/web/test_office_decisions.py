"""The pages of the decisions: proposed by one, confirmed by another, and told to nobody before."""

import re

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import DecisionState, Outcome, state_of
from kulturkontor.sessions import Role
from tests.conftest import set_clock
from tests.office_factory import (
    CONFIRMER,
    confirm_all,
    decide_all,
    post_letter,
    read,
    release,
    send_in,
)
from tests.web.assessors import known
from tests.web.office_browser import Browser, visit_office
from tests.web.portal_visitor import Visitor, token_of

AT = "2026-04-20T10:00:00"


@pytest.fixture
def kari(aws: Wiring) -> Browser:
    return visit_office(aws, at=AT).sign_in("staff")


@pytest.fixture
def leder(aws: Wiring) -> Browser:
    return visit_office(aws, at=AT).sign_in("staff", email=CONFIRMER)


def seen(browser: Browser, application_id: str) -> str:
    listed = {each["id"]: each["digest"] for each in browser.get("/api/decisions").json}
    return str(listed[application_id])


def propose(browser: Browser, application_id: str, **fields: str) -> int:
    form = {"outcome": "admitted", "reason": "Godt forankret.", **fields}
    answer = browser.post(
        f"/decisions/{application_id}", {"seen": seen(browser, application_id), **form}
    )
    return answer.status


def state(here: Wiring, application_id: str) -> DecisionState:
    return state_of(read(here, application_id).decision)


def test_one_proposes_and_another_confirms(aws: Wiring, kari: Browser, leder: Browser) -> None:
    one = send_in(aws).id
    assert propose(kari, one, conditions="Send planen.") == 303
    decision = read(aws, one).decision
    assert decision is not None
    assert (decision.decided_by, decision.outcome, decision.reason, decision.conditions) == (
        "kari@example.org",
        Outcome.ADMITTED,
        "Godt forankret.",
        "Send planen.",
    )
    own = kari.post("/decisions/confirm", {"which": one, f"seen.{one}": seen(kari, one)})
    assert (own.status, state(aws, one)) == (409, DecisionState.PROPOSED)
    assert "Du kan ikke bekrefte det du selv har foreslått" in own.words
    page = leder.get("/decisions")
    digest = re.search(rf'name="seen.{one}" value="(\w+)"', page.text)
    assert digest is not None
    done = leder.post("/decisions/confirm", {"which": one, f"seen.{one}": digest[1]})
    assert done.location == "/decisions?confirmed=1&changed=0"
    assert "1 svar er bekreftet." in leder.get(done.location).words
    assert state(aws, one) is DecisionState.CONFIRMED


def test_whoever_has_a_conflict_neither_sees_nor_confirms_the_answer(
    aws: Wiring, kari: Browser, leder: Browser
) -> None:
    mine, other = send_in(aws, "4601").id, send_in(aws, "0301").id
    for each in (mine, other):
        propose(kari, each)
    shown = {f"seen.{each}": seen(kari, each) for each in (mine, other)}
    known(aws, CONFIRMER, Role.STAFF, municipality="4601")
    page = leder.get("/decisions")
    assert ("Oslo" in page.words, "Bergen" in page.words) == (True, False)
    assert "fordi du er inhabil eller ikke har fått søknaden tildelt: 1." in page.words
    assert [each["id"] for each in leder.get("/api/decisions").json] == [other]
    refused = leder.post("/decisions/confirm", {"which": "all", **shown})
    assert (refused.status, state(aws, mine), state(aws, other)) == (
        403,
        DecisionState.PROPOSED,
        DecisionState.PROPOSED,
    )
    leder.post("/decisions/confirm", {"which": other, **shown})
    assert state(aws, other) is DecisionState.CONFIRMED


def test_several_chosen_and_all_are_confirmed(aws: Wiring, kari: Browser, leder: Browser) -> None:
    ids = [send_in(aws, each).id for each in ("4601", "0301", "1103")]
    for each in ids:
        propose(kari, each)
    shown = {f"seen.{each}": seen(leder, each) for each in ids}
    none = leder.post("/decisions/confirm", {"which": "chosen", **shown})
    assert (none.status, "Ingen svar er valgt" in none.words) == (422, True)
    two = {f"chosen.{each}": "1" for each in ids[:2]}
    chosen = leder.post("/decisions/confirm", {"which": "chosen", **shown, **two})
    assert chosen.location == "/decisions?confirmed=2&changed=0"
    every = leder.post("/decisions/confirm", {"which": "all", **shown})
    assert every.location == "/decisions?confirmed=1&changed=2"
    assert {state(aws, each) for each in ids} == {DecisionState.CONFIRMED}


def test_a_proposal_and_a_confirmation_are_taken_back_on_the_page(
    aws: Wiring, kari: Browser, leder: Browser
) -> None:
    one = send_in(aws).id
    propose(kari, one)
    leder.post("/decisions/confirm", {"which": one, f"seen.{one}": seen(leder, one)})
    kari.set_clock("2026-04-20T10:01:00")
    kari.post(f"/decisions/{one}/unconfirm", {"seen": seen(kari, one)})
    assert state(aws, one) is DecisionState.PROPOSED
    stale = kari.post(f"/decisions/{one}/take-back", {"seen": "0" * 16})
    assert (stale.status, state(aws, one)) == (409, DecisionState.PROPOSED)
    kari.post(f"/decisions/{one}/take-back", {"seen": seen(kari, one)})
    assert state(aws, one) is DecisionState.UNDECIDED


def test_a_chosen_phrase_is_the_reason_in_the_letters_language(aws: Wiring, kari: Browser) -> None:
    one = send_in(aws, "5001").id
    form = {"reason": "", "phrase": "clear_aim"}
    assert propose(kari, one, **form, language="nn", language_reason="De ba om det.") == 303
    decision = read(aws, one).decision
    assert decision is not None
    assert decision.reason.startswith("Søknaden viser tydeleg kva kommunen vil utvikle")


def test_what_is_wrong_is_told_beside_what_was_typed(aws: Wiring, kari: Browser) -> None:
    one = send_in(aws).id
    page = kari.post(f"/decisions/{one}", {"outcome": "rejected", "conditions": "Send planen."})
    assert page.status == 422
    assert "Skriv begrunnelsen slik den skal stå i brevet." in page.words
    assert "Bare den som får plass, kan ha vilkår." in page.words
    assert ">Send planen.</textarea>" in page.text
    assert state(aws, one) is DecisionState.UNDECIDED
    api = kari.post_json(f"/api/decisions/{one}", {"outcome": "rejected"})
    assert (api.status, api.code) == (422, "proposal")
    assert [each["field"] for each in api.json["errors"]] == ["reason"]


def test_a_told_decision_is_corrected_on_the_page(aws: Wiring, kari: Browser) -> None:
    receipt = send_in(aws)
    decide_all(aws, [(receipt.reference or "", Outcome.REJECTED)])
    release(aws)
    post_letter(aws, receipt.id)
    page = kari.get(f"/decisions/{receipt.id}")
    assert "Rett svaret" in page.words
    assert propose(kari, receipt.id) == 422
    assert propose(kari, receipt.id, correction_reason="Vi leste feil.") == 303
    assert "rettelse" in kari.get("/decisions").words
    assert [each.outcome for each in read(aws, receipt.id).decisions] == [
        Outcome.REJECTED,
        Outcome.ADMITTED,
    ]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_pages_are_there_in_both_languages(aws: Wiring, kari: Browser, language: str) -> None:
    empty = kari.get(f"/decisions?lang={language}")
    one, other = send_in(aws), send_in(aws, "0301")
    decide_all(aws, [(one.reference or "", Outcome.WAITLISTED)], is_confirmed=False)
    pages = [kari.get(f"{path}?lang={language}") for path in ("/decisions", f"/decisions/{one.id}")]
    assert [each.status for each in (empty, *pages)] == [200] * 3
    assert kari.get(f"/decisions/{other.id}?lang={language}").status == 200
    assert kari.get("/decisions/none").status == 404


def test_applicants_see_nothing_of_what_is_not_told(
    aws: Wiring, kari: Browser, visitor: Visitor
) -> None:
    """Their pages and the API answer the same before and after it is proposed and confirmed; the
    version, which whoever changes the application must name, counts what the office writes too.
    """
    one = send_in(aws).id
    visitor.open_case(one)

    def shown() -> tuple[object, ...]:
        set_clock("2026-04-20T10:05:00+02:00")
        own = visitor.api("GET", f"/api/applications/{one}", token=token_of(one)).json
        own.pop("version")
        return own, *(visitor.get(f"/sak/{one}{path}").text for path in ("", "/post"))

    before = shown()
    propose(kari, one)
    proposed = shown()
    confirm_all(aws, at="2026-04-20T10:02:00")
    assert state(aws, one) is DecisionState.CONFIRMED
    assert before == proposed == shown()
