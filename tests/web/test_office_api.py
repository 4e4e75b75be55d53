"""The office's JSON API: what it tells, and how it refuses what it cannot read."""

from typing import Any

import pytest

from kulturkontor.actions import decide
from kulturkontor.applications import LIVE
from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.records import Put
from kulturkontor.sheet_imports import SheetImport, SheetState, sheet_key
from kulturkontor.waiting_order import waiting_list
from kulturkontor.web.office_files import XLSX
from tests.office_factory import (
    admitted,
    attest,
    decide_all,
    letter,
    release_batch,
    seal,
    send_claim,
    send_in,
)
from tests.web.office_browser import visit_office


def test_the_books_are_told_whole(aws: Wiring) -> None:
    waiting = send_in(aws, "5001")
    assert waiting.reference is not None
    first = admitted(aws)
    decide_all(aws, [(waiting.reference, Outcome.WAITLISTED)])
    letter(aws, waiting.id)
    send_claim(aws, first)
    attest(aws, first)
    release_batch(aws, seal(aws)[0].id)
    finance = visit_office(aws, at="2026-10-06T10:00:00").sign_in("finance")
    books = finance.get("/api/books").json
    mails = books.pop("mails")
    assert (mails["sent"], mails["queued"] + mails["sent"]) == (2, sum(mails.values()))
    assert books == {
        "applications": {
            "received": 2,
            "complete": 2,
            "incomplete": 0,
            "late": 0,
            "superseded": 0,
            "withdrawn": 0,
            "refused": 0,
        },
        "decisions": {
            "first": {"admitted": 1, "waitlisted": 1, "rejected": 0},
            "last": {"admitted": 1, "waitlisted": 1, "rejected": 0, "given_up": 0},
        },
        "letters": {
            "decided": 2,
            "held": 0,
            "rendered": 2,
            "waiting": 1,
            "refused": 0,
            "uncertain": 0,
            "handed_over": 1,
            "delivered": 0,
            "bounced": 0,
            "in_transit": 1,
            "withdrawal_asked": 0,
            "unconfirmed": 0,
            "taken_back": 0,
            "unanswered": 0,
        },
        "claims": {
            "received": 1,
            "approved_lines": 1,
            "reduced_lines": 0,
            "held_lines": 0,
            "rejected_lines": 0,
            "late": 0,
        },
        "payments": {
            "batches": 1,
            "count": 1,
            "control_sum_ore": 26500,
            "rejected_by_bank": 0,
        },
        "money": {
            "actual_ore": 53000,
            "council_ore": 26500,
            "municipality_ore": 26500,
            "entitled_ore": 26500,
            "paid_ore": 0,
            "outside_ore": 0,
            "outstanding_ore": 26500,
            "netted_ore": 0,
            "owed_ore": 0,
            "difference_ore": 0,
        },
    }


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 5),
        ("/api/books", 5),
        ("/applications", 2),
        ("/letters", 5),
        ("/mails", 2),
        ("/sheets", 2),
        ("/claims", 2),
        ("/accounts", 4),
        ("/finance", 2),
        ("/finance/balances", 2),
        ("/finance/debts", 2),
        ("/finance/year-end", 2),
        ("/finance/search?q=bergen", 2),
        ("/batches/next", 6),
        ("/batches", 2),
    ],
)
def test_a_list_costs_few_calls_however_long_it_is(aws: Wiring, address: str, most: int) -> None:
    """One of them reads the session; the clock is not counted."""
    first = admitted(aws)
    send_in(aws, "5001")
    send_claim(aws, first)
    browser = visit_office(aws).sign_in("staff", "finance")
    calls.clear()
    assert browser.get(address).status == 200
    assert calls.total() <= most


def test_an_application_is_told_whole_with_who_did_what(aws: Wiring) -> None:
    first = admitted(aws)
    told = visit_office(aws).sign_in("staff").get(f"/api/applications/{first}").json
    assert set(told) == {"application", "versions", "files", "claims", "audit", "notes"}
    assert told["application"]["reference"] == "KFK2-2026-4601"
    assert [row["what"] for row in told["audit"]] == [
        "confirmation",
        "decision",
        "answer",
        "group",
    ]
    assert told["application"]["state"] in LIVE


