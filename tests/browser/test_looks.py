"""What every page owes every reader: no fault that axe finds, small screens, large text, paper."""

from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from kulturkontor.aws.wiring import Wiring
from kulturkontor.web.portal import AREAS, routes_of
from tests.browser.test_own_page import offered, open_case
from tests.conftest import set_clock
from tests.office_factory import accept, admitted, all_mails, register, send_claim, send_in
from tests.web.claim_writer import upload
from tests.web.test_portal_claim_answer import a_claim, rule

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """[...document.querySelectorAll('main *')].filter(each =>
    !each.closest('.scroll, .trap, .ds-sr-only, thead')
    && each.getBoundingClientRect().right > innerWidth + 1
).map(each => each.outerHTML.slice(0, 80))"""
SCREENS = ((320, "100%"), (640, "200%"), (1280, "200%"))
"""Widths in pixels, each with the size of the text."""


def violations(page: Page) -> str:
    found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
    return "" if found.violations_count == 0 else found.generate_snapshot()


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in words."""
    found = [words for words in (violations(page),) if words]
    for width, text in SCREENS:
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", text)
        over, cut = page.evaluate(OVERFLOW), page.evaluate(CUT_OFF)
        if over or cut:
            found.append(f"{width} px at {text}: {over} px too wide, cut off: {cut}")
    page.set_viewport_size({"width": 1280, "height": 720})
    return found


class Scene(NamedTuple):
    """A moment of a case, and the pages to look at in it, below the case's own address."""

    prepare: Callable[[Wiring], str]
    """Gives the application's id."""
    clock: str
    paths: tuple[str, ...]


def _draft(here: Wiring) -> str:
    return send_in(here, submit=False, motivation="").id


def _sent(here: Wiring) -> str:
    return send_in(here, motivation="").id


def _accepted(here: Wiring) -> str:
    application_id = offered(here)
    accept(here, application_id)
    return application_id


def _claimed(here: Wiring) -> str:
    application_id = offered(here)
    accept(here, application_id)
    register(here, application_id)
    send_claim(here, application_id)
    return application_id


def _competing(here: Wiring) -> str:
    first = send_in(here)
    send_in(here, key="second-of-4601")
    return first.id


def _asked(here: Wiring) -> str:
    application_id = admitted(here)
    receipt = upload(here, application_id, 1)
    send_claim(here, application_id, at="2026-09-28T10:00:00", body=a_claim(receipt))
    rule(here, application_id, l2=("ask", "Hvorfor?"), l3=("reject", "Bussen var gratis."))
    return application_id


SCENES: dict[str, Scene] = {
    "draft": Scene(
        _draft,
        "2026-03-21T10:00:00+01:00",
        (
            *("", "/soknad", "/soknad/kommune", "/soknad/forankring", "/soknad/gruppe"),
            *("/soknad/kapasitet", "/soknad/send", "/vedlegg", "/trekk", "/tilgang", "/overlever"),
        ),
    ),
    "sent": Scene(_sent, "2026-03-21T10:00:00+01:00", ("", "/kvittering", "/soknad", "/post")),
    "sent and late": Scene(_sent, "2026-04-20T10:00:00+02:00", ("", "/trekk", "/soknad")),
    "competing": Scene(_competing, "2026-03-21T10:00:00+01:00", ("", "/valg", "/kvittering")),
    "offered": Scene(offered, "2026-05-04T10:00:00+02:00", ("", "/svar", "/post")),
    "accepted": Scene(_accepted, "2026-05-06T10:00:00+02:00", ("", "/svar", "/gruppe")),
    "in the programme": Scene(
        admitted,
        "2026-09-30T10:00:00+02:00",
        (
            *("", "/gruppe", "/samlinger", "/samlinger/S2", "/kvitteringer", "/reisekrav"),
            *("/reisekrav/S1", "/reisekrav/S1/reisende", "/reisekrav/S1/konto"),
            *("/reisekrav/S1/kostnader", "/reisekrav/S1/kontroll"),
            "/reisekrav/S1/kostnader/p1",
        ),
    ),
    "asked about a line": Scene(
        _asked,
        "2026-09-30T10:00:00+02:00",
        ("/reisekrav", "/reisekrav/S1", "/reisekrav/S1/linje/l2", "/kvitteringer"),
    ),
    "claimed": Scene(
        _claimed, "2026-10-02T10:00:00+02:00", ("", "/reisekrav", "/reisekrav/S1", "/post")
    ),
}
PUBLIC = (
    *("/", "/sporsmal", "/soknad", "/personvern", "/tilgjengelighet", "/kontakt", "/ny-lenke"),
    *("/overlevert", "/s/not-a-link", "/finnes/ikke"),
)
WAYS = {"nb with scripts": ("nb", True), "nn without": ("nn", False)}


