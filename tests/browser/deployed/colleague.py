"""Somebody at the council, in the office's pages."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from kulturkontor.decisions import Outcome
from kulturkontor.web.office_texts import say
from tests.browser.deployed.season import Season
from tests.filled_sheets import fill_decisions


@dataclass
class Colleague:
    season: Season
    page: Page
    """Signed in."""

    def look(self, name: str) -> None:
        self.season.camera.look(self.page, f"office-{name}")

    def press(self, key: str, **values: str | int) -> None:
        self.page.get_by_role("button", name=say("nb", key, **values), exact=True).click()

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words, exact=True).first.click()

    def read(self, address: str) -> Any:
        """What the office says in JSON."""
        answer = self.page.goto(address)
        assert answer is not None
        return answer.json()

    def open_application(self, municipality: str) -> None:
        """Found by its name, among drafts too."""
        self.page.goto(f"/applications?q={municipality}")
        self.page.get_by_role("row").filter(has_text=municipality).get_by_role("link").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(municipality)

    def extend(self, municipality: str, until: str) -> None:
        """Leave to send after the deadline; `until` as a field of date and time has it."""
        self.open_application(municipality)
        if not self.page.locator("#until").is_visible():
            self.page.get_by_text(say("nb", "late.extend")).first.click()
        self.page.locator("#until").fill(until)
        self.page.locator("#extension-reason").fill("Rektor var syk på fristdagen.")
        self.press("late.give")
        expect(self.page.get_by_text("Rektor var syk på fristdagen.").first).to_be_visible()
        self.look("application-extended")

    def decide(self, outcomes: dict[str, Outcome]) -> None:
        """The sheet fetched, filled in and sent back, until it has been applied."""
        self.page.goto("/sheets")
        self.look("sheets")
        with self.page.expect_download() as fetched:
            self.follow(say("nb", "sheets.down"))
        filled = fill_decisions(Path(fetched.value.path()).read_bytes(), outcomes)
        self.press("sheets.up")
        self.look("sheet")
        self.page.locator("input[type=file]").set_input_files(
            {"name": "svar.xlsx", "mimeType": "application/octet-stream", "buffer": filled}
        )
        self.press("sheets.send")
        expect(self.page).to_have_url(re.compile(r"/sheets/"))
        self.season.settle()
        self.page.reload()
        expect(self.page.get_by_text(say("nb", "sheet_states.applied")).first).to_be_visible()
        self.look("sheet-applied")

    def attest(self, reference: str, gathering: str) -> None:
        self.page.goto("/claims")
        self.look("claims")
        self.follow(f"{reference}-{gathering}")
        self.look("claim")
        self.press("claim.attest")
        self.look("claim-attested")
