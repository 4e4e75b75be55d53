"""The hotel's list from frozen to changed, who came, and a council that starts in the middle."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.actions.freeze_beds import freeze_beds
from kulturkontor.actions.start_checks import imported_id
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.participation import check_ins_at
from kulturkontor.start_sheets import StartKind
from tests.browser.conftest import PATIENCE
from tests.browser.site import serve
from tests.browser.test_finance import _bucket, _lead_to
from tests.browser.test_looks import OVERFLOW, violations
from tests.office_factory import CONFIRMER, STAFF, admitted, all_mails, oslo, read
from tests.start_factory import BERGEN, NOW, REFUSED, WAITS, sheet_of, take_in
from tests.web.office_browser import visit_office
from tests.web.test_office_gatherings import COMES, WITH_BED, say
from tests.web.test_portal_gatherings import book_centrally

PICTURES = os.environ.get("PICTURES", "")
"""A folder to keep a picture of each page in, for somebody to look at."""


class Office(NamedTuple):
    page: Page
    uploaded: list[tuple[str, bytes]]
    set_clock: Callable[[str], None]


@pytest.fixture
def office(chromium: Browser, aws: Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    uploaded: list[tuple[str, bytes]] = []
    ids = (f"start{number:03}" for number in count(1))
    with ExitStack() as open_till_the_end:
        site = open_till_the_end.enter_context(serve())
        bucket = open_till_the_end.enter_context(serve())
        bucket.resolve = lambda event: _bucket(event, uploaded)
        _lead_to(bucket, monkeypatch)
        visitor = visit_office(
            aws, at=NOW, office_url=site.address, new_id=lambda: next(ids)
        ).sign_in("staff")
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
        yield Office(context.new_page(), uploaded, visitor.set_clock)


def look(page: Page, name: str) -> None:
    """No fault that axe finds, and nothing too wide on a small screen."""
    assert violations(page) == ""
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(OVERFLOW) == 0
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-320.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 720})
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_the_hotels_list_is_frozen_changed_by_approval_and_who_came_is_noted(
    aws: Wiring, chromium: Browser
) -> None:
    application_id = admitted(aws)
    book_centrally(aws)
    say(aws, application_id, p1=WITH_BED, p2=COMES, p3=WITH_BED)
    freeze_beds(
        now=oslo("2026-08-26T08:00:00"),
        staff_address=STAFF,
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    say(aws, application_id, at="2026-08-27T09:00:00", p2=WITH_BED)
    with serve() as site:
        visitor = visit_office(aws, at="2026-09-24T08:00:00", office_url=site.address)
        visitor.sign_in("staff")
        site.resolve = visitor.resolve
        context = chromium.new_context(base_url=site.address, locale="nb-NO")
        context.set_default_timeout(PATIENCE)
        for name, value in visitor.cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": site.address}])
        page = context.new_page()
        page.goto("/gatherings")
        look(page, "gatherings")
        page.get_by_role("link", name="Samling 1", exact=True).click()
        look(page, "gathering")
        page.get_by_role("button", name="Ja til Prøve Person 2").click()
        expect(page).to_have_url(f"{site.address}/gatherings/S1")
        expect(page.get_by_text("Lagt til: Prøve Person 2, Bergen")).to_be_visible()
        look(page, "gathering-changed")
        page.get_by_role("link", name="Oppmøte").click()
        page.get_by_label("Prøve Person 1").check()
        page.get_by_role("button", name="Lagre oppmøtet").click()
        expect(page.get_by_text("Oppmøtet er lagret.")).to_be_visible()
        visitor.set_clock("2026-09-24T08:30:00")
        page.get_by_role("button", name="Registrer resten som ikke møtt (3)").click()
        expect(page.get_by_text("Møtte: 1. Møtte ikke: 3. Ikke registrert: 0.")).to_be_visible()
        look(page, "door")
        page.goto("/calendar/P")
        look(page, "pre-gathering")
        context.close()
    noted = check_ins_at(read(aws, application_id), "S1")
    assert noted == {"p1": True, "p2": False, "p3": False, "p4": False}


def test_a_council_starts_in_the_middle_from_a_faulty_sheet_to_the_links(
    aws: Wiring, office: Office
) -> None:
    page = office.page
    page.goto("/start")
    look(page, "start")
    _upload(aws, office, sheet_of(StartKind.MUNICIPALITIES, [BERGEN, WAITS | {"rank": ""}]))
    expect(page.get_by_text("1 ting må rettes")).to_be_visible()
    look(page, "start-faulty")
    page.get_by_role("button", name="Nynorsk").click()
    expect(page.get_by_text("1 ting må rettast")).to_be_visible()
    look(page, "start-faulty-nn")
    page.get_by_role("button", name="Bokmål").click()
    data = sheet_of(StartKind.MUNICIPALITIES, [BERGEN, WAITS, REFUSED])
    page.goto("/start")
    _upload(aws, office, data)
    expect(page.get_by_text("Alt er i orden: 3 rader for 3 kommuner.")).to_be_visible()
    expect(page.get_by_text("En annen i staben må se over det")).to_be_visible()
    look(page, "start-ready")
    origin = page.evaluate("location.origin")
    second = visit_office(aws, at=NOW, office_url=origin).sign_in("staff", email=CONFIRMER)
    page.context.add_cookies(
        [{"name": name, "value": value, "url": origin} for name, value in second.cookies.items()]
    )
    page.reload()
    page.get_by_role("button", name="Før inn").click()
    expect(page.get_by_text("Arket føres inn: 0 av 3 rader")).to_be_visible()
    take_in(aws, page.url.rpartition("/")[2])
    page.get_by_role("link", name="Se på nytt").click()
    expect(page.get_by_text("3 nye rader ble ført inn")).to_be_visible()
    assert all_mails(aws) == {}
    page.goto("/start")
    page.get_by_role("link", name="Se hvem som får lenke").click()
    look(page, "start-links")
    page.get_by_role("button", name="Send lenker til 2").click()
    expect(page.get_by_text("Ingen venter på lenke.")).to_be_visible()
    assert len(all_mails(aws)) == 2
    page.goto(f"/applications/{imported_id('4601', aws.programme)}")
    expect(page.get_by_text("sendt av dere")).to_be_visible()


def _upload(here: Wiring, office: Office, data: bytes) -> None:
    """Through the form, and what S3's event leads to."""
    page = office.page
    page.get_by_role("button", name="Last opp: Kommuner og svar").click()
    page.get_by_label("Velg", exact=False).set_input_files(
        {"name": "kommuner.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.locator("main button").first.click()
    expect(page.get_by_text("Filen er mottatt")).to_be_visible()
    ((key, sent),) = office.uploaded
    office.uploaded.clear()
    client("s3").put_object(Bucket=here.office.name, Key=key, Body=sent)
    take_in(here, key.rpartition("/")[2])
    page.get_by_role("link", name="Se på nytt").click()
