"""Who may do what in the office: each route, and the roles that open it. What is not here is shut.

Staff handle applications, letters, mails and claims; reviewers read and assess applications;
finance releases payments. Whoever attested a claim cannot release its payment whatever their roles:
that is the batch's own rule, as a conflict of interest is the application's (`office_bars.py`). An
administrator reads everything and changes nothing but who may do what; a person with two tasks has
two roles.
"""

import re
from functools import cache
from typing import Final

from kulturkontor.sessions import Role
from kulturkontor.web.access_cases import CASES
from kulturkontor.web.access_money import MONEY
from kulturkontor.web.office_roles import (
    ADMIN,
    ANYBODY,
    ASSESS,
    EVERY_ROLE,
    READ_APPLICATIONS,
    READ_MONEY,
    READ_STAFF,
    SIGNED_IN,
    STAFF,
    STAFF_OR_FINANCE,
    Roles,
)

ACCESS: Final[dict[str, Roles | None]] = {
    **CASES,
    **MONEY,
    "GET /assets/<name>": ANYBODY,
    "GET /login": ANYBODY,
    "GET /callback": ANYBODY,
    "POST /logout": SIGNED_IN,
    "POST /logout-everywhere": SIGNED_IN,
    "POST /language": SIGNED_IN,
    "GET /api/me": SIGNED_IN,
    "GET /": EVERY_ROLE,
    "GET /assessment": READ_APPLICATIONS,
    "GET /assessment/distribution": READ_STAFF,
    "POST /assessment/distribution": STAFF,
    "GET /assessment/ranking": READ_STAFF,
    "GET /assessment/ranking/export": READ_STAFF,
    "GET /assessment/reviewers/<person>": READ_STAFF,
    "POST /assessment/reviewers/<person>/assign": STAFF,
    "POST /assessment/reviewers/<person>/unassign": STAFF,
    "POST /assessment/reviewers/<person>/lift": STAFF,
    "GET /assessment/<application_id>": READ_APPLICATIONS,
    "POST /assessment/<application_id>/scores": ASSESS,
    "GET /assessment/conflict": ASSESS,
    "GET /assessment/<application_id>/conflict": ASSESS,
    "POST /assessment/<application_id>/conflict": ASSESS,
    "GET /api/assessment": READ_APPLICATIONS,
    "GET /api/assessment/distribution": READ_STAFF,
    "POST /api/assessment/distribution": STAFF,
    "GET /api/assessment/ranking": READ_STAFF,
    "POST /api/assessment/reviewers/<person>/assign": STAFF,
    "POST /api/assessment/reviewers/<person>/unassign": STAFF,
    "POST /api/assessment/reviewers/<person>/lift": STAFF,
    "GET /api/assessment/<application_id>": READ_APPLICATIONS,
    "POST /api/assessment/<application_id>/scores": ASSESS,
    "POST /api/assessment/<application_id>/conflict": ASSESS,
    "GET /users": ADMIN,
    "POST /users": ADMIN,
    "GET /users/<person>": ADMIN,
    "POST /users/<person>": ADMIN,
    "POST /users/<person>/invite": ADMIN,
    "POST /users/<person>/sign-out": ADMIN,
    "GET /api/users": ADMIN,
    "POST /api/users": ADMIN,
    "POST /api/users/<person>": ADMIN,
    "POST /api/users/<person>/sign-out": ADMIN,
    "GET /start": READ_STAFF,
    "GET /start/links": READ_STAFF,
    "POST /start/links": STAFF,
    "POST /api/start/links": STAFF,
    "GET /start/templates/<kind>": READ_STAFF,
    "POST /start/kinds/<kind>": STAFF,
    "POST /api/start/kinds/<kind>": STAFF,
    "GET /start/sheets/<sheet_id>": READ_STAFF,
    "GET /api/start/sheets/<sheet_id>": READ_STAFF,
    "GET /start/sheets/<sheet_id>/report": READ_STAFF,
    "POST /start/sheets/<sheet_id>/apply": STAFF,
    "POST /api/start/sheets/<sheet_id>/apply": STAFF,
    "GET /gatherings": READ_STAFF,
    "GET /gatherings/<gathering>": READ_STAFF,
    "GET /api/gatherings/<gathering>": READ_STAFF,
    "POST /gatherings/<gathering>/freeze": STAFF,
    "POST /api/gatherings/<gathering>/freeze": STAFF,
    "GET /gatherings/<gathering>/rooming-list": READ_STAFF,
    "GET /gatherings/<gathering>/sign-in-list": READ_STAFF,
    "GET /gatherings/<gathering>/badges": READ_STAFF,
    "GET /gatherings/<gathering>/door": READ_STAFF,
    "POST /gatherings/<gathering>/door": STAFF,
    "POST /gatherings/<gathering>/door/rest": STAFF,
    "POST /api/gatherings/<gathering>/door": STAFF,
    "POST /api/gatherings/<gathering>/door/rest": STAFF,
    "GET /calendar": READ_STAFF,
    "GET /calendar/<about>": READ_STAFF,
    "POST /calendar/<about>/plan": STAFF,
    "POST /calendar/<about>/change": STAFF,
    "POST /calendar/<about>/finish": STAFF,
    "POST /calendar/<about>/beds": STAFF,
    "POST /calendar/<about>/invite": STAFF,
    "POST /api/calendar/<about>/invite": STAFF,
    "GET /api/calendar": READ_STAFF,
    "POST /api/calendar/<about>/change": STAFF,
    "POST /api/calendar/<about>/finish": STAFF,
    "POST /api/calendar/<about>/beds": STAFF,
    "GET /texts": READ_STAFF,
    "GET /api/texts": READ_STAFF,
    "GET /api/texts/phrases/<group>": READ_STAFF,
    "POST /api/texts/phrases/<group>": STAFF,
    "GET /api/texts/<form>/<name>": READ_STAFF,
    "POST /api/texts/<form>/<name>": STAFF,
    "POST /api/texts/<form>/<name>/preview": STAFF,
    "POST /api/texts/<form>/<name>/original": STAFF,
    "GET /texts/reasons": READ_STAFF,
    "POST /texts/reasons/plan": STAFF,
    "POST /texts/reasons/change": STAFF,
    "GET /texts/phrases/<group>": READ_STAFF,
    "POST /texts/phrases/<group>/preview": STAFF,
    "POST /texts/phrases/<group>/letter": STAFF,
    "POST /texts/phrases/<group>/change": STAFF,
    "GET /texts/<form>/<name>": READ_STAFF,
    "POST /texts/<form>/<name>/preview": STAFF,
    "POST /texts/<form>/<name>/letter": STAFF,
    "POST /texts/<form>/<name>/change": STAFF,
    "POST /texts/<form>/<name>/original": STAFF,
    "GET /api/settings": READ_MONEY,
    "GET /api/settings/history": READ_MONEY,
    "POST /api/settings": STAFF_OR_FINANCE,
    "POST /api/settings/plan": STAFF_OR_FINANCE,
    "GET /settings": READ_MONEY,
    "GET /settings/<section>": READ_MONEY,
    "POST /settings/<section>/plan": STAFF_OR_FINANCE,
    "POST /settings/<section>/change": STAFF_OR_FINANCE,
    "GET /settings/history": READ_MONEY,
    "GET /settings/history/<number>": READ_MONEY,
    "POST /settings/history/<number>/undo": STAFF_OR_FINANCE,
}


def is_open_to(route: str, held: frozenset[Role]) -> bool:
    """Whether somebody signed in with these roles may use the route; KeyError if unlisted."""
    needed = ACCESS[route]
    return not needed or bool(needed & held)


def nearest_page(path: str) -> str:
    """The page at that path, or the nearest above it that there is: a form may be shown where only
    another form leads.
    """
    while path and not any(each.fullmatch(path) for each in _pages()):
        path = path.rpartition("/")[0]
    return path or "/"


@cache
def _pages() -> list[re.Pattern[str]]:
    paths = (route.removeprefix("GET ") for route in ACCESS if route.startswith("GET /"))
    return [re.compile(re.sub(r"<\w+>", "[^/]+", path)) for path in paths]
