"""Applying in a real browser: begun, written part by part, saved by itself, sent once."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from io import BytesIO
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from kulturkontor.application_rows import ApplicationRow, put
from kulturkontor.applications import Application
from kulturkontor.aws.wiring import Wiring
from kulturkontor.people import LinkHolder, Right
from kulturkontor.web.linked import cookie_name
from tests.browser.applicant import LINES, Applicant
from tests.browser.site import Site
from tests.browser.test_looks import faults
from tests.browser.test_own_page import open_case
from tests.conftest import set_clock
from tests.office_factory import all_mails, oslo, read, send_in
from tests.web.portal_visitor import token_of

PERSON = "abcdefgh12345678"


def rows(here: Wiring) -> list[tuple[str, str]]:
    """Every application by municipality and state."""
    partition = f"PROGRAMME#{here.programme.id}"
    found = here.records.list(ApplicationRow, partition, "APPLICATION#")
    return [(each.kommunenummer, str(each.state)) for each in found]


def the_only(here: Wiring) -> Application:
    partition = f"PROGRAMME#{here.programme.id}"
    (row,) = here.records.list(ApplicationRow, partition, "APPLICATION#")
    return read(here, row.id)


def post_at_once(portal: Site, context: BrowserContext, path: str, body: str) -> set[object]:
    """Four of the same request together, as a nervous hand or a bad line sends them."""
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies())

    def send(_: int) -> tuple[int, str | None]:
        connection = HTTPConnection(urlsplit(portal.address).netloc)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
        connection.request("POST", path, body, form)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers["Location"]

    with ThreadPoolExecutor(4) as at_once:
        return set(at_once.map(send, range(4)))


def test_applicant_finds_the_form_from_the_front_page_writes_each_part_and_sends(
    page: Page, here: Wiring
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start søknaden").click()
    applicant = Applicant(page)
    draft = applicant.begin()
    assert [mail.to for mail in all_mails(here).values()] == ["kari@example.org"]
    applicant.write_all(draft).expect_title("Kontroller og send")
    expect(page.get_by_role("main")).to_contain_text("Kulturplanen nevner kulturskolen.")
    applicant.fill("send").press("Send søknaden").expect_title("Søknaden er sendt")
    assert rows(here) == [("4601", "submitted")]
    main = page.get_by_role("main")
    expect(main).to_contain_text("Vi tok imot søknaden 20. mars 2026 kl. 10.01.00.")
    expect(main).to_contain_text("Svarbrevet kommer 30. april 2026.")
    expect(main).to_contain_text(LINES["kapasitet"]["motivation"])


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_application_is_written_and_sent_without_javascript(
    chromium: Browser, portal: Site, here: Wiring, language: str
) -> None:
    context = chromium.new_context(base_url=portal.address, java_script_enabled=False)
    page = context.new_page()
    applicant = Applicant(page)
    draft = applicant.begin(language)
    page.goto(f"{draft}/gruppe?lang={language}")
    page.locator("button[value=add]").click()
    expect(page.locator('[id="members.4.role"]')).to_be_visible()
    applicant.write_all(draft)
    applicant.fill("send")
    page.locator("button[value=send]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert (rows(here), the_only(here).missing) == ([("4601", "submitted")], ())
    context.close()


def test_attachment_is_added_from_its_part_without_javascript_and_nothing_is_lost(
    chromium: Browser, portal: Site, here: Wiring
) -> None:
    context = chromium.new_context(base_url=portal.address, java_script_enabled=False)
    page = context.new_page()
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/forankring")
    applicant.field("anchoring_plans").fill("Halvveis")
    expect(page.locator('[data-part="plain"]')).to_be_hidden()
    applicant.press("Lagre og legg til vedlegg")
    expect(page.locator("input[type=file]")).to_be_visible()
    assert the_only(here).answers.anchoring_plans == "Halvveis"
    context.close()


def test_applicant_writes_and_sends_with_the_keyboard_alone(page: Page, here: Wiring) -> None:
    page.goto("/")
    applicant = Applicant(page).tab_to("Start søknaden")
    page.keyboard.press("Enter")
    applicant.expect_title("Start søknaden")
    set_clock("2026-03-20T10:01:00+01:00")
    for name, text in {"municipality": "4601", "contact.email": "kari@example.org"}.items():
        while applicant._tab() != name:
            pass
        page.keyboard.type(text)
    applicant.tab_to("Lag utkastet")
    page.keyboard.press("Enter")
    applicant.expect_title("Søknaden deres")
    applicant.tab_to("Kommune og kontakt")
    page.keyboard.press("Enter")
    for part in ("kommune", "forankring", "gruppe", "kapasitet"):
        expect(page.locator(f"form[action*='/{part}']")).to_be_visible()
        applicant.type_in(part).tab_to("Lagre og gå videre")
        page.keyboard.press("Enter")
    applicant.expect_title("Kontroller og send")
    applicant.type_in("send").tab_to("Send søknaden")
    page.keyboard.press("Enter")
    applicant.expect_title("Søknaden er sendt")
    application = the_only(here)
    assert (application.state, application.missing) == ("submitted", ())
    assert [member.sector for member in application.answers.members] == [
        *("kulturskole", "frivillighet", "helse", "oppvekst")
    ]


def test_draft_is_left_and_taken_up_again_by_the_mails_link(
    page: Page, chromium: Browser, portal: Site, here: Wiring
) -> None:
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/kapasitet")
    applicant.fill("kapasitet").press("Lagre og gå til oversikten")
    applicant.expect_title("Søknaden deres")
    elsewhere = chromium.new_context(base_url=portal.address).new_page()
    elsewhere.goto(open_case(elsewhere, the_only(here).id) + "/soknad/kapasitet")
    expect(elsewhere.locator("#motivation")).to_have_value(LINES["kapasitet"]["motivation"])
    elsewhere.context.close()


def test_enter_in_a_line_keeps_the_page_and_sends_nothing(page: Page, here: Wiring) -> None:
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/forankring")
    applicant.fill("forankring").field("leader.name").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Svarene er lagret.")
    assert applicant.typed() == {**LINES["forankring"], "leader.approved": "on"}
    assert rows(here) == [("4601", "draft")]


def test_errors_come_on_top_with_the_focus_and_nothing_typed_is_lost(
    page: Page, here: Wiring
) -> None:
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/forankring")
    applicant.fill("forankring")
    applicant.field("leader.email").fill("per på example")
    applicant.field("anchoring_plans").fill("Ring 01010750160")
    typed = applicant.typed()
    applicant.go_on().expect_title("Feil: Forankring i planverk og organisasjon")
    expect(page.locator("#errors")).to_be_focused()
    assert applicant.typed() == typed
    links = page.locator(".summary a")
    expect(links).to_have_count(2)
    for link, name in zip(links.all(), ("anchoring_plans", "leader.email"), strict=True):
        said = link.inner_text()
        field = applicant.field(name)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f'[id="error-{name}"]')).to_have_text(said)
        assert f"error-{name}" in (field.get_attribute("aria-describedby") or "")
        link.click()
        expect(field).to_be_focused()
    assert the_only(here).answers.leader.name == "Per Prøve"
    assert faults(page) == []
    applicant.fill("forankring").go_on().expect_title("Kommunegruppen")


def test_person_is_added_and_removed_and_the_focus_follows(page: Page) -> None:
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/gruppe")
    applicant.fill("gruppe").press("Legg til person")
    expect(applicant.field("members.4.role")).to_be_focused()
    page.keyboard.type("bibliotekar")
    applicant.press("Fjern person 2")
    done = page.get_by_text("Person 2 er fjernet.")
    expect(done).to_be_focused()
    roles = ["rektor", "helsesykepleier", "enhetsleder", "bibliotekar"]
    shown = applicant.typed()
    assert [shown[f"members.{number}.role"] for number in range(4)] == roles
    assert shown["members.1.sector"] == "helse"
    assert "members.4.role" not in shown


def test_language_of_a_half_filled_page_changes_with_nothing_lost(page: Page) -> None:
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/kapasitet")
    applicant.fill("kapasitet")
    typed = applicant.typed()
    applicant.press("Nynorsk")
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    assert applicant.typed() == typed


@pytest.mark.parametrize("path", ["/", "/personvern", "/tilgjengelighet", "/ny-lenke?sendt=ja"])
def test_language_link_keeps_the_page(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Nynorsk", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    address = urlsplit(page.url)
    assert f"{address.path}?{address.query}" == f"{path}{'&' if '?' in path else '?'}lang=nn"
    page.get_by_role("link", name="Personvern").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")


# Saved by itself


def test_page_saves_itself_says_when_and_the_buttons_go_on_from_there(
    page: Page, here: Wiring
) -> None:
    page.clock.install()
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/kapasitet?lang=nn")
    set_clock("2026-03-20T14:05:00+01:00")
    applicant.field("motivation").fill("Halvvegs")
    page.clock.run_for(20_000)
    expect(page.locator('[data-part="saved"]')).to_have_text("Lagra kl. 14.05")
    assert the_only(here).answers.motivation == "Halvvegs"
    applicant.field("motivation").fill("Heile vegen")
    applicant.go_on().expect_title("Kontroller og send")
    assert the_only(here).answers.motivation == "Heile vegen"


def test_page_saves_itself_when_it_is_left_out_of_sight(page: Page, here: Wiring) -> None:
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/kapasitet")
    applicant.field("motivation").fill("På vei til møte")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.evaluate(
            "Object.defineProperty(document, 'visibilityState', { value: 'hidden' });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    assert the_only(here).answers.motivation == "På vei til møte"


def test_municipality_brings_what_is_known_of_it_as_it_is_chosen(page: Page, here: Wiring) -> None:
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/kommune")
    applicant.field("municipality").fill("Vinje (Telemark)")
    applicant.field("contact.role").click()
    expect(page.locator('[data-part="place"]')).to_contain_text("Vinje kommune: org.nr.")
    expect(page.get_by_label("Nynorsk", exact=True)).to_be_checked()
    applicant.go_on()
    assert the_only(here).answers.language == "nn"


def test_a_save_that_fails_is_told_and_blocks_nothing(page: Page, here: Wiring) -> None:
    page.clock.install()
    applicant = Applicant(page)
    page.goto(f"{applicant.begin()}/kapasitet")
    page.route("**/kapasitet*", lambda route: route.fulfill(status=400, body="nettet"), times=1)
    applicant.field("motivation").fill("Uten nett")
    page.clock.run_for(20_000)
    expect(page.locator('[data-part="saved"]')).to_contain_text("Vi fikk ikke lagret akkurat nå.")
    applicant.go_on().expect_title("Kontroller og send")
    assert the_only(here).answers.motivation == "Uten nett"


# Two people


def test_two_people_write_in_the_same_field_and_both_texts_are_shown(
    page: Page, chromium: Browser, portal: Site, here: Wiring
) -> None:
    applicant = Applicant(page)
    draft = applicant.begin()
    page.goto(f"{draft}/kapasitet")
    known = the_only(here)
    holder = LinkHolder(
        id=PERSON,
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset({Right.APPLY}),
        added_at=oslo("2026-03-20T10:02:00"),
    )
    here.records.write(*put(known.but(people=(holder,))))
    other = Applicant(chromium.new_context(base_url=portal.address).new_page())
    name = cookie_name(known.id, is_secure=False)
    token = token_of(known.id, person=PERSON)
    other.page.context.add_cookies([{"name": name, "value": token, "url": portal.address}])
    other.page.goto(f"/sak/{known.id}/soknad/kapasitet")
    other.field("motivation").fill("Den andre var først.")
    other.field("partners").fill("Nabokommunen")
    other.go_on()
    applicant.field("motivation").fill("Jeg kom etterpå.")
    applicant.go_on().expect_title("Feil: Motivasjon, kapasitet og deling")
    expect(applicant.field("motivation")).to_have_value("Jeg kom etterpå.")
    expect(applicant.field("partners")).to_have_value("Nabokommunen")
    expect(page.locator(".the-other")).to_contain_text("Ola Prøve endret dette 20. mars 2026")
    expect(page.locator("blockquote")).to_have_text("Den andre var først.")
    assert faults(page) == []
    applicant.press("Bruk det andre i stedet")
    expect(applicant.field("motivation")).to_have_value("Den andre var først.")
    applicant.field("motivation").fill("Sammen.")
    applicant.go_on().expect_title("Kontroller og send")
    assert the_only(here).answers.motivation == "Sammen."
    other.page.context.close()


# Sent once


def test_double_click_makes_one_draft_and_one_application(page: Page, here: Wiring) -> None:
    page.goto("/soknad?lang=nb")
    set_clock("2026-03-20T10:01:00+01:00")
    Applicant(page).field("contact.email").fill("kari@example.org")
    page.locator("button[value=start]").dblclick()
    Applicant(page).expect_title("Søknaden deres")
    applicant = Applicant(page).write_all(page.url.partition("?")[0]).fill("send")
    page.locator("button[value=send]").dblclick()
    applicant.expect_title("Søknaden er sendt")
    assert (rows(here), the_only(here).version) == ([("4601", "submitted")], 1)


def test_back_button_and_sending_again_make_one_application(page: Page, here: Wiring) -> None:
    applicant = Applicant(page)
    applicant.write_all(applicant.begin()).fill("send").press("Send søknaden")
    applicant.expect_title("Søknaden er sendt")
    page.go_back()
    applicant.expect_title("Kontroller og send")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Alt er sendt.")
    expect(page.locator("button[value=send]")).to_have_count(0)
    assert the_only(here).version == 1


def test_back_button_and_starting_again_make_one_draft(page: Page, here: Wiring) -> None:
    applicant = Applicant(page)
    draft = applicant.begin()
    page.go_back()
    applicant.expect_title("Start søknaden")
    applicant.field("contact.email").fill("kari.ny@example.org")
    page.locator("button[value=start]").click()
    applicant.expect_title("Søknaden deres")
    assert page.url.partition("?")[0] == draft
    assert the_only(here).answers.contact.email == "kari.ny@example.org"


def test_four_identical_starts_at_once_make_one_draft(
    page: Page, context: BrowserContext, portal: Site, here: Wiring
) -> None:
    page.goto("/soknad?lang=nb")
    key = page.locator("input[name=key]").input_value()
    set_clock("2026-03-20T10:01:00+01:00")
    body = urlencode({"contact.email": "kari@example.org", "key": key, "action": "start"})
    answers = post_at_once(portal, context, "/soknad?lang=nb", body)
    assert len(answers) == 1
    assert (rows(here), len(all_mails(here))) == ([("", "draft")], 1)


def test_four_identical_sendings_at_once_make_one_application(
    page: Page, context: BrowserContext, portal: Site, here: Wiring
) -> None:
    applicant = Applicant(page)
    applicant.write_all(applicant.begin()).fill("send")
    shown = page.locator("input[name=shown]").input_value()
    body = urlencode({**applicant.typed(), "shown": shown, "action": "send"})
    path = urlsplit(page.url).path
    answers = post_at_once(portal, context, f"{path}?lang=nb", body)
    assert answers == {(303, path.replace("/soknad/send", "/kvittering?lang=nb"))}
    assert (the_only(here).version, len(all_mails(here))) == (1, 2)


# What was sent


def test_sent_application_is_corrected_and_sent_again(page: Page, here: Wiring) -> None:
    application_id = send_in(here).id
    page.goto(f"{open_case(page, application_id)}/soknad/kapasitet")
    applicant = Applicant(page)
    applicant.field("motivation").fill("Vi vil enda mer.")
    applicant.go_on().expect_title("Kontroller og send")
    page.goto(f"{open_case(page, application_id)}/soknad")
    expect(page.get_by_role("main")).to_contain_text("Dere har endringer som ikke er sendt.")
    assert faults(page) == []
    page.get_by_role("link", name="Kontroller og send").click()
    assert read(here, application_id).answers.motivation == "Vi vil nå flere barn."
    applicant.press("Send rettet søknad").expect_title("Søknaden er sendt")
    found = read(here, application_id)
    assert (found.answers.motivation, found.version) == ("Vi vil enda mer.", 2)


def test_receipt_prints_whole_without_what_is_for_the_screen(page: Page, here: Wiring) -> None:
    page.goto(f"{open_case(page, send_in(here).id)}/kvittering?lang=nb")
    sheets = PdfReader(BytesIO(page.pdf(format="A4", print_background=True))).pages
    printed = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    for told in (
        "Vi tok imot søknaden 20. mars 2026 kl. 10.00.00.",
        "KFK2-2026-4601",
        "Vi vil nå flere barn.",
        "Svarbrevet kommer 30. april 2026.",
    ):
        assert told in printed
    assert [each for each in ("Nynorsk", "Få ny lenke", "Last ned") if each in printed] == []


def test_draft_is_downloaded_as_pdf(page: Page, here: Wiring) -> None:
    applicant = Applicant(page)
    applicant.begin()
    address = page.get_by_role("link", name="Last ned utkastet som PDF").get_attribute("href")
    answer = page.request.get(str(address))
    assert answer.headers["content-type"] == "application/pdf"
    text = " ".join(PdfReader(BytesIO(answer.body())).pages[0].extract_text().split())
    assert re.search("Søknaden fra Bergen kommune.*Utkast, ikke sendt", text)


def test_draft_after_the_deadline_can_be_read(page: Page, here: Wiring) -> None:
    draft = send_in(here, submit=False).id
    set_clock("2026-04-14T00:00:00+02:00")
    page.goto(f"{open_case(page, draft)}/soknad/kapasitet?lang=nb")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Fristen gikk ut 13. april 2026 kl. 23.59.")
    expect(main).to_contain_text("Vi vil nå flere barn.")
    expect(main.locator("form")).to_have_count(0)
    assert faults(page) == []


def test_form_is_not_offered_before_the_opening(page: Page) -> None:
    set_clock("2026-03-19T11:59:00+01:00")
    page.goto("/soknad?lang=nb")
    expect(page.get_by_role("main")).to_contain_text("19. mars 2026 kl. 12.00")
    expect(page.locator("form")).to_have_count(0)
