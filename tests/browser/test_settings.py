"""Staff change a date and a letter in a browser, see first what it touches, and take it back."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.aws.wiring import Wiring
from tests.browser.conftest import PATIENCE
from tests.browser.site import serve
from tests.browser.test_looks import OVERFLOW, violations
from tests.office_factory import send_in
from tests.web.office_browser import visit_office

AT = "2026-04-02T10:00:00"
PAGES = (
    *("/", "/settings", "/settings/decision", "/settings/payment", "/settings/summary"),
    *("/settings/history", "/texts", "/texts/nb/letter_admitted", "/texts/nn/receipt"),
    *("/texts/reasons", "/texts/phrases/letters", "/texts/phrases/staff"),
)


@pytest.fixture
def anne(chromium: Browser, aws: Wiring) -> Iterator[Page]:
    """A page where Anne of staff and finance is signed in."""
    with ExitStack() as open_till_the_end:
        site = open_till_the_end.enter_context(serve())
        visitor = visit_office(aws, at=AT, office_url=site.address)
        visitor.sign_in("staff", "finance", email="anne@example.org")
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
        yield context.new_page()


def faults(page: Page) -> list[str]:
    """What axe finds, and how much wider than a small screen the page is."""
    found = [words for words in (violations(page),) if words]
    page.set_viewport_size({"width": 320, "height": 640})
    if over := page.evaluate(OVERFLOW):
        found.append(f"{over} px too wide at 320 px")
    page.set_viewport_size({"width": 1280, "height": 720})
    return found


def test_a_deadline_is_moved_after_a_look_at_what_it_touches_and_moved_back(
    aws: Wiring, anne: Page
) -> None:
    send_in(aws, submit=False)
    anne.goto("/settings/application")
    anne.get_by_label("Søknaden stenger").fill("2026-04-10T00:00")
    anne.get_by_role("button", name="Se hva endringen berører").click()
    expect(anne.get_by_role("alert")).to_contain_text("Skriv hvorfor")
    assert faults(anne) == []
    anne.get_by_label("Hvorfor endrer dere dette?").fill("Påsken.")
    anne.get_by_role("button", name="Se hva endringen berører").click()
    expect(anne.get_by_text("1 utkast får den nye fristen.")).to_be_visible()
    expect(anne.get_by_text("Fristen blir kortere enn den som er kunngjort.")).to_be_visible()
    assert faults(anne) == []
    anne.get_by_role("button", name="Gjør endringen").click()
    expect(anne.get_by_label("Søknaden stenger")).to_have_value("2026-04-10T00:00")
    anne.goto("/settings/history")
    assert faults(anne) == []
    anne.get_by_role("link", name="Endring 1").click()
    assert faults(anne) == []
    anne.get_by_role("button", name="Ta endringen tilbake").click()
    expect(anne.get_by_text("Tar tilbake endring 1.")).to_be_visible()
    anne.goto("/settings/application")
    expect(anne.get_by_label("Søknaden stenger")).to_have_value("2026-04-14T00:00")


def test_a_letter_is_put_in_other_words_mended_seen_kept_and_put_back(anne: Page) -> None:
    anne.goto("/texts")
    anne.locator("a[href='/texts/nb/letter_admitted']").click()
    body = anne.get_by_label("Tekst", exact=True)
    written = body.input_value()
    body.fill(written.replace("{reason}", "{reson}"))
    anne.get_by_label("Hvorfor endrer dere dette?").fill("Tydeligere.")
    anne.get_by_role("button", name="Se teksten slik den blir").click()
    expect(anne.get_by_role("alert")).to_contain_text("Mente du {reason}?")
    assert faults(anne) == []
    body.fill(written.replace("Velkommen til", "Hjertelig velkommen til"))
    anne.get_by_role("button", name="Se teksten slik den blir").click()
    expect(anne.get_by_text("Hjertelig velkommen til programmet!").first).to_be_visible()
    assert faults(anne) == []
    with anne.expect_download() as download:
        anne.get_by_role("button", name="Last ned brevet som PDF").click()
    assert download.value.suggested_filename == "letter_admitted-nb.pdf"
    anne.get_by_role("button", name="Skriv videre").click()
    expect(body).to_have_value(written.replace("Velkommen til", "Hjertelig velkommen til"))
    anne.get_by_role("button", name="Se teksten slik den blir").click()
    anne.get_by_role("button", name="Lagre teksten").click()
    expect(anne.get_by_text("egen tekst")).to_be_visible()
    assert faults(anne) == []
    anne.get_by_role("button", name="Sett inn den opprinnelige teksten igjen").click()
    expect(anne.get_by_text("Teksten er den opprinnelige.")).to_be_visible()


def test_a_phrase_of_the_letters_is_mended_seen_in_both_languages_and_kept(anne: Page) -> None:
    anne.goto("/texts")
    anne.get_by_role("link", name="Ord og setninger inne i brevene").click()
    nb = anne.locator("[id='travel_cover.nb']")
    nb.fill("det meste av reisen")
    anne.locator("[id='travel_cover.nn']").fill("{share} % av reisa")
    anne.get_by_label("Hvorfor endrer dere dette?").fill("Tydeligere.")
    anne.get_by_role("button", name="Se hva endringen berører").click()
    expect(anne.get_by_role("alert")).to_contain_text("{share} må være med")
    assert faults(anne) == []
    nb.fill("{share} % av reisen")
    anne.get_by_role("button", name="Se hva endringen berører").click()
    assert faults(anne) == []
    for language in ("bokmål", "nynorsk"):
        with anne.expect_download() as download:
            anne.get_by_role("button", name=f"får plass, {language} (PDF)").first.click()
        assert download.value.suggested_filename.startswith("letter_")
    anne.get_by_role("button", name="Gjør endringen").click()
    expect(nb).to_have_value("{share} % av reisen")
    expect(anne.get_by_text("egen tekst")).to_have_count(2)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_pages_of_the_setup_are_open_to_all(anne: Page, language: str) -> None:
    found = {}
    for path in PAGES:
        anne.goto(f"{path}?lang={language}")
        if words := faults(anne):
            found[path] = words
    assert found == {}


def test_the_menu_is_opened_by_keyboard(anne: Page) -> None:
    anne.goto("/")
    summary = anne.locator("nav summary", has_text="Penger")
    summary.focus()
    anne.keyboard.press("Enter")
    expect(anne.get_by_role("link", name="Reisekrav", exact=True)).to_be_visible()
    anne.locator("nav summary", has_text="Oppsett").click()
    anne.get_by_role("navigation").get_by_role("link", name="Innstillinger").click()
    expect(anne.get_by_role("heading", level=1, name="Innstillinger")).to_be_visible()
    expect(anne.locator("nav details[open] summary")).to_have_text("Oppsett")
