"""Signing in and out in a browser, by way of a sign-in service's own pages on another address."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.aws.wiring import Wiring
from tests.browser.conftest import PATIENCE
from tests.browser.site import Resolve, serve
from tests.browser.test_decisions import assert_sound
from tests.web.office_browser import SignIn, visit_office

Open = Callable[..., Page]
PEOPLE = {"anne@example.org": ["staff"], "adam@example.org": ["admin"], "ny@example.org": []}
"""Who has an account, and the groups of it."""


def sign_in_service(service: SignIn) -> Resolve:
    """A page that asks who one is, as a sign-in service has it; it may also refuse."""

    def resolve(event: dict[str, Any]) -> dict[str, Any]:
        path, asked = event["rawPath"], event["queryStringParameters"]
        if path == "/oauth2/authorize":
            return _page(event["rawQueryString"])
        if path == "/logout":
            return _lead(asked["logout_uri"])
        if path != "/who":
            return {"statusCode": 404}
        back = service.authorize(f"?{asked['asked']}")
        if asked["who"] not in PEOPLE:
            refused = {"error": "access_denied", "state": service.asked["state"][0]}
            return _lead(f"{service.asked['redirect_uri'][0]}?{urlencode(refused)}")
        service.email, service.groups = asked["who"], PEOPLE[asked["who"]]
        return _lead(back)

    return resolve


def _page(asked: str) -> dict[str, Any]:
    fields = f'<input type="hidden" name="asked" value="{escape(asked)}"><button>Logg inn</button>'
    form = f'<form action="/who"><label>E-post <input name="who"></label>{fields}</form>'
    page = f'<!doctype html><html lang="nb"><title>Logg inn</title><h1>Logg inn</h1>{form}</html>'
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": page}


def _lead(address: str) -> dict[str, Any]:
    return {"statusCode": 302, "headers": {"Location": address}}


@pytest.fixture
def open_office(chromium: Browser, aws: Wiring) -> Iterator[Open]:
    """A browser of somebody's own, on the office's address, without a session."""
    with ExitStack() as till_the_end:
        site, login = (till_the_end.enter_context(serve()) for _ in range(2))
        office = visit_office(aws, office_url=site.address, login_url=login.address)
        site.resolve, login.resolve = office.resolve, sign_in_service(office.sign_in_service)

        def opened(language: str = "nb") -> Page:
            context = chromium.new_context(base_url=site.address, locale=f"{language}-NO")
            till_the_end.callback(context.close)
            context.set_default_timeout(PATIENCE)
            return context.new_page()

        yield opened


def sign_in(page: Page, who: str) -> None:
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
    page.get_by_label("E-post").fill(who)
    page.get_by_role("button", name="Logg inn").click()


def here(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_the_page_that_was_wanted_is_shown_after_signing_in_and_closed_after_signing_out(
    open_office: Open,
) -> None:
    page = open_office()
    page.goto("/letters?state=held")
    sign_in(page, "anne@example.org")
    expect(page.locator("footer")).to_contain_text("anne@example.org")
    assert here(page) == "/letters?state=held"
    assert_sound(page)
    page.get_by_role("button", name="Logg ut", exact=True).click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
    page.go_back()
    page.reload()
    sign_in(page, "anne@example.org")
    expect(page.locator("footer")).to_contain_text("anne@example.org")


def test_signing_out_everywhere_ends_the_session_of_the_other_machine(open_office: Open) -> None:
    at_work, at_home, colleague = open_office(), open_office(), open_office()
    for page, who in (
        (at_work, "anne@example.org"),
        (at_home, "anne@example.org"),
        (colleague, "adam@example.org"),
    ):
        page.goto("/")
        sign_in(page, who)
        expect(page.locator("footer")).to_contain_text(who)
    at_work.get_by_role("button", name="Logg ut overalt").click()
    expect(at_work.get_by_role("heading", name="Logg inn")).to_be_visible()
    at_home.goto("/applications")
    expect(at_home.get_by_role("heading", name="Logg inn")).to_be_visible()
    colleague.goto("/users")
    expect(colleague.locator("footer")).to_contain_text("adam@example.org")
    sign_in(at_home, "anne@example.org")
    expect(at_home.locator("footer")).to_contain_text("anne@example.org")
    assert here(at_home) == "/applications"


def test_somebody_without_a_task_is_told_so_until_an_administrator_gives_one(
    open_office: Open,
) -> None:
    new, adam = open_office(), open_office()
    new.goto("/applications")
    sign_in(new, "ny@example.org")
    expect(new.get_by_role("heading", name="Du har ingen oppgaver her ennå")).to_be_visible()
    assert_sound(new)
    new.get_by_role("button", name="Nynorsk").click()
    expect(new.get_by_role("heading", name="Du har ingen oppgåver her enno")).to_be_visible()
    assert_sound(new)
    adam.goto("/users")
    sign_in(adam, "adam@example.org")
    adam.get_by_role("link", name="ny@example.org").click()
    adam.locator("#staff").check()
    adam.get_by_role("button", name="Lagre", exact=True).click()
    expect(adam.get_by_text("Brukeren er lagret.")).to_be_visible()
    new.goto("/applications")
    expect(new.get_by_role("heading", name="Søknader", level=1, exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("language", "title", "way_on"),
    [
        ("nb", "Innloggingen lyktes ikke", "Til oversikten"),
        ("nn", "Innlogginga lykkast ikkje", "Til oversikta"),
    ],
)
def test_a_refused_sign_in_is_told_with_a_way_to_try_again(
    open_office: Open, language: str, title: str, way_on: str
) -> None:
    page = open_office(language)
    page.goto("/")
    sign_in(page, "stranger@example.org")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert_sound(page)
    page.get_by_role("link", name=way_on).click()
    sign_in(page, "anne@example.org")
    expect(page.locator("footer")).to_contain_text("anne@example.org")
