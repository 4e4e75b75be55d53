"""A municipality's contact at the application, as somebody with a browser and a mailbox."""

import re
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page, expect

from kulturkontor.programme import Language
from kulturkontor.web.answers import text
from local.cast_files import write_pdf
from tests.browser.deployed.season import Season

PARTS: dict[str, dict[str, str]] = {
    "kommune": {"contact.role": "rektor", "contact.phone": "00 00 00 00"},
    "forankring": {
        "anchoring_plans": "Kulturplanen nevner kulturskolen.",
        "anchoring_organisation": "Kommunalsjefen eier arbeidet.",
        "leader.name": "Per Prøve",
        "leader.role": "kommunalsjef",
        "leader.email": "leder@example.org",
        "leader.approved": "on",
    },
    "gruppe": {
        "members.0.role": "rektor",
        "members.0.sector": "kulturskole",
        "members.1.role": "kultursjef",
        "members.1.sector": "kultur",
        "members.2.role": "helsesykepleier",
        "members.2.sector": "helse",
        "members.3.role": "enhetsleder",
        "members.3.sector": "oppvekst",
    },
    "kapasitet": {
        "motivation": "Vi vil nå flere barn, «også» dem som ikke spør.",
        "capacity.working_time": "on",
        "capacity.all_gatherings": "on",
        "capacity.sharing": "on",
    },
}
TERMS = {"accepts_cost_split": "on", "privacy_notice_read": "on"}


@dataclass
class Applicant:
    season: Season
    page: Page
    language: Language
    municipality: str
    """As the list says it: «Bergen (Vestland)»."""
    email: str
    base: str = ""
    """Where the case's own pages begin, once it is open."""

    def say(self, key: str, **values: str | int) -> str:
        """A text of the pages in this applicant's language."""
        return text(self.language, key, **values)

    # Pages

    def goto(self, path: str) -> None:
        """A page of the case."""
        self.page.goto(f"{self.base}{path}?lang={self.language}")

    def press(self, key: str, **values: str | int) -> None:
        self.page.get_by_role("button", name=self.say(key, **values), exact=True).click()

    def follow(self, key: str, **values: str | int) -> None:
        self.page.get_by_role("link", name=self.say(key, **values), exact=True).first.click()

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[id="{name}"]')

    def fill(self, fields: dict[str, str]) -> None:
        for name, value in fields.items():
            self.set(self.field(name), value)

    def set(self, field: Locator, value: str) -> None:
        kind = field.evaluate("each => each.type")
        if kind in ("checkbox", "radio"):
            field.check()
        elif kind == "select-one":
            field.select_option(value)
        else:
            field.fill(value)

    def expect_heading(self, key: str, **values: str | int) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say(key, **values))

    def look(self, name: str) -> None:
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.season.camera.look(self.page, name)

    # The application

    def start(self) -> None:
        """From the front page to the task list of a new draft."""
        self.page.goto(f"/?lang={self.language}")
        self.look("front")
        self.follow("front.apply")
        self.expect_heading("start.title")
        self.look("start")
        self.season.pass_time(seconds=40)
        self.fill(
            {
                "municipality": self.municipality,
                "contact.name": "Kari Prøve",
                "contact.email": self.email,
            }
        )
        self.press("start.send")
        expect(self.page).to_have_url(re.compile(r"/sak/[0-9a-f]+/soknad\?"))
        self.base = self.case()

    def open_from_mail(self, subject: str = "") -> None:
        """By the link of the last mail, as on another machine."""
        self.page.goto(self.season.link_to(self.email, subject))
        self.look("link")
        self.press("link.open")
        expect(self.page).to_have_url(re.compile(r"/sak/[0-9a-f]+"))
        self.base = self.case()

    def fill_part(self, part: str) -> None:
        """One part, and on to the next."""
        self.expect_heading(f"part.{part}")
        self.fill(PARTS[part])
        self.look(part)
        self.press("apply.next")

    def fill_parts(self) -> None:
        self.goto("/soknad/kommune")
        self.fill_parts_from_here()

    def fill_parts_from_here(self) -> None:
        for part in PARTS:
            self.fill_part(part)
        self.expect_heading("part.send")

    def attach(self, name: str) -> None:
        """A file on the page of attachments."""
        self.goto("/vedlegg")
        self.send_file(name)
        self.until_told(name)

    def send_file(self, name: str, data: bytes = b"") -> None:
        """By the section of files on the page that is open, with a script or without."""
        content = data or write_pdf([self.municipality, name])
        sent: FilePayload = {"name": name, "mimeType": "application/pdf", "buffer": content}
        chooser = self.page.get_by_label(self.say("files.choose"))
        if chooser.is_visible():
            chooser.set_input_files(sent)
            expect(self.row(name)).to_be_visible()
        else:
            self.page.get_by_label(re.compile(self.say("files.name"))).fill(name)
            self.press("files.add")
            self.look("send-a-file")
            self.page.get_by_label(self.say("upload.file")).set_input_files(sent)
            self.press("upload.send")

    def row(self, name: str) -> Locator:
        return self.page.locator('[data-part="list"]').get_by_role("listitem").filter(has_text=name)

    def until_told(self, name: str) -> None:
        """Until the page says what became of the file; without a script it must be asked again."""
        self.season.settle()
        self.page.reload()
        expect(self.row(name)).to_contain_text(self.say("file.accepted"))

    def send(self) -> str:
        """The reference."""
        self.goto("/soknad/send")
        self.fill(TERMS)
        self.look("check")
        self.press("form.send")
        self.expect_heading("receipt.title")
        self.look("receipt")
        found = re.search(r"KFK2-2026-\d{4}(-B)?", self.page.get_by_role("main").inner_text())
        assert found is not None
        self.season.references[self.email] = found[0]
        return found[0]

    def case(self) -> str:
        """Where the pages of the case that is open begin."""
        found = re.search(r"/sak/[0-9a-f]+", self.page.url)
        assert found is not None
        return found[0]
