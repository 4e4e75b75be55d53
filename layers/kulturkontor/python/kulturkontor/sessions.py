"""A signed-in person of the office: the browser holds a random id, we keep its hash.

Roles add up (`office_users.py` says where they come from). A session ends after eight hours by the
office's clock, and the table forgets it by its own. Its id ends with who it belongs to, so that the
session and what we know of its person are read together; the hash is of all of it.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kulturkontor.records import Key, Record

LENGTH: Final = timedelta(hours=8)


class Role(StrEnum):
    STAFF = "staff"
    REVIEWER = "reviewer"
    FINANCE = "finance"
    ADMIN = "admin"


class Session(Record):
    id_digest: str
    email: str
    roles: tuple[Role, ...]
    """By the groups of the sign-in; once it is found, what the person has now."""
    generation: int
    """Of the person's sessions; when all are ended, a new one begins."""
    csrf: str
    """Stands in each form; a request that changes something must bring it."""
    ends_at: datetime
    forgotten_at: datetime

    @property
    def key(self) -> Key:
        return _key(self.id_digest)

    @property
    def expires_at(self) -> datetime:
        return self.forgotten_at


def start_session(
    session_id: str,
    *,
    email: str,
    roles: tuple[Role, ...],
    generation: int,
    csrf: str,
    now: datetime,
    table_time: datetime,
) -> Session:
    """`now` by the office's clock, `table_time` by the table's: a simulated clock parts the two."""
    return Session(
        id_digest=_digest(session_id),
        email=email,
        roles=roles,
        generation=generation,
        csrf=csrf,
        ends_at=now + LENGTH,
        forgotten_at=table_time + LENGTH,
    )


def session_key(session_id: str) -> Key:
    return _key(_digest(session_id))


def session_id_of(secret: str, person: str) -> str:
    return f"{secret}.{person}"


def person_of(session_id: str) -> str:
    """Whose it says it is: true only where a session of that whole id is found."""
    return session_id.rpartition(".")[2]


def is_over(session: Session, now: datetime) -> bool:
    return now >= session.ends_at


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


def _key(digest: str) -> Key:
    return Key(f"SESSION#{digest}", "SESSION")
