"""Every page that can be reached by links, after the whole journey: there, and fit to be used.

The pages are found by following links, and in the end held against the routes, so that none is
forgotten. With `make screenshots` each is kept as a picture, in both written forms.
"""

import re
from collections import deque
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Error, Page, Response

from kulturkontor.web.office_access import ACCESS
from local.office_users import OfficeUser
from tests.browser.deployed.participant import Participant
from tests.browser.deployed.season import FINANCE, STAFF, Season
from tests.browser.deployed.test_programme import bergen, have_applied, voss
from tests.browser.deployed.traces import leave_traces

_NAMES = re.compile(r"[0-9a-f]{12,}[^/]*|KFK2-[^/]+|\d+|(?<=/)(S\d|p\d+)(?=/|$|\.)|B-[^/]+")
_DOWNLOADS = "Download is starting"
_PART = re.compile(r"<[a-z_]+>")
_ADDRESSES = """[...document.querySelectorAll('a[href]')].map(each => each.href)
    .filter(each => new URL(each).origin === location.origin)"""


def pattern(address: str) -> str:
    """The address without what it names: one page stands for all of its kind."""
    return _NAMES.sub("x", urlsplit(address).path)


NOT_IN_THE_OFFICE = {
    "/login": "leads on to the sign-in service",
    "/callback": "is where the sign-in service leads back to",
    "/assets/<name>": "is what pages are drawn with",
    "/applications/<application_id>/offer-next": "stands behind a place that was declined",
    "/applications/<application_id>/confirm-withdrawal": "stands behind a wish to withdraw",
    "/applications/<application_id>/keep": "stands behind a wish to withdraw",
    "/assessment/conflict": "leads on to the chosen application",
    "/gatherings/<gathering>/rooming-list": "is a sheet, and there while the council books",
    "/release/preview/<application_id>": "is a letter as PDF",
    "/release/previews/zip": "is a file",
}
"""What no link leads to in this season, and why; all else must have been reached."""


def look_at_all(season: Season, page: Page, *starts: str, who: str) -> list[str]:
    """The kinds of pages that can be reached from these, each looked at once."""
    waiting, known = deque(starts), {pattern(each) for each in starts}
    seen = []
    while waiting:
        address = waiting.popleft()
        season.camera.visited.add(urljoin(page.url, address))
        answer = _open(page, address)
        if answer is None:
            continue
        assert answer.status == 200, f"{address} answered {answer.status}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        seen.append(pattern(address))
        found = page.evaluate(_ADDRESSES)
        season.camera.look(page, f"{who}{pattern(address).replace('/', '-')}")
        for each in found:
            if pattern(each) not in known:
                known.add(pattern(each))
                waiting.append(each)
    return seen


def _open(page: Page, address: str) -> Response | None:
    """None for what is kept and not shown."""
    try:
        return page.goto(address)
    except Error as fault:
        if _DOWNLOADS in str(fault):
            return None
        raise


def test_every_public_page(season: Season) -> None:
    page = season.browse()
    seen = look_at_all(season, page, "/?lang=nb", who="public")
    assert {"/", "/sporsmal", "/personvern", "/tilgjengelighet", "/ny-lenke"} <= set(seen)
    look_at_all(season, page, "/?lang=nn", who="public")


@pytest.mark.parametrize("who", [bergen, voss], ids=["nb", "nn"])
def test_every_page_of_a_case(season: Season, who: Callable[[Season], Participant]) -> None:
    have_applied(season)
    each = who(season)
    each.page = season.browse()
    each.open_from_mail()
    starts = [
        f"{each.base}{path}?lang={each.language}" for path in ("", "/vedlegg", "/kvitteringer")
    ]
    seen = look_at_all(season, each.page, *starts, who="case")
    assert {"/sak/x", "/sak/x/soknad", "/sak/x/post", "/sak/x/tilgang"} <= set(seen)


@pytest.mark.parametrize("user", [STAFF, FINANCE], ids=["staff", "finance"])
def test_every_page_of_the_office(season: Season, user: OfficeUser) -> None:
    have_applied(season)
    starts = leave_traces(season) if user is STAFF else ["/payees/4601"]
    page = season.sign_in(user)
    seen = look_at_all(season, page, "/", *starts, who="office")
    assert {"/", "/claims", "/batches", "/finance"} <= set(seen)
    page.get_by_role("button", name="Nynorsk").click()
    look_at_all(season, page, "/", *starts, who="office")


def test_no_page_of_the_office_is_left_out(season: Season) -> None:
    routes = [each.removeprefix("GET ") for each in ACCESS if each.startswith("GET /")]
    assert left_out(season, season.stack.office_url, routes) - NOT_IN_THE_OFFICE.keys() == set()


def left_out(season: Season, base: str, routes: list[str]) -> set[str]:
    """The pages that nobody has looked at; what programs ask for is no page."""
    paths = {urlsplit(each).path for each in season.camera.visited if each.startswith(base)}
    return {
        route
        for route in routes
        if not route.startswith("/api/")
        and not any(re.fullmatch(_PART.sub("[^/]+", route), path) for path in paths)
    }