@pytest.fixture(params=list(WAYS))
def language(request: pytest.FixtureRequest, page: Page) -> str:
    """The pages' language; in nynorsk they must do without their scripts, which would mend some of
    what they lack.
    """
    code, has_scripts = WAYS[request.param]
    if not has_scripts:
        page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    return code


@pytest.mark.parametrize("name", list(SCENES))
def test_page_of_a_case_has_no_fault(page: Page, here: Wiring, name: str, language: str) -> None:
    scene = SCENES[name]
    application_id = scene.prepare(here)
    set_clock(scene.clock)
    base = open_case(page, application_id)
    found: dict[str, list[str]] = {}
    for path in scene.paths:
        answer = page.goto(f"{base}{path}?lang={language}")
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        expect(page.locator("html")).to_have_attribute("lang", language)
        found[path] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}


def test_public_page_has_no_fault(page: Page, here: Wiring, language: str) -> None:
    found: dict[str, list[str]] = {}
    for path in PUBLIC:
        page.goto(f"{path}?lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        found[path] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("clock", ["2026-03-19T11:00:00+01:00", "2026-04-20T10:00:00+02:00"])
def test_front_page_and_form_outside_the_period_have_no_fault(
    page: Page, here: Wiring, clock: str
) -> None:
    set_clock(clock)
    for path in ("/", "/soknad"):
        page.goto(f"{path}?lang=nb")
        assert (path, faults(page)) == (path, [])


NOT_LOOKED_AT = {
    "/assets/<name>": "no page",
    "/api": "no pages",
    "/kalender": "calendar files",
    "/sak/<application_id>/brev/<serial>": "a PDF",
    "/sak/<application_id>/soknad.pdf": "a PDF",
    "/sak/<application_id>/reisekrav/<gathering>/utregning.pdf": "a PDF",
    "/sak/<application_id>/fil/<file_id>/innhold": "a file",
    "/sak/<application_id>/rett": "leads on",
    "/sak/<application_id>/filer": "a part of a page",
    "/sak/<application_id>/fil/<file_id>": "test_upload",
    "/sak/<application_id>/post/<mail_id>": "test_mail_of_the_case_has_no_fault",
}
"""Addresses that no scene holds, each with why or where else."""


def test_no_page_is_forgotten() -> None:
    looked_at = [f"/sak/x{path}" for scene in SCENES.values() for path in scene.paths]
    forgotten = {
        route.path
        for area in AREAS
        for route in routes_of(area)
        if route.method == "GET"
        and not any(route.matches(path) for path in (*PUBLIC, *looked_at))
        and not any(
            route.path == each or (each.count("/") == 1 and route.path.startswith(each))
            for each in NOT_LOOKED_AT
        )
    }
    assert forgotten == set()


def test_mail_of_the_case_has_no_fault(page: Page, here: Wiring, language: str) -> None:
    application_id = _sent(here)
    mail_id = next(iter(all_mails(here)))
    page.goto(f"{open_case(page, application_id)}/post/{mail_id}?lang={language}")
    assert faults(page) == []


def test_axe_finds_a_fault_where_there_is_one(page: Page) -> None:
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/ny-lenke?lang=nb")
    page.evaluate("document.querySelector('label[for=\"email\"]').remove()")
    assert "label (critical) : 1" in violations(page)


def test_receipt_prints_on_paper_without_what_is_for_the_screen(page: Page, here: Wiring) -> None:
    application_id = send_in(here).id
    page.goto(f"{open_case(page, application_id)}/kvittering?lang=nb")
    printed = on_paper(page)
    assert "KFK2-2026-4601" in printed[0]
    assert "20. mars 2026 kl. 10.00" in printed[0]
    assert len(printed) <= 3
    assert [word for word in ("Nynorsk", "Få ny lenke") if word in "".join(printed)] == []


def test_questions_print_on_paper(page: Page) -> None:
    page.goto("/sporsmal?lang=nb")
    printed = on_paper(page)
    whole = " ".join(printed)
    assert "Kulturskolen i fremtidens kommune 2" in printed[0]
    assert "Hvorfor søker dere, og hva vil dere utvikle?" in whole
    assert len(printed) <= 4
    assert [word for word in ("Start søknaden", "Få ny lenke") if word in whole] == []


def on_paper(page: Page) -> list[str]:
    """The words of each sheet of A4."""
    sheets = PdfReader(BytesIO(page.pdf(format="A4", print_background=True))).pages
    return [" ".join(sheet.extract_text().split()) for sheet in sheets]


OFFICE = (
    "/",
    "/applications",
    "/letters",
    "/mails?state=all",
    "/sheets",
    "/claims",
    "/batches",
    "/calendar",
    "/calendar/S1",
    "/calendar/new",
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
