"""An administrator says who may do what in the office, whose municipality is whose, and who is shut
out; anybody ends all their own sessions. Each change with its audit row.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.ports import Accounts
from kulturkontor.audit import AuditRow, audit
from kulturkontor.office_users import (
    USERS,
    OfficeUser,
    UserError,
    person_id,
    require_an_admin,
    user_key,
)
from kulturkontor.records import Change, Put, Records, Unchanged, decide_again
from kulturkontor.sessions import Role


class UserWish(NamedTuple):
    """`roles`: None where the sign-in service's groups are to count."""

    roles: tuple[Role, ...] | None
    municipality: str
    is_blocked: bool


def read_users(records: Records) -> list[OfficeUser]:
    return sorted(records.list(OfficeUser, USERS, "USER#"), key=lambda each: each.email)


def read_history(records: Records) -> list[AuditRow]:
    """Every change of a user, the last first."""
    return records.list(AuditRow, USERS, "AUDIT#")[::-1]


def add_user(
    email: str, roles: tuple[Role, ...], *, by: str, at: datetime, records: Records
) -> OfficeUser:
    """Somebody who has not signed in yet. Raises UserError("known")."""
    person = person_id(email)
    if records.read(OfficeUser, user_key(person)) is not None:
        raise UserError("known")
    user = OfficeUser(email=email.casefold(), own_roles=roles)
    records.write(Put(user), _note(user, "user_added", by, at, after=_said(roles)))
    return user


def change_user(
    person: str, wish: UserWish, *, by: str, at: datetime, records: Records
) -> OfficeUser:
    """Whoever is shut out is signed out at once; the sign-in service's accounts are to follow
    (`follow_accounts.py`). Raises UserError: `unknown`, `last_admin`.
    """

    def attempt() -> OfficeUser:
        users = read_users(records)
        known = next((each for each in users if each.id == person), None)
        if known is None:
            raise UserError("unknown")
        becomes = known.but(
            own_roles=wish.roles,
            municipality=wish.municipality,
            is_blocked=wish.is_blocked,
            generation=known.generation + (wish.is_blocked and not known.is_blocked),
            account_due_at=known.account_due_at if known.is_blocked == wish.is_blocked else at,
        )
        if becomes == known:
            return known
        other = require_an_admin(users, becomes)
        stays: list[Change] = [Unchanged(other)] if other else []
        records.write(Put(becomes), *stays, *_notes(known, becomes, by, at))
        return becomes

    return decide_again(attempt)


def end_sessions(person: str, *, by: str, at: datetime, records: Records) -> OfficeUser:
    """Signed out everywhere: also where somebody else holds the session. Raises UserError."""

    def attempt() -> OfficeUser:
        known = records.read(OfficeUser, user_key(person))
        if known is None:
            raise UserError("unknown")
        ended = known.but(generation=known.generation + 1)
        records.write(Put(ended), _note(known, "user_signed_out", by, at))
        return ended

    return decide_again(attempt)


def invite_user(
    person: str, *, by: str, at: datetime, accounts: Accounts, records: Records
) -> bool:
    """Whether a mail went. Raises UserError: `unknown`, `blocked`."""
    user = records.read(OfficeUser, user_key(person))
    if user is None:
        raise UserError("unknown")
    if user.is_blocked:
        raise UserError("blocked")
    is_sent = accounts.invite(user.email)
    if is_sent:
        records.write(_note(user, "user_invited", by, at))
    return is_sent


def _notes(known: OfficeUser, becomes: OfficeUser, by: str, at: datetime) -> list[Change]:
    told: dict[str, Callable[[OfficeUser], str]] = {
        "user_roles": lambda user: "groups" if user.own_roles is None else _said(user.own_roles),
        "user_municipality": lambda user: user.municipality,
    }
    shut = "user_blocked" if becomes.is_blocked else "user_opened"
    let_in: list[Change] = (
        [_note(becomes, shut, by, at)] if known.is_blocked != becomes.is_blocked else []
    )
    return let_in + [
        _note(becomes, what, by, at, before=said(known), after=said(becomes))
        for what, said in told.items()
        if said(known) != said(becomes)
    ]


def _note(
    user: OfficeUser, what: str, by: str, at: datetime, *, before: str = "", after: str = ""
) -> Put:
    return audit(user, f"{what}#{user.email}", by=by, at=at, before=before, after=after)


def _said(roles: tuple[Role, ...]) -> str:
    return ",".join(roles) or "none"
