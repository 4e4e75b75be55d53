"""One request to the office: who asks, what was sent, and whether it was sent from our own pages.

A request that changes something must come from our own origin (Origin and Sec-Fetch-Site, where the
browser tells them) and bring the session's token: OWASP's synchroniser token, with fetch metadata.
"""

import binascii
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from pydantic import BaseModel, ValidationError

from kulturkontor.conflicts import Reviewing
from kulturkontor.programme import Language, Programme
from kulturkontor.records import Records
from kulturkontor.sessions import Role, Session
from kulturkontor.web.office_doors import OfficeDoors
from kulturkontor.web.office_faults import OfficeError, field_faults

MAX_BODY = 200_000
MAX_FIELDS = 2_000
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
LANGUAGE_COOKIE = "language"

M = TypeVar("M", bound=BaseModel)
Handler = Callable[["Visit"], Response[Any]]


@dataclass(frozen=True)
class Visit:
    doors: OfficeDoors
    event: APIGatewayProxyEventV2
    now: datetime
    route: str
    params: Mapping[str, str]
    cookies: Mapping[str, str]
    session: Session | None = None
    own_municipality: str = ""
    """Where the visitor lives or works, as a number; empty where none is set."""
    reviewing: Reviewing | None = None

    @property
    def programme(self) -> Programme:
        return self.doors.programme

    @property
    def records(self) -> Records:
        return self.doors.records

    @property
    def is_api(self) -> bool:
        return self.event.path.startswith("/api/")

    @property
    def by(self) -> str:
        """Who does it, as records of changes name them."""
        if self.session is None:
            raise OfficeError(401, "signed_out")
        return self.session.email

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self.session.roles) if self.session else frozenset()

    def may(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))

    @property
    def came_from(self) -> str:
        """The page of ours that the visitor was on, else the first one."""
        parts = urlsplit(self.header("referer"))
        is_ours = f"{parts.scheme}://{parts.netloc}" == origin(self.doors.office_url)
        return parts.path or "/" if is_ours and not parts.path.startswith("//") else "/"

    def query(self, name: str) -> str:
        return (self.event.query_string_parameters or {}).get(name, "").strip()

    def header(self, name: str) -> str:
        return next((v for k, v in self.event.headers.items() if k.lower() == name), "")

    @cached_property
    def language(self) -> Language:
        """As asked for in the address, else as chosen before, else as the browser prefers."""
        preferred = [each[:2] for each in self.header("accept-language").lower().split(",")]
        asked = (self.query("lang"), self.cookies.get(LANGUAGE_COOKIE), *map(str.strip, preferred))
        return (
            "nn" if next((each for each in asked if each in ("nb", "nn")), "nb") == "nn" else "nb"
        )

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a submitted form; a name that comes twice keeps its last value."""
        if not self.header("content-type").startswith("application/x-www-form-urlencoded"):
            return {}
        try:
            return dict(parse_qsl(self._body, keep_blank_values=True, max_num_fields=MAX_FIELDS))
        except ValueError as fault:
            raise OfficeError(413, "too_large") from fault

    def sent(self, model: type[M]) -> M:
        """The body as that model, from JSON or a form; OfficeError names the faulty fields."""
        own = {name: value for name, value in self.form.items() if name != CSRF_FIELD}
        values = self._json() if self.is_api else own
        try:
            return model.model_validate(values)
        except ValidationError as fault:
            raise OfficeError(422, "invalid", errors=field_faults(fault)) from fault

    def _json(self) -> Any:
        try:
            value = json.loads(self._body or "{}")
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as fault:
            raise OfficeError(400, "malformed") from fault
        return value

    @cached_property
    def _body(self) -> str:
        try:
            body = self.event.decoded_body or ""
        except (binascii.Error, UnicodeDecodeError) as fault:
            raise OfficeError(400, "malformed") from fault
        if len(body.encode()) > MAX_BODY:
            raise OfficeError(413, "too_large")
        return body

    def require_own_page(self) -> None:
        """Raises OfficeError unless the request is from our own pages, with the session's token."""
        site, sender = self.header("sec-fetch-site"), self.header("origin")
        ours = origin(self.doors.office_url)
        if site not in ("", "same-origin") or sender not in ("", ours):
            raise OfficeError(403, "foreign_page")
        token = self.header(CSRF_HEADER) or self.form.get(CSRF_FIELD, "")
        if self.session is None or not secrets.compare_digest(
            token.encode(), self.session.csrf.encode()
        ):
            raise OfficeError(403, "csrf")


def read_cookies(event: APIGatewayProxyEventV2) -> dict[str, str]:
    """AWS sends cookies as a list; an emulator may leave them in their header."""
    header = next((v for k, v in event.headers.items() if k.lower() == "cookie"), "")
    found: dict[str, str] = {}
    for pair in (*event.cookies, *header.split(";")):
        name, _, value = pair.strip().partition("=")
        if name and name not in found:
            found[name] = value
    return found


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
