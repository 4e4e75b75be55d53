"""Looks at a page as every reader must be able to use it, and keeps a picture if pictures are asked
for (`make screenshots`).
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.test_looks import CUT_OFF, OVERFLOW, violations

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
_CUT_OFF = CUT_OFF.replace(".scroll,", ".scroll, .wide,")
"""What may be wider than the screen is moved within its frame."""
FOLDER = "SCREENSHOTS"
"""The environment's name of where pictures go."""


@dataclass
class Camera:
    folder: Path | None
    taken: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    """The address of every page that was looked at or led on."""
    _seen: set[tuple[str, str, bool]] = field(default_factory=set)
    _asleep: dict[Page, CDPSession] = field(default_factory=dict)

    def put_to_sleep(self, page: Page) -> None:
        """From now on the page runs no scripts, as where they are switched off."""
        self._asleep[page] = page.context.new_cdp_session(page)
        self._let_scripts(page, run=False)

    def look(self, page: Page, name: str) -> None:
        """No fault that axe finds, a title and a heading, nothing cut off on a small screen.

        The page is woken for it: axe is a script. What its own scripts would have done at the start
        stays undone. What was looked at before, in the same written form and with or without
        scripts, is not looked at again.
        """
        self.visited.add(page.url)
        state = (name, page.locator("html").get_attribute("lang") or "", page in self._asleep)
        if state in self._seen:
            return
        self._seen.add(state)
        self._let_scripts(page, run=True)
        self._look(page, name)
        self._let_scripts(page, run=False)

    def _look(self, page: Page, name: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page).to_have_title(re.compile(r"\S+ – \S+"))
        found = violations(page)
        assert found == "", f"{name}: {found}"
        self._take(page, name, "")
        page.set_viewport_size(NARROW)
        over, cut = page.evaluate(OVERFLOW), page.evaluate(_CUT_OFF)
        assert (over, cut) == (0, []), f"{name} at 320 px: {over} px too wide, cut off: {cut}"
        self._take(page, name, "-320")
        page.set_viewport_size(WIDE)

    def _let_scripts(self, page: Page, *, run: bool) -> None:
        if session := self._asleep.get(page):
            session.send("Emulation.setScriptExecutionDisabled", {"value": not run})

    def _take(self, page: Page, name: str, suffix: str) -> None:
        if self.folder is None:
            return
        language = page.locator("html").get_attribute("lang")
        file = f"{len(self.taken) // 2 + 1:03d}-{name}-{language}{suffix}.png"
        page.screenshot(path=self.folder / file, full_page=True)
        self.taken.append(file)


def camera() -> Camera:
    folder = os.environ.get(FOLDER)
    if folder is None:
        return Camera(None)
    made = Path(folder)
    made.mkdir(parents=True, exist_ok=True)
    return Camera(made)
