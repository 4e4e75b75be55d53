"""Signing in: OpenID Connect's code flow with PKCE (RFC 7636), state and nonce.

The id token comes straight from the issuer's token endpoint over verified TLS, and then its
signature need not be checked (OpenID Connect Core 1.0, 3.1.3.7, point 6); issuer, audience, expiry,
nonce and use are. A token that came by way of the browser would need the signature: none is ever
accepted from there.

Between the two halves the browser holds a signed cookie, so that a code is only taken from the
browser that asked for it, and nothing is stored for whoever only looks at the sign-in page.
"""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlencode

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kulturkontor.actions.sign_in import SignInError
from kulturkontor.web.office_doors import OfficeDoors

PATIENCE: Final = timedelta(minutes=10)
_LEEWAY: Final = timedelta(minutes=1)
_OWN_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9/_.?=&%-]{0,500}")


class Attempt(BaseModel):
    """What the browser must bring back beside the code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    nonce: str
    verifier: str
    next: str
    begun_at: AwareDatetime


class Person(BaseModel):
    """Who the issuer says has signed in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str
    groups: tuple[str, ...]


class _Claims(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    aud: str
    exp: int
    nonce: str
    token_use: Literal["id"]
    email: str = Field(min_length=3)
    groups: tuple[str, ...] = Field(default=(), alias="cognito:groups")


def begin(doors: OfficeDoors, *, wanted: str, now: datetime) -> Attempt:
    return Attempt(
        state=doors.new_secret(),
        nonce=doors.new_secret(),
        verifier=doors.new_secret(),
        next=wanted if _OWN_PATH.fullmatch(wanted) else "/",
        begun_at=now,
    )


def sign_in_address(doors: OfficeDoors, attempt: Attempt) -> str:
    challenge = _unpadded(hashlib.sha256(attempt.verifier.encode()).digest())
    query = {
        "response_type": "code",
        "client_id": doors.login_client_id,
        "redirect_uri": callback_address(doors),
        "scope": "openid email",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{doors.login_url}/oauth2/authorize?{urlencode(query)}"


def sign_out_address(doors: OfficeDoors) -> str:
    query = {"client_id": doors.login_client_id, "logout_uri": f"{doors.office_url}/"}
    return f"{doors.login_url}/logout?{urlencode(query)}"


def callback_address(doors: OfficeDoors) -> str:
    return f"{doors.office_url}/callback"


def finish(
    doors: OfficeDoors, attempt: Attempt, *, code: str, state: str, now: datetime
) -> tuple[Person, datetime]:
    """Who signed in, and when by the real clock; raises SignInError."""
    if not hmac.compare_digest(state.encode(), attempt.state.encode()):
        raise SignInError("state")
    if not attempt.begun_at <= now <= attempt.begun_at + PATIENCE:
        raise SignInError("too_late")
    answer = doors.exchange.exchange(
        code=code, verifier=attempt.verifier, redirect_uri=callback_address(doors)
    )
    person = read_id_token(
        answer.id_token,
        issuer=doors.login_issuer,
        client_id=doors.login_client_id,
        nonce=attempt.nonce,
        now=answer.received_at,
    )
    return person, answer.received_at


def read_id_token(token: str, *, issuer: str, client_id: str, nonce: str, now: datetime) -> Person:
    """The person in a token from the token endpoint; raises SignInError naming the claim."""
    try:
        claims = _Claims.model_validate_json(_padded(token.split(".")[1]))
    except (IndexError, ValueError) as fault:
        raise SignInError("malformed") from fault
    if claims.iss != issuer:
        raise SignInError("iss")
    if claims.aud != client_id:
        raise SignInError("aud")
    if not hmac.compare_digest(claims.nonce.encode(), nonce.encode()):
        raise SignInError("nonce")
    if now.timestamp() > claims.exp + _LEEWAY.total_seconds():
        raise SignInError("exp")
    return Person(email=claims.email.strip().lower(), groups=claims.groups)


def seal(attempt: Attempt, key: bytes) -> str:
    """The attempt as a cookie's value that only we can have made."""
    content = _unpadded(attempt.model_dump_json().encode())
    return f"{content}.{_signature(content, key)}"


def unseal(value: str, key: bytes) -> Attempt:
    """Raises SignInError for anything we did not make."""
    content, _, signature = value.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(content, key).encode()):
        raise SignInError("cookie")
    try:
        return Attempt.model_validate(json.loads(_padded(content)))
    except ValueError as fault:
        raise SignInError("cookie") from fault


def _signature(content: str, key: bytes) -> str:
    return _unpadded(hmac.new(key, f"login|{content}".encode(), hashlib.sha256).digest())


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
