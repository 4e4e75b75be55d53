"""Somebody who only assesses sees what was sent, and nothing of what the office makes of it."""

import pytest

from kulturkontor.actions.decide import read_rows
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.web.office_access import ACCESS
from kulturkontor.web.reviewers_view import as_sent, row_as_sent
from tests.office_factory import decide_all
from tests.rules.application_factory import KIFK2, a_decision, a_row, an_application
from tests.web.assessors import ANNE, PER, VERA, give, known, reviewer, score, sent_by, staff
from tests.web.office_browser import Browser

REASON, NOTE = "Ordlyden i begrunnelsen.", "Vi ringte rektor."


@pytest.fixture
def case(aws: Wiring) -> str:
    """Assessed by one, assigned to two, proposed for the waiting list, with a note."""
    (one,) = sent_by(aws, "4601")
    known(aws, PER)
    known(aws, VERA)
    for email in (VERA, PER):
        give(aws, one, email)
    score(aws, one, 5, PER)
    staff(aws).post(f"/applications/{one}/notes", {"text": NOTE, "key": "note00000001"})
    (row,) = read_rows(aws.programme, aws.records)
    decide_all(aws, [(row.reference or "", Outcome.WAITLISTED)], reason=REASON)
    return one


def everything(browser: Browser, application_id: str) -> dict[str, str]:
    """What every address that a reviewer may open says, pages, files and JSON."""
    patterns = [route.removeprefix("GET ") for route in ACCESS if route.startswith("GET ")]
    found = [each.replace("<application_id>", application_id) for each in patterns]
    found += ["/applications/export?as=csv", "/applications?outcome=waitlisted"]
    return {each: browser.get(each).text for each in found if "<" not in each}


def test_no_address_tells_a_reviewer_of_decisions_notes_or_others_scores(
    aws: Wiring, case: str
) -> None:
    vera = reviewer(aws)
    told = everything(vera, case)
    assert sum(bool(each) for each in told.values()) >= 8
    secrets = (REASON, NOTE, "Tydelig i planen", PER, ANNE, "waitlisted", '"rank":1', '"totals"')
    found = {(where, each) for where, said in told.items() for each in secrets if each in said}
    assert found == set()
    assert vera.get(f"/api/assessment/{case}").json == {"own": None, "others": None}
    score(aws, case, 3)
    assert [each["email"] for each in vera.get(f"/api/assessment/{case}").json["others"]] == [PER]
    assert REASON in staff(aws).get(f"/applications/{case}").words


def test_a_reviewers_list_has_no_columns_of_decisions(aws: Wiring, case: str) -> None:
    vera = reviewer(aws)
    (row,) = vera.get("/api/applications").json
    assert {name: row[name] for name in ("letters", "rank", "place", "group", "asked")} == {
        "letters": [],
        "rank": None,
        "place": None,
        "group": 0,
        "asked": "",
    }
    headings = vera.get("/applications/export?as=csv").text.splitlines()[0]
    assert headings.split(";")[-1] == "Mottatt"
    assert "Svar" not in headings
    assert vera.get("/api/applications?outcome=waitlisted").json == []
    assert "Venteliste" not in vera.get("/applications").words


def test_what_is_added_to_an_application_is_hidden_until_somebody_says_otherwise() -> None:
    application = an_application(decisions=[a_decision()], suspect=True)
    seen = as_sent(application)
    assert (seen.answers, seen.suspect, seen.decisions) == (application.answers, True, ())
    row = a_row(KIFK2, suspect=True, rank=3)
    assert (row_as_sent(row).suspect, row_as_sent(row).rank) == (True, None)
