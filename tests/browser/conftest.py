"""A real Chromium that visits the portal and the office, both in this process on moto.

Without Chromium these tests fail: whoever asks for them wants to know.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kulturkontor.aws import buckets, settings, wiring
from tests.browser.bucket import Bucket, open_bucket
from tests.browser.site import Site, serve
from tests.web.office_browser import visit_office
from tests.web.portal_visitor import forget_portal, handle

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 15_000
"""Milliseconds; on a busy machine a page takes its time."""
NO_FAULTS = ("status of 4", "Autofocus processing was blocked")
"""What a browser tells of a refusal that was asked for, and of a reader who was faster than the
page.
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture
def here(aws: wiring.Wiring, portal: Site) -> wiring.Wiring:
    """The wiring of the portal that the browser visits."""
    return wiring.wiring()


@pytest.fixture
def portal(aws: wiring.Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The portal as deployed on a free port; its clock stands in the open period."""
    with serve() as site:
        monkeypatch.setenv("PUBLIC_URL", site.address)
        settings.settings.cache_clear()
        wiring.wiring.cache_clear()
        forget_portal()
        site.resolve = handle
        yield site


@pytest.fixture
def bucket(portal: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The uploads bucket on this machine; forms of the portal lead to it."""
    with open_bucket(portal) as bucket:
        as_signed = buckets.Bucket.presign_post

        def presign_post(self: buckets.Bucket, key: str, **asked: Any) -> dict[str, Any]:
            return as_signed(self, key, **asked) | {"url": f"{bucket.address}/"}

        monkeypatch.setattr(buckets.Bucket, "presign_post", presign_post)
        yield bucket


@pytest.fixture
def context(chromium: Browser, portal: Site) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=portal.address, locale="nb-NO")
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which the browser has nothing to complain of, least of all our own policy."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    yield page
    assert [each for each in complaints if not any(words in each for words in NO_FAULTS)] == []


@pytest.fixture
def office_page(chromium: Browser, aws: wiring.Wiring) -> Iterator[Page]:
    """A page of the office, signed in as one who may do everything."""
    with serve() as site:
        office = visit_office(aws, at="2026-04-19T10:30:00", office_url=site.address)
        site.resolve = office.resolve
        office.sign_in("staff", "finance", "admin")
        made = chromium.new_context(base_url=site.address, locale="nb-NO")
        made.set_default_timeout(PATIENCE)
        for name, value in office.cookies.items():
            made.add_cookies([{"name": name, "value": value, "url": site.address}])
        yield made.new_page()
        made.close()
