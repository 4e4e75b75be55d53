"""The municipality's own page behind the link in its mails."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from kulturkontor.applications import application_key
from kulturkontor.aws.wiring import Wiring, wiring
from kulturkontor.decisions import Outcome, Place
from kulturkontor.received_files import ReceivedFile
from kulturkontor.web.linked import cookie_name
from tests.browser.applicant import Applicant
from tests.conftest import set_clock
from tests.office_factory import (
    all_mails,
    decide_all,
    post_letter,
    read,
    release,
    send_in,
)
from tests.web.portal_visitor import token_of


def open_case(page: Page, application_id: str) -> str:
    """Where the case's own pages begin; the browser has been through the mail's link."""
    name = cookie_name(application_id, is_secure=False)
    address = wiring().settings.public_url
    page.context.add_cookies([{"name": name, "value": token_of(application_id), "url": address}])
    return f"/sak/{application_id}"


def offered(here: Wiring) -> str:
    """The id of an application that has been offered a place."""
    receipt = send_in(here)
    assert receipt.reference is not None
    decide_all(here, [(receipt.reference, Outcome.ADMITTED)])
    release(here)
    post_letter(here, receipt.id)
    set_clock("2026-05-04T10:00:00+02:00")
    return receipt.id


def stored(here: Wiring, application_id: str) -> object:
    """All that is kept of an application, and its mails."""
    partition = application_key(application_id).partition
    files = here.records.list(ReceivedFile, partition, "FILE#")
    return read(here, application_id), files, all_mails(here)


def test_looking_changes_nothing(page: Page, here: Wiring) -> None:
    application_id = offered(here)
    before = stored(here, application_id)
    for path in ("", "/svar", "/post", "/trekk", "?gjort=ja", "?gjort=trukket"):
        page.goto(f"{open_case(page, application_id)}{path}")
    page.reload()
    assert stored(here, application_id) == before


def test_page_tells_what_was_received_and_leads_to_the_answers(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, send_in(here).id))
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Søknaden fra Bergen kommune")
    expect(main).to_contain_text("KFK2-2026-4601")
    page.get_by_role("link", name="Søknaden", exact=True).click()
    expect(page).to_have_url(re.compile("/soknad"))


def test_page_speaks_the_language_of_the_application(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, send_in(here, language="nn").id))
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    page.get_by_role("link", name="Bokmål", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Søknaden fra Bergen kommune")


@pytest.mark.parametrize(
    ("clock", "state"),
    [
        ("2026-03-21T10:00:00+01:00", "withdrawn"),
        ("2026-04-20T10:00:00+02:00", "withdrawal_asked"),
    ],
    ids=["before the deadline", "after it"],
)
def test_withdrawing_asks_first(page: Page, here: Wiring, clock: str, state: str) -> None:
    application_id = send_in(here).id
    set_clock(clock)
    page.goto(open_case(page, application_id))
    page.get_by_role("link", name="Trekk søknaden").click()
    page.get_by_role("link", name="Nei, behold den").click()
    assert read(here, application_id).state == "submitted"
    page.get_by_role("link", name="Trekk søknaden").click()
    Applicant(page).press("Ja, trekk søknaden")
    expect(page.get_by_role("status")).to_be_visible()
    assert read(here, application_id).state == state


def place_of(here: Wiring, application_id: str) -> Place:
    place = read(here, application_id).place
    assert place is not None
    return place


def test_offer_is_accepted_from_the_next_step(page: Page, here: Wiring) -> None:
    application_id = offered(here)
    page.goto(open_case(page, application_id))
    page.get_by_role("link", name="Takk ja eller nei til plassen innen 20. mai 2026").click()
    page.get_by_label("Ja, vi takker ja til plassen").check()
    Applicant(page).press("Send svaret")
    expect(page.get_by_role("status")).to_contain_text("Dere har takket ja til plassen.")
    place = place_of(here, application_id)
    assert (place.state, place.answered_at) == (
        "accepted",
        datetime.fromisoformat("2026-05-04T08:00Z"),
    )
    expect(page.get_by_role("link", name="Meld inn kommunegruppen innen 1. juni")).to_be_visible()


def test_no_is_confirmed_first_and_undone_again(page: Page, here: Wiring) -> None:
    application_id = offered(here)
    page.goto(f"{open_case(page, application_id)}/svar")
    page.get_by_label("Nei, vi takker nei til plassen").check()
    Applicant(page).press("Send svaret")
    page.get_by_role("link", name="Gå tilbake uten å takke nei").click()
    assert place_of(here, application_id).state == "offered"
    page.get_by_label("Nei, vi takker nei til plassen").check()
    Applicant(page).press("Send svaret").press("Ja, takk nei til plassen")
    expect(page.get_by_role("status")).to_contain_text("Dere har takket nei til plassen.")
    assert place_of(here, application_id).state == "declined"
    set_clock("2026-05-05T10:00:00+02:00")
    page.get_by_role("link", name="Svaret på plassen").click()
    page.get_by_label("Ja, vi takker ja til plassen").check()
    Applicant(page).press("Send svaret")
    assert place_of(here, application_id).state == "accepted"


def test_answer_without_a_choice_takes_the_focus_to_what_is_wrong(page: Page, here: Wiring) -> None:
    application_id = offered(here)
    page.goto(f"{open_case(page, application_id)}/svar")
    Applicant(page).press("Send svaret").expect_title("Feil: Svar på plassen")
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name="Velg ja eller nei").click()
    expect(page.get_by_label("Ja, vi takker ja til plassen")).to_be_focused()
    assert place_of(here, application_id).state == "offered"


def test_page_of_a_rejected_application_offers_nothing_that_is_over(
    page: Page, here: Wiring
) -> None:
    receipt = send_in(here)
    assert receipt.reference is not None
    decide_all(here, [(receipt.reference, Outcome.REJECTED)])
    release(here)
    post_letter(here, receipt.id)
    set_clock("2026-05-04T10:00:00+02:00")
    page.goto(open_case(page, receipt.id))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Dere har ikke fått plass")
    expect(main.get_by_role("button")).to_have_text(["Lukk saken på denne maskinen"])
    expect(main.get_by_role("link")).to_have_text(
        [
            "Last ned brev 1 (PDF)",
            "Søknaden",
            "Se alle brev og e-poster vi har sendt",
            "Gi kolleger tilgang, eller overlever saken",
        ]
    )


def test_letter_is_downloaded(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, offered(here)))
    with page.expect_download() as found:
        page.get_by_role("link", name="Last ned brev 1 (PDF)").click()
    assert found.value.suggested_filename == "KFK2-2026-4601.pdf"
    assert found.value.path().read_bytes().startswith(b"%PDF-")


def test_a_mail_is_read_again_without_its_links(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, offered(here)))
    page.get_by_role("link", name="Se alle brev og e-poster vi har sendt").click()
    page.get_by_role("link", name="Bergen kommune har fått plass").click()
    article = page.get_by_role("article")
    expect(article).to_contain_text("Takk ja eller nei til plassen")
    expect(article.get_by_role("link")).to_have_count(0)


def test_the_case_is_closed_on_a_shared_machine(page: Page, here: Wiring) -> None:
    address = open_case(page, send_in(here).id)
    page.goto(address)
    Applicant(page).press("Lukk saken på denne maskinen")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 401


def test_dead_link_offers_a_new_one(page: Page, here: Wiring) -> None:
    application_id = send_in(here).id
    answer = page.goto(f"/s/{token_of(application_id, 2)}?lang=nb")
    assert answer is not None
    assert answer.status == 410
    page.get_by_role("main").get_by_role("link", name="Få ny lenke").click()
    expect(page).to_have_url(re.compile("/ny-lenke"))
