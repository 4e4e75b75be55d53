from typing import Any

import boto3
import pytest

from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.records import Put
from tests.conftest import messages, set_clock
from tests.office_factory import admitted, answers, read, send_in
from tests.web.portal_visitor import Visitor, token_of

RECEIPT = {
    "reference": "KFK2-2026-4601",
    "state": "submitted",
    "version": 1,
    "received_at": "2026-03-20T09:00:00Z",
    "is_late": False,
    "is_complete": True,
    "missing": [],
    "warnings": [],
}


def start(visitor: Visitor, body: object, key: str = "a-key-of-mine") -> Any:
    return visitor.api("POST", "/api/applications", body, idempotency_key=key)


def sent(municipality: str = "4601", **changes: object) -> dict[str, object]:
    return {"submit": True, "answers": answers(municipality, **changes)}


def test_programme_is_told_in_public(visitor: Visitor) -> None:
    seen = visitor.get("/api/programme")
    told = seen.json
    assert seen.status == 200
    assert told["phase"] == "open"
    assert told["opens_at"] == "2026-03-19T12:00:00+01:00"
    assert told["closes_at"] == "2026-04-14T00:00:00+02:00"
    assert [each["id"] for each in told["gatherings"]] == ["S1", "S2", "S3", "S4", "S5", "S6"]
    assert told["limits"] == {
        "min_members": 4,
        "min_sectors": 2,
        "max_text": 3000,
        "max_body_bytes": 200000,
    }
    assert told["share"] == {
        "travel_percent": 50,
        "travel_persons": None,
        "overnight_persons": 4,
        "overnight_mode": "refund",
    }


def test_application_is_received_with_a_receipt(visitor: Visitor) -> None:
    seen = start(visitor, sent())
    told = seen.json
    assert (seen.status, told) == (201, {"id": told["id"], **RECEIPT})


def test_same_request_twice_gets_the_same_answer_and_one_mail(
    visitor: Visitor, aws: Wiring
) -> None:
    first, second = start(visitor, sent()), start(visitor, sent())
    assert (second.status, second.json) == (201, first.json)
    assert len(messages(aws.settings.mail_queue_url)) == 1


def test_same_key_with_another_body_is_refused(visitor: Visitor) -> None:
    start(visitor, sent())
    seen = start(visitor, sent(motivation="Noe annet"))
    assert (seen.status, seen.json["code"]) == (409, "key_reused")


