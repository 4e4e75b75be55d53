"""Two persons decide in two browsers: proposed by one, confirmed by the other; the waiting list."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.actions.decide import read_rows
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import DecisionState, Outcome, state_of
from kulturkontor.waiting_order import waiting
from tests.browser.conftest import PATIENCE
from tests.browser.site import serve
from tests.browser.test_looks import OVERFLOW, violations
from tests.office_factory import (
    accept,
    decide_all,
    letter,
    oslo,
    post_letter,
    read,
    release,
    send_in,
    send_open_mails,
)
from tests.web.office_browser import visit_office

AT = "2026-04-20T11:00:00"


class Two(NamedTuple):
    """Both are staff, each in a browser of their own, without JavaScript."""

    anne: Page
    ola: Page


@pytest.fixture
def two(chromium: Browser, aws: Wiring) -> Iterator[Two]:
    with two_at_work(chromium, aws, AT) as both:
        yield both


@contextmanager
def two_at_work(chromium: Browser, aws: Wiring, at: str) -> Iterator[Two]:
    with ExitStack() as till_the_end:
        site = till_the_end.enter_context(serve())
        pages = []
        for email in ("anne@example.org", "ola@example.org"):
            visitor = visit_office(aws, at=at, office_url=site.address)
            visitor.sign_in("staff", email=email)
            site.resolve = visitor.resolve
            context = chromium.new_context(base_url=site.address, locale="nb-NO")
            till_the_end.callback(context.close)
            context.set_default_timeout(PATIENCE)
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": site.address}
                    for name, value in visitor.cookies.items()
                ]
            )
            pages.append(context.new_page())
        yield Two(*pages)


def test_one_proposes_is_refused_to_confirm_and_another_does(aws: Wiring, two: Two) -> None:
    bergen, trondheim = send_in(aws).id, send_in(aws, "5001").id
    _propose(two.anne, "Bergen", "plass", "Godt forankret.")
    expect(two.anne.get_by_text("Du har foreslått ett av svarene")).to_be_visible()
    expect(two.anne.get_by_role("button", name="Bekreft svaret til Bergen")).to_have_count(0)
    _propose(two.ola, "Trondheim", "ikke plass", "")
    expect(two.ola.get_by_role("alert")).to_contain_text("Skriv begrunnelsen")
    two.ola.get_by_label("Forslag til begrunnelse").select_option(index=5)
    two.ola.get_by_role("button", name="Foreslå svaret").click()
    two.ola.goto("/decisions")
    assert_sound(two.ola)
    two.ola.get_by_role("button", name="Bekreft svaret til Bergen").click()
    expect(two.ola.get_by_role("status")).to_have_text("1 svar er bekreftet.")
    two.anne.goto(f"/decisions/{trondheim}")
    assert_sound(two.anne)
    expect(two.anne.get_by_text("Søknaden sier lite om")).not_to_have_count(0)
    two.anne.get_by_role("button", name="Bekreft", exact=True).click()
    assert [state_of(read(aws, each).decision) for each in (bergen, trondheim)] == [
        DecisionState.CONFIRMED
    ] * 2


def assert_sound(page: Page) -> None:
    """Nothing axe would fault, and no page wider than a small telephone."""
    assert violations(page) == ""
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(OVERFLOW) == 0
    page.set_viewport_size({"width": 1280, "height": 720})


def _propose(page: Page, municipality: str, outcome: str, reason: str) -> None:
    page.goto("/decisions")
    page.locator("tbody th a", has_text=municipality).click()
    page.locator("#outcome").select_option(label=outcome)
    page.locator("#reason").fill(reason)
    page.get_by_role("button", name="Foreslå svaret").click()


def test_the_waiting_list_is_ordered_and_the_moved_are_confirmed_anew(
    aws: Wiring, two: Two
) -> None:
    ids = [send_in(aws, each).id for each in ("4601", "5001", "0301")]
    references = [read(aws, each).reference or "" for each in ids]
    decide_all(aws, [(each, Outcome.WAITLISTED) for each in references])
    two.anne.goto("/decisions")
    assert_sound(two.anne)
    two.anne.get_by_role("button", name="Flytt Oslo - Oslove opp").click()
    two.anne.wait_for_url("**/decisions#waiting")
    order = [row.id for row in waiting(read_rows(aws.programme, aws.records))]
    assert order == [ids[0], ids[2], ids[1]]
    two.ola.goto("/decisions?state=proposed")
    two.ola.get_by_role("button", name="Bekreft alle du kan bekrefte her (2)").click()
    expect(two.ola.get_by_role("status")).to_have_text("2 svar er bekreftet.")


def test_a_declined_place_is_offered_to_the_next_one_who_gets_a_letter_at_once(
    aws: Wiring, chromium: Browser
) -> None:
    bergen, trondheim = send_in(aws), send_in(aws, "5001")
    answers = [(bergen, Outcome.ADMITTED), (trondheim, Outcome.WAITLISTED)]
    decide_all(aws, [(each.reference or "", outcome) for each, outcome in answers])
    release(aws)
    for each in (bergen, trondheim):
        post_letter(aws, each.id)
    accept(aws, bergen.id, accept=False)
    with two_at_work(chromium, aws, "2026-05-06T10:00:00") as (anne, _):
        anne.goto(f"/applications/{bergen.id}")
        assert_sound(anne)
        anne.get_by_role("link", name="Tilby plassen til neste").click()
        expect(anne.get_by_role("link", name="Trondheim")).to_be_visible()
        expect(anne.get_by_text("nummer 1 på ventelisten")).to_be_visible()
        assert_sound(anne)
        anne.get_by_role("button", name="Tilby plassen").click()
        expect(anne.get_by_role("status")).to_have_text("Plassen er tilbudt. Brevet skrives nå.")
        assert_sound(anne)
        letter(aws, trondheim.id, "2026-05-06T10:01:00")
        send_open_mails(aws, oslo("2026-05-06T10:02:00"))
        anne.goto("/letters?state=in_transit")
        row = anne.get_by_role("row").filter(has_text="KFK2-2026-5001")
        expect(row.filter(has_text="(2)").get_by_text("plass", exact=True)).to_be_visible()
        assert_sound(anne)
        anne.goto(f"/applications/{bergen.id}")
        expect(anne.get_by_role("link", name="Tilby plassen til neste")).to_have_count(0)
