"""Who may do what in the office: every route against every role, and nothing beside the table."""

import re

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.sessions import Role
from kulturkontor.web import office
from kulturkontor.web.office import AREAS, routes_of
from kulturkontor.web.office_access import ACCESS, is_open_to
from kulturkontor.web.office_answers import redirect
from kulturkontor.web.office_roles import ANYBODY, SIGNED_IN
from kulturkontor.web.office_texts import say
from tests.web.office_browser import Seen, visit_office

ROUTES = {route for area in AREAS for route in routes_of(area)}
S, R, F, A = Role.STAFF, Role.REVIEWER, Role.FINANCE, Role.ADMIN
EXPECTED = {
    "": {Role.STAFF, Role.REVIEWER, Role.FINANCE, Role.ADMIN},
    "books": {S, F, A},
    "read applications": {S, R, A},
    "change applications": {S},
    "read letters, mails and sheets": {S, A},
    "change mails and sheets": {S},
    "read claims and batches": {S, F, A},
    "change claims and make batches": {S},
    "release money": {F},
    "confirm accounts and settle outside": {S, F},
    "fetch the bank's files and the audit trail": {F, A},
    "settle debts": {F},
    "change settings": {S, F},
    "assess": {S, R},
    "run the assessment": {S},
    "read how the assessment stands": {S, A},
    "say who may do what": {A},
}

PARTS = {
    ("applications",): ("read applications", "change applications"),
    (
        "calendar",
        "decisions",
        "letters",
        "texts",
        "messages",
        "mails",
        "release",
        "sheets",
        "decision-sheet",
        "gatherings",
        "start",
    ): (
        "read letters, mails and sheets",
        "change mails and sheets",
    ),
    ("users",): ("say who may do what", "say who may do what"),
    ("settings",): ("read claims and batches", "change settings"),
    ("claims", "rates", "batches", "accounts", "payees", "finance"): (
        "read claims and batches",
        "change claims and make batches",
    ),
}


def expected_roles(route: str) -> set[Role]:
    """The rule in words, written apart from the table it checks."""
    method, path = route.split(" ")
    is_read = method == "GET"
    part = path.removeprefix("/api").split("/")[1]
    if special := _of_money(method, path, part):
        return EXPECTED[special]
    if "/on-behalf" in path or path.endswith(("/ask", "/messages/new")):
        return EXPECTED["change applications"]
    if path.endswith(("/offer-next", "/confirm-withdrawal", "/keep", "/late-application")):
        return EXPECTED["change applications"]
    if part == "assessment":
        return EXPECTED[_of_assessment(is_read, path)]
    if part in ("", "books"):
        return EXPECTED[part]
    read, change = next(kinds for parts, kinds in PARTS.items() if part in parts)
    return EXPECTED[read if is_read else change]


def _of_assessment(is_read: bool, path: str) -> str:
    """Who reads applications sees their own list; how all of it stands is not for reviewers."""
    if path.endswith(("/conflict", "/scores")):
        return "assess"
    if path.endswith(("/assessment", "/<application_id>")):
        return "read applications"
    return "read how the assessment stands" if is_read else "run the assessment"


def _of_money(method: str, path: str, part: str) -> str:
    """Where money is moved, confirmed or carried out, which people may do it is said apart."""
    if "/files/<name>" in path and part == "batches":
        return "fetch the bank's files and the audit trail"
    if path == "/finance/audit" or path.endswith(("/years/<year>", "/exports/<export_id>")):
        return "fetch the bank's files and the audit trail"
    if part == "finance" and method == "POST":
        return "settle debts"
    if part in ("decisions", "release"):
        return ""
    if part == "accounts" and method == "POST":
        return "confirm accounts and settle outside"
    if path.endswith(("/confirm", "/outside", "/outside-taken-back")):
        return "confirm accounts and settle outside"
    return "release money" if path.endswith(("/release", "/refuse")) or part == "bank-files" else ""


OPEN = {"GET /assets/<name>", "GET /login", "GET /callback"}
ONLY_SIGNED_IN = {"POST /logout", "POST /logout-everywhere", "POST /language", "GET /api/me"}
ENDS_THE_SESSION = {"POST /logout", "POST /logout-everywhere"}