@pytest.mark.parametrize("key", ["", "short", "x" * 201])
def test_request_needs_an_idempotency_key(visitor: Visitor, key: str) -> None:
    seen = start(visitor, sent(), key=key)
    assert (seen.status, seen.json["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize(
    ("moment", "status", "outcome"),
    [
        ("2026-03-19T11:59:59.999+01:00", 403, "period_before"),
        ("2026-03-19T12:00:00+01:00", 201, False),
        ("2026-04-13T23:59:59.999+02:00", 201, False),
        ("2026-04-14T00:00:00+02:00", 201, True),
        ("2026-04-30T08:59:59.999+02:00", 201, True),
        ("2026-04-30T09:00:00+02:00", 403, "period_closed"),
    ],
)
def test_period_is_judged_by_the_time_the_request_came(
    visitor: Visitor, moment: str, status: int, outcome: object
) -> None:
    set_clock(moment)
    seen = start(visitor, sent())
    assert (seen.status, seen.json.get("code", seen.json.get("is_late"))) == (status, outcome)


def test_faults_name_their_fields_in_the_language_of_the_answers(visitor: Visitor) -> None:
    contact = {"name": "", "email": "not an address"}
    body = sent("Herøy", language="nn", contact=contact, leader={})
    seen = start(visitor, body)
    assert seen.status == 422
    assert seen.headers["Content-Type"] == "application/problem+json"
    assert seen.json["errors"] == [
        {
            "field": "municipality",
            "code": "municipality_ambiguous_name",
            "message": "Vel kommunen som søkjer på nytt. Fleire har dette namnet: "
            "1515 Herøy (Møre og Romsdal), 1818 Herøy (Nordland).",
        },
        {
            "field": "contact.name",
            "code": "required",
            "message": "Fyll ut namnet til kontaktpersonen.",
        },
        {
            "field": "contact.email",
            "code": "email",
            "message": "Skriv e-postadressa til kontaktpersonen på forma namn@kommune.no.",
        },
    ]


@pytest.mark.parametrize(
    ("path", "accepted", "title"),
    [
        ("/api/nowhere", "nn-NO,nn;q=0.9", "Sida finst ikkje"),
        ("/api/nowhere?lang=nb", "nn", "Siden finnes ikke"),
        ("/api/nowhere", "en", "Siden finnes ikke"),
        ("/api/nowhere", "no;q=0.3,nn;q=0.2", "Siden finnes ikke"),
    ],
)
def test_problem_is_told_in_the_language_asked_for(
    visitor: Visitor, path: str, accepted: str, title: str
) -> None:
    assert visitor.get(path, **{"accept-language": accepted}).json["title"] == title


def test_submit_makes_at_most_four_calls(visitor: Visitor) -> None:
    seen = start(visitor, sent())
    assert seen.calls == {"dynamodb": 3, "sqs": 1}


def test_saving_a_draft_makes_two_calls(visitor: Visitor, aws: Wiring) -> None:
    draft = send_in(aws, submit=False)
    seen = visitor.api(
        "PATCH",
        f"/api/applications/{draft.id}",
        {"submit": False, "answers": {"motivation": "Mer"}},
        token=token_of(draft.id),
    )
    assert (seen.status, seen.calls) == (200, {"dynamodb": 2})


def test_draft_is_finished_and_sent_by_link(visitor: Visitor, aws: Wiring) -> None:
    draft = send_in(aws, submit=False, motivation="")
    path, token = f"/api/applications/{draft.id}", token_of(draft.id)
    shown = visitor.api("GET", path, token=token).json
    assert (shown["state"], shown["version"]) == ("draft", 1)
    assert shown["missing"] == [{"field": "motivation", "code": "motivation"}]
    body = {"submit": True, "version": 1, "answers": {"motivation": "Flere barn"}}
    seen = visitor.api("PATCH", path, body, token=token)
    assert (seen.status, seen.json) == (200, {"id": draft.id, **RECEIPT, "version": 2})
    again = visitor.api("PATCH", path, body, token=token)
    assert (again.status, again.json["code"]) == (409, "stale_version")


def test_sent_application_stays_with_its_municipality(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    body = {"submit": True, "answers": {"municipality": "1103"}}
    seen = visitor.api("PATCH", f"/api/applications/{receipt.id}", body, token=token_of(receipt.id))
    assert (seen.status, seen.json["code"]) == (409, "municipality_fixed")


def test_withdrawal_before_the_deadline_is_done_at_once(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    path, token = f"/api/applications/{receipt.id}", token_of(receipt.id)
    assert visitor.api("DELETE", path, token=token).json["state"] == "withdrawn"
    assert read(aws, receipt.id).state is ApplicationState.WITHDRAWN


def test_withdrawal_after_the_deadline_goes_to_staff(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    set_clock("2026-04-15T10:00:00+02:00")
    seen = visitor.api("DELETE", f"/api/applications/{receipt.id}", token=token_of(receipt.id))
    assert (seen.status, seen.json["state"]) == (200, "withdrawal_asked")


def ask_everything(
    visitor: Visitor, application_id: str, token: str | None
) -> dict[str, tuple[int, str]]:
    """The status and code of every request that needs a link, each made in a way that would do."""
    people = [
        {"id": f"p{each}", "name": "Prøve", "sector": "kultur", "coordinator": each == 1}
        for each in range(4)
    ]
    claim = {
        "participants": [{"id": "p1", "name": "Prøve"}],
        "no_cost": True,
        "vat": "included",
        "declared": True,
    }
    requests: list[tuple[str, str, object]] = [
        ("GET", "", None),
        ("PATCH", "", {"submit": False, "answers": {}}),
        ("DELETE", "", None),
        ("POST", "/files", {"purpose": "attachments", "name": "plan.pdf"}),
        ("GET", "/files", None),
        ("POST", "/answer", {"accept": True}),
        ("PUT", "/participants", {"participants": people}),
        ("POST", "/claims/S1", claim),
        ("GET", "/claims/S1", None),
    ]
    seen = {
        f"{method} {rest}": visitor.api(
            method, f"/api/applications/{application_id}{rest}", body, token=token
        )
        for method, rest, body in requests
    }
    return {name: (each.status, each.json["code"]) for name, each in seen.items()}


@pytest.mark.parametrize("token", [None, "", "wrong", "forged"])
def test_nothing_is_open_without_a_link(visitor: Visitor, aws: Wiring, token: str | None) -> None:
    receipt = send_in(aws)
    tried = f"{token_of(receipt.id)[:-2]}xx" if token == "forged" else token  # noqa: S105 - a name of a case
    answered = ask_everything(visitor, receipt.id, tried)
    assert set(answered.values()) == {(401, "link_invalid")}


def test_link_of_another_application_finds_nothing(visitor: Visitor, aws: Wiring) -> None:
    mine, yours = send_in(aws, "4601"), send_in(aws, "1103")
    answered = ask_everything(visitor, yours.id, token_of(mine.id))
    assert set(answered.values()) == {(404, "not_found")}


def test_replaced_link_is_dead(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    aws.records.write(Put(read(aws, receipt.id).but(link_version=2)))
    answered = ask_everything(visitor, receipt.id, token_of(receipt.id, 1))
    assert set(answered.values()) == {(401, "link_invalid")}


def test_link_of_an_erased_application_says_so(visitor: Visitor) -> None:
    answered = ask_everything(visitor, "0" * 32, token_of("0" * 32))
    assert set(answered.values()) == {(410, "gone")}


def test_decision_is_hidden_until_it_is_told(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    path, token = f"/api/applications/{application_id}", token_of(application_id)
    told = visitor.api("GET", path, token=token).json
    assert told["decision"] == {
        "serial": 1,
        "outcome": "admitted",
        "reason": "Søknaden er god.",
        "answer_by": "2026-05-20",
    }
    assert told["place"]["state"] == "accepted"
    application = read(aws, application_id)
    decision = application.decisions[0].model_copy(update={"letter": None})
    aws.records.write(Put(application.but(decisions=(decision,))))
    hidden = visitor.api("GET", path, token=token).json
    assert (hidden["decision"], hidden["place"]) == (None, None)


@pytest.mark.parametrize("municipality", ["4601", "1103", "KOMMUNE Bergen"])
def test_link_is_asked_for_without_telling_who_applied(
    visitor: Visitor, aws: Wiring, municipality: str
) -> None:
    send_in(aws, "4601")
    messages(aws.settings.mail_queue_url)
    seen = visitor.api("POST", "/api/links", {"municipality": municipality})
    expected = 422 if municipality.startswith("KOMMUNE") else 202
    assert (seen.status, seen.json if expected == 202 else {}) == (expected, {})
    sent_mails = messages(aws.settings.mail_queue_url)
    assert len(sent_mails) == (1 if municipality == "4601" else 0)


def test_too_many_from_one_address_are_told_when_to_come_back(
    visitor: Visitor, aws: Wiring
) -> None:
    set_clock("2026-03-20T10:20:00+01:00")
    statuses = [
        visitor.api("POST", "/api/links", {"municipality": "1103"}).status for _ in range(21)
    ]
    assert statuses == [202] * 20 + [429]
    seen = visitor.api("POST", "/api/links", {"municipality": "1103"})
    assert seen.headers["Retry-After"] == "2401"
    assert seen.json["detail"].endswith("Vent omtrent 41 minutter og prøv igjen.")
    assert seen.calls == {"dynamodb": 1}
    elsewhere = Visitor(address="203.0.113.9")
    assert elsewhere.api("POST", "/api/links", {"municipality": "1103"}).status == 202
    set_clock("2026-03-20T11:00:01+01:00")
    assert visitor.api("POST", "/api/links", {"municipality": "1103"}).status == 202


def test_no_address_is_kept(visitor: Visitor, aws: Wiring) -> None:
    start(visitor, sent())
    visitor.api("POST", "/api/links", {"municipality": "4601"})
    kept = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    assert [each for each in kept if visitor.address in str(each)] == []
