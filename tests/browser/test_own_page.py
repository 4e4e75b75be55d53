"""The municipality's own page behind the link in its mails."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from kulturkontor.applications import application_key
from kulturkontor.aws.wiring import Wiring, wiring
from kulturkontor.decisions import Outcome
from kulturkontor.received_files import ReceivedFile
from kulturkontor.web.linked import cookie_name
from tests.browser.applicant import Applicant
from tests.browser.site import Site
from tests.conftest import set_clock
from tests.office_factory import (
    accept,
    all_mails,
    decide_all,
    letter,
    read,
    register,
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
    letter(here, receipt.id)
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
    for path in ("", "/rett", "/trekk", "/reisekrav/S1", "?gjort=ja", "?gjort=trukket"):
        page.goto(f"{open_case(page, application_id)}{path}")
    page.reload()
    assert stored(here, application_id) == before


def test_page_tells_what_was_received(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, send_in(here).id))
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Søknaden fra Bergen kommune")
    expect(main).to_contain_text("KFK2-2026-4601")
    expect(main).to_contain_text("Planen nevner kulturskolen.")


def test_page_speaks_the_language_of_the_application(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, send_in(here, language="nn").id))
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    page.get_by_role("link", name="Bokmål", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Søknaden fra Bergen kommune")


def test_sent_application_is_corrected(page: Page, here: Wiring) -> None:
    application_id = send_in(here).id
    page.goto(open_case(page, application_id))
    page.get_by_role("link", name="Rett søknaden").click()
    applicant = Applicant(page)
    expect(applicant.field("leader.name")).to_have_value("Per Prøve")
    applicant.field("motivation").fill("Vi vil enda mer.")
    applicant.press("Send rettet søknad")
    expect(page.get_by_role("status")).to_contain_text("kontakt-4601@example.org")
    found = read(here, application_id)
    assert (found.answers.motivation, found.version) == ("Vi vil enda mer.", 2)


def test_draft_is_completed_and_sent(page: Page, here: Wiring) -> None:
    application_id = send_in(here, submit=False).id
    page.goto(open_case(page, application_id))
    page.get_by_role("link", name="Fortsett på søknaden").click()
    Applicant(page).press("Send søknaden")
    expect(page.get_by_role("status")).to_contain_text("Søknaden er sendt.")
    assert read(here, application_id).state == "submitted"


def test_correction_over_anothers_is_shown_and_not_lost(page: Page, here: Wiring) -> None:
    application_id = send_in(here).id
    page.goto(f"{open_case(page, application_id)}/rett")
    other = page.context.new_page()
    other.goto(f"{open_case(page, application_id)}/rett")
    Applicant(other).field("motivation").fill("Den andre var først.")
    Applicant(other).press("Send rettet søknad")
    applicant = Applicant(page)
    applicant.field("motivation").fill("Jeg kom etterpå.")
    applicant.press("Send rettet søknad").expect_title("Feil: Rett søknaden")
    expect(applicant.field("motivation")).to_have_value("Jeg kom etterpå.")
    assert read(here, application_id).answers.motivation == "Den andre var først."


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


@pytest.mark.parametrize(
    ("choice", "state", "said"),
    [
        ("Ja, vi takker ja til plassen", "accepted", "Dere har takket ja til plassen."),
        ("Nei, vi takker nei til plassen", "declined", "Dere har takket nei til plassen."),
    ],
    ids=["yes", "no"],
)
def test_offer_is_answered(page: Page, here: Wiring, choice: str, state: str, said: str) -> None:
    application_id = offered(here)
    page.goto(open_case(page, application_id))
    page.get_by_label(choice).check()
    Applicant(page).press("Send svaret")
    expect(page.get_by_role("status")).to_contain_text(said)
    place = read(here, application_id).place
    assert place is not None
    assert (place.state, place.answered_at) == (state, datetime.fromisoformat("2026-05-04T08:00Z"))


def test_page_after_the_yes_tells_what_is_awaited_and_leads_to_the_claims(
    page: Page, here: Wiring
) -> None:
    application_id = offered(here)
    accept(here, application_id)
    page.goto(open_case(page, application_id))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Send navn, sektor og e-postadresse til hver av dem innen 1. juni")
    register(here, application_id)
    page.reload()
    expect(main).to_contain_text("Prøve Person 1, kultur (koordinator)")
    expect(main).not_to_contain_text("Vi har ikke fått navnene")
    page.get_by_role("link", name="Reisekrav for samling 6").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reisekrav for samling 6")


def test_page_of_a_rejected_application_offers_nothing_that_is_over(
    page: Page, here: Wiring
) -> None:
    receipt = send_in(here)
    assert receipt.reference is not None
    decide_all(here, [(receipt.reference, Outcome.REJECTED)])
    release(here)
    letter(here, receipt.id)
    set_clock("2026-05-04T10:00:00+02:00")
    page.goto(open_case(page, receipt.id))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Dere har ikke fått plass")
    expect(main.get_by_role("button")).to_have_count(0)
    expect(main.get_by_role("link")).to_have_text(["Last ned brevet (PDF)"])


def test_answer_without_a_choice_is_asked_for_again(page: Page, here: Wiring) -> None:
    application_id = offered(here)
    page.goto(open_case(page, application_id))
    Applicant(page).press("Send svaret")
    expect(page.get_by_role("status")).to_have_text("Velg ja eller nei før dere sender svaret.")
    place = read(here, application_id).place
    assert place is not None
    assert place.state == "offered"


def test_letter_is_downloaded(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, offered(here)))
    with page.expect_download() as found:
        page.get_by_role("link", name="Last ned brevet (PDF)").click()
    assert found.value.suggested_filename == "KFK2-2026-4601.pdf"
    assert found.value.path().read_bytes().startswith(b"%PDF-")


def test_file_goes_straight_to_the_bucket_and_our_policy_lets_it(
    page: Page, portal: Site, here: Wiring
) -> None:
    address = open_case(page, send_in(here).id)
    page.goto(address)
    page.locator("#file-name").fill("Kulturplan.pdf")
    with page.expect_response(lambda answer: "/fil/" in answer.url) as shown:
        Applicant(page).press("Gå videre og velg filen")
    form = page.locator("main form")
    bucket = urlsplit(form.get_attribute("action") or "")
    origin = f"{bucket.scheme}://{bucket.netloc}"
    assert bucket.netloc.startswith("kulturkontor-uploads.s3.")
    policy = shown.value.headers["content-security-policy"]
    assert f"form-action 'self' {origin} {portal.address}" in policy
    fields = {each.get_attribute("name") for each in form.locator("input").all()}
    assert fields >= {"key", "policy", "x-amz-signature", "success_action_redirect", "file"}
    sent: list[str] = []

    def take(route: Route, request: Request) -> None:
        sent.append(f"{request.method} {request.url}")
        back = form_field(request.post_data_buffer or b"", "success_action_redirect")
        route.fulfill(status=303, headers={"Location": back})

    page.route(f"{origin}/**", take)
    page.locator("#file").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 prove"}
    )
    Applicant(page).press("Last opp")
    expect(page.get_by_role("status")).to_contain_text("Filen er sendt.")
    assert sent == [f"POST {bucket.geturl()}"]
    expect(page.get_by_role("listitem").filter(has_text="Kulturplan.pdf")).to_be_visible()


def form_field(body: bytes, name: str) -> str:
    """A field of a form sent in parts."""
    _, _, rest = body.partition(f'name="{name}"\r\n\r\n'.encode())
    return rest.partition(b"\r\n")[0].decode()


def test_file_without_a_name_is_asked_for_again(page: Page, here: Wiring) -> None:
    page.goto(open_case(page, send_in(here).id))
    Applicant(page).press("Gå videre og velg filen")
    expect(page.get_by_role("status")).to_contain_text("Skriv hva filen skal hete")


def test_dead_link_offers_a_new_one(page: Page, here: Wiring) -> None:
    application_id = send_in(here).id
    answer = page.goto(f"/s/{token_of(application_id, 2)}?lang=nb")
    assert answer is not None
    assert answer.status == 401
    page.get_by_role("main").get_by_role("link", name="Få ny lenke til søknaden").click()
    page.get_by_label("Kommunen som søker").select_option("4601")
    Applicant(page).press("Send ny lenke")
    expect(page.get_by_role("status")).to_contain_text("en ny lenke på vei")
