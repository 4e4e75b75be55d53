"""Open and close a person's session, once the sign-in service has told who it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from kulturkontor.conflicts import Reviewing, reviewing_key
from kulturkontor.office_users import BlockedError, OfficeUser, known_roles, person_id, user_key
from kulturkontor.programme import Language
from kulturkontor.records import Conflict, Put, Records, Remove, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.sessions import (
    Session,
    is_over,
    person_of,
    session_id_of,
    session_key,
    start_session,
)


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


class SignedIn(NamedTuple):
    """Somebody with a session that is alive; its roles are those of now."""

    session: Session
    municipality: str
    """The person's own, empty where none is set."""
    reviewing: Reviewing | None


def open_session(
    secret: str,
    *,
    email: str,
    groups: Iterable[str],
    csrf: str,
    language: Language,
    now: datetime,
    table_time: datetime,
    records: Records,
) -> str:
    """The session's id, for the browser alone. Raises BlockedError."""
    person = person_id(email)
    session_id = session_id_of(secret, person)

    def attempt() -> str:
        user = records.read(OfficeUser, user_key(person)) or OfficeUser(email=email)
        if user.is_blocked:
            raise BlockedError
        seen = user.but(groups=known_roles(groups), signed_in_at=now, language=language)
        session = start_session(
            session_id,
            email=email,
            roles=seen.groups,
            generation=user.generation,
            csrf=csrf,
            now=now,
            table_time=table_time,
        )
        records.write(Put(session), Put(seen))
        return session_id

    return decide_again(attempt)


def find_session(
    session_id: str, *, programme_id: str, now: datetime, records: Records
) -> SignedIn | None:
    """Whose session it is, if there is one, it is not over, and they are not shut out: one read."""
    if not session_id:
        return None
    person = person_of(session_id)
    keys = (session_key(session_id), user_key(person), reviewing_key(programme_id, person))
    found = records.read_mixed((Session, OfficeUser, Reviewing), keys)
    session = next((each for each in found if isinstance(each, Session)), None)
    user = next((each for each in found if isinstance(each, OfficeUser)), None)
    if session is None or user is None or not _is_alive(session, user, now):
        return None
    reviewing = next((each for each in found if isinstance(each, Reviewing)), None)
    roles = session.roles if user.own_roles is None else user.own_roles
    return SignedIn(session.but(roles=roles), user.municipality, reviewing)


def _is_alive(session: Session, user: OfficeUser, now: datetime) -> bool:
    is_current = session.generation == user.generation and not user.is_blocked
    return is_current and not is_over(session, now)


def close_session(session: Session, records: Records) -> None:
    try:
        records.write(Remove(session))
    except Conflict:
        return  # it is gone already
