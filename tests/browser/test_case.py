"""Staff find an application, ask for more, and write to a group, in a browser."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.actions import edit
from kulturkontor.actions.edit import digest_of_shown
from kulturkontor.application_parts import Part
from kulturkontor.application_period import as_sendable
from kulturkontor.aws.wiring import Wiring
from tests.browser.conftest import PATIENCE
from tests.browser.site import serve
from tests.browser.test_looks import OVERFLOW, violations
from tests.office_factory import admitted, all_mails, oslo, read, send_in
from tests.web.office_browser import visit_office


@pytest.fixture
def office(chromium: Browser, aws: Wiring) -> Iterator[Page]:
    """Anne of the staff, the week after the deadline."""
    with serve() as site:
        visitor = visit_office(aws, at="2026-04-15T10:00:00", office_url=site.address)
        site.resolve = visitor.sign_in("staff", email="anne@example.org").resolve
        context = chromium.new_context(base_url=site.address, locale="nb-NO")
        context.set_default_timeout(PATIENCE)
        for name, value in visitor.cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": site.address}])
        yield context.new_page()
        context.close()


def whole(page: Page, name: str) -> None:
    """No fault that axe finds, nothing wider than a small screen."""
    assert violations(page) == "", name
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(OVERFLOW) == 0, name
    page.set_viewport_size({"width": 1280, "height": 800})


def test_an_application_is_found_noted_asked_about_and_compared(aws: Wiring, office: Page) -> None:
    receipt = send_in(aws, "4601")
    send_in(aws, "1108")
    send_in(aws, "5001", submit=False)
    office.goto("/applications?county=Vestland")
    expect(office.get_by_role("main")).to_contain_text("Viser 1 av 3 søknader.")
    whole(office, "list")
    office.get_by_role("link", name="Bergen").click()
    office.get_by_label("Nytt notat").fill("Ringte rektor.")
    office.get_by_role("button", name="Lagre notatet").click()
    expect(office.get_by_role("article")).to_contain_text("Ringte rektor.")
    whole(office, "case")
    office.get_by_role("link", name="Be søkeren om mer").click()
    whole(office, "ask")
    office.get_by_label("Forankring").check()
    office.get_by_label("Åpne til").fill("2026-04-22T12:00")
    office.get_by_label("Hva trenger dere å vite?").fill("Hvem eier planen?")
    office.get_by_role("button", name="Se e-posten først").click()
    expect(office.get_by_role("article")).to_contain_text("Hvem eier planen?")
    whole(office, "ask-preview")
    office.get_by_role("button", name="Send spørsmålet").click()
    expect(office.get_by_role("main")).to_contain_text("venter på søkeren")
    _answer(aws, receipt.id, oslo("2026-04-15T09:00:00"))
    office.reload()
    expect(office.get_by_role("main")).to_contain_text("søkeren har svart")
    office.get_by_role("link", name="Sammenlign de 2 versjonene").click()
    expect(office.locator("del")).to_have_text("Fjernet: Planen nevner kulturskolen.")
    expect(office.locator("ins")).to_have_text("Lagt til: Kommunestyret eier planen.")
    whole(office, "versions")


def _answer(here: Wiring, application_id: str, at: datetime) -> None:
    edit.edit(
        application_id,
        Part.ANCHORING,
        {"anchoring_plans": "Kommunestyret eier planen.", "leader.approved": "on"},
        seen={},
        person="",
        at=at,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    known = as_sendable(read(here, application_id), here.programme, at)
    edit.send(
        application_id,
        {},
        shown=digest_of_shown(known.working_answers),
        person="",
        at=at,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_a_message_is_seen_as_it_will_be_before_it_is_sent(aws: Wiring, office: Page) -> None:
    send_in(aws, "4601")
    send_in(aws, "1103", language="nn")
    office.goto("/messages")
    whole(office, "messages")
    office.get_by_role("link", name="Skriv en melding").click()
    whole(office, "form")
    office.get_by_label("Emne").first.fill("Til {municipality}")
    office.get_by_label("Tekst").first.fill("Hei, {name}\n\n- Husk **fristen**")
    office.get_by_role("button", name="Se på meldingen før den sendes").click()
    expect(office.get_by_role("alert")).to_contain_text("En målform mangler")
    whole(office, "form with a problem")
    office.get_by_label("Emne").last.fill("Til {municipality}")
    office.get_by_label("Tekst").last.fill("Hei, {name}\n\n- Hugs **fristen**")
    office.get_by_role("button", name="Se på meldingen før den sendes").click()
    expect(office.get_by_role("article").first).to_contain_text("Hei, Kari Prøve")
    whole(office, "preview")
    office.get_by_role("button", name="Send til 2 mottakere").click()
    expect(office.get_by_role("main")).to_contain_text("2 i kø")
    whole(office, "ledger")
    assert sum(each.text == "group_message" for each in all_mails(aws).values()) == 2


def test_a_group_is_registered_by_telephone(aws: Wiring, office: Page) -> None:
    application_id = admitted(aws)
    office.goto(f"/applications/{application_id}/on-behalf")
    whole(office, "on behalf")
    office.goto(f"/applications/{application_id}/on-behalf/group")
    whole(office, "group")
    office.get_by_label("telefon").check()
    office.get_by_label("Datoen kommunen skrev eller ringte").fill("2026-04-14")
    office.get_by_role("group", name="Person 2").get_by_label("Navn").fill("Nina Ny")
    office.get_by_role("button", name="Registrer gruppen").click()
    expect(office.get_by_role("main")).to_contain_text("Nina Ny")
    expect(office.get_by_role("main")).to_contain_text("Kilde: telefon 14. april 2026")
    office.goto(f"/applications/{application_id}/on-behalf/gatherings/S1")
    whole(office, "attendance")
    form = office.locator("form", has=office.get_by_role("button", name="Registrer vikaren"))
    form.get_by_label("Hvem kommer vikaren for?").select_option(label="Nina Ny")
    form.get_by_label("Navn").fill("Vera Vikar")
    form.get_by_label("Sektor").select_option(label="kultur")
    form.get_by_label("telefon").check()
    form.get_by_label("Datoen kommunen skrev eller ringte").fill("2026-04-14")
    form.get_by_role("button", name="Registrer vikaren").click()
    expect(office.get_by_role("main")).to_contain_text("Vera Vikar vikar for Nina Ny")
    whole(office, "substitute")


def test_an_application_that_came_by_letter_is_written_in(aws: Wiring, office: Page) -> None:
    draft = send_in(aws, "4601", submit=False)
    office.goto(f"/applications/{draft.id}/on-behalf/application")
    whole(office, "application by letter")
