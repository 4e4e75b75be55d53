"""The travel claim in a real browser: written, corrected, asked about; with and without scripts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_drafts import ClaimDraft, draft_key
from kulturkontor.claims import ClaimState
from kulturkontor.records import Put
from kulturkontor.web.linked import cookie_name
from tests.browser.applicant import Applicant
from tests.browser.site import Site
from tests.browser.test_looks import faults
from tests.browser.test_own_page import open_case
from tests.conftest import set_clock
from tests.office_factory import admitted, attest, send_claim
from tests.web.claim_writer import ACCOUNT, claims_of, upload
from tests.web.portal_visitor import token_of
from tests.web.test_portal_claim_answer import a_claim, rule

AFTER = "2026-09-28T10:00:00+02:00"


def begin(here: Wiring, page: Page) -> tuple[str, str]:
    """The id of a case whose first gathering is over, and where its claim lies."""
    application_id = admitted(here)
    set_clock(AFTER)
    return application_id, f"{open_case(page, application_id)}/reisekrav/S1"


def press(page: Page, value: str) -> None:
    page.locator(f"#application button[name=action][value='{value}']").click()


def field(page: Page, name: str) -> str:
    """A field by its name: names have dots in them."""
    return f'[id="{name}"]'


def choose(page: Page, base: str, person: str, way: str) -> None:
    page.goto(f"{base}/kostnader/{person}")
    page.locator(f"input[name=way][value={way}]").check()
    press(page, "way")


def add(page: Page, kind: str) -> None:
    page.locator("#new-kind").select_option(kind)
    press(page, "add")


def write(page: Page, base: str) -> None:
    """One ticket with its receipt and one night without; the others had no costs."""
    choose(page, base, "p1", "lines")
    add(page, "train")
    page.locator(field(page, "lines.0.amount")).fill("1 234,50")
    page.locator(field(page, "lines.0.receipt.receipt0001")).check()
    add(page, "overnight")
    page.locator(field(page, "lines.1.amount")).fill("1.595,-")
    press(page, "next")
    for person in ("p2", "p3", "p4"):
        choose(page, base, person, "none")
    page.goto(f"{base}/konto")
    page.locator("#account_number").fill(ACCOUNT)
    page.locator("input[name=vat][value=included]").check()
    press(page, "next")


def test_claim_is_written_and_sent_without_javascript(
    chromium: Browser, portal: Site, here: Wiring
) -> None:
    context = chromium.new_context(base_url=portal.address, java_script_enabled=False)
    page = context.new_page()
    application_id, base = begin(here, page)
    upload(here, application_id, 1)
    page.goto(base)
    page.get_by_role("link", name="Start reisekravet").click()
    press(page, "next")
    write(page, base)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontroller og send")
    expect(page.get_by_role("main")).to_contain_text("Linjen venter på kvittering.")
    page.locator("#declared").check()
    press(page, "send")
    expect(page.get_by_role("status").first).to_contain_text("Reisekravet er sendt.")
    (claim,) = claims_of(here, application_id)
    assert (claim.judgement.council_ore, claim.judgement.held_ore) == (617_25, 1595_00)
    context.close()


def test_claim_is_sent_with_the_keyboard_alone(page: Page, here: Wiring) -> None:
    application_id, base = begin(here, page)
    page.goto(base)
    keys, applicant = page.keyboard, Applicant(page)
    applicant.tab_to("Start reisekravet")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hvem reiste?")
    applicant.tab_to("Lagre og gå videre")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kostnader")
    while page.evaluate("document.activeElement.id") != "no_cost":
        keys.press("Tab")
    keys.press("Space")
    Applicant(page).tab_to("Lagre og gå videre")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontroller og send")
    while page.evaluate("document.activeElement.id") != "declared":
        keys.press("Tab")
    keys.press("Space")
    applicant.tab_to("Send reisekravet")
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Reisekravet er sendt.")
    assert claims_of(here, application_id)[0].claim.no_cost


def test_two_people_change_the_same_line_and_both_texts_are_shown(
    page: Page, chromium: Browser, portal: Site, here: Wiring
) -> None:
    application_id, base = begin(here, page)
    context = chromium.new_context(base_url=portal.address)
    other = context.new_page()
    open_case(other, application_id)
    choose(page, base, "p1", "lines")
    add(page, "train")
    other.goto(f"{base}/kostnader/p1")
    page.locator(field(page, "lines.0.amount")).fill("498")
    page.locator(field(page, "lines.0.route")).fill("Bergen–Gardermoen")
    press(page, "save")
    other.locator(field(page, "lines.0.amount")).fill("512")
    other.locator(field(page, "lines.0.note")).fill("Dyrere dagen etter")
    press(other, "next")
    expect(other.locator("#errors")).to_be_focused()
    expect(other.locator(".the-other blockquote")).to_have_text("498")
    expect(other.locator(field(page, "lines.0.amount"))).to_have_value("512")
    expect(other.locator(field(page, "lines.0.route"))).to_have_value("Bergen–Gardermoen")
    assert faults(other) == []
    other.get_by_role("button", name="Bruk det andre i stedet: Linje 1: tog, beløp").click()
    expect(other.locator(field(page, "lines.0.amount"))).to_have_value("498")
    expect(other.locator(field(page, "lines.0.note"))).to_have_value("Dyrere dagen etter")
    context.close()


def test_focus_follows_what_the_buttons_did(page: Page, here: Wiring) -> None:
    _, base = begin(here, page)
    choose(page, base, "p1", "lines")
    add(page, "train")
    add(page, "taxi")
    expect(page.locator("#legend-1")).to_be_focused()
    expect(page.locator("#legend-1")).to_have_text("Linje 2: drosje")
    press(page, "remove.0")
    expect(page.locator("#lines")).to_be_focused()
    press(page, "next")
    expect(page.locator("#errors")).to_be_focused()
    expect(page).to_have_title("Feil: Kostnadene til Prøve Person 1 – " + here.programme.name["nb"])
    page.locator(".summary a").click()
    expect(page.locator(field(page, "lines.0.amount"))).to_be_focused()


def test_enter_in_a_line_saves_and_sends_nothing(page: Page, here: Wiring) -> None:
    application_id, base = begin(here, page)
    choose(page, base, "p1", "lines")
    add(page, "train")
    page.locator(field(page, "lines.0.amount")).fill("12")
    page.locator(field(page, "lines.0.amount")).press("Enter")
    expect(page).to_have_url(f"{page.url.split('/sak')[0]}{base}/kostnader/p1?lang=nb")
    expect(page.locator(field(page, "lines.0.amount"))).to_have_value("12")
    assert claims_of(here, application_id) == []


def test_changing_the_language_loses_nothing(page: Page, here: Wiring) -> None:
    _, base = begin(here, page)
    choose(page, base, "p1", "lines")
    add(page, "train")
    page.locator(field(page, "lines.0.amount")).fill("12")
    page.get_by_role("button", name="Nynorsk").click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    expect(page.locator(field(page, "lines.0.amount"))).to_have_value("12")


def test_script_saves_what_is_typed_by_itself(page: Page, here: Wiring) -> None:
    application_id, base = begin(here, page)
    page.clock.install()
    page.goto(f"{base}/konto")
    page.locator("#account_number").fill("9999")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.clock.run_for(21_000)
    expect(page.locator("[data-part=saved]")).to_have_text("Lagret 28. september 2026 kl. 10.00.")
    draft = here.records.read(ClaimDraft, draft_key(application_id, "S1"))
    assert draft is not None
    assert draft.account_number == "9999"
    page.locator("#account_number").fill(ACCOUNT)
    page.locator("input[name=vat][value=included]").check()
    press(page, "next")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontroller og send")


def test_four_posts_at_once_are_one_claim(page: Page, portal: Site, here: Wiring) -> None:
    application_id, base = begin(here, page)
    upload(here, application_id, 1)
    write(page, base)
    seen = page.locator("input[name='seen.part']").input_value()
    body = urlencode({"seen.part": seen, "declared": "on", "action": "send"})
    address = urlsplit(portal.address)
    cookie = f"{cookie_name(application_id, is_secure=False)}={token_of(application_id)}"

    def post(_: int) -> int:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        with closing(HTTPConnection(address.hostname or "", address.port)) as connection:
            connection.request("POST", f"{base}/kontroll", body, headers)
            with connection.getresponse() as answer:
                answer.read()
                return answer.status

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(post, range(4))) == [303] * 4
    assert [each.version for each in claims_of(here, application_id)] == [1]


def test_question_is_answered(page: Page, here: Wiring) -> None:
    application_id, base = _asked(here, page)
    page.goto(base)
    page.get_by_role("link", name="Svar på spørsmålet").first.click()
    page.locator("#reply").fill("Det gikk ikke buss.")
    press(page, "send")
    expect(page.get_by_role("status").first).to_contain_text("Svaret er sendt")
    last = claims_of(here, application_id)[-1]
    assert (last.version, last.claim.lines[1].reply) == (2, "Det gikk ikke buss.")


def test_calculation_is_downloaded(page: Page, here: Wiring) -> None:
    _, base = _asked(here, page)
    page.goto(base)
    link = page.get_by_role("link", name="Last ned utregningen (PDF)")
    answer = page.request.get(link.get_attribute("href") or "")
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")


def _asked(here: Wiring, page: Page) -> tuple[str, str]:
    application_id, base = begin(here, page)
    receipt = upload(here, application_id, 1)
    send_claim(here, application_id, at="2026-09-26T10:00:00", body=a_claim(receipt))
    rule(here, application_id, l2=("ask", "Hvorfor?"), l3=("reject", "Bussen var gratis."))
    return application_id, base


def _before(page: Page, here: Wiring) -> str:
    _, base = begin(here, page)
    set_clock("2026-09-20T10:00:00+02:00")
    return base


def _begun(page: Page, here: Wiring) -> str:
    _, base = begin(here, page)
    choose(page, base, "p1", "none")
    return base


def _travellers(page: Page, here: Wiring) -> str:
    """With one who is not registered, the choice of nights, and an error."""
    _, base = begin(here, page)
    page.goto(f"{base}/reisende")
    page.locator(field(page, "new.name")).fill("Ukjent Person")
    press(page, "add")
    press(page, "add")
    return ""


def _lines(page: Page, here: Wiring) -> str:
    """One line of each kind, receipts to choose, all of it wrong."""
    application_id, base = begin(here, page)
    upload(here, application_id, 1)
    choose(page, base, "p1", "lines")
    for kind in ("train", "train", "car", "overnight"):
        add(page, kind)
    page.locator(field(page, "lines.2.kilometres")).fill("langt")
    press(page, "next")
    return ""


def _sum(page: Page, here: Wiring) -> str:
    application_id, base = begin(here, page)
    upload(here, application_id, 1)
    choose(page, base, "p1", "total")
    press(page, "next")
    return ""


def _way(page: Page, here: Wiring) -> str:
    _, base = begin(here, page)
    return f"{base}/kostnader/p1"


def _check(page: Page, here: Wiring) -> str:
    application_id, base = begin(here, page)
    upload(here, application_id, 1)
    write(page, base)
    press(page, "send")
    return ""


def _question(page: Page, here: Wiring) -> str:
    _, base = _asked(here, page)
    return base


def _answer(page: Page, here: Wiring) -> str:
    _, base = _asked(here, page)
    page.goto(f"{base}/linje/l2")
    press(page, "send")
    return ""


def _versions(page: Page, here: Wiring) -> str:
    """Paid, corrected, with a correction of the correction begun."""
    application_id, base = begin(here, page)
    body = a_claim(upload(here, application_id, 1))
    send_claim(here, application_id, at="2026-09-26T10:00:00", body=body)
    attest(here, application_id, at="2026-09-27T10:00:00")
    body["lines"] = body["lines"][:2]
    send_claim(here, application_id, at="2026-09-28T09:00:00", body=body)
    page.goto(f"{base}/kostnader/p1")
    page.locator(field(page, "lines.0.amount")).fill("600")
    press(page, "save")
    return base


def _refused(page: Page, here: Wiring) -> str:
    application_id, base = begin(here, page)
    send_claim(here, application_id, at="2026-09-26T10:00:00")
    (claim,) = claims_of(here, application_id)
    here.records.write(Put(claim.but(state=ClaimState.BANK_REJECTED)))
    page.goto(f"{base}/konto")
    press(page, "next")
    return ""


SCENES: dict[str, Callable[[Page, Wiring], str]] = {
    "before it opens": _before,
    "begun": _begun,
    "travellers": _travellers,
    "choice of way": _way,
    "lines": _lines,
    "sum": _sum,
    "check": _check,
    "question": _question,
    "answer": _answer,
    "versions": _versions,
    "refused account": _refused,
}


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("name", list(SCENES))
def test_claim_has_no_fault(page: Page, here: Wiring, name: str, language: str) -> None:
    """In nynorsk without the scripts, which would mend some of what a page lacks."""
    if language == "nn":
        page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    path = SCENES[name](page, here)
    if path:
        page.goto(f"{path}?lang={language}")
    elif language == "nn":
        page.locator("header .language").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert faults(page) == []
