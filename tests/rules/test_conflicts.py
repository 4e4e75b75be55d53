"""Which applications are closed to whom, and who the last administrator is."""

import pytest

from kulturkontor.conflicts import Bar, Reviewer, conflict_of
from kulturkontor.office_users import (
    OfficeUser,
    UserError,
    known_roles,
    person_id,
    require_an_admin,
)
from kulturkontor.sessions import Role
from tests.rules.assessment_factory import a_part, a_user


@pytest.mark.parametrize(
    ("municipality", "declared", "bar"),
    [
        ("", {}, None),
        ("5001", {}, None),
        ("4601", {}, Bar.OWN_MUNICIPALITY),
        ("", {"a1": "Søsteren min."}, Bar.DECLARED),
        ("", {"a2": "Søsteren min."}, None),
        ("4601", {"a1": "Jeg bor der."}, Bar.OWN_MUNICIPALITY),
    ],
)
def test_a_conflict_is_declared_or_follows_from_the_own_municipality(
    municipality: str, declared: dict[str, str], bar: Bar | None
) -> None:
    part = a_part(conflicts=declared)
    assert conflict_of("a1", "4601", municipality=municipality, reviewing=part) is bar
    reviewer = Reviewer(user=a_user(municipality=municipality), part=part)
    assert reviewer.conflict("a1", "4601") is bar


def test_a_draft_without_a_municipality_is_nobodys_own() -> None:
    assert conflict_of("a1", "", municipality="", reviewing=None) is None


def test_a_person_is_the_same_however_the_address_is_written() -> None:
    assert person_id(" Vera@Example.org ") == person_id("vera@example.org")
    assert person_id("vera@example.org") != person_id("vera@example.com")


def test_groups_we_do_not_know_give_nothing() -> None:
    assert known_roles(["choir", "finance", "staff"]) == (Role.STAFF, Role.FINANCE)


def test_what_an_administrator_set_goes_before_the_groups() -> None:
    user = OfficeUser(email="vera@example.org", groups=(Role.STAFF,))
    assert user.roles == (Role.STAFF,)
    assert user.but(own_roles=(Role.FINANCE,)).roles == (Role.FINANCE,)
    assert user.but(own_roles=()).roles == ()


@pytest.mark.parametrize(
    ("roles", "blocked", "may"),
    [
        ((Role.REVIEWER,), False, True),
        ((Role.STAFF,), False, True),
        ((Role.FINANCE, Role.ADMIN), False, False),
        ((Role.REVIEWER,), True, False),
    ],
)
def test_reviewers_and_staff_may_review_unless_shut_out(
    roles: tuple[Role, ...], blocked: bool, may: bool
) -> None:
    assert a_user("x@example.org", *roles, is_blocked=blocked).may_review is may


@pytest.mark.parametrize(
    "becomes", [{"own_roles": (Role.STAFF,)}, {"is_blocked": True}, {"own_roles": ()}]
)
def test_the_last_administrator_stays(becomes: dict[str, object]) -> None:
    only = a_user("adam@example.org", Role.ADMIN)
    users = [
        only,
        a_user("eva@example.org", Role.STAFF),
        a_user("ut@example.org", Role.ADMIN, is_blocked=True),
    ]
    with pytest.raises(UserError) as refused:
        require_an_admin(users, only.but(**becomes))
    assert refused.value.told == (409, "user_last_admin")


def test_one_of_two_administrators_may_go_and_rests_on_the_other() -> None:
    one, other = (a_user(f"{name}@example.org", Role.ADMIN) for name in ("adam", "eva"))
    assert require_an_admin([one, other], one.but(own_roles=())) == other
    assert require_an_admin([one, other], one.but(municipality="4601")) is None
