"""A browser that visits the office, and the sign-in service it is sent to: both in this process."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from kulturkontor.actions.sign_in import SignInError, TokenAnswer
from kulturkontor.aws.wiring import Wiring
from kulturkontor.web.office import office
from kulturkontor.web.office_doors import OfficeDoors
from tests.conftest import ENVIRONMENT, load_event
from tests.office_factory import FINANCE, an_account, oslo

REAL_TIME = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ISSUER = ENVIRONMENT["LOGIN_ISSUER"]
CLIENT = ENVIRONMENT["LOGIN_CLIENT_ID"]
_NUMBERS = count(1)


@dataclass
class SignIn:
    """The sign-in service: gives a code, and a token for the code and its verifier."""

    email: str = "kari@example.org"
    groups: list[str] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    """What the token says otherwise than it should."""
    asked: dict[str, list[str]] = field(default_factory=dict)

    def authorize(self, address: str) -> str:
        """The way back to the office, as the service would redirect to it."""
        self.asked = parse_qs(urlsplit(address).query)
        query = urlencode({"code": "a-code", "state": self.asked["state"][0]})
        return f"{self.asked['redirect_uri'][0]}?{query}"

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> TokenAnswer:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        expected = ("a-code", [challenge], [redirect_uri])
        if (code, self.asked["code_challenge"], self.asked["redirect_uri"]) != expected:
            raise SignInError("the code was not accepted")
        return TokenAnswer(self.token(), REAL_TIME)

    def token(self) -> str:
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "exp": int(REAL_TIME.timestamp()) + 3600,
            "nonce": self.asked["nonce"][0],
            "token_use": "id",
            "email": self.email,
            "cognito:groups": self.groups,
        } | self.claims
        return make_token({name: value for name, value in claims.items() if value is not None})


def make_token(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "RS256"}), json.dumps(claims), "signature"]
    packed = [base64.urlsafe_b64encode(each.encode()).decode() for each in parts]
    return ".".join(each.rstrip("=") for each in packed)


class Seen(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """Of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json"
        return str(self.json["code"])

    @property
    def location(self) -> str:
        return self.headers["Location"]

    @property
    def words(self) -> str:
        """What a reader sees of a page."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.text)).split())


@dataclass
class Browser:
    doors: OfficeDoors
    sign_in_service: SignIn
    clock: list[datetime]
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)
    resolver: APIGatewayHttpResolver = field(init=False)

    def __post_init__(self) -> None:
        self.resolver = office(self.doors)

    def set_clock(self, wall_clock: str) -> None:
        self.clock[0] = oslo(wall_clock)

    def sign_in(self, *groups: str, email: str = "kari@example.org") -> "Browser":
        self.sign_in_service.email, self.sign_in_service.groups = email, list(groups)
        asked = self.get("/login")
        back = urlsplit(self.sign_in_service.authorize(asked.location))
        answer = self.get(f"{back.path}?{back.query}")
        assert answer.status == 302, answer.words
        return self

    @property
    def csrf(self) -> str:
        return str(self.get("/api/me").json["csrf"])

    def get(self, address: str, **headers: str) -> Seen:
        return self.send("GET", address, headers=headers)

    def post(self, address: str, form: dict[str, str] | None = None, **headers: str) -> Seen:
        """A form of our own pages, as a browser sends it."""
        fields = {"csrf": self.csrf, **(form or {})}
        own = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": self.doors.office_url,
            "sec-fetch-site": "same-origin",
        }
        return self.send("POST", address, urlencode(fields), own | headers)

    def post_json(self, address: str, body: object = None, **headers: str) -> Seen:
        own = {"content-type": "application/json", "x-csrf-token": self.csrf}
        return self.send("POST", address, json.dumps(body or {}), own | headers)

    def send(
        self,
        method: str,
        address: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Seen:
        parts = urlsplit(address)
        event = load_event("serve_office", "front_page")
        event["rawPath"], event["rawQueryString"] = parts.path, parts.query
        event["queryStringParameters"] = dict(parse_qsl(parts.query))
        event["requestContext"]["http"] |= {"method": method, "path": parts.path}
        event["headers"] |= {k.replace("_", "-"): v for k, v in (headers or {}).items()}
        event["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        event["body"] = body
        return self._seen(self.resolve(event))

    def resolve(self, event: dict[str, Any]) -> dict[str, Any]:
        return self.resolver.resolve(event, LambdaContext())

    def _seen(self, answer: dict[str, Any]) -> Seen:
        self.set_cookies = answer.get("cookies", [])
        for cookie in self.set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        body = answer["body"]
        if answer["isBase64Encoded"]:
            data = base64.b64decode(body)
            is_packed = answer["headers"].get("Content-Encoding") == "gzip"
            body = (gzip.decompress(data) if is_packed else data).decode(errors="replace")
        return Seen(answer["statusCode"], answer["headers"], body)


def visit_office(here: Wiring, *, at: str = "2026-04-02T10:00:00", **changes: Any) -> Browser:
    """A browser without a session, at that time in Oslo."""
    clock = [oslo(at)]
    service = SignIn()
    values = {
        "current_programme": lambda: here.programme,
        "records": here.records,
        "mail_queue": here.mail_queue,
        "letter_queue": here.letter_queue,
        "files_queue": here.files_queue,
        "sheet_queue": here.sheet_queue,
        "office": here.office,
        "archive": here.archive,
        "exchange": service,
        "accounts": here.accounts,
        "now": lambda: clock[0],
        "new_id": lambda: f"{next(_NUMBERS):032x}",
        "new_secret": lambda: f"secret-number-{next(_NUMBERS):032x}",
        "signing_key": lambda: b"for tests only",
        "office_url": here.settings.office_url,
        "login_url": here.settings.login_url,
        "login_issuer": here.settings.login_issuer,
        "login_client_id": here.settings.login_client_id,
        "finance_address": FINANCE,
        "copy_to_postmottak": False,
        "look_at_sending": an_account,
        "stage": "test",
    }
    return Browser(OfficeDoors(**{**values, **changes}), service, clock)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(text)
    return parser.found
