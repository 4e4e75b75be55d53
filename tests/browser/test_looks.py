"""What every page owes every reader: no fault that axe finds, small screens, large text, paper."""

from collections.abc import Callable
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from kulturkontor.aws.wiring import Wiring
from tests.browser.applicant import Applicant
from tests.browser.test_own_page import offered, open_case
from tests.conftest import set_clock
from tests.office_factory import accept, register, send_claim, send_in

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Visit = Callable[[Page, Wiring, str], None]


def violations(page: Page) -> str:
    found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
    return "" if found.violations_count == 0 else found.generate_snapshot()


def at(path: str) -> Visit:
    return lambda page, here, language: _go(page, f"{path}?lang={language}")


def _go(page: Page, address: str) -> None:
    page.goto(address)


def form_with_errors(page: Page, here: Wiring, language: str) -> None:
    page.goto(f"/soknad?lang={language}")
    Applicant(page).fill_in(contact_email="kari", leader_email="per@")
    page.locator("button[value=send]").click()
    expect(page.locator("#errors")).to_be_visible()


def receipt(page: Page, here: Wiring, language: str) -> None:
    page.goto(f"/soknad?lang={language}")
    Applicant(page).fill_in(motivation="")
    page.locator("button[value=send]").click()
    expect(page.locator(".panel h1")).to_be_visible()


def own(page: Page, here: Wiring, language: str) -> None:
    page.goto(f"{open_case(page, send_in(here, motivation='').id)}?lang={language}")


def edit(page: Page, here: Wiring, language: str) -> None:
    page.goto(f"{open_case(page, send_in(here).id)}/rett?lang={language}")


def withdrawal(page: Page, here: Wiring, language: str) -> None:
    page.goto(f"{open_case(page, send_in(here).id)}/trekk?lang={language}")


def own_offered(page: Page, here: Wiring, language: str) -> None:
    page.goto(f"{open_case(page, offered(here))}?lang={language}&gjort=svar-mangler")


def own_accepted(page: Page, here: Wiring, language: str) -> None:
    application_id = offered(here)
    accept(here, application_id)
    register(here, application_id)
    send_claim(here, application_id)
    set_clock("2026-09-30T10:00:00+02:00")
    page.goto(f"{open_case(page, application_id)}?lang={language}")


def upload(page: Page, here: Wiring, language: str) -> None:
    own(page, here, language)
    page.locator("#file-name").fill("Kulturplan.pdf")
    page.locator("#file-name").press("Enter")
    expect(page.locator("#file")).to_be_visible()


PAGES: dict[str, Visit] = {
    "front": at("/"),
    "form": at("/soknad"),
    "form with errors": form_with_errors,
    "receipt": receipt,
    "own page": own,
    "own page with an offer": own_offered,
    "own page with claims": own_accepted,
    "correction": edit,
    "withdrawal": withdrawal,
    "upload": upload,
    "new link": at("/ny-lenke"),
    "privacy": at("/personvern"),
    "accessibility": at("/tilgjengelighet"),
    "no such page": at("/finnes/ikke"),
}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """[...document.querySelectorAll('main *')].filter(each =>
    !each.closest('.scroll, .trap') && each.getBoundingClientRect().right > innerWidth + 1
).map(each => each.outerHTML.slice(0, 80))"""


@pytest.fixture(params=list(PAGES), ids=lambda name: name)
def visit(request: pytest.FixtureRequest) -> Visit:
    return PAGES[request.param]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_page_has_no_fault_that_axe_finds_and_fits_small_screens_and_large_text(
    page: Page, here: Wiring, visit: Visit, language: str
) -> None:
    visit(page, here, language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert violations(page) == ""
    assert page.evaluate("document.scripts.length") == 0
    for width, text in ((320, "100%"), (640, "200%"), (1280, "200%")):
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", text)
        assert (page.evaluate(OVERFLOW), page.evaluate(CUT_OFF)) == (0, [])


@pytest.mark.parametrize("clock", ["2026-03-19T11:00:00+01:00", "2026-04-20T10:00:00+02:00"])
def test_front_page_and_form_outside_the_period_have_no_fault_that_axe_finds(
    page: Page, here: Wiring, clock: str
) -> None:
    set_clock(clock)
    for path in ("/", "/soknad"):
        page.goto(f"{path}?lang=nb")
        assert violations(page) == ""


def test_axe_finds_a_fault_where_there_is_one(page: Page) -> None:
    page.goto("/soknad?lang=nb")
    page.evaluate("document.querySelector('label[for=\"contact.name\"]').remove()")
    assert violations(page) == "label (critical) : 1"


def test_receipt_prints_on_one_sheet_without_what_is_for_the_screen(
    page: Page, here: Wiring
) -> None:
    receipt(page, here, "nb")
    sheets = PdfReader(BytesIO(page.pdf(format="A4", print_background=True))).pages
    assert len(sheets) == 1
    printed = " ".join(sheets[0].extract_text().split())
    assert "Vi tok imot søknaden 20. mars 2026 kl. 10.00.00." in printed
    assert "Nynorsk" not in printed
    assert "Få ny lenke" not in printed


OFFICE = (
    "/",
    "/applications",
    "/letters",
    "/mails?state=all",
    "/sheets",
    "/claims",
    "/batches",
)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_office_pages_have_no_fault_that_axe_finds(office_page: Page, language: str) -> None:
    office_page.goto("/")
    if language == "nn":
        office_page.get_by_role("button", name="Nynorsk").click()
    for path in OFFICE:
        office_page.goto(path)
        expect(office_page.get_by_role("main")).to_be_visible()
        expect(office_page.locator("form[action='/logout']")).to_be_visible()
        expect(office_page.locator("html")).to_have_attribute("lang", language)
        assert (path, violations(office_page)) == (path, "")