def test_every_route_has_its_roles_and_every_entry_a_route() -> None:
    assert ACCESS.keys() == ROUTES


def test_a_route_without_its_roles_is_never_served(aws: Wiring) -> None:
    """Whoever adds a page must say whose it is: else its whole area does not start."""
    doors = visit_office(aws).doors
    routes = routes_of(AREAS[-1]) | {"GET /new": lambda _: redirect("/")}
    with pytest.raises(KeyError, match="GET /new"):
        office._resolver(doors, routes)
    assert is_open_to("GET /", frozenset({Role.REVIEWER}))
    with pytest.raises(KeyError):
        is_open_to("GET /new", frozenset(Role))


@pytest.mark.parametrize("route", sorted(ACCESS))
def test_a_route_is_open_to_exactly_the_roles_that_need_it(route: str) -> None:
    if route in OPEN:
        assert ACCESS[route] is ANYBODY
    elif route in ONLY_SIGNED_IN:
        assert ACCESS[route] == SIGNED_IN
    else:
        assert {role for role in Role if is_open_to(route, frozenset({role}))} == expected_roles(
            route
        )
        assert not is_open_to(route, frozenset())


def test_the_whole_matrix_holds_at_the_door(aws: Wiring) -> None:
    """Anonymous: pages lead to sign-in, the API says 401. Wrong role: 403. Right role: neither."""
    browsers = {role: visit_office(aws).sign_in(role) for role in Role}
    tokens = {role: browser.csrf for role, browser in browsers.items()}
    seen: dict[tuple[str, Role | None], int] = {}
    for route in sorted(ACCESS.keys() - OPEN - ENDS_THE_SESSION):
        method, pattern = route.split(" ")
        path = re.sub(r"<\w+>", "none", pattern)
        anonymous = visit_office(aws).send(method, path)
        seen[route, None] = anonymous.status
        for role, browser in browsers.items():
            headers = {"x-csrf-token": tokens[role], "content-type": "application/json"}
            answer = browser.send(method, path, "{}" if method == "POST" else None, headers)
            seen[route, role] = 403 if _is_refused_for_its_role(answer) else 200
    wanted: dict[tuple[str, Role | None], int] = {}
    for route in ACCESS.keys() - OPEN - ENDS_THE_SESSION:
        wanted[route, None] = 401 if " /api/" in route else 302
        for role in Role:
            is_allowed = route in ONLY_SIGNED_IN or role in expected_roles(route)
            wanted[route, role] = 200 if is_allowed else 403
    assert seen == wanted


def _is_refused_for_its_role(answer: Seen) -> bool:
    """Not for what it asked for: its own claim, or an application that is not its to assess."""
    return answer.status == 403 and (
        '"no_role"' in answer.text or say("nb", "problems.no_role.title") in answer.words
    )


def test_an_anonymous_visitor_of_a_page_is_led_to_sign_in_and_back(aws: Wiring) -> None:
    answer = visit_office(aws).get("/applications?state=late")
    assert (answer.status, answer.location) == (302, "/login?next=%2Fapplications%3Fstate%3Dlate")


def test_an_anonymous_caller_of_the_api_gets_a_problem(aws: Wiring) -> None:
    answer = visit_office(aws).get("/api/books")
    assert (answer.status, answer.code) == (401, "signed_out")


def test_somebody_without_a_role_sees_only_that(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("choir")
    assert browser.get("/api/me").json["roles"] == []
    assert browser.get("/").status == 403
    assert "ingen oppgaver" in browser.get("/").words


def test_roles_of_two_groups_add_up(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("finance", "reviewer")
    assert browser.get("/api/me").json["roles"] == ["reviewer", "finance"]
    assert browser.get("/applications").status == 200
    assert browser.get("/batches").status == 200


def test_an_unknown_address_is_a_page_or_a_problem(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    assert browser.get("/finnes/ikke").status == 404
    assert browser.get("/api/finnes/ikke").code == "unknown"
    assert visit_office(aws).get("/finnes/ikke").status == 404
