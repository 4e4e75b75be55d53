"""Who may do what in the office, changed by an administrator and in force at once."""

import pytest

from kulturkontor.actions.change_users import UserWish, add_user, change_user
from kulturkontor.actions.follow_accounts import follow_account, follow_accounts
from kulturkontor.actions.sign_in import find_session
from kulturkontor.audit import AuditRow
from kulturkontor.aws.session import calls, client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.office_users import USERS, OfficeUser, person_id, user_key
from kulturkontor.sessions import Role
from tests.office_factory import oslo
from tests.web.office_browser import Browser, visit_office

ADMIN, KARI = "adam@example.org", "kari@example.org"


@pytest.fixture
def admin(aws: Wiring) -> Browser:
    return visit_office(aws).sign_in("admin", email=ADMIN)


def kept(here: Wiring, email: str = KARI) -> OfficeUser:
    found = here.records.read(OfficeUser, user_key(person_id(email)))
    assert found is not None
    return found


def address(email: str = KARI) -> str:
    return f"/users/{person_id(email)}"


def form(*roles: str, **more: str) -> dict[str, str]:
    return {"municipality": ""} | dict.fromkeys(roles, "true") | more


def history(here: Wiring) -> list[tuple[str, str, str, str]]:
    rows = here.records.list(AuditRow, USERS, "AUDIT#")
    return [(each.what, each.by, each.before, each.after) for each in rows]


def test_whoever_signs_in_is_on_the_list_with_the_groups_of_the_sign_in(
    aws: Wiring, admin: Browser
) -> None:
    visit_office(aws, at="2026-04-02T09:30:00").sign_in("staff", "choir", email=KARI)
    assert kept(aws).but(revision=0) == OfficeUser(
        email=KARI, groups=(Role.STAFF,), signed_in_at=oslo("2026-04-02T09:30:00")
    )
    words = admin.get("/users").words
    assert "kari@example.org stab (fra innloggingen)" in words
    assert "2. april 2026 kl. 09.30" in words


def test_roles_that_are_set_go_before_the_groups_at_once_and_at_the_next_sign_in(
    aws: Wiring, admin: Browser
) -> None:
    kari = visit_office(aws).sign_in("staff", email=KARI)
    assert admin.post(address(), form("finance", "reviewer")).location == address()
    assert kari.get("/api/me").json["roles"] == ["reviewer", "finance"]
    assert kari.get("/batches").status == 200
    assert kari.get("/mails").status == 403
    assert kari.sign_in("staff", email=KARI).get("/api/me").json["roles"] == ["reviewer", "finance"]
    admin.set_clock("2026-04-02T10:01:00")
    admin.post(address(), form(follows="groups"))
    assert kari.get("/api/me").json["roles"] == ["staff"]
    assert history(aws) == [
        (f"user_roles#{KARI}", ADMIN, "groups", "reviewer,finance"),
        (f"user_roles#{KARI}", ADMIN, "reviewer,finance", "groups"),
    ]
    page = admin.get(address()).words
    assert "Roller endret: fra innloggingen → vurderer, økonomi" in page


def test_saving_what_stands_leaves_the_groups_in_force(aws: Wiring, admin: Browser) -> None:
    kari = visit_office(aws).sign_in("staff", email=KARI)
    admin.post(address(), form("staff", municipality="4601"))
    assert kept(aws).own_roles is None
    assert kari.sign_in("finance", email=KARI).get("/api/me").json["roles"] == ["finance"]


def test_roles_can_be_set_to_what_the_groups_say_today(aws: Wiring, admin: Browser) -> None:
    visit_office(aws).sign_in("staff", email=KARI)
    admin.post(address(), form("staff", follows="here"))
    assert kept(aws).own_roles == (Role.STAFF,)


def test_taking_every_role_away_leaves_nothing_open(aws: Wiring, admin: Browser) -> None:
    kari = visit_office(aws).sign_in("staff", email=KARI)
    admin.post(address(), form())
    assert "ingen oppgaver" in kari.get("/applications").words


def test_a_blocked_person_is_out_at_once_and_cannot_come_back(aws: Wiring, admin: Browser) -> None:
    kari = visit_office(aws).sign_in("staff", email=KARI)
    admin.post(address(), form("staff", is_blocked="true"))
    assert kari.get("/applications").location.startswith("/login")
    assert kari.get("/api/applications").code == "signed_out"
    asked = kari.get("/login")
    back = kari.sign_in_service.authorize(asked.location).removeprefix(kari.doors.office_url)
    refused = kari.get(back)
    assert (refused.status, "Du er stengt ute" in refused.words) == (403, True)
    assert admin.post(address(), form("staff")).status == 303
    assert kari.sign_in("staff", email=KARI).get("/applications").status == 200
    assert {each[0].partition("#")[0] for each in history(aws)} == {
        "user_blocked",
        "user_opened",
    }


