"""The day of the letters by two persons in a browser: what is wrong, letting it go, stopping it,
the ledger, and a letter that came back.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.deliveries import record_delivery
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.mails import MailEvent
from tests.browser.conftest import PATIENCE
from tests.browser.site import serve
from tests.browser.test_decisions import assert_sound
from tests.browser.test_looks import OVERFLOW, violations
from tests.office_factory import (
    STAFF,
    all_mails,
    decide_all,
    letter,
    oslo,
    release,
    send_in,
    send_open_mails,
    tick,
)
from tests.web.office_browser import visit_office

EVE = "2026-04-29T12:00:00"


class Office(NamedTuple):
    """Two of the staff, each in a browser of their own."""

    anne: Page
    ola: Page
    set_clock: Callable[[str], None]


@pytest.fixture
def office(chromium: Browser, aws: Wiring) -> Iterator[Office]:
    with ExitStack() as open_till_the_end:
        site = open_till_the_end.enter_context(serve())
        pages, clocks = [], []
        for email in ("anne@example.org", "ola@example.org"):
            visitor = visit_office(aws, at=EVE, office_url=site.address).sign_in(
                "staff", email=email
            )
            clocks.append(visitor.set_clock)
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
            pages.append(context.new_page())
        yield Office(*pages, clocks[-1])


@pytest.fixture
def decided(aws: Wiring) -> str:
    """Bergen is admitted and confirmed; Oslo has no answer."""
    receipt = send_in(aws)
    send_in(aws, "0301")
    decide_all(aws, [(receipt.reference or "", Outcome.ADMITTED)])
    send_open_mails(aws, oslo("2026-04-20T11:00:00"))
    return receipt.id


def because(page: Page, section: str, reason: str, button: str) -> None:
    part = page.locator(f"section[aria-labelledby={section}]")
    part.get_by_label("Hvorfor").fill(reason)
    part.get_by_role("button", name=button).click()


def test_what_is_wrong_is_shown_and_two_persons_let_the_letters_go(
    aws: Wiring, office: Office, decided: str
) -> None:
    anne, ola, _ = office
    anne.goto("/release")
    expect(anne.get_by_text("Mangler svar:")).to_be_visible()
    expect(anne.get_by_role("link", name="KFK2-2026-0301")).to_be_visible()
    anne.get_by_label("Hvor mange har fått plass?").fill("1")
    anne.get_by_label("Hvor står det?").fill("Sak 12/26")
    anne.get_by_role("button", name="Før inn antallet").click()
    expect(anne.get_by_text("1 har fått plass ifølge Sak 12/26.")).to_be_visible()
    because(anne, "override", "Oslo får svar senere.", "La brevene gå likevel")
    expect(anne.get_by_text("anne@example.org, 29. april 2026")).to_be_visible()
    expect(anne.get_by_role("button", name="La brevene gå likevel")).to_have_count(0)
    assert tick(aws, "2026-04-30T09:00:00")["letters"] == 0
    ola.goto("/release")
    because(ola, "override", "Enig.", "La brevene gå likevel")
    expect(ola.get_by_text("To personer har overstyrt.")).to_be_visible()
    assert tick(aws, "2026-04-30T09:05:00")["letters"] == 1
    ola.reload()
    expect(ola.get_by_text("Overstyrt av anne@example.org, ola@example.org.")).to_be_visible()


def test_an_emergency_stop_keeps_a_letter_until_somebody_lets_it_go_on(
    aws: Wiring, office: Office, decided: str
) -> None:
    anne, ola, set_clock = office
    release(aws)
    letter(aws, decided)
    anne.goto("/release")
    because(anne, "stop", "Feil dato i brevet.", "Stopp utsendingen")
    expect(anne.get_by_text("Utsendingen er stoppet av anne@example.org")).to_be_visible()
    assert send_open_mails(aws, oslo("2026-04-30T09:02:00")).count("sent") == 0
    ola.goto("/letters")
    expect(ola.get_by_text("Utsendingen er stoppet.")).to_be_visible()
    expect(ola.get_by_role("cell", name="venter").first).to_be_visible()
    set_clock("2026-04-29T12:05:00")
    ola.get_by_role("link", name="Utsending av svarbrev").first.click()
    because(ola, "stop", "Datoen var riktig.", "Sett utsendingen i gang igjen")
    expect(ola.get_by_text("Brevene begynte å gå")).to_be_visible()
    assert send_open_mails(aws, oslo("2026-04-30T09:06:00")).count("sent") == 2


def report(here: Wiring, mail_id: str, kind: str) -> None:
    """What became of a mail that was handed over, as the mail service tells it."""
    for each in ("Send", kind):
        record_delivery(
            mail_id,
            MailEvent(
                kind=each,
                at=oslo("2026-04-30T09:03:00"),
                detail="Permanent" if each == "Bounce" else "",
            ),
            message_id=f"message-of-{mail_id}",
            now=oslo("2026-04-30T09:03:05"),
            staff_address=STAFF,
            programme=here.programme,
            records=here.records,
            mail_queue=here.mail_queue,
        )


def test_from_what_is_missing_to_every_letter_delivered(
    aws: Wiring, office: Office, decided: str
) -> None:
    """Mended from the preflight, let go, come back, sent on, and sent again where it arrives."""
    anne, ola, _ = office
    _mend(anne, ola)
    rows = read_rows(aws.programme, aws.records)
    (other,) = [each.id for each in rows if each.reference == "KFK2-2026-0301"]
    assert tick(aws, "2026-04-30T09:00:00")["letters"] == 2
    for each in (decided, other):
        letter(aws, each)
    send_open_mails(aws, oslo("2026-04-30T09:02:00"))
    report(aws, f"{other}_letter_1", "Delivery")
    report(aws, f"{decided}_letter_1", "Bounce")
    anne.goto("/letters")
    expect(anne.get_by_text("2 sendt = 1 levert + 1 i retur + 0 underveis")).to_be_visible()
    expect(anne.get_by_text("Sendt videre til leder-4601@example.org:")).to_be_visible()
    assert_sound(anne)
    anne.get_by_role("link", name="E-posten til KFK2-2026-4601").click()
    expect(anne.get_by_text("Brevet er sendt videre til kommunens andre kontakt")).to_be_visible()
    assert_sound(anne)
    anne.get_by_label("Riktig adresse").fill("ny@example.org")
    anne.get_by_role("button", name="Rett adressen og send").click()
    expect(anne.locator(".facts").get_by_text("ny@example.org")).to_be_visible()
    again = f"{decided}_letter_1_again1"
    assert all_mails(aws)[again].to == "ny@example.org"
    send_open_mails(aws, oslo("2026-04-30T09:10:00"))
    report(aws, again, "Delivery")
    anne.goto("/letters")
    expect(anne.get_by_text("Regnskapet går opp: Hvert brev er gjort rede for.")).to_be_visible()
    expect(anne.get_by_text("Ett brev kom i retur og har nådd fram siden")).to_be_visible()
    expect(anne.get_by_text("Sendt på nytt til ny@example.org: levert")).to_be_visible()
    expect(anne.get_by_text("ikke nådd fram")).to_have_count(0)
    assert_sound(anne)


def _mend(anne: Page, ola: Page) -> None:
    """What the preflight found, from its own links."""
    anne.goto("/release")
    anne.get_by_role("link", name="KFK2-2026-0301").click()
    anne.locator("#outcome").select_option(label="ikke plass")
    anne.locator("#reason").fill("Søknaden sier lite om forankringen.")
    anne.get_by_role("button", name="Foreslå svaret").click()
    ola.goto("/release")
    expect(ola.get_by_text("Svaret er ikke bekreftet av en annen")).to_be_visible()
    ola.get_by_role("link", name="KFK2-2026-0301").click()
    ola.get_by_role("button", name="Bekreft", exact=True).click()
    ola.goto("/release")
    ola.get_by_label("Hvor mange har fått plass?").fill("1")
    ola.get_by_label("Hvor står det?").fill("Sak 12/26")
    ola.get_by_role("button", name="Før inn antallet").click()
    expect(ola.get_by_text("Alt som må være i orden, er i orden.")).to_be_visible()
    assert_sound(ola)


def test_the_ledger_is_fetched_as_a_file(aws: Wiring, office: Office, decided: str) -> None:
    release(aws)
    letter(aws, decided)
    office.anne.goto("/letters")
    with office.anne.expect_download() as fetching:
        office.anne.get_by_role("link", name="Last ned som Excel").click()
    assert fetching.value.suggested_filename == "kifk2-brevregnskap-2026-04-29.xlsx"
    assert fetching.value.path().read_bytes().startswith(b"PK")


PATHS = ("/release", "/release/previews", "/letters", "/mails?state=all", "/mails/{mail}")


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("is_begun", [False, True], ids=["before", "after"])
def test_no_page_of_the_letters_has_a_fault(
    aws: Wiring, office: Office, decided: str, language: str, is_begun: bool
) -> None:
    mail = f"{decided}_receipt_1"
    if is_begun:
        mail = f"{decided}_letter_1"
        release(aws)
        letter(aws, decided)
        send_open_mails(aws, oslo("2026-04-30T09:02:00"))
        report(aws, mail, "Bounce")
    page = office.anne
    found: dict[str, str] = {}
    for pattern in PATHS:
        path = pattern.format(mail=mail)
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        if faults := violations(page):
            found[path] = faults
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate(OVERFLOW):
            found[path] = f"{page.evaluate(OVERFLOW)} px too wide at 320"
        page.set_viewport_size({"width": 1280, "height": 720})
    assert found == {}
