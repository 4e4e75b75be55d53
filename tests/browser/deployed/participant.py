"""A municipality in the programme: its answer, its group, its gatherings, its travel claim."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.deployed.applicant import Applicant

GROUP = {
    "participants.0": ("Åse Prøve", "kulturskole"),
    "participants.1": ("Ola Prøve", "kultur"),
    "participants.2": ("Ida Prøve", "helse"),
    "participants.3": ("Per Prøve", "oppvekst"),
}


@dataclass
class Participant(Applicant):
    ticket: str = "1 234,50"
    """What one journey cost, as it is typed."""

    def address(self, number: int) -> str:
        """Of one of the group."""
        return f"person-{number}.{self.email}"

    def accept(self) -> None:
        self.goto("/svar")
        self.look("answer")
        self.page.get_by_label(self.say("answer.yes")).check()
        self.press("answer.send")
        self.expect_done("done.ja", email=self.email)
        self.look("case-accepted")

    def register(self) -> None:
        self.goto("/gruppe")
        for number, (at, (name, sector)) in enumerate(GROUP.items()):
            values = {"name": name, "sector": sector, "email": self.address(number)}
            self.fill({f"{at}.{field}": value for field, value in values.items()})
        self.fill({"participants.0.coordinator": "on"})
        self.look("group")
        self.press("group.save")
        self.expect_done("done.gruppe")

    def say_who_comes(self, gathering: str) -> None:
        self.goto(f"/samlinger/{gathering}")
        for each in self.page.locator("input[value=comes]").all():
            each.check()
        self.look("gathering")
        self.press("gathering.save")
        expect(self.status()).to_be_visible()

    def drop_out(self, gathering: str, name: str) -> None:
        self.goto(f"/samlinger/{gathering}")
        self.press("gathering.drop_button", name=name)
        expect(self.status()).to_be_visible()
        self.look("gathering-dropped-out")

    # The claim

    def claim(self, gathering: str, travellers: int, account: str) -> None:
        """One ticket with its receipt; nobody else had costs."""
        base = f"/reisekrav/{gathering}"
        self.goto(base)
        self.look("claim-before")
        self.follow("claim.start")
        self.expect_heading("claim_form.travellers_title")
        self.look("claim-travellers")
        self.do("next")
        for number in range(travellers):
            self.expect_heading("claim_form.costs_title")
            if number == 0:
                self.look("claim-costs")
            self.page.get_by_role("link", name=GROUP[f"participants.{number}"][0]).first.click()
            if number == 0:
                self._ticket()
            else:
                self._nothing()
        self.do("next")
        self.fill({"account_number": account})
        self.page.locator("input[name=vat][value=included]").check()
        self.look("claim-account")
        self.do("next")
        self.expect_heading("claim_form.check_title")
        self.look("claim-check")
        self.fill({"declared": "on"})
        self.press("claim_form.send")
        self.expect_done("claim_done.sendt")
        self.look("claim-sent")

    def _ticket(self) -> None:
        self.page.locator("input[name=way][value=lines]").check()
        self.do("way")
        self.field("new-kind").select_option("train")
        self.do("add")
        self.fill({"lines.0.amount": self.ticket, "lines.0.route": "Hjem og tilbake"})
        self.do("refresh")
        self.send_receipt("Togbillett.pdf")
        self.page.get_by_role("checkbox", name=re.compile("Togbillett")).check()
        self.look("claim-lines")
        self.do("next")

    def _nothing(self) -> None:
        self.page.locator("input[name=way][value=none]").check()
        self.do("way")
        self.do("next")

    def send_receipt(self, name: str) -> None:
        """On the page of the claim itself; without a script the browser comes back to it."""
        self.send_file(name)
        self.until_told(name)

    def do(self, action: str) -> None:
        """A button of the form by what it does."""
        self.page.locator(f"#application button[name=action][value='{action}']").click()

    def status(self) -> Locator:
        return self.page.get_by_role("main").get_by_role("status").first

    def expect_done(self, key: str, **values: str | int) -> None:
        expect(self.status()).to_contain_text(self.say(key, **values))
