"""An applicant at the form, with a mouse or with nothing but a keyboard."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

LINES = {
    "contact.name": "Kari Prøve",
    "contact.role": "rektor",
    "contact.email": "kari@example.org",
    "contact.phone": "00 00 00 00",
    "leader.name": "Per Prøve",
    "leader.role": "kommunalsjef",
    "leader.email": "per@example.org",
    "anchoring_plans": "Kulturplanen nevner kulturskolen.",
    "anchoring_organisation": "Kommunalsjefen eier arbeidet.",
    "members.0.role": "rektor",
    "members.1.role": "kultursjef",
    "members.2.role": "helsesykepleier",
    "members.3.role": "enhetsleder",
    "motivation": "Vi vil nå flere barn, «også» dem som ikke spør.",
}
CHOICES = {
    "municipality": ("Bergen (Vestland)", "4601"),
    "members.0.sector": ("Kulturskole", "kulturskole"),
    "members.1.sector": ("Frivillig", "frivillighet"),
    "members.2.sector": ("Helse", "helse"),
    "members.3.sector": ("Oppvekst", "oppvekst"),
}
BOXES = (
    "leader.approved",
    "capacity.working_time",
    "capacity.all_gatherings",
    "capacity.sharing",
    "accepts_cost_split",
    "privacy_notice_read",
)


@dataclass
class Applicant:
    page: Page

    def fill_in(self, **changes: str) -> "Applicant":
        """Everything that is asked for; `changes` by a field's name with `_` for `.`."""
        for name, (_, value) in CHOICES.items():
            self.field(name).select_option(value)
        for name, text in LINES.items():
            self.field(name).fill(changes.get(name.replace(".", "_"), text))
        for name in BOXES:
            self.field(name).check()
        return self

    def type_in(self) -> "Applicant":
        """The same with the keyboard alone, from top to bottom and never back."""
        while (name := self._tab()) != "privacy_notice_read":
            if name in LINES:
                self.page.keyboard.type(LINES[name])
            elif name in CHOICES:
                self.page.keyboard.type(CHOICES[name][0], delay=1)
            elif name in BOXES:
                self.page.keyboard.press("Space")
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
        """What stands in the form."""
        shown: dict[str, str] = self.page.evaluate(
            "Object.fromEntries([...new FormData(document.getElementById('application'))]"
            ".filter(([name]) => !['website', 'key', 'version'].includes(name)))"
        )
        return shown

    def expect_title(self, start: str) -> None:
        expect(self.page).to_have_title(f"{start} – Kulturskolen i fremtidens kommune 2")