def test_a_session_from_before_a_block_is_dead_also_after_it(aws: Wiring, admin: Browser) -> None:
    kari = visit_office(aws).sign_in("staff", email=KARI)
    admin.post(address(), form("staff", is_blocked="true"))
    admin.post(address(), form("staff"))
    assert kari.get("/applications").status == 302


def test_the_last_administrator_cannot_go(aws: Wiring, admin: Browser) -> None:
    for fields in (form("staff"), form("admin", is_blocked="true")):
        answer = admin.post(address(ADMIN), fields)
        assert (answer.status, "Det må være en administrator" in answer.words) == (409, True)
    assert kept(aws, ADMIN).own_roles is None
    visit_office(aws).sign_in("admin", email=KARI)
    assert admin.post(address(ADMIN), form("staff")).status == 303
    assert admin.get("/users").status == 403


def test_a_new_user_has_the_roles_before_the_first_sign_in(aws: Wiring, admin: Browser) -> None:
    answer = admin.post("/users", {"email": "Ny@Example.org", "reviewer": "true"})
    assert answer.location == address("ny@example.org")
    assert "Har ikke logget inn ennå." in admin.get(answer.location).words
    new = visit_office(aws).sign_in(email="ny@example.org")
    assert new.get("/api/me").json["roles"] == ["reviewer"]
    assert admin.post("/users", {"email": "ny@example.org"}).status == 409
    assert history(aws) == [("user_added#ny@example.org", ADMIN, "", "reviewer")]


@pytest.mark.parametrize("email", ["", "ikke en adresse", "a@b"])
def test_an_address_that_is_none_is_refused(aws: Wiring, admin: Browser, email: str) -> None:
    assert admin.post("/users", {"email": email}).status == 422
    assert [each["email"] for each in admin.get("/api/users").json] == [ADMIN]


def test_a_municipality_of_today_can_be_somebodys_own(aws: Wiring, admin: Browser) -> None:
    visit_office(aws).sign_in("reviewer", email=KARI)
    assert admin.post(address(), form("reviewer", municipality="9999")).status == 422
    admin.post(address(), form("reviewer", municipality="4601"))
    assert kept(aws).municipality == "4601"
    assert "Egen kommune endret: Ingen kommune → Bergen (Vestland)" in admin.get("/users").words


def test_nothing_changed_leaves_no_trace(aws: Wiring, admin: Browser) -> None:
    visit_office(aws).sign_in("staff", email=KARI)
    before = kept(aws)
    admin.post(address(), form(follows="groups"))
    assert (kept(aws), history(aws)) == (before, [])


def test_an_unknown_person_is_unknown(aws: Wiring, admin: Browser) -> None:
    assert admin.get("/users/nobody").status == 404
    assert admin.post("/users/nobody", form("staff")).status == 404
    assert admin.post("/users/nobody/sign-out").status == 404
    assert admin.post("/users/nobody/invite").status == 404


def test_signing_out_everywhere_ends_every_session_of_ones_own(aws: Wiring, admin: Browser) -> None:
    first = visit_office(aws).sign_in("staff", email=KARI)
    second = visit_office(aws).sign_in("staff", email=KARI)
    answer = first.post("/logout-everywhere")
    assert answer.location.startswith(f"{aws.settings.login_url}/logout?")
    assert (first.cookies, second.get("/applications").status) == ({}, 302)
    assert admin.get("/users").status == 200
    assert second.sign_in("staff", email=KARI).get("/applications").status == 200
    assert history(aws) == [(f"user_signed_out#{KARI}", KARI, "", "")]


def test_an_administrator_signs_others_out(aws: Wiring, admin: Browser) -> None:
    kari = visit_office(aws).sign_in("staff", email=KARI)
    assert admin.post(f"{address()}/sign-out").location == address()
    assert kari.get("/api/me").code == "signed_out"
    assert "Logget ut overalt" in admin.get(address()).words


def test_a_session_is_its_own_persons(aws: Wiring) -> None:
    """The id says whose it is; with another's name at its end it is no session."""
    browser = visit_office(aws).sign_in("staff", email=KARI)
    visit_office(aws).sign_in("admin", email=ADMIN)
    session_id = browser.cookies["__Host-session"]
    secret, _, person = session_id.partition(".")
    assert person == person_id(KARI)
    browser.cookies["__Host-session"] = f"{secret}.{person_id(ADMIN)}"
    assert browser.get("/api/me").code == "signed_out"


