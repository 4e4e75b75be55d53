"""The deployed system as people meet it in their browsers: clock, mail, sign-in and pages.

One season is one programme from before it opens until after its first gathering; its clock only
goes forward. What AWS does by itself, schedules fired and mail delivered, is done as it moves.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from kulturkontor.programme import Programme, load_programme
from local.deploy import PARAMETERS
from local.office_users import OFFICE_USERS, OfficeUser, add_users
from local.post_office import Mail
from local.postman import Postman
from local.schedules import read_schedules
from local.stack import Stack, deployed
from local.timeline import Timeline
from tests.browser.conftest import NO_FAULTS
from tests.browser.deployed.camera import Camera

PATIENCE = 60_000
"""Milliseconds; a function that starts on a busy machine takes its time."""
SECOND, STAFF, FINANCE = OFFICE_USERS[:3]
"""Who works in the office; the first confirms what the second has decided."""
_LINK = re.compile(r"https?://[^\s)>\]]+/s/[^\s)>\]]+")


@dataclass
class Season:
    stack: Stack
    programme: Programme
    timeline: Timeline
    postman: Postman
    chromium: Browser
    camera: Camera
    references: dict[str, str] = field(default_factory=dict)
    """Of the applications that were sent, by their contacts' addresses."""
    complaints: list[str] = field(default_factory=list)
    """What browsers had to complain of, least of all our own policy."""
    _contexts: list[BrowserContext] = field(default_factory=list)

    # Time

    @property
    def now(self) -> datetime:
        return self.timeline.now

    def move_to(self, moment: datetime) -> None:
        """On to that time; what was due on the way is done, and its mail delivered."""
        self.settle()
        self.timeline.move_to(moment)

    def pass_time(self, **spent: float) -> None:
        self.move_to(self.now + timedelta(**spent))

    def settle(self) -> None:
        """Until the system has nothing left to do, its mail delivered."""
        self.postman.settle()

    # Mail

    def mails_to(self, address: str) -> list[Mail]:
        self.settle()
        return [each for each in self.stack.mails() if address in each.recipients]

    def last_mail(self, address: str, subject: str = "") -> Mail:
        found = [e for e in self.mails_to(address) if subject in str(e.message["subject"])]
        assert found, f"no mail «{subject}» to {address}"
        return found[-1]

    def link_to(self, address: str, subject: str = "") -> str:
        """The secret link of the last mail with that subject."""
        found = _LINK.findall(self.last_mail(address, subject).body())
        assert found, f"no link was mailed to {address}"
        return str(found[0])

    # Browsers

    def browse(self, *, script: bool = True, base_url: str = "") -> Page:
        """A browser of somebody's own: nothing is shared with any other."""
        context = self.chromium.new_context(
            base_url=base_url or self.stack.portal_url, locale="nb-NO"
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self._hear(message.text))
        page.on("pageerror", lambda fault: self._hear(str(fault)))
        if not script:
            self.camera.put_to_sleep(page)
        return page

    def sign_in(self, user: OfficeUser) -> Page:
        """A colleague's page, signed in by the sign-in service's own."""
        page = self.browse(base_url=self.stack.office_url)
        page.goto("/")
        page.locator("input[name=username]").fill(user.email)
        page.locator("input[name=password]").fill(user.password)
        page.locator("[type=submit]").first.click()
        page.wait_for_url(
            lambda url: urlsplit(url).netloc == urlsplit(self.stack.office_url).netloc
        )
        return page

    def close(self) -> None:
        for each in self._contexts:
            each.close()

    def _hear(self, complaint: str) -> None:
        if not any(words in complaint for words in NO_FAULTS):
            self.complaints.append(complaint)


@contextmanager
def open_season(chromium: Browser, camera: Camera) -> Iterator[Season]:
    """A deployed stack on free ports, six hours before the portal opens."""
    programme = load_programme(PARAMETERS.get("Programme", "kifk2"))
    with ExitStack() as closing:
        stack = closing.enter_context(deployed())
        add_users(stack)
        postman = Postman(stack)
        starts = programme.opens_at - timedelta(hours=6)
        stack.set_clock(starts)
        timeline = Timeline(stack, read_schedules(stack.template), postman.settle, starts)
        season = Season(stack, programme, timeline, postman, chromium, camera)
        closing.callback(season.close)
        yield season
