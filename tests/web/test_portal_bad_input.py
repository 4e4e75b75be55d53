import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kulturkontor.aws.wiring import Wiring
from tests.conftest import load_event
from tests.office_factory import admitted, answers, claim_body, send_in
from tests.web.portal_visitor import FORM, Visitor, handle, token_of

JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        pytest.param(None, JSON, 400, "body_malformed", id="no body"),
        pytest.param("", JSON, 400, "body_malformed", id="empty body"),
        pytest.param("{", JSON, 400, "body_malformed", id="half a body"),
        pytest.param('{"submit": NaN}', JSON, 400, "body_malformed", id="NaN"),
        pytest.param('{"submit": Infinity}', JSON, 400, "body_malformed", id="infinity"),
        pytest.param(f'{{"a": {"9" * 5000}}}', JSON, 400, "body_malformed", id="endless number"),
        pytest.param("[" * 90_000, JSON, 400, "body_malformed", id="deep and unclosed"),
        pytest.param('{"a":' * 30_000 + "1" + "}" * 30_000, JSON, 400, "body_malformed", id="deep"),
        pytest.param('{"a": "\\ud800"}', JSON, 400, "body_malformed", id="half a character"),
        pytest.param('{"\\ud800": 1}', JSON, 400, "body_malformed", id="half a character as name"),
        pytest.param(b"\xff\xfe{}", JSON, 400, "body_not_utf8", id="not UTF-8"),
        pytest.param(" " * 200_001, JSON, 413, "body_too_large", id="too large"),
        pytest.param("{}", "text/plain", 415, "content_type", id="plain text"),
        pytest.param("{}", FORM, 415, "content_type", id="a form"),
        pytest.param("[]", JSON, 422, "fields_invalid", id="a list"),
        pytest.param("null", JSON, 422, "fields_invalid", id="null"),
        pytest.param('"text"', JSON, 422, "fields_invalid", id="a text"),
        pytest.param("{}", JSON, 422, "fields_invalid", id="nothing in it"),
        pytest.param(
            '{"submit": "yes", "answers": {}}', JSON, 422, "fields_invalid", id="text for truth"
        ),
        pytest.param(
            '{"submit": true, "answers": []}', JSON, 422, "fields_invalid", id="list for answers"
        ),
        pytest.param(
            '{"submit": true, "answers": {"a\\u0000b": 1}}', JSON, 422, "fields_invalid", id="null"
        ),
    ],
)
def test_body_that_cannot_be_read_is_told_why(
    visitor: Visitor, body: str | bytes | None, content_type: str, status: int, code: str
) -> None:
    headers = {"content-type": content_type, "idempotency-key": "a-key-of-mine"}
    seen = visitor.ask("POST", "/api/applications", body=body, headers=headers)
    assert (seen.status, seen.json["code"]) == (status, code)
    assert seen.calls == {} or code == "fields_invalid"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"body": "not base64!", "isBase64Encoded": True}, id="not base64"),
        pytest.param({"body": "Zg", "isBase64Encoded": True}, id="base64 cut short"),
        pytest.param({"body": "é", "isBase64Encoded": True}, id="base64 with other letters"),
        pytest.param({"body": "\ud800", "isBase64Encoded": False}, id="half a character"),
    ],
)
def test_body_that_is_not_what_it_says_is_refused(
    visitor: Visitor, changes: dict[str, Any]
) -> None:
    headers = {"content-type": JSON, "idempotency-key": "a-key-of-mine"}
    seen = visitor.ask("POST", "/api/applications", headers=headers, **changes)
    assert (seen.status, seen.json["code"]) == (400, "body_malformed")


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/wp-login.php", 404, None),
        ("GET", "/assets/../secrets", 404, None),
        ("GET", "/assets/style.css", 404, None),
        ("GET", "/s/", 404, None),
        ("GET", "/s/%00", 404, None),
        ("GET", "/s/a.1.b", 401, None),
        ("GET", "/soknad/kvittering", 404, None),
        ("GET", f"/sak/{'x' * 5000}/kvittering", 401, None),
        ("PUT", "/", 405, "GET"),
        ("GET", "/api/applications", 405, "POST"),
        ("POST", "/api/applications/abc", 405, "DELETE, GET, PATCH"),
        ("TRACE", "/soknad", 405, "GET, POST"),
    ],
)
def test_address_that_leads_nowhere_is_told_so(
    visitor: Visitor, method: str, path: str, status: int, allowed: str | None
) -> None:
    seen = visitor.ask(method, path)
    assert (seen.status, seen.headers.get("Allow")) == (status, allowed)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("municipality", 4601, "string_type"),
        ("municipality", "", "required"),
        ("municipality", "Atlantis", "municipality_not_found"),
        ("municipality", "1601", "municipality_old_number"),
        ("language", "en", "literal_error"),
        ("contact", "Kari", "model_type"),
        ("contact", {}, "missing"),
        ("members", {"a": 1}, "tuple_type"),
        ("members", [{}] * 41, "too_long"),
        ("members", [{"sector": "sirkus"}], "enum"),
        ("members", [{"sector": None, "age": 4}], "extra_forbidden"),
        ("motivation", "x" * 10_001, "string_too_long"),
        ("motivation", "Nummeret er 13097248022", "national_id"),
        ("accepts_cost_split", "kanskje", "bool_parsing"),
        ("accepts_cost_split", [], "bool_type"),
        ("shoe_size", 43, "extra_forbidden"),
    ],
)
def test_answer_that_cannot_be_kept_is_named(
    visitor: Visitor, name: str, value: object, code: str
) -> None:
    body = {"submit": True, "answers": answers() | {name: value}}
    seen = visitor.api("POST", "/api/applications", body, idempotency_key="a-key-of-mine")
    assert seen.status == 422
    assert {each["code"] for each in seen.json["errors"]} == {code}
    assert all(each["field"].startswith(name) for each in seen.json["errors"])


