"""A conflict of interest shuts every route that shows the application, whatever the roles."""

import re

import pytest

from kulturkontor.actions.assess import declare_conflict
from kulturkontor.actions.change_settings import change_settings
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.office_users import person_id
from kulturkontor.payments import PaymentBatch
from kulturkontor.sessions import Role
from kulturkontor.web.office_access import ACCESS, is_open_to
from tests.office_factory import (
    accept,
    admitted,
    attest,
    claim_body,
    decide_all,
    oslo,
    post_letter,
    register,
    release,
    seal,
    send_claim,
    send_in,
)
from tests.web.assessors import ANNE, AT, VERA, give, known, reviewer, sent_by, staff
from tests.web.office_browser import Browser, Seen, visit_office

BY_APPLICATION = sorted(route for route in ACCESS if "<application_id>" in route)


def declare(here: Wiring, application_id: str, email: str = VERA) -> None:
    declare_conflict(
        application_id,
        "Søsteren min er rektor.",
        by=email,
        at=oslo(AT),
        programme=here.programme,
        records=here.records,
    )


def ask(browser: Browser, route: str, application_id: str) -> Seen:
    method, pattern = route.split(" ")
    path = re.sub(r"<\w+>", "S1", pattern.replace("<application_id>", application_id))
    headers = {"x-csrf-token": browser.csrf, "content-type": "application/json"}
    return browser.send(method, path, "{}" if method == "POST" else None, headers)


def said(answer: Seen) -> str:
    """Why it was refused, from a page or a problem."""
    if answer.status != 403:
        return ""
    for code, title in (("conflict", "Du er inhabil"), ("assigned", "ikke tildelt deg")):
        if title in answer.words:
            return code
    return "role"


def test_there_are_routes_of_many_areas_to_shut() -> None:
    areas = {route.split(" ")[1].removeprefix("/api").split("/")[1] for route in BY_APPLICATION}
    assert {"applications", "assessment", "claims"} <= areas
    assert len(BY_APPLICATION) > 20


@pytest.mark.parametrize("kind", ["declared", "own municipality"])
@pytest.mark.parametrize("roles", [["reviewer"], ["staff"], ["reviewer", "staff", "admin"]])
def test_every_route_of_an_application_is_shut_to_whoever_has_a_conflict(
    aws: Wiring, kind: str, roles: list[str]
) -> None:
    closed, other = sent_by(aws, "4601", "5001")
    browser = visit_office(aws, at=AT).sign_in(*roles, email=VERA)
    for each in (closed, other):
        give(aws, each)
    if kind == "declared":
        declare(aws, closed)
    else:
        known(aws, VERA, *(Role(each) for each in roles), municipality="4601")
    held = frozenset(Role(each) for each in roles)
    for route in BY_APPLICATION:
        wanted = "conflict" if is_open_to(route, held) else "role"
        assert said(ask(browser, route, closed)) == wanted, route
        assert said(ask(browser, route, other)) in ("", "role"), route


def test_a_reviewer_reads_only_what_is_assigned(aws: Wiring) -> None:
    mine, other = sent_by(aws, "4601", "5001")
    browser = reviewer(aws)
    give(aws, mine)
    assert browser.get(f"/applications/{mine}").status == 200
    assert browser.get(f"/assessment/{mine}").status == 200
    for route in BY_APPLICATION:
        if is_open_to(route, frozenset({Role.REVIEWER})):
            wanted = "" if route.endswith("/conflict") else "assigned"
            assert said(ask(browser, route, other)) == wanted, route


def test_a_reviewer_reads_all_where_the_programme_says_so(aws: Wiring) -> None:
    mine, other = sent_by(aws, "4601", "5001")
    browser = reviewer(aws)
    change(aws, only_assigned=False)
    assert [browser.get(f"/applications/{each}").status for each in (mine, other)] == [200, 200]
    assert len(browser.get("/api/applications").json) == 2


def test_where_assessment_is_off_a_reviewer_reads_all(aws: Wiring) -> None:
    (other,) = sent_by(aws, "4601")
    browser = reviewer(aws)
    change(aws, enabled=False)
    assert browser.get(f"/applications/{other}").status == 200
    assert "slått av" in browser.get("/assessment").words


