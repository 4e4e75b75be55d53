"""The pages of the decisions: proposed by one, confirmed by another, and told to nobody before."""

import re

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import DecisionState, Outcome, state_of
from tests.office_factory import CONFIRMER, read, send_in
from tests.web.office_browser import Browser, visit_office

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
