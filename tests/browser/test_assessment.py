"""Assessing in a browser: dealt out, refused for a conflict, scored by another, read by staff."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.aws.wiring import Wiring
from kulturkontor.office_users import person_id
from tests.browser.conftest import PATIENCE
from tests.browser.site import serve
from tests.browser.test_looks import OVERFLOW, violations
from tests.rules.assessment_factory import CRITERIA
from tests.web.assessors import ANNE, AT, PER, VERA, give, score, sent_by
from tests.web.office_browser import visit_office

ADMIN = "adam@example.org"
PEOPLE = {ANNE: "staff", VERA: "reviewer", PER: "reviewer", ADMIN: "admin"}


class Office(NamedTuple):
    """Each in a browser of their own."""

    anne: Page
    vera: Page
    per: Page
    adam: Page


@pytest.fixture
def office(chromium: Browser, aws: Wiring) -> Iterator[Office]:
    with ExitStack() as open_till_the_end:
        site = open_till_the_end.enter_context(serve())
        pages = []
        for email, role in PEOPLE.items():
            visitor = visit_office(aws, at=AT, office_url=site.address).sign_in(role, email=email)
            site.resolve = visitor.resolve
            context = chromium.new_context(base_url=site.address, locale="nb-NO")
            open_till_the_end.callback(context.close)
            context.set_default_timeout(PATIENCE)
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": site.address}
                    for name, value in visitor.cookies.items()
                ]
            )
            pages.append(context.new_page())
        yield Office(*pages)


def test_from_dealing_out_to_the_ranking(aws: Wiring, office: Office) -> None:
    bergen, _ = sent_by(aws, "4601", "5001")
    _own_municipality(office.adam)
    office.anne.goto("/assessment")
    office.anne.get_by_role("link", name="Fordel søknadene").click()
    expect(office.anne.get_by_text("mangler 1")).to_be_visible()
    office.anne.get_by_role("button", name="Del ut 3 tildelinger").click()
    expect(office.anne.get_by_text("0 av 2 søknader har fått poeng")).to_be_visible()
    _declare(office.vera, bergen)
    _assess(office.per)
    office.anne.goto("/assessment/ranking")
    row = office.anne.get_by_role("row").filter(has_text="Bergen")
    expect(row.get_by_text("1 av 2")).to_be_visible()
    expect(row.get_by_role("cell", name="20", exact=True)).to_be_visible()
    expect(office.anne.get_by_role("table", name="Størrelse")).to_be_visible()
    expect(office.anne.get_by_role("link", name="Til svarene")).to_be_visible()


def _own_municipality(adam: Page) -> None:
    """Per is from Trondheim: its application is not dealt to him."""
    adam.goto("/users")
    adam.get_by_role("link", name=PER).click()
    adam.get_by_label("Egen kommune").select_option("5001")
    adam.get_by_role("button", name="Lagre", exact=True).click()
    expect(adam.get_by_text("Egen kommune endret: Ingen kommune → Trondheim")).to_be_visible()


def _declare(vera: Page, application_id: str) -> None:
    vera.goto("/assessment")
    vera.get_by_role("link", name="Meld at du er inhabil for Bergen").click()
    vera.get_by_label("Hvorfor er du inhabil?").fill("Broren min er kommunalsjef der.")
    vera.get_by_role("button", name="Meld at jeg er inhabil").click()
    expect(vera.get_by_text("meldt inhabil")).to_be_visible()
    for path in (f"/assessment/{application_id}", f"/applications/{application_id}"):
        vera.goto(path)
        expect(vera.get_by_role("heading", name="Du er inhabil")).to_be_visible()


def _assess(per: Page) -> None:
    per.goto("/assessment")
    per.get_by_role("link", name="Bergen", exact=True).click()
    for each in CRITERIA:
        per.locator(f"#points-{each}").select_option("4")
    per.get_by_role("button", name="Lever vurderingen").click()
    expect(per.get_by_text("Vurderingen er ikke levert.")).to_be_visible()
    for each in CRITERIA:
        per.locator(f"#reason-{each}").fill("Planen sier hvordan.")
    per.get_by_role("button", name="Lever vurderingen").click()
    expect(per.get_by_text("Vurderingen er levert.")).to_be_visible()


PAGES = {
    "anne": (
        *("/assessment", "/assessment/distribution", "/assessment/ranking"),
        *("/assessment/{id}", "/assessment/reviewers/{vera}"),
    ),
    "vera": ("/assessment", "/assessment/{id}", "/assessment/{id}/conflict"),
    "adam": ("/users", "/users/{vera}"),
}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_page_has_a_fault(aws: Wiring, office: Office, language: str) -> None:
    one, other = sent_by(aws, "4601", "5001")
    for email in (VERA, PER):
        give(aws, one, email)
    give(aws, other, VERA)
    score(aws, one, 4, PER)
    score(aws, one, 2, VERA)
    found: dict[str, str] = {}
    for who, paths in PAGES.items():
        page: Page = getattr(office, who)
        for pattern in paths:
            path = pattern.format(id=one, vera=person_id(VERA))
            page.goto(f"{path}?lang={language}")
            if faults := violations(page):
                found[path] = faults
            page.set_viewport_size({"width": 320, "height": 640})
            if page.evaluate(OVERFLOW):
                found[path] = f"{page.evaluate(OVERFLOW)} px too wide at 320"
            page.set_viewport_size({"width": 1280, "height": 720})
    assert found == {}
