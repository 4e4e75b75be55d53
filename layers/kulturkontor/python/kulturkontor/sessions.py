"""A signed-in person of the office: the browser holds a random id, we keep its hash.

Roles come from the sign-in's groups and add up; a group we do not know gives nothing. A session
ends after eight hours by the office's clock, and the table forgets it by its own.
"""

import hashlib
from collections.abc import Iterable
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
    groups: Iterable[str],
    csrf: str,
    now: datetime,
    table_time: datetime,
) -> Session:
    """`now` by the office's clock, `table_time` by the table's: a simulated clock parts the two."""
    known = set(groups)
    return Session(
        id_digest=_digest(session_id),
        email=email,
        roles=tuple(role for role in Role if role in known),
        csrf=csrf,
        ends_at=now + LENGTH,
        forgotten_at=table_time + LENGTH,
    )


def session_key(session_id: str) -> Key:
    return _key(_digest(session_id))


def is_over(session: Session, now: datetime) -> bool:
    return now >= session.ends_at


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


def _key(digest: str) -> Key:
    return Key(f"SESSION#{digest}", "SESSION")