def test_text_keeps_what_people_write(visitor: Visitor) -> None:
    text = "Sámi giella: čáŋŧđž\r\n<script>alert('æøå')</script> {t} %s \u0000\u0007«»"
    body = {"submit": True, "answers": answers(motivation=text)}
    receipt = visitor.api("POST", "/api/applications", body, idempotency_key="a-key-of-mine").json
    path, token = f"/api/applications/{receipt['id']}", token_of(receipt["id"])
    kept = "Sámi giella: čáŋŧđž\n<script>alert('æøå')</script> {t} %s «»"
    assert visitor.api("GET", path, token=token).json["answers"]["motivation"] == kept
    page = visitor.open_case(receipt["id"]).get(f"/sak/{receipt['id']}/kvittering")
    assert "<script>alert" not in page.text
    assert kept in page.page.text_content()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"purpose": "poems", "name": "a.pdf"}, 422, "fields_invalid"),
        ({"purpose": "receipts", "name": ""}, 422, "fields_invalid"),
        ({"purpose": "receipts", "name": "x" * 201}, 422, "fields_invalid"),
    ],
)
def test_file_that_cannot_be_promised_is_told_why(
    visitor: Visitor, aws: Wiring, body: object, status: int, code: str
) -> None:
    receipt = send_in(aws)
    path = f"/api/applications/{receipt.id}/files"
    seen = visitor.api("POST", path, body, token=token_of(receipt.id))
    assert (seen.status, seen.json["code"]) == (status, code)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*answers(), "name", "submit"]) | st.text(), inner)
    ),
    max_leaves=8,
)


class TestWhateverIsSent:
    """Never a 500: each answer is a success or says what is wrong in words of ours."""

    FINE = (200, 201, 202, 400, 403, 404, 409, 422, 429)

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(name=st.sampled_from(sorted(answers())), value=ANYTHING, submit=st.booleans())
    def test_as_an_answer(self, visitor: Visitor, name: str, value: object, submit: bool) -> None:
        body = json.dumps({"submit": submit, "answers": {**answers(), name: value}})
        headers = {"content-type": JSON, "idempotency-key": f"key {hash(body)}"}
        seen = visitor.ask("POST", "/api/applications", body=body, headers=headers)
        assert seen.status in self.FINE
        assert "Rett " not in "".join(_messages(seen.json))

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        name=st.sampled_from(["participants", "lines", "account_number", "kid", "no_cost", "x"]),
        value=ANYTHING,
    )
    def test_as_a_claim(self, visitor: Visitor, aws: Wiring, name: str, value: object) -> None:
        if not hasattr(type(self), "application_id"):
            type(self).application_id = admitted(aws)  # type: ignore[attr-defined]
        application_id: str = type(self).application_id  # type: ignore[attr-defined]
        path = f"/api/applications/{application_id}/claims/S1"
        seen = visitor.api(
            "POST", path, claim_body() | {name: value}, token=token_of(application_id)
        )
        assert seen.status in self.FINE


def _messages(answer: dict[str, Any]) -> list[str]:
    return [each["message"] for each in answer.get("errors", [])]


def test_sample_events_pass(visitor: Visitor) -> None:
    statuses = {
        case: handle(load_event("serve_portal", case))["statusCode"]
        for case in ("front", "programme", "start_application", "send_form", "unknown_path")
    }
    assert statuses == {
        "front": 200,
        "programme": 200,
        "start_application": 201,
        "send_form": 303,
        "unknown_path": 404,
    }
