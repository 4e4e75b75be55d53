from typing import Any

import boto3
import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from tests.conftest import set_clock
from tests.office_factory import (
    admitted,
    claim_body,
    decide_all,
    group,
    post_letter,
    read,
    release,
    send_in,
)
from tests.web.portal_visitor import Seen, Visitor, token_of


def ask(visitor: Visitor, method: str, application_id: str, rest: str, body: object = None) -> Seen:
    path = f"/api/applications/{application_id}{rest}"
    return visitor.api(method, path, body, token=token_of(application_id))


def offered(aws: Wiring) -> str:
    receipt = send_in(aws)
    decide_all(aws, [(str(receipt.reference), Outcome.ADMITTED)])
    release(aws)
    post_letter(aws, receipt.id)
    set_clock("2026-05-04T10:00:00+02:00")
    return receipt.id


def test_file_is_promised_and_taken_by_the_bucket(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    body = {"purpose": "attachments", "name": "Kulturplan.pdf"}
    seen = ask(visitor, "POST", receipt.id, "/files", body)
    told = seen.json
    assert seen.status == 201
    assert told["file"] == {
        "id": told["file"]["id"],
        "purpose": "attachments",
        "name": "Kulturplan.pdf",
        "state": "waiting",
        "reason": "",
        "message": "",
    }
    assert told["form"]["fields"]["key"] == f"attachments/{receipt.id}/{told['file']['id']}"
    assert ask(visitor, "GET", receipt.id, "/files").json == {"files": [told["file"]]}


def test_offer_is_accepted_in_four_calls_and_twice_is_once(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    first = ask(visitor, "POST", application_id, "/answer", {"accept": True})
    assert (first.status, first.json["place"]["state"]) == (200, "accepted")
    assert first.calls == {"dynamodb": 3, "sqs": 1}
    second = ask(visitor, "POST", application_id, "/answer", {"accept": True})
    assert (second.status, second.json, second.calls) == (200, first.json, {"dynamodb": 1})


def test_answer_without_an_offer_is_refused(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    seen = ask(visitor, "POST", receipt.id, "/answer", {"accept": True})
    assert (seen.status, seen.json["code"]) == (409, "place_state")


def people(count: int, *, coordinators: int = 1, same_id: bool = False) -> dict[str, Any]:
    return {
        "participants": [
            {
                "id": "p1" if same_id else f"p{number}",
                "name": f"Prøve {number}",
                "sector": "kultur",
                "coordinator": number < coordinators,
            }
            for number in range(count)
        ]
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (people(3), 422, "group_too_few"),
        (people(4, same_id=True), 422, "group_same_id_twice"),
        (people(4, coordinators=0), 422, "group_coordinators"),
        (people(4, coordinators=3), 422, "group_coordinators"),
        (people(41), 422, "fields_invalid"),
        ({"participants": [{"id": "P 1", "name": "", "sector": "x"}]}, 422, "fields_invalid"),
        (people(4), 409, "place_state"),
    ],
)
def test_group_that_cannot_be_registered_is_refused(
    visitor: Visitor, aws: Wiring, body: dict[str, Any], status: int, code: str
) -> None:
    application_id = offered(aws)
    seen = ask(visitor, "PUT", application_id, "/participants", body)
    assert (seen.status, seen.json["code"]) == (status, code)
    assert read(aws, application_id).participants == ()


def test_group_is_registered_whole(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    ask(visitor, "POST", application_id, "/answer", {"accept": True})
    body = group().model_dump(mode="json")
    seen = ask(visitor, "PUT", application_id, "/participants", body)
    assert (seen.status, seen.json) == (200, body)
    assert read(aws, application_id).participants == group().participants


def test_claim_is_received_explained_and_the_same_again_is_the_same(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = admitted(aws)
    set_clock("2026-09-30T10:00:00+02:00")
    first = ask(visitor, "POST", application_id, "/claims/S1", claim_body())
    assert first.status == 201
    assert sum(first.calls.values()) <= 4
    told = first.json
    assert (told["claim_number"], told["version"], told["is_late"]) == (
        "KFK2-2026-4601-S1",
        1,
        False,
    )
    assert told["judgement"]["council_ore"] == 26500
    assert told["explanations"] == {"l1": "Vi dekker 50 prosent av reisekostnadene."}
    second = ask(visitor, "POST", application_id, "/claims/S1", claim_body())
    assert (second.status, second.json) == (200, told)
    third = ask(visitor, "POST", application_id, "/claims/S1", claim_body(kilometres="120"))
    assert (third.status, third.json["version"]) == (201, 2)
    shown = ask(visitor, "GET", application_id, "/claims/S1").json
    assert (shown["version"], shown["claim"]["lines"][0]["kilometres"]) == (2, "120.0")


@pytest.mark.parametrize(
    ("moment", "gathering", "changes", "status", "code"),
    [
        ("2026-09-24T23:59:59+02:00", "S1", {}, 403, "claim_before_gathering"),
        ("2026-09-30T10:00:00+02:00", "S9", {}, 404, "claim_unknown_gathering"),
        ("2026-09-30T10:00:00+02:00", "S1", {"declared": False}, 422, "fields_invalid"),
    ],
)
def test_claim_that_cannot_be_made_is_refused(
    visitor: Visitor,
    aws: Wiring,
    moment: str,
    gathering: str,
    changes: dict[str, Any],
    status: int,
    code: str,
) -> None:
    application_id = admitted(aws)
    set_clock(moment)
    seen = ask(visitor, "POST", application_id, f"/claims/{gathering}", claim_body() | changes)
    assert (seen.status, seen.json["code"]) == (status, code)


def test_fault_of_a_claim_names_its_line(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-09-30T10:00:00+02:00")
    seen = ask(
        visitor, "POST", application_id, "/claims/S1?lang=nn", claim_body(kilometres="langt")
    )
    assert [(each["field"], each["code"]) for each in seen.json["errors"]] == [
        ("lines.0.kilometres", "kilometres")
    ]
    assert seen.json["errors"][0]["message"].startswith("Skriv talet på kilometer")


def test_municipality_without_a_place_claims_nothing(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    set_clock("2026-09-30T10:00:00+02:00")
    seen = ask(visitor, "POST", receipt.id, "/claims/S1", claim_body())
    assert (seen.status, seen.json["code"]) == (409, "claim_no_place")
    assert ask(visitor, "GET", receipt.id, "/claims/S1").json["code"] == "claim_unknown_claim"


def test_no_answer_of_the_api_holds_the_link(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    token = token_of(application_id)
    seen = ask(visitor, "GET", application_id, "")
    assert token not in seen.text
    kept = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    assert token.rpartition(".")[2] not in str(kept)
