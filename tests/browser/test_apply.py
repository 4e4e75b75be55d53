"""The application form in a real browser: filled in, sent, wrong, sent twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kulturkontor.applications import ApplicationRow
from kulturkontor.aws.wiring import Wiring
from tests.browser.applicant import BOXES, CHOICES, LINES, Applicant
from tests.browser.site import Site
from tests.conftest import set_clock

FILLED = {
    "language": "nb",
    **{name: value for name, (_, value) in CHOICES.items()},
    **LINES,
    **dict.fromkeys(BOXES, "on"),
    **{f"members.{number}.{part}": "" for number in range(4) for part in ("name", "email")},
    **dict.fromkeys(("partners", "earlier_participation", "capacity.text"), ""),
}


def rows(here: Wiring) -> list[tuple[str, str]]:
    """Every application by municipality and state."""
    partition = f"PROGRAMME#{here.programme.id}"
    found = here.records.list(ApplicationRow, partition, "APPLICATION#")
    return [(each.kommunenummer, str(each.state)) for each in found]


def test_applicant_finds_the_form_from_the_front_page_and_sends_it(
    page: Page, here: Wiring
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start søknaden").click()
    applicant = Applicant(page).fill_in()
    assert applicant.typed() == FILLED
    applicant.press("Send søknaden")
    applicant.expect_title("Søknaden er sendt")
    assert rows(here) == [("4601", "submitted")]


def test_applicant_sends_the_form_with_the_keyboard_alone(page: Page, here: Wiring) -> None:
    page.goto("/")
    applicant = Applicant(page).tab_to("Start søknaden")
    page.keyboard.press("Enter")
    applicant.expect_title("Søknad om plass")
    assert applicant.type_in().typed() == FILLED
    applicant.tab_to("Send søknaden")
    page.keyboard.press("Enter")
    applicant.expect_title("Søknaden er sendt")
    assert rows(here) == [("4601", "submitted")]


def test_form_works_without_javascript(chromium: Browser, portal: Site, here: Wiring) -> None:
    context = chromium.new_context(base_url=portal.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page).press("Legg til person").fill_in()
    applicant.press("Send søknaden")
    applicant.expect_title("Søknaden er sendt")
    assert rows(here) == [("4601", "submitted")]
    context.close()


def test_enter_in_a_line_sends_nothing_and_loses_nothing(page: Page, here: Wiring) -> None:
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page).fill_in()
    applicant.field("leader.name").press("Enter")
    applicant.expect_title("Søknad om plass")
    assert (applicant.typed(), rows(here)) == (FILLED, [])


def test_receipt_says_when_it_came_and_what_happens_now(page: Page) -> None:
    page.goto("/soknad?lang=nb")
    Applicant(page).fill_in().press("Send søknaden")
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Søknaden er sendt")
    expect(main).to_contain_text("Vi tok imot søknaden 20. mars 2026 kl. 10.00.00.")
    expect(main).to_contain_text("Svarbrevet kommer 30. april 2026.")
    assert "kari@example.org" not in page.content()


@pytest.mark.parametrize("query", ["", "?id=", "?id=0123456789abcdef0123456789abcdef", "?id=%23"])
def test_receipt_is_shown_only_for_what_is_stored(page: Page, portal: Site, query: str) -> None:
    answer = page.goto(f"/soknad/kvittering{query}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("Søknaden er sendt")).to_have_count(0)


def test_draft_is_not_said_to_be_sent(page: Page, here: Wiring) -> None:
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page)
    applicant.field("contact.email").fill("kari@example.org")
    applicant.press("Lagre utkast")
    applicant.expect_title("Utkastet er lagret")
    expect(page.get_by_role("main")).to_contain_text("Søknaden er ikke sendt ennå.")
    assert rows(here) == [("", "draft")]


def test_errors_come_on_top_with_the_focus_and_nothing_typed_is_lost(
    page: Page, here: Wiring
) -> None:
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page).fill_in(contact_email="kari på example", leader_email="per@")
    typed = applicant.typed()
    applicant.press("Send søknaden")
    applicant.expect_title("Feil: Søknad om plass")
    expect(page.locator("#errors")).to_be_focused()
    assert (applicant.typed(), rows(here)) == (typed, [])
    links = page.locator(".summary a")
    expect(links).to_have_count(2)
    for link, name in zip(links.all(), ("contact.email", "leader.email"), strict=True):
        said = link.inner_text()
        field = applicant.field(name)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f'[id="error-{name}"]')).to_have_text(said)
        assert f"error-{name}" in (field.get_attribute("aria-describedby") or "")
        link.click()
        expect(field).to_be_focused()


def test_application_with_errors_is_mended_and_sent(page: Page, here: Wiring) -> None:
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page).fill_in(contact_email="kari").press("Send søknaden")
    applicant.field("contact.email").fill("kari@example.org")
    applicant.press("Send søknaden").expect_title("Søknaden er sendt")
    assert rows(here) == [("4601", "submitted")]


def test_person_is_added_and_removed_and_the_focus_follows(page: Page) -> None:
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page).fill_in()
    applicant.press("Legg til person")
    expect(applicant.field("members.4.role")).to_be_focused()
    page.keyboard.type("bibliotekar")
    applicant.press("Fjern person 2")
    expect(page.locator("#members")).to_be_focused()
    roles = ["rektor", "helsesykepleier", "enhetsleder", "bibliotekar"]
    shown = applicant.typed()
    assert [shown[f"members.{number}.role"] for number in range(4)] == roles
    assert shown["members.1.sector"] == "helse"
    assert "members.4.role" not in shown
    assert {name: shown[name] for name in FILLED if not name.startswith("members")} == {
        name: text for name, text in FILLED.items() if not name.startswith("members")
    }
    expect(page.get_by_role("button", name=re.compile("Fjern person"))).to_have_count(0)


def test_language_of_a_half_filled_form_changes_with_nothing_lost(page: Page) -> None:
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page).fill_in().press("Nynorsk")
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    expect(page.get_by_role("button", name="Bokmål", exact=True)).to_be_focused()
    assert applicant.typed() == {**FILLED, "language": "nn"}


@pytest.mark.parametrize("path", ["/", "/personvern", "/tilgjengelighet", "/ny-lenke?sendt=ja"])
def test_language_link_keeps_the_page(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Nynorsk", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    address = urlsplit(page.url)
    assert f"{address.path}?{address.query}" == f"{path}{'&' if '?' in path else '?'}lang=nn"
    page.get_by_role("link", name="Personvern").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")


def test_double_click_makes_one_application(page: Page, here: Wiring) -> None:
    page.goto("/soknad?lang=nb")
    Applicant(page).fill_in()
    page.get_by_role("button", name="Send søknaden").dblclick()
    Applicant(page).expect_title("Søknaden er sendt")
    assert rows(here) == [("4601", "submitted")]


def test_back_button_and_sending_again_make_one_application(page: Page, here: Wiring) -> None:
    page.goto("/soknad?lang=nb")
    applicant = Applicant(page).fill_in().press("Send søknaden")
    receipt = page.url
    page.go_back()
    applicant.expect_title("Søknad om plass")
    applicant.fill_in().press("Send søknaden").expect_title("Søknaden er sendt")
    assert (rows(here), page.url) == ([("4601", "submitted")], receipt)


def test_four_identical_requests_at_once_make_one_application(
    page: Page, portal: Site, here: Wiring
) -> None:
    page.goto("/soknad?lang=nb")
    fields = Applicant(page).fill_in().typed()
    key = page.locator("input[name=key]").input_value()
    body = urlencode({**fields, "key": key, "website": "", "action": "send"})

    def send(_: int) -> tuple[int, str | None]:
        connection = HTTPConnection(urlsplit(portal.address).netloc)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/soknad?lang=nb", body, form)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers["Location"]

    with ThreadPoolExecutor(4) as at_once:
        answers = set(at_once.map(send, range(4)))
    assert [status for status, _ in answers] == [303]
    assert rows(here) == [("4601", "submitted")]


def test_form_is_not_offered_before_the_opening(
    context: BrowserContext, page: Page, portal: Site
) -> None:
    set_clock("2026-03-19T11:59:00+01:00")
    page.goto("/soknad?lang=nb")
    expect(page.get_by_role("main")).to_contain_text("19. mars 2026 kl. 12.00")
    expect(page.locator("form")).to_have_count(0)
