"""The people of the office as we know them: what they may do, and whether they may come in.

The sign-in service says who somebody is and which groups they are in. What an administrator has set
here goes before the groups; until then the groups of the last sign-in count.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from kulturkontor.programme import Language
from kulturkontor.records import Key, OpenWork, Record
from kulturkontor.refusals import Refusal
from kulturkontor.sessions import Role

USERS: Final = "USERS"
ACCOUNT: Final = "account"
_REVIEWING: Final = frozenset({Role.REVIEWER, Role.STAFF})


class UserError(Refusal):
    """The user cannot be changed like this; `args[0]` says why."""

    codes_begin = "user_"


class BlockedError(Refusal):
    """An administrator has shut this person out."""

    status = 403
    code = "blocked"


class OfficeUser(Record):
    email: str
    groups: tuple[Role, ...] = ()
    """What the sign-in service said last."""
    own_roles: tuple[Role, ...] | None = None
    """What an administrator has set; None as long as the groups count."""
    municipality: str = ""
    """Where the person lives or works, as a number: its application is not theirs to read."""
    is_blocked: bool = False
    generation: int = 0
    """Grows when all sessions are ended: one that began in an earlier generation is dead."""
    signed_in_at: datetime | None = None
    language: Language = "nb"
    """Of the pages at the last sign-in: mails to the person are in it."""
    account_due_at: datetime | None = None
    """Since when the sign-in service's accounts of the person are to follow `is_blocked`; None once
    they do.
    """

    @property
    def key(self) -> Key:
        return user_key(self.id)

    @property
    def id(self) -> str:
        return person_id(self.email)

    @property
    def open_work(self) -> OpenWork | None:
        return OpenWork(ACCOUNT, self.account_due_at) if self.account_due_at else None

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.groups if self.own_roles is None else self.own_roles

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles and not self.is_blocked

    @property
    def may_review(self) -> bool:
        return bool(_REVIEWING & set(self.roles)) and not self.is_blocked


def person_id(email: str) -> str:
    """Names a person where the address shall not stand: in addresses of pages, cookies and keys."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()[:24]


def user_key(person: str) -> Key:
    return Key(USERS, f"USER#{person}")


def known_roles(groups: Iterable[str]) -> tuple[Role, ...]:
    """In the order of `Role`; a group we do not know gives nothing."""
    held = set(groups)
    return tuple(role for role in Role if role in held)


def require_an_admin(users: Iterable[OfficeUser], becomes: OfficeUser) -> OfficeUser | None:
    """The other administrator who makes it possible that this one is no longer; None where none is
    needed. Raises UserError where it would leave nobody.
    """
    known = {each.id: each for each in users}
    before = known.get(becomes.id)
    if becomes.is_admin or before is None or not before.is_admin:
        return None
    others = [each for each in known.values() if each.is_admin and each.id != becomes.id]
    if not others:
        raise UserError("last_admin")
    return others[0]
