"""What all the portal's pages share: their frame, their language, their policy, their help."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.aws.wiring import Wiring
from tests.browser.conftest import PATIENCE
from tests.browser.site import Site
from tests.browser.test_looks import PUBLIC, faults
from tests.browser.test_own_page import open_case
from tests.conftest import set_clock
from tests.office_factory import send_in
from tests.web.portal_visitor import token_of

ICON = "/assets/icon."
"""The browser asks for it in its own time, and again where a page was left before it had come."""


@pytest.fixture
def plain_page(chromium: Browser, portal: Site) -> Iterator[Page]:
    """A browser that runs no script."""
    made = chromium.new_context(base_url=portal.address, java_script_enabled=False)
    made.set_default_timeout(PATIENCE)
    yield made.new_page()
    made.close()


def test_everything_that_is_loaded_is_ours_and_most_of_it_only_once(
    page: Page, portal: Site
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PUBLIC:
        page.goto(f"{path}?lang=nb")
    assert {urlsplit(each).netloc for each in asked} == {urlsplit(portal.address).netloc}
    from_server = [each.split()[1] for each in portal.asked if "/assets/" in each]
    of_pages = [each for each in from_server if not each.startswith(ICON)]
    assert len(of_pages) == len(set(of_pages)) > 2


def test_pages_are_set_in_the_vendored_font(page: Page) -> None:
    page.goto("/?lang=nb")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].map(each => [each.family, each.status])") == [
        ["Inter", "loaded"]
    ]


@pytest.mark.parametrize("path", PUBLIC)
def test_language_link_stands_in_the_same_place_and_leads_to_the_same_page(
    page: Page, path: str
) -> None:
    page.goto("/?lang=nb")
    place = page.locator(".language").bounding_box()
    page.goto(f"{path}?lang=nb")
    link = page.locator(".language")
    assert link.bounding_box() == place
    link.click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    assert urlsplit(page.url).path == path
    page.locator("footer a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")


def test_language_link_of_a_refused_form_leads_back_to_the_form(page: Page) -> None:
    page.goto("/ny-lenke?lang=nb")
    page.get_by_role("button", name="Send ny lenke").click()
    expect(page).to_have_title("Feil: Få ny lenke til saken – Kulturskolen i fremtidens kommune 2")
    expect(page.locator("#errors")).to_be_focused()
    assert faults(page) == []
    page.locator(".language").click()
    assert urlsplit(page.url).path == "/ny-lenke"
    expect(page.locator("html")).to_have_attribute("lang", "nn")


def test_keyboard_reaches_the_content_past_the_frame_and_shows_where_it_is(page: Page) -> None:
    page.goto("/?lang=nb")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    start = page.get_by_role("link", name="Start søknaden")
    expect(start).to_be_focused()
    assert start.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"


def test_time_left_is_kept_true_without_being_read_out(page: Page, here: Wiring) -> None:
    set_clock("2026-04-13T21:59:57+02:00")
    page.clock.install()
    page.goto("/?lang=nb")
    left = page.locator("#left")
    expect(left).to_have_text("2 timer igjen")
    page.clock.run_for(4_000)
    page.clock.run_for(30_000)
    expect(left).to_have_text("119 minutter igjen")
    page.clock.run_for(118 * 60_000)
    expect(left).to_have_text("Mindre enn to minutter igjen")
    assert page.locator("[aria-live], [role=status], [role=timer]").count() == 0
    set_clock("2026-04-14T00:00:00+02:00")
    page.clock.run_for(120_000)
    expect(page.locator("#state")).to_have_text("Søknadsfristen er ute")


def test_pages_say_the_same_without_scripts(plain_page: Page) -> None:
    plain_page.goto("/?lang=nn")
    expect(plain_page.locator("#left")).to_have_text("24 dagar igjen")
    plain_page.get_by_role("link", name="Sjå alle spørsmåla først").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Alle spørsmåla")


def test_characters_left_are_told_in_both_written_forms(page: Page, here: Wiring) -> None:
    application_id = send_in(here, submit=False, motivation="Vi vil.").id
    for language, words in (("nb", "2993 tegn igjen"), ("nn", "2993 teikn igjen")):
        page.goto(f"{open_case(page, application_id)}/soknad/kapasitet?lang={language}")
        counter = page.locator("ds-field:has([id='motivation']) [data-field=counter]")
        expect(counter).to_have_attribute("data-label", words)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_dead_link_says_so_and_leads_to_a_new_one(page: Page, here: Wiring, language: str) -> None:
    application_id = send_in(here).id
    answer = page.goto(f"/s/{token_of(application_id, 2)}?lang={language}")
    assert answer is not None
    assert answer.status == 410
    said = {"nb": "Denne lenken gjelder ikke lenger", "nn": "Denne lenkja gjeld ikkje lenger"}
    expect(page.get_by_role("heading", level=1)).to_have_text(said[language])
    assert faults(page) == []
    page.get_by_role("main").get_by_role("link").first.click()
    assert urlsplit(page.url).path == "/ny-lenke"
