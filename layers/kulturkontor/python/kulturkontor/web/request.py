"""One request as the routes see it: its language, its time, its body, read with care.

Whatever is wrong with how a request was sent is the sender's to mend: a ProblemError, never a fault
of ours.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from kulturkontor.claim_form import field_errors
from kulturkontor.people import Right
from kulturkontor.programme import Language, Programme
from kulturkontor.web.doors import PortalDoors
from kulturkontor.web.problems import ProblemError

MAX_BODY = 200_000
"""Bytes. The heaviest application that can be kept is somewhat lighter."""
MAX_FORM = 3 * MAX_BODY
"""Bytes. A form sends the bytes of most letters that are not English as three characters each."""
MAX_FIELDS = 1500
"""One person's travel costs in forty lines, ten receipts to each, have under a thousand."""

M = TypeVar("M", bound=BaseModel)


@dataclass
class Request:
    doors: PortalDoors
    event: dict[str, Any]
    path: Mapping[str, str]
    """The parts of the path that a route names."""
    prefers: str | None = field(default=None)
    """The language of what the request is about, known once that was read."""
    right: Right | None = Right.CONTACT
    """What the secret link must open for the route that was asked for."""
    shown_at: str = "/"
    """The page that the request belongs to: where a form that was refused can be seen again."""

    @property
    def programme(self) -> Programme:
        return self.doors.programme

    @property
    def is_api(self) -> bool:
        return str(self.event.get("rawPath", "")).startswith("/api/")

    @property
    def wants_json(self) -> bool:
        """Of a page's script, which asks for it; to people a problem is a page."""
        return self.is_api or self.headers.get("accept", "").startswith("application/json")

    @property
    def id(self) -> str:
        """What the log knows the request by."""
        return str(self.event["requestContext"]["requestId"])

    @property
    def method(self) -> str:
        return str(self.event["requestContext"]["http"]["method"]).upper()

    @cached_property
    def at(self) -> datetime:
        return self.doors.received_at(self.event)

    @cached_property
    def query(self) -> Mapping[str, str]:
        return self.event.get("queryStringParameters") or {}

    @cached_property
    def headers(self) -> Mapping[str, str]:
        return {name.lower(): value for name, value in (self.event.get("headers") or {}).items()}

    @cached_property
    def cookies(self) -> Mapping[str, str]:
        """AWS sends cookies as a list; an emulator may leave them in their header."""
        sent = (*(self.event.get("cookies") or ()), *self.headers.get("cookie", "").split(";"))
        pairs = (each.partition("=") for each in sent)
        return {name.strip(): value for name, _, value in pairs}

    @property
    def is_from_elsewhere(self) -> bool:
        """Another site's page makes the browser ask: what changes something must not be done."""
        if self.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return True
        origin = self.headers.get("origin")
        return origin not in (None, "null", self.doors.public_url)

    @property
    def address(self) -> str:
        return str(self.event["requestContext"]["http"]["sourceIp"])

    @property
    def language(self) -> Language:
        """The one asked for in the address, else that of what is sent, else the reader's own, else
        nb.
        """
        asked = (self.query.get("lang"), self.prefers, *_accepted(self.headers))
        offered = self.programme.languages
        return next(
            (each for want in asked for each in offered if each == want),
            self.programme.language("nb"),
        )

    def read_json(self, kind: type[M]) -> M:
        """The body as that model; its `language`, or that of its answers, is the sender's."""
        self._require_type("application/json")
        try:
            value = json.loads(self._read_text(), parse_constant=_refuse_constant)
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as fault:
            raise ProblemError("body_malformed") from fault
        if isinstance(value, dict):
            answers = value.get("answers")
            told = answers.get("language") if isinstance(answers, dict) else value.get("language")
            self.prefers = told if isinstance(told, str) else None
        try:
            return kind.model_validate(value)
        except ValidationError as fault:
            raise ProblemError("fields_invalid", errors=field_errors(fault)) from fault

    def read_form(self) -> dict[str, str]:
        """The fields of a form; of a name sent twice the last."""
        self._require_type("application/x-www-form-urlencoded")
        try:
            return dict(
                parse_qsl(
                    self._read_text(MAX_FORM),
                    keep_blank_values=True,
                    errors="strict",
                    max_num_fields=MAX_FIELDS,
                )
            )
        except ValueError as fault:
            raise ProblemError("body_malformed") from fault

    def _require_type(self, wanted: str) -> None:
        given = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != wanted:
            raise ProblemError("content_type", wanted=wanted)

    def _read_text(self, most: int = MAX_BODY) -> str:
        body = self.event.get("body") or ""
        try:
            if self.event.get("isBase64Encoded"):
                data = base64.b64decode(body, validate=True)
            else:
                data = body.encode()
        except (binascii.Error, ValueError) as fault:
            raise ProblemError("body_malformed") from fault
        if len(data) > most:
            raise ProblemError("body_too_large", kilobytes=most // 1000)
        try:
            return data.decode()
        except UnicodeDecodeError as fault:
            raise ProblemError("body_not_utf8") from fault


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _accepted(headers: Mapping[str, str]) -> list[str]:
    """The languages of Accept-Language in the reader's order; `no` is read as bokmål."""
    wanted: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "").split(",")[:20]:
        name, _, weight = part.partition(";q=")
        code = name.strip().lower().partition("-")[0]
        try:
            wanted.append((-float(weight or 1), "nb" if code == "no" else code))
        except ValueError:
            continue
    return [code for _, code in sorted(wanted, key=lambda each: each[0])]