def test_who_asks_is_read_in_one_call(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff", email=KARI)
    calls.clear()
    found = find_session(
        browser.cookies["__Host-session"],
        programme_id=aws.programme.id,
        now=oslo("2026-04-02T10:00:00"),
        records=aws.records,
    )
    assert found is not None
    assert calls.total() == 1


@pytest.fixture
def pool(aws: Wiring, monkeypatch: pytest.MonkeyPatch) -> str:
    """The sign-in service's own accounts."""
    made = client("cognito-idp").create_user_pool(PoolName="office", UsernameAttributes=["email"])
    pool_id = str(made["UserPool"]["Id"])
    monkeypatch.setattr(aws.accounts, "pool_id", pool_id)
    return pool_id


def test_an_invitation_makes_an_account_once(aws: Wiring, admin: Browser, pool: str) -> None:
    answer = admin.post("/users", {"email": KARI, "staff": "true", "invite": "true"})
    assert answer.location == f"{address()}?invited=yes"
    assert "Invitasjonen er sendt." in admin.get(answer.location).words
    (user,) = client("cognito-idp").list_users(UserPoolId=pool)["Users"]
    attributes = {each["Name"]: each["Value"] for each in user["Attributes"]}
    assert (attributes["email"], attributes["email_verified"]) == (KARI, "true")
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert f"user_invited#{KARI}" in [each[0] for each in history(aws)]


def test_a_blocked_person_is_not_invited(aws: Wiring, admin: Browser, pool: str) -> None:
    visit_office(aws).sign_in("staff", email=KARI)
    admin.post(address(), form("staff", is_blocked="true"))
    assert "Personen er stengt ute" in admin.post(f"{address()}/invite").words
    assert client("cognito-idp").list_users(UserPoolId=pool)["Users"] == []


def account(pool: str, username: str, email: str = KARI) -> None:
    client("cognito-idp").admin_create_user(
        UserPoolId=pool, Username=username, UserAttributes=[{"Name": "email", "Value": email}]
    )


def accounts_of(pool: str) -> dict[str, bool]:
    found = client("cognito-idp").list_users(UserPoolId=pool)["Users"]
    return {each["Username"]: each["Enabled"] for each in found}


def test_the_accounts_of_whoever_is_shut_out_follow_also_the_employers(
    aws: Wiring, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client("cognito-idp").create_user_pool(PoolName="both")
    pool = str(made["UserPool"]["Id"])
    monkeypatch.setattr(aws.accounts, "pool_id", pool)
    account(pool, "a-local-one")
    account(pool, "Employer_17")
    account(pool, "somebody-else", "per@example.org")
    visit_office(aws).sign_in("staff", email=KARI)
    admin.post(address(), form("staff", is_blocked="true"))
    assert accounts_of(pool) == {
        "a-local-one": False,
        "Employer_17": False,
        "somebody-else": True,
    }
    assert kept(aws).account_due_at is None
    admin.post(address(), form("staff"))
    assert set(accounts_of(pool).values()) == {True}


def test_an_account_that_is_gone_keeps_none_of_the_others_open(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client("cognito-idp").create_user_pool(PoolName="both")
    pool = str(made["UserPool"]["Id"])
    monkeypatch.setattr(aws.accounts, "pool_id", pool)
    monkeypatch.setattr(aws.accounts, "_usernames", lambda email: ["gone", "Employer_17"])
    account(pool, "Employer_17")
    aws.accounts.shut_out(KARI)
    assert accounts_of(pool) == {"Employer_17": False}


def test_where_the_sign_in_service_is_down_the_account_follows_later(
    aws: Wiring, admin: Browser, pool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(pool, KARI)
    kari = visit_office(aws).sign_in("staff", email=KARI)
    with monkeypatch.context() as down:
        down.setattr(aws.accounts, "pool_id", "eu-north-1_nowhere")
        admin.post(address(), form("staff", is_blocked="true"))
        assert kari.get("/applications").location.startswith("/login")
        assert "er ikke stengt ennå" in admin.get(address()).words
        assert follow_accounts(accounts=aws.accounts, records=aws.records) == 0
    assert list(accounts_of(pool).values()) == [True]
    assert follow_accounts(accounts=aws.accounts, records=aws.records) == 1
    assert list(accounts_of(pool).values()) == [False]
    assert "er ikke stengt ennå" not in admin.get(address()).words
    assert follow_accounts(accounts=aws.accounts, records=aws.records) == 0


def test_of_two_opposite_changes_the_one_that_stands_is_done_last(
    aws: Wiring, admin: Browser
) -> None:
    """Somebody lets the person in again while the account is being disabled."""
    add_user(KARI, (Role.STAFF,), by=ADMIN, at=oslo("2026-04-02T10:00:00"), records=aws.records)
    done: list[str] = []

    class Slow:
        def invite(self, email: str) -> bool:
            raise AssertionError(email)

        def shut_out(self, email: str) -> None:
            change(is_blocked=False)
            done.append("shut")

        def let_in(self, email: str) -> None:
            done.append("open")

    def change(*, is_blocked: bool) -> None:
        wish = UserWish((Role.STAFF,), "", is_blocked=is_blocked)
        at = oslo("2026-04-02T10:00:00")
        change_user(person_id(KARI), wish, by=ADMIN, at=at, records=aws.records)

    change(is_blocked=True)
    assert follow_account(person_id(KARI), accounts=Slow(), records=aws.records)
    assert done == ["shut", "open"]
    assert kept(aws).account_due_at is None
