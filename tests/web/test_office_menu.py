"""The office's menu: each role sees the pages it may open, and where it stands."""

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.sessions import Role
from kulturkontor.web import office_menu
from kulturkontor.web.office_access import ACCESS, is_open_to
from kulturkontor.web.office_menu import menu
from kulturkontor.web.office_texts import has_text
from tests.web.office_browser import tags, visit_office

EVERY_ROLE = [frozenset({role}) for role in Role]


@pytest.mark.parametrize("roles", EVERY_ROLE, ids=str)
def test_the_menu_has_only_what_the_roles_open(roles: frozenset[Role]) -> None:
    paths = [line.path for group in menu("/", roles) for line in group.lines]
    assert paths
    assert [path for path in paths if not is_open_to(f"GET {path}", roles)] == []


@pytest.mark.parametrize("roles", EVERY_ROLE, ids=str)
def test_no_group_of_the_menu_is_empty(roles: frozenset[Role]) -> None:
    assert [group.key for group in menu("/", roles) if not group.lines] == []


def test_every_group_and_page_of_the_menu_has_its_name() -> None:
    keys = [
        key
        for group, names in office_menu._GROUPS.items()
        for key in (f"menu_groups.{group}", *(f"menu.{name}" for name in names))
    ]
    assert [key for key in keys if not has_text("nb", key) or not has_text("nn", key)] == []


def test_a_page_without_a_route_is_left_out_of_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "GET /calendar")
    paths = [line.path for group in menu("/", frozenset(Role)) for line in group.lines]
    assert "/calendar" not in paths
    assert "/claims" in paths


def test_the_group_that_the_visitor_stands_in_is_open_and_the_page_is_marked(aws: Wiring) -> None:
    seen = visit_office(aws).sign_in("staff").get("/calendar/S1")
    found = tags(seen.text)
    opened = [values for tag, values in found if tag == "details" and "open" in values]
    marked = [v["href"] for tag, v in found if tag == "a" and v.get("aria-current")]
    assert (len(opened), marked) == (1, ["/calendar"])
    front = visit_office(aws).sign_in("staff").get("/").text
    assert [v for tag, v in tags(front) if tag == "details" and "open" in v] == []
