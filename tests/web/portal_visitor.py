"""Somebody who visits the portal: real HTTP API events through the function's own handler."""

import base64
import gzip
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from lxml import html

from kulturkontor.aws import session
from kulturkontor.aws.secrets import link_key
from kulturkontor.links import SecretLink, make_token
from kulturkontor.web.linked import cookie_name
from tests.conftest import load_event

FUNCTIONS = Path(__file__).parents[2] / "functions"
FORM = "application/x-www-form-urlencoded"
NOT_COUNTED = ("ssm", "secretsmanager")
"""Reads of the clock and of the cold start."""


class Context:
    function_name = "serve-portal"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-north-1:123456789012:function:serve-portal"
    aws_request_id = "request"


@cache
def _app() -> Any:
    found = importlib.util.spec_from_file_location(
        "serve_portal_app", FUNCTIONS / "serve_portal" / "app.py"
    )
    assert found is not None
    assert found.loader is not None
    app = importlib.util.module_from_spec(found)
    found.loader.exec_module(app)
    return app


def forget_portal() -> None:
    """The next request is the first of its process."""
    _app()._portal.cache_clear()


def handle(event: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = _app().handler(event, Context())
    return answer


class Seen(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str
    calls: dict[str, int]
    """AWS calls by service, those of the clock and the cold start left out."""

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def page(self) -> html.HtmlElement:
        return html.fromstring(self.text)

    @property
    def words(self) -> str:
        """What stands on the page, in one line."""
        return " ".join(self.page.text_content().split())

    def fields(self) -> dict[str, str]:
        """What the page's application form would send if nobody touched it."""
        form = next(each for each in self.page.forms if each.get("id") == "application")
        return {name: str(value) for name, value in form.form_values() if name != "website"}


@dataclass
class Visitor:
    address: str = "198.51.100.7"
    cookies: dict[str, str] = field(default_factory=dict)

    def open_case(self, application_id: str, version: int = 1, person: str = "") -> "Visitor":
        """As after the button behind the mail's link: the link is in the cookie."""
        token = token_of(application_id, version, person)
        self.cookies[cookie_name(application_id, is_secure=True)] = token
        return self

    def get(self, path: str, **headers: str) -> Seen:
        return self.ask("GET", path, headers=headers)

    def post_form(self, path: str, fields: Mapping[str, str], **headers: str) -> Seen:
        sent = {"content-type": FORM, **headers}
        return self.ask("POST", path, body=urlencode(fields), headers=sent)

    def api(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        **headers: str,
    ) -> Seen:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        text = None if body is None else json.dumps(body)
        return self.ask(
            method, path, body=text, headers={"content-type": "application/json", **sent}
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **changes: object,
    ) -> Seen:
        answer = handle(self.event(method, path, body=body, headers=headers) | changes)
        data = answer["body"] or ""
        for each in answer.get("cookies", []):
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        raw = base64.b64decode(data) if answer["isBase64Encoded"] else data.encode()
        if answer["headers"].get("Content-Encoding") == "gzip":
            raw = gzip.decompress(raw)
        calls = {name: amount for name, amount in session.calls.items() if name not in NOT_COUNTED}
        return Seen(answer["statusCode"], answer["headers"], raw.decode("utf-8", "replace"), calls)

    def event(
        self,
        method: str,
        path: str,
        *,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """An event of real shape; as the gateway does, a form's body comes in base64."""
        event = load_event("serve_portal", "front")
        parts = urlsplit(path)
        event["rawPath"] = unquote(parts.path)
        event["rawQueryString"] = parts.query
        event["queryStringParameters"] = dict(parse_qsl(parts.query))
        event["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        event["headers"] |= {name.lower(): value for name, value in (headers or {}).items()}
        event["requestContext"]["http"] |= {
            "method": method,
            "path": event["rawPath"],
            "sourceIp": self.address,
        }
        if isinstance(body, bytes) or event["headers"].get("content-type") == FORM:
            data = body if isinstance(body, bytes) else (body or "").encode()
            event["body"] = base64.b64encode(data).decode()
            event["isBase64Encoded"] = True
        elif body is not None:
            event["body"] = body
        return event


def token_of(application_id: str, version: int = 1, person: str = "") -> str:
    return make_token(link_key(), SecretLink(application_id, version, person))
