"""Pages that only answer a form: what a change would touch, a mail or text as it will be. Each is
looked at in both written forms, as nothing links to it.
"""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.aws.wiring import Wiring
from tests.browser.conftest import PATIENCE
from tests.browser.site import serve
from tests.browser.test_decisions import assert_sound
from tests.office_factory import admitted, send_in
from tests.web.office_browser import visit_office

REASON = {"[name=reason]": "Slik ble det."}


class Form(NamedTuple):
    """Where a form stands, what it asks and what that leads to, by the addresses of the forms; and
    what is typed in it by its fields' selectors. An empty text is a box to check.
    """

    page: str
    asks: str
    leads_to: str
    typed: dict[str, str]


FORMS = (
    Form(
        "/release",
        "/release/time/plan",
        "/release/time",
        {"#when": "2026-05-04T09:00", **REASON},
    ),
    Form(
        "/settings/overnight",
        "/settings/overnight/plan",
        "/settings/overnight/change",
        {"[name='overnight.hotel_days_before']": "40", **REASON},
    ),
    Form(
        "/texts/reasons",
        "/texts/reasons/plan",
        "/texts/reasons/change",
        {"textarea >> nth=0": "Et godt grep.", **REASON},
    ),
    Form(
        "/texts/phrases/letters",
        "/texts/phrases/letters/preview",
        "/texts/phrases/letters/change",
        {"[name='travel_cover.nb']": "{share} % av reisen", **REASON},
    ),
    Form(
        "/texts/nn/receipt",
        "/texts/nn/receipt/preview",
        "/texts/nn/receipt/change",
        {"#subject": "Motteken", **REASON},
    ),
    Form(
        "/messages/new",
        "/messages/preview",
        "/messages",
        {
            **{f"#subject_{form}": "Hei" for form in ("nb", "nn")},
            **{f"#text_{form}": "Hei, {name}." for form in ("nb", "nn")},
        },
    ),
    Form(
        "/applications/{sent}/ask",
        "/applications/{sent}/ask/preview",
        "/applications/{sent}/ask",
        {"[type=checkbox] >> nth=0": "", "#until": "2026-04-20T12:00", "#message": "Hvem?"},
    ),
)
MOVED = Form(
    "/calendar/S2", "/calendar/S2/plan", "/calendar/S2/change", {"#place": "Hamar", **REASON}
)
PAGES = (
    *("", "/application", "/group", "/gatherings/S1"),
    *("/gatherings/S9", "/nowhere"),
)
"""What staff register for a municipality; the last two are refused in words."""


@pytest.fixture(params=["nb", "nn"])
def anne(chromium: Browser, aws: Wiring, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The week after the deadline, in that written form."""
    with serve() as site:
        visitor = visit_office(aws, at="2026-04-15T10:00:00", office_url=site.address)
        visitor.sign_in("staff", "finance", email="anne@example.org")
        site.resolve = visitor.resolve
        context = chromium.new_context(base_url=site.address, locale="nb-NO")
        context.set_default_timeout(PATIENCE)
        for name, value in (visitor.cookies | {"language": request.param}).items():
            context.add_cookies([{"name": name, "value": value, "url": site.address}])
        page = context.new_page()
        yield page
        expect(page.locator("html")).to_have_attribute("lang", request.param)
        context.close()


def test_what_answers_a_form_has_no_fault(aws: Wiring, anne: Page) -> None:
    sent = send_in(aws, "5001").id
    for each in FORMS:
        _answer(anne, each, sent)
    admitted(aws)
    _answer(anne, MOVED, sent)


def _answer(page: Page, each: Form, sent: str) -> None:
    address = each.asks.format(sent=sent)
    page.goto(each.page.format(sent=sent))
    form = page.locator(f"form[action='{address}']")
    for selector, text in each.typed.items():
        field = form.locator(selector)
        field.fill(text) if text else field.check()
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        form.locator("button").last.click()
    assert (urlsplit(answered.value.url).path, answered.value.status) == (address, 200)
    expect(page.locator(f"form[action='{each.leads_to.format(sent=sent)}']")).to_be_visible()
    assert_sound(page)


def test_what_is_registered_for_a_municipality_has_no_fault(aws: Wiring, anne: Page) -> None:
    application_id = admitted(aws)
    for each in PAGES:
        anne.goto(f"/applications/{application_id}/on-behalf{each}")
        expect(anne.get_by_role("heading", level=1)).to_have_count(1)
        assert_sound(anne)
