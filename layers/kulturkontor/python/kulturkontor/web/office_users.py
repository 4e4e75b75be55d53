"""Who works in the office and what they may do: an administrator's page."""

from typing import Annotated, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kulturkontor.actions.change_users import (
    UserWish,
    add_user,
    change_user,
    end_sessions,
    invite_user,
    read_history,
    read_users,
)
from kulturkontor.actions.follow_accounts import follow_account
from kulturkontor.application_form import Email
from kulturkontor.audit import AuditRow
from kulturkontor.office_users import OfficeUser
from kulturkontor.sessions import Role
from kulturkontor.web.municipality_choice import known_municipality, municipality_options
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

_LAST: Final = 50
"""So many changes are shown."""


def _today(number: str) -> str:
    if number and known_municipality(number) is None:
        raise ValueError("no municipality of today")
    return number


class _Roles(BaseModel):
    """Boxes of a form, one for each role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: bool = False
    reviewer: bool = False
    finance: bool = False
    admin: bool = False

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(each for each in Role if getattr(self, each))


class NewUserIn(_Roles):
    email: Annotated[Email, Field(min_length=1)]
    invite: bool = False


class UserIn(_Roles):
    """`follows`: what is to count, the groups of the sign-in or the boxes; where it is not said,
    boxes that say what the groups say leave it as it is.
    """

    follows: Literal["", "here", "groups"] = ""
    municipality: Annotated[str, AfterValidator(_today)] = ""
    is_blocked: bool = False


class Changed(NamedTuple):
    row: AuditRow
    what: str
    whom: str
    before: str
    after: str


def show_users(visit: Visit) -> Answer:
    return page(
        visit,
        "users",
        users=[(each, _place(each)) for each in read_users(visit.records)],
        roles=list(Role),
        history=[_changed(visit, each) for each in read_history(visit.records)[:_LAST]],
    )


def show_users_json(visit: Visit) -> Answer:
    return as_json([_as_told(each) for each in read_users(visit.records)])


def show_user(visit: Visit) -> Answer:
    user = _find(visit)
    return page(
        visit,
        "user",
        user=user,
        place=_place(user),
        roles=list(Role),
        municipalities=municipality_options(user.municipality),
        history=[
            _changed(visit, each)
            for each in read_history(visit.records)
            if each.what.endswith(f"#{user.email}")
        ],
        is_me=user.email == visit.by,
        invited=visit.query("invited"),
    )


def add(visit: Visit) -> Answer:
    body = visit.sent(NewUserIn)
    user = add_user(body.email, body.roles, by=visit.by, at=visit.now, records=visit.records)
    told = ""
    if body.invite:
        told = _invite(visit, user.id)
    if visit.is_api:
        return as_json(_as_told(user), status=201)
    return redirect(f"/users/{user.id}{told}")


def change(visit: Visit) -> Answer:
    body = visit.sent(UserIn)
    user = _find(visit)
    says_the_same = user.own_roles is None and set(body.roles) == set(user.groups)
    by_groups = body.follows == "groups" or (not body.follows and says_the_same)
    wish = UserWish(
        roles=None if by_groups else body.roles,
        municipality=body.municipality,
        is_blocked=body.is_blocked,
    )
    changed = change_user(user.id, wish, by=visit.by, at=visit.now, records=visit.records)
    if changed.account_due_at:
        follow_account(changed.id, accounts=visit.doors.accounts, records=visit.records)
    return _done(visit, changed)


def invite(visit: Visit) -> Answer:
    told = _invite(visit, visit.params["person"])
    return redirect(f"/users/{visit.params['person']}{told}")


def _invite(visit: Visit, person: str) -> str:
    is_sent = invite_user(
        person,
        by=visit.by,
        at=visit.now,
        accounts=visit.doors.accounts,
        records=visit.records,
    )
    return f"?invited={'yes' if is_sent else 'no'}"


def sign_out_everywhere(visit: Visit) -> Answer:
    person = visit.params["person"]
    return _done(visit, end_sessions(person, by=visit.by, at=visit.now, records=visit.records))


def _done(visit: Visit, user: OfficeUser) -> Answer:
    return as_json(_as_told(user)) if visit.is_api else redirect(f"/users/{user.id}")


def _find(visit: Visit) -> OfficeUser:
    users = read_users(visit.records)
    user = next((each for each in users if each.id == visit.params["person"]), None)
    if user is None:
        raise OfficeError(404, "unknown")
    return user


def _as_told(user: OfficeUser) -> dict[str, object]:
    told = user.model_dump(mode="json", exclude={"revision", "generation"})
    return {"person": user.id, **told, "roles": user.roles}


def _place(user: OfficeUser) -> str:
    place = known_municipality(user.municipality)
    return place.listed_name if place else user.municipality


def _changed(visit: Visit, row: AuditRow) -> Changed:
    what, _, whom = row.what.partition("#")
    return Changed(
        row,
        say(visit.language, f"users_changes.{what}"),
        whom,
        _said(visit, what, row.before),
        _said(visit, what, row.after),
    )


def _said(visit: Visit, what: str, value: str) -> str:
    if what == "user_municipality":
        place = known_municipality(value)
        return place.listed_name if place else say(visit.language, "users.no_municipality")
    if what in ("user_roles", "user_added"):
        said = [say(visit.language, f"roles.{each}") for each in value.split(",") if each]
        return ", ".join(said)
    return ""


_ONE: Final = "/users/<person>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /users": show_users,
    "POST /users": add,
    f"GET {_ONE}": show_user,
    f"POST {_ONE}": change,
    f"POST {_ONE}/invite": invite,
    f"POST {_ONE}/sign-out": sign_out_everywhere,
    "GET /api/users": show_users_json,
    "POST /api/users": add,
    f"POST /api{_ONE}": change,
    f"POST /api{_ONE}/sign-out": sign_out_everywhere,
}
