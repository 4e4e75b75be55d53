"""An applicant who writes an application page by page, by mouse or by nothing but a keyboard."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.conftest import set_clock

START = {
    "municipality": "Bergen",
    "contact.name": "Kari Prøve",
    "contact.email": "kari@example.org",
}
LINES: Mapping[str, Mapping[str, str]] = {
    "kommune": {
        "municipality": "Bergen (Vestland)",
        "contact.name": "Kari Prøve",
        "contact.role": "rektor",
        "contact.email": "kari@example.org",
        "contact.phone": "00 00 00 00",
    },
    "forankring": {
        "anchoring_plans": "Kulturplanen nevner kulturskolen.",
        "anchoring_organisation": "Kommunalsjefen eier arbeidet.",
        "leader.name": "Per Prøve",
        "leader.role": "kommunalsjef",
        "leader.email": "per@example.org",
    },
    "gruppe": {
        "members.0.role": "rektor",
        "members.1.role": "kultursjef",
        "members.2.role": "helsesykepleier",
        "members.3.role": "enhetsleder",
    },
    "kapasitet": {"motivation": "Vi vil nå flere barn, «også» dem som ikke spør."},
    "send": {},
}
SECTORS = ("kulturskole", "frivillighet", "helse", "oppvekst")
TYPED_SECTORS = ("kult", "friv", "hels", "oppv")
BOXES = {
    "forankring": ("leader.approved",),
    "kapasitet": ("capacity.working_time", "capacity.all_gatherings", "capacity.sharing"),
    "send": ("accepts_cost_split", "privacy_notice_read"),
}
NOT_ANSWERS = ("website", "key", "shown", "purpose", "back", "name")


@dataclass
class Applicant:
    page: Page

    def begin(self, language: str = "nb") -> str:
        """Where the draft's own pages begin; it was a minute's work."""
        self.page.goto(f"/soknad?lang={language}")
        set_clock("2026-03-20T10:01:00+01:00")
        for name, text in START.items():
            self.field(name).fill(text)
        self.page.locator("button[value=start]").click()
        expect(self.page.locator("ol.parts")).to_be_visible()
        return self.page.url.partition("?")[0]

    def fill(self, part: str) -> "Applicant":
        """Everything that the part's page asks for."""
        for name, text in LINES[part].items():
            self.field(name).fill(text)
        if part == "gruppe":
            for number, sector in enumerate(SECTORS):
                self.field(f"members.{number}.sector").select_option(sector)
        for name in BOXES.get(part, ()):
            self.field(name).check()
        return self

    def write_all(self, draft: str) -> "Applicant":
        """From the first part to the page before sending, by each page's first button."""
        self.page.goto(f"{draft}/kommune")
        for part in ("kommune", "forankring", "gruppe", "kapasitet"):
            self.fill(part).go_on()
        return self

    def go_on(self) -> "Applicant":
        self.page.locator("button[value=next]").click()
        self.page.wait_for_load_state()
        return self

    def type_in(self, part: str) -> "Applicant":
        """The same with the keyboard alone, from top to bottom and never back."""
        wanted = {*LINES[part], *BOXES.get(part, ())}
        if part == "gruppe":
            wanted |= {f"members.{number}.sector" for number in range(len(SECTORS))}
        while wanted:
            name = self._tab()
            wanted.discard(name)
            if name in LINES[part]:
                self.page.keyboard.press("Control+A")
                self.page.keyboard.type(LINES[part][name])
            elif name.endswith(".sector"):
                self.page.keyboard.type(TYPED_SECTORS[int(name.split(".")[1])], delay=1)
            elif name in BOXES.get(part, ()):
                self.page.keyboard.press("Space")
        return self

    def tab_to(self, words: str) -> "Applicant":
        """On to the link or button that says so."""
        while self._tab(what="textContent") != words:
            pass
        return self

    def _tab(self, what: str = "id") -> str:
        self.page.keyboard.press("Tab")
        found: str = self.page.evaluate(f"document.activeElement.{what}.trim()")
        assert self.page.evaluate("document.activeElement !== document.body"), "past the last"
        return found

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[id="{name}"]')

    def press(self, words: str) -> "Applicant":
        self.page.get_by_role("button", name=words, exact=True).click()
        return self

    def typed(self) -> dict[str, str]:
        """What stands in the form and is not blank."""
        shown: dict[str, str] = self.page.evaluate(
            "Object.fromEntries([...new FormData(document.getElementById('application'))])"
        )
        return {
            name: text
            for name, text in shown.items()
            if text and name not in NOT_ANSWERS and not name.startswith("seen.")
        }

    def expect_title(self, start: str) -> None:
        expect(self.page).to_have_title(f"{start} – Kulturskolen i fremtidens kommune 2")
