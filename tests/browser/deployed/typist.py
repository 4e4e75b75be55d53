"""An applicant who has a keyboard and nothing else, and who must always see where they are."""

from dataclasses import dataclass

from playwright.sync_api import Locator

from tests.browser.deployed.applicant import Applicant

_MOST_STOPS = 250
_IS_SEEN = """each => [each, each.closest('.ds-field'), each.closest('.ds-file-upload')]
    .filter(Boolean)
    .map(shown => getComputedStyle(shown))
    .some(shown => shown.outlineStyle !== 'none' && shown.outlineWidth !== '0px')"""
"""A box's frame is drawn around its field."""


@dataclass
class Typist(Applicant):
    """Goes on with the Tab key alone and never back: what is asked for comes in its order."""

    def press(self, key: str, **values: str | int) -> None:
        self._tab_to(self.page.get_by_role("button", name=self.say(key, **values), exact=True))
        self.page.keyboard.press("Enter")

    def follow(self, key: str, **values: str | int) -> None:
        found = self.page.get_by_role("link", name=self.say(key, **values), exact=True)
        self._tab_to(found.first)
        self.page.keyboard.press("Enter")

    def set(self, field: Locator, value: str) -> None:
        self._tab_to(field)
        kind = field.evaluate("each => each.type")
        if kind in ("checkbox", "radio"):
            self.page.keyboard.press("Space")
        elif kind == "select-one":
            wanted = field.locator(f"option[value='{value}']").inner_text()
            self.page.keyboard.type(wanted)
        else:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(value)

    def _tab_to(self, wanted: Locator) -> None:
        for _ in range(_MOST_STOPS):
            if wanted.evaluate("each => each === document.activeElement"):
                assert wanted.evaluate(_IS_SEEN), f"the focus is not seen on {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached with the Tab key")