def change(here: Wiring, **rules: bool) -> None:
    change_settings(
        {"assessment": rules},
        by=ANNE,
        at=oslo(AT),
        reason="",
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    here.current_programme.refresh()


@pytest.mark.parametrize("address", ["/applications", "/applications/export?as=csv"])
def test_no_list_has_a_row_of_what_is_closed(aws: Wiring, address: str) -> None:
    closed, other, _ = sent_by(aws, "4601", "5001", "1103")
    browser = reviewer(aws)
    for each in (closed, other):
        give(aws, each)
    declare(aws, closed)
    assert [each["id"] for each in browser.get("/api/applications").json] == [other]
    text = browser.get(address).text
    assert ("5001" in text, "4601" in text, "1103" in text) == (True, False, False)


def test_the_list_says_how_much_it_leaves_out(aws: Wiring) -> None:
    closed, _ = sent_by(aws, "4601", "5001")
    browser = staff(aws)
    assert "Stengt for deg" not in browser.get("/applications").words
    declare(aws, closed, ANNE)
    assert "ikke har fått søknaden tildelt: 1." in browser.get("/applications").words


def test_letters_and_mails_of_a_closed_application_are_shut_as_well(aws: Wiring) -> None:
    closed = admitted(aws)
    other = send_in(aws, "5001", at="2026-03-21T10:00:00")
    browser = visit_office(aws, at="2026-05-02T10:00:00").sign_in("staff", email=ANNE)
    reference = browser.get(f"/api/applications/{closed}").json["application"]["reference"]
    addresses = [
        f"/api/letters/{reference}/1",
        f"/mails/{closed}_receipt_1",
    ]
    assert {browser.get(each).status for each in addresses} == {200, 302}
    known(aws, ANNE, Role.STAFF, municipality="4601")
    assert {said(browser.get(each)) for each in addresses} == {"conflict"}
    assert browser.get(f"/mails/{other.id}_receipt_1").status == 200


def test_an_application_that_is_not_there_is_unknown_to_everybody(aws: Wiring) -> None:
    browser = staff(aws)
    known(aws, ANNE, Role.STAFF, municipality="4601")
    assert browser.get("/applications/nothing").status == 404


SHOWN = {
    "/gatherings/S1": "beds and doors are for whoever comes; nothing is decided there",
    "/api/gatherings/S1": "the same",
    "/gatherings/S1/rooming-list": "the hotel's list is whole, or somebody has no bed",
    "/gatherings/S1/sign-in-list": "the list at the door is whole",
    "/gatherings/S1/badges": "everybody who comes has a badge",
    "/gatherings/S1/door": "whoever stands at the door lets everybody in",
    "/calendar/S1": "who comes; a change of beds is ruled on by somebody else",
    "/finance/audit": "an audit with holes proves nothing: the auditor's file is whole",
    "/late-application": "the register of all municipalities, to choose from",
    "/users": "whose own municipality is which; no application",
    f"/users/{person_id(VERA)}": "the register of all municipalities, to choose from",
}
"""Lists that name a closed application all the same, and why that is needed and harmless."""
KEY = "message00001"
MESSAGE = {
    "key": KEY,
    "group": "contacts",
    "subject_nb": "Til dere",
    "text_nb": "Hei",
    "count": 2,
}
OTHER_ACCOUNT = claim_body(date="2026-11-12") | {"account_number": "12345678903"}
EXAMPLES = {
    "gathering": "S1",
    "about": "S1",
    "kind": "applications",
    "section": "decision",
    "form": "nb",
    "name": "receipt",
    "kommunenummer": "5001",
    "number": "1",
}


def lists(here: Wiring) -> list[str]:
    """Every address that names no single application: pages, files and JSON."""
    batch = here.records.list(PaymentBatch, "PROGRAMME#kifk2", "BATCH#")[0]
    known = EXAMPLES | {"person": person_id(VERA), "batch_id": batch.id, "message_id": KEY}
    patterns = [
        route.removeprefix("GET ")
        for route in ACCESS
        if route.startswith("GET ") and not re.search("application_id|mail_id|reference>", route)
    ]
    found = [re.sub(r"<(\w+)>", lambda m: known.get(m[1], "none"), each) for each in patterns]
    extra = ("?state=all", "?as=csv", "?form=csv", "?q=4601", "?by=all")
    asked = {"/mails", "/applications/export", "/assessment/ranking/export", "/letters/export"}
    asked |= {"/finance/search", "/api/finance/search", "/finance/balances", "/api/mails"}
    return [*found, *(f"{each}{ending}" for each in sorted(asked) for ending in extra)]


def test_no_list_of_any_area_tells_of_what_is_closed(aws: Wiring) -> None:
    """Staff, finance and administrator in one, who lives in one of two municipalities that have
    come all the way to a payment.
    """
    paid_for(aws, "4601", "5001")
    known(aws, VERA)
    roles = (Role.STAFF, Role.FINANCE, Role.ADMIN)
    browser = visit_office(aws, at="2026-11-20T10:00:00").sign_in("staff", email=ANNE)
    known(aws, ANNE, *roles)
    assert browser.post_json("/api/messages", MESSAGE).status == 201
    every = lists(aws)
    told = {each for each in every if tells(browser.get(each))}
    assert len(told - SHOWN.keys()) > 20
    known(aws, ANNE, *roles, municipality="4601")
    assert {each for each in every if tells(browser.get(each))} - SHOWN.keys() == set()
    assert SHOWN.keys() <= {*every}
    assert "1 rad er skjult fordi du er inhabil" in browser.get("/letters").words
    assert browser.get("/api/letters").headers["X-Rows-Closed"] == "1"
    assert "1 rad er skjult" in browser.get("/letters/export?form=csv").text


def paid_for(here: Wiring, *municipalities: str) -> None:
    """Each with a place and two claims: one in a batch, one whose account waits."""
    sent = [send_in(here, each) for each in municipalities]
    decide_all(here, [(each.reference or "", Outcome.ADMITTED) for each in sent])
    release(here)
    for each in sent:
        post_letter(here, each.id)
        accept(here, each.id)
        register(here, each.id)
        send_claim(here, each.id)
        attest(here, each.id)
    seal(here)
    for each in sent:
        send_claim(here, each.id, "S2", at="2026-11-15T10:00:00", body=OTHER_ACCOUNT)


def tells(answer: Seen) -> bool:
    """Whether somebody who reads it sees the reference, the municipality or its people."""
    return bool(re.search("KFK2-2026-4601|Bergen|-4601@", answer.text))
