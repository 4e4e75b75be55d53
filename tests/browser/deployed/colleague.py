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

    def confirm_decisions(self) -> None:
        """Everything that somebody else has proposed."""
        self.page.goto("/decisions")
        self.look("decisions-proposed")
        self.page.locator("button[name=which][value=all]").click()
        expect(self.page).to_have_url(re.compile(r"confirmed=\d+&changed=0"))
        self.look("decisions-confirmed")

    def put_in_minutes(self, admitted: int) -> None:
        """What the board decided, without which no letter goes."""
        self.page.goto("/release")
        self.look("release-letters")
        self.page.locator("input[name=admitted]").fill(str(admitted))
        self.page.locator("input[name=reference]").fill("Sak 14/26")
        self.press("release.minutes_button")
        self.look("release-letters-ready")

    def ask_and_assess(self, reference: str) -> None:
        """Pages that nothing leads to once the letters have gone, or after one version only."""
        found = self.read("/api/applications")
        here = next(each["id"] for each in found if each["reference"] == reference)
        for name, path in (
            ("ask", f"/applications/{here}/ask"),
            ("versions", f"/applications/{here}/versions"),
            ("conflict", f"/assessment/{here}/conflict"),
        ):
            self.page.goto(path)
            self.look(name)

    def read_drafts(self) -> None:
        """All letters as drafts, in a ZIP that is kept for a while."""
        self.page.goto("/release")
        self.follow(say("nb", "release.see_previews"))
        self.press("previews.make")
        self.season.settle()
        self.page.reload()
        self.look("previews")
        with self.page.expect_download() as fetched:
            self.follow(say("nb", "previews.fetch"))
        assert fetched.value.suggested_filename == "kifk2-utkast.zip"

    def attest(self, claim_number: str) -> None:
        self.page.goto("/claims")
        self.look("claims")
        self.follow(claim_number)
        self.look("claim")
        self.press("claims.attest")
        expect(self.page.get_by_text(say("nb", "claim_states.attested")).first).to_be_visible()
        self.look("claim-attested")

    def confirm_account(self, claim_number: str) -> None:
        self.page.goto("/accounts")
        self.look("accounts")
        self.follow(claim_number)
        self.look("account")
        self.page.locator("#channel").select_option(index=0)
        self.page.locator("#spoke-to").fill("Økonomisjefen, på kommunens sentralbord")
        self.press("accounts.confirm")
        self.look("account-confirmed")

    def release(self, batch_id: str) -> bytes:
        """The order to the bank."""
        self.page.goto(f"/batches/{batch_id}")
        self.look("batch-proposed")
        self.follow(say("nb", "batches.release"))
        self.look("release")
        self.press("batches.release_button")
        self.season.settle()
        self.page.goto(f"/batches/{batch_id}")
        self.look("batch-released")
        with self.page.expect_download() as fetched:
            self.page.get_by_role("button", name="pain001.xml").click()
        return Path(fetched.value.path()).read_bytes()

    def report(self, answer: bytes) -> None:
        """The bank's answer."""
        self.page.goto("/batches")
        self.page.locator("input[type=file]").set_input_files(
            {"name": "pain002.xml", "mimeType": "application/xml", "buffer": answer}
        )
        self.press("batches.bank_send")
        expect(self.page.get_by_text(say("nb", "batches.bank_sent"))).to_be_visible()
        self.season.settle()
        self.page.goto("/batches")
        self.look("batches")
