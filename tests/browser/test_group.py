"""The group, the gatherings and their calendar, as the municipality's people meet them."""

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from kulturkontor.aws.wiring import Wiring
from kulturkontor.participation import attendance_at
from kulturkontor.people import Presence
from tests.browser.applicant import Applicant
from tests.browser.test_looks import faults
from tests.browser.test_own_page import offered, open_case
from tests.conftest import set_clock
from tests.office_factory import accept, admitted, read
from tests.web.test_portal_gatherings import SAID, book_centrally
from tests.web.test_portal_group import PEOPLE


def accepted(here: Wiring) -> str:
    application_id = offered(here)
    accept(here, application_id)
    return application_id


def in_june(here: Wiring) -> str:
    application_id = admitted(here)
    set_clock("2026-06-04T10:00:00+02:00")
    return application_id


def fill(page: Page, number: int, name: str, sector: str, email: str) -> None:
    page.locator(f'[id="participants.{number}.name"]').fill(name)
    page.locator(f'[id="participants.{number}.sector"]').select_option(sector)
    page.locator(f'[id="participants.{number}.email"]').fill(email)


def presence(here: Wiring, application_id: str, participant: str) -> Presence:
    return attendance_at(read(here, application_id), "S1")[participant].presence


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_group_is_registered_with_one_more_than_it_must_have(
    page: Page, here: Wiring, has_scripts: bool
) -> None:
    if not has_scripts:
        page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    application_id = accepted(here)
    page.goto(open_case(page, application_id))
    page.get_by_role("link", name="Meld inn kommunegruppen innen 1. juni 2026").click()
    for number, person in enumerate(PEOPLE):
        fill(page, number, *person)
    page.locator('[id="participants.0.coordinator"]').check()
    Applicant(page).press("Legg til person")
    fifth = page.locator('[id="participants.4.name"]')
    expect(fifth).to_be_focused()
    expect(page.locator('[id="participants.3.name"]')).to_have_value("Åse Prøve")
    fill(page, 4, "Ida Prøve", "annet", "")
    Applicant(page).press("Fjern person 3").press("Lagre gruppen")
    expect(page.get_by_role("status")).to_contain_text("Kommunegruppen er lagret.")
    assert [each.name for each in read(here, application_id).participants] == [
        *("Kari Prøve", "Ola Prøve", "Åse Prøve", "Ida Prøve")
    ]


def test_faults_take_the_focus_and_lead_to_their_fields(page: Page, here: Wiring) -> None:
    page.goto(f"{open_case(page, accepted(here))}/gruppe")
    for number, (name, sector, _) in enumerate(PEOPLE):
        fill(page, number, name, sector, "ikke en adresse" if number == 1 else "")
    Applicant(page).press("Lagre gruppen").expect_title("Feil: Kommunegruppen")
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name="Skriv e-postadressen til person 2").click()
    expect(page.locator('[id="participants.1.email"]')).to_be_focused()


def test_who_comes_is_said_and_illness_told_with_one_click(page: Page, here: Wiring) -> None:
    application_id = in_june(here)
    page.goto(open_case(page, application_id))
    page.get_by_role("link", name="Si hvem som kommer på samling 1").click()
    for number in (1, 2, 3, 4):
        group = page.get_by_role("group", name=f"Kommer Prøve Person {number}?")
        group.get_by_label("Kommer ikke" if number == 4 else "Kommer", exact=True).check()
    Applicant(page).press("Lagre hvem som kommer")
    expect(page.get_by_role("status")).to_contain_text("Det er lagret hvem som kommer.")
    Applicant(page).press("Prøve Person 1 kan likevel ikke komme")
    expect(page.get_by_role("status")).to_contain_text("Billetter som er betalt")
    assert presence(here, application_id, "p1") is Presence.DROPPED_OUT
    Applicant(page).press("Prøve Person 1 kommer likevel")
    expect(page.get_by_role("status")).to_contain_text("kommer likevel")
    assert presence(here, application_id, "p1") is Presence.COMES


def test_a_substitute_is_registered_and_taken_off(page: Page, here: Wiring) -> None:
    application_id = in_june(here)
    page.goto(f"{open_case(page, application_id)}/samlinger/S1")
    page.get_by_label("Hvem kommer vikaren i stedet for?").select_option("p2")
    page.locator('[id="substitute.name"]').fill("Vikar Prøve")
    page.locator('[id="substitute.sector"]').select_option("helse")
    Applicant(page).press("Meld inn vikaren")
    expect(page.get_by_role("main")).to_contain_text("Vikar Prøve, vikar for Prøve Person 2")
    Applicant(page).press("Meld av Vikar Prøve")
    expect(page.get_by_role("status")).to_contain_text("Vikaren er meldt av.")
    assert len(read(here, application_id).participants) == 4


def test_dates_go_to_the_calendar(page: Page, here: Wiring) -> None:
    page.goto(f"{open_case(page, in_june(here))}/samlinger")
    with page.expect_download() as found:
        page.get_by_role("link", name="Last ned alle datoene som én kalenderfil").click()
    calendar = Calendar.from_ical(found.value.path().read_bytes())
    assert len(list(calendar.walk("VEVENT"))) == 6
    address = page.get_by_label("Adressen til kalenderen").input_value()
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert len(list(Calendar.from_ical(answer.text()).walk("VEVENT"))) == 6


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_states_after_a_mistake_have_no_fault(page: Page, here: Wiring, language: str) -> None:
    base = open_case(page, accepted(here))
    found = {}
    for path in ("/svar", "/gruppe"):
        page.goto(f"{base}{path}?lang={language}")
        if path == "/svar":
            page.locator("main form").evaluate(
                "form => form.querySelectorAll('input').forEach(each => each.checked = false)"
            )
        else:
            page.locator('[id="participants.0.name"]').fill("Kari Prøve")
        page.locator("button.button:not(.plain)").last.click()
        expect(page.locator("#errors")).to_be_visible()
        found[path] = faults(page)
    page.goto(f"{base}/svar?lang={language}")
    page.locator("#answer-no").check()
    page.locator("button.button").first.click()
    expect(page.locator("button.danger")).to_be_visible()
    found["no"] = faults(page)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_gathering_with_beds_substitutes_and_illness_has_no_fault(
    page: Page, here: Wiring, language: str
) -> None:
    application_id = in_june(here)
    book_centrally(here)
    base = open_case(page, application_id)
    page.goto(f"{base}/samlinger/S1?lang={language}")
    for name, value in SAID.items():
        page.locator(f'[id="{name}-{value}"]').check()
    page.locator('[id="bed.p1"]').check()
    page.locator("main form button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    assert faults(page) == []
    set_clock("2026-08-26T10:00:00+02:00")
    page.goto(f"{base}/samlinger/S1?lang={language}")
    page.locator('[id="bed.p3"]').check()
    page.locator("main form button").first.click()
    page.locator('form[action*="/frafall"] button').first.click()
    expect(page.locator('form[action*="/angre"] button')).to_be_visible()
    assert faults(page) == []
    page.locator('form[action*="/vikar?"] button').click()
    expect(page.locator("#errors")).to_be_visible()
    assert faults(page) == []
    set_clock("2026-09-26T10:00:00+02:00")
    page.goto(f"{base}/samlinger/S1?lang={language}")
    assert faults(page) == []
