"""Open and close a person's session, once the sign-in service has told who it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from kulturkontor.records import Conflict, Put, Records, Remove
from kulturkontor.refusals import Refusal
from kulturkontor.sessions import Session, is_over, session_key, start_session


class SignInError(Refusal):
    """The person could not be signed in; `args[0]` says why, and signing in again is safe."""

    status = 400
    code = "sign_in"


class TokenAnswer(NamedTuple):
    """What the sign-in service's token endpoint answered, over TLS that was verified."""

    id_token: str
    received_at: datetime
    """By the real clock, which the token's own times are of, also where the office's clock is
    simulated.
    """


class TokenExchange(Protocol):
    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> TokenAnswer:
        """The tokens for a code; raises SignInError."""
        ...


def open_session(
    session_id: str,
    *,
    email: str,
    groups: Iterable[str],
    csrf: str,
    now: datetime,
    table_time: datetime,
    records: Records,
) -> Session:
    session = start_session(
        session_id, email=email, groups=groups, csrf=csrf, now=now, table_time=table_time
    )
    records.write(Put(session))
    return session


def find_session(session_id: str, *, now: datetime, records: Records) -> Session | None:
    """Whose session it is, if there is one and it is not over."""
    session = records.read(Session, session_key(session_id)) if session_id else None
    return None if session is None or is_over(session, now) else session


def close_session(session: Session, records: Records) -> None:
    try:
        records.write(Remove(session))
    except Conflict:
        return  # it is gone already
