"""The JSON API of claims beyond sending: trying out, and answering a question."""

import boto3
import pytest

from kulturkontor.aws.wiring import Wiring
from tests.conftest import set_clock
from tests.office_factory import admitted, claim_body, send_claim, send_in
from tests.web.claim_writer import claims_of, upload
from tests.web.portal_visitor import Seen, Visitor, token_of
from tests.web.test_portal_claim_answer import a_claim, rule


@pytest.fixture
def admitted_id(aws: Wiring) -> str:
    application_id = admitted(aws)
    set_clock("2026-09-30T10:00:00+02:00")
    return application_id


def ask(visitor: Visitor, application_id: str, rest: str, body: object) -> Seen:
    path = f"/api/applications/{application_id}/claims/S1{rest}"
    return visitor.api("POST", path, body, token=token_of(application_id))


def test_claim_is_tried_out_and_nothing_is_kept(
    visitor: Visitor, aws: Wiring, admitted_id: str
) -> None:
    before = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    seen = ask(visitor, admitted_id, "/preview", claim_body())
    told = seen.json
    assert (seen.status, seen.calls) == (200, {"dynamodb": 2})
    assert (told["version"], told["pay_ore"], told["owed_ore"], told["settled_before_ore"]) == (
        1,
        265_00,
        0,
        0,
    )
    assert told["judgement"]["council_ore"] == 265_00
    assert told["explanations"] == {"l1": "Vi dekker 50 prosent av reisekostnadene."}
    assert boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"] == before


def test_preview_is_what_sending_gives(visitor: Visitor, aws: Wiring, admitted_id: str) -> None:
    tried = ask(visitor, admitted_id, "/preview", claim_body()).json
    assert ask(visitor, admitted_id, "", claim_body()).json == tried


def test_preview_of_a_correction_tells_the_difference(
    visitor: Visitor, aws: Wiring, admitted_id: str
) -> None:
    send_claim(aws, admitted_id)
    told = ask(visitor, admitted_id, "/preview", claim_body(kilometres="120")).json
    assert (told["version"], told["pay_ore"]) == (2, 318_00)
    assert [each.version for each in claims_of(aws, admitted_id)] == [1]


def test_preview_is_refused_as_the_claim_would_be(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-09-24T10:00:00+02:00")
    early = ask(visitor, application_id, "/preview", claim_body())
    assert (early.status, early.json["code"]) == (403, "claim_before_gathering")
    set_clock("2026-09-30T10:00:00+02:00")
    faulty = ask(visitor, application_id, "/preview", claim_body(kilometres="langt"))
    assert [each["field"] for each in faulty.json["errors"]] == ["lines.0.kilometres"]
    other = send_in(aws, "4204")
    assert ask(visitor, other.id, "/preview", claim_body()).json["code"] == "claim_no_place"


def test_question_is_answered(visitor: Visitor, aws: Wiring, admitted_id: str) -> None:
    receipt = upload(aws, admitted_id, 1)
    send_claim(aws, admitted_id, body=a_claim(receipt))
    rule(aws, admitted_id, l2=("ask", "Hvorfor drosje?"))
    path = f"/api/applications/{admitted_id}/claims/S1"
    shown = visitor.api("GET", path, token=token_of(admitted_id)).json
    assert shown["questions"] == {"l2": "Hvorfor drosje?"}
    body = {"reply": "Det gikk ikke buss.", "changes": {"amount": "600"}}
    seen = ask(visitor, admitted_id, "/lines/l2/answer", body)
    assert (seen.status, seen.json["version"], seen.json["questions"]) == (201, 2, {})
    assert sum(seen.calls.values()) <= 4
    again = ask(visitor, admitted_id, "/lines/l2/answer", body)
    assert (again.status, again.json["version"]) == (200, 2)


@pytest.mark.parametrize(
    ("line", "body", "status", "code"),
    [
        ("l1", {"reply": "Slik."}, 409, "claim_not_asked"),
        ("l9", {"reply": "Slik."}, 404, "claim_unknown_line"),
        ("l2", {"reply": " "}, 422, "fields_invalid"),
        ("l2", {"changes": {}}, 422, "fields_invalid"),
        ("l2", {"reply": "Slik.", "changes": {"amount": "1.234"}}, 422, "fields_invalid"),
        ("l2", {"reply": "Slik.", "changes": {"pris": "1"}}, 422, "fields_invalid"),
    ],
)
def test_answer_that_cannot_be_taken_is_refused(
    visitor: Visitor,
    aws: Wiring,
    admitted_id: str,
    line: str,
    body: object,
    status: int,
    code: str,
) -> None:
    send_claim(aws, admitted_id, body=a_claim(upload(aws, admitted_id, 1)))
    rule(aws, admitted_id, l2=("ask", "Hvorfor drosje?"))
    seen = ask(visitor, admitted_id, f"/lines/{line}/answer", body)
    assert (seen.status, seen.json["code"]) == (status, code)
    assert len(claims_of(aws, admitted_id)) == 1


def test_answer_changes_neither_person_nor_kind(
    visitor: Visitor, aws: Wiring, admitted_id: str
) -> None:
    send_claim(aws, admitted_id, body=a_claim(upload(aws, admitted_id, 1)))
    rule(aws, admitted_id, l2=("ask", "Hvorfor drosje?"))
    changes = {"id": "l7", "participant": "p2", "kind": "train", "note": "Se svaret."}
    ask(visitor, admitted_id, "/lines/l2/answer", {"reply": "Slik.", "changes": changes})
    line = claims_of(aws, admitted_id)[-1].claim.lines[1]
    assert (line.id, line.participant, line.kind, line.note) == ("l2", "p1", "taxi", "Se svaret.")