def test_an_unknown_application_is_a_problem(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    for path in ("/api/applications/none", "/api/claims/none/S1", "/api/batches/none"):
        answer = browser.get(path)
        assert (answer.status, answer.code) == (404, "unknown")
    assert browser.post_json("/api/applications/none/reason", {"reason": "x"}).status == 404
    assert browser.post_json("/api/claims/none/S1/attest").status == 404
    assert browser.post_json("/api/mails/none/resend").status == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param('{"reason": ', 400, "malformed", id="half a JSON"),
        pytest.param('{"reason": "\\ud800"}', 400, "malformed", id="half a character"),
        pytest.param("[" * 5000, 400, "malformed", id="too deep"),
        pytest.param('{"reason": ""}', 422, "invalid", id="empty"),
        pytest.param('{"reason": 7}', 422, "invalid", id="a number"),
        pytest.param('{"reason": "x", "by": "me"}', 422, "invalid", id="one field too many"),
        pytest.param("[]", 422, "invalid", id="a list"),
        pytest.param('{"reason": "12057312345"}', 409, "not_decided", id="no decision yet"),
        pytest.param('{"reason": "' + "x" * 200_000 + '"}', 413, "too_large", id="too large"),
    ],
)
def test_a_faulty_body_is_refused_by_name(aws: Wiring, body: str, status: int, code: str) -> None:
    receipt = send_in(aws)
    browser = visit_office(aws).sign_in("staff")
    headers = {"content-type": "application/json", "x-csrf-token": browser.csrf}
    answer = browser.send("POST", f"/api/applications/{receipt.id}/reason", body, headers)
    assert (answer.status, answer.code) == (status, code)


def test_a_problem_speaks_the_readers_language(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    told = {
        each: browser.get(f"/api/batches/none?lang={each}").json["title"] for each in ("nb", "nn")
    }
    assert told == {"nb": "Vi finner det ikke", "nn": "Vi finn det ikkje"}


def test_a_body_that_is_not_utf8_is_the_senders_fault(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    token = browser.csrf
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": "/api/sheets",
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "x-csrf-token": token},
        "cookies": [f"__Host-session={browser.cookies['__Host-session']}"],
        "requestContext": {"http": {"method": "POST"}, "stage": "$default"},
        "body": "/w==",
        "isBase64Encoded": True,
    }
    assert browser.resolve(event)["statusCode"] == 400


def test_the_decision_sheet_is_an_excel_file(aws: Wiring) -> None:
    send_in(aws)
    answer = visit_office(aws).sign_in("staff").get("/api/decision-sheet")
    assert (answer.status, answer.headers["Content-Type"]) == (200, XLSX)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kifk2-2026-04-02.xlsx"'
    assert answer.text.startswith("PK")


def test_a_promised_sheet_is_told_until_it_is_applied(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    promised = browser.post_json("/api/sheets", {"kind": "decisions"})
    sheet_id = promised.json["sheet"]["id"]
    assert promised.status == 201
    assert promised.json["form"]["fields"]["key"] == f"sheets/kifk2/decisions/{sheet_id}"
    waiting = browser.get(f"/api/sheets/{sheet_id}").json
    assert waiting == {
        "id": sheet_id,
        "kind": "decisions",
        "state": "waiting",
        "rows": 0,
        "faults": 0,
        "report": None,
    }
    assert browser.get(f"/api/sheets/{sheet_id}/report").status == 404
    sheet = aws.records.read(SheetImport, sheet_key("kifk2", sheet_id))
    assert sheet is not None
    faulty = sheet.but(state=SheetState.FAULTY, faults=2, report_key="reports/kifk2/x.xlsx")
    aws.records.write(Put(faulty))
    told = browser.get(f"/api/sheets/{sheet_id}").json
    assert (told["state"], told["faults"]) == ("faulty", 2)
    assert told["report"].endswith(f"/api/sheets/{sheet_id}/report")
    assert "/reports/kifk2/x.xlsx?" in browser.get(f"/api/sheets/{sheet_id}/report").location
    assert browser.post_json("/api/sheets", {"kind": "payments"}).status == 422


def test_rulings_by_the_api_name_who_made_them(aws: Wiring) -> None:
    first = admitted(aws)
    send_claim(aws, first)
    browser = visit_office(aws, at="2026-10-01T10:00:00").sign_in("staff")
    address = f"/api/claims/{first}/S1"
    sent = {"rulings": [{"line_id": "l1", "verdict": "reject", "reason": "Ikke reist"}]}
    told = browser.post_json(f"{address}/rulings", sent).json
    ruling = {
        **sent["rulings"][0],
        "internal": "",
        "by": "kari@example.org",
        "approved_ore": None,
    }
    assert told["rulings"] == [ruling]
    assert "Ikke reist" in told["explanations"]["l1"]
    forged = {"rulings": [{**sent["rulings"][0], "by": "ola@example.org"}]}
    assert browser.post_json(f"{address}/rulings", forged).status == 422
    unknown = {"rulings": [{**sent["rulings"][0], "line_id": "l9"}]}
    assert browser.post_json(f"{address}/rulings", unknown).code == "unknown_line"
    assert browser.post_json(f"{address}/attest").json["state"] == "closed_without_payment"
    assert browser.get("/api/claims").json[0]["municipality"] == "Bergen"


def test_a_place_that_is_not_free_is_not_offered(aws: Wiring) -> None:
    first = admitted(aws)
    browser = visit_office(aws).sign_in("staff")
    answer = browser.post_json(f"/api/applications/{first}/offer-next")
    assert (answer.status, answer.code) == (409, "not_free")
    assert waiting_list(decide.read_rows(aws.programme, aws.records)) == []
