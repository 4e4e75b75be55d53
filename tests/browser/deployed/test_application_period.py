"""The application period on the deployed stack, in the order of the season."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from kulturkontor.upload_reasons import refusal_texts
from tests.browser.deployed.applicant import TERMS, Applicant
from tests.browser.deployed.colleague import Colleague
from tests.browser.deployed.season import STAFF, Season
from tests.browser.deployed.typist import Typist
from tests.rules.test_uploads import the_test_virus

BERGEN, VOSS, LOM = "bergen@example.org", "voss@example.org", "lom@example.org"
SECOND, HAMAR, ALTA = "bergen-to@example.org", "hamar@example.org", "alta@example.org"
COLLEAGUE = "lom-kollega@example.org"


def bergen(season: Season) -> Applicant:
    """In bokmål, with a browser that runs no scripts."""
    return Applicant(season, season.browse(script=False), "nb", "Bergen (Vestland)", BERGEN)


def voss(season: Season) -> Applicant:
    """In nynorsk, with a browser that does."""
    return Applicant(season, season.browse(), "nn", "Voss (Vestland)", VOSS)


def open_portal(season: Season) -> None:
    """A day after the opening, unless it is later already."""
    season.move_to(season.programme.opens_at + timedelta(days=1))


def test_before_the_opening_the_front_page_says_when_and_nothing_can_be_started(
    season: Season,
) -> None:
    visitor = bergen(season)
    visitor.page.goto("/?lang=nb")
    visitor.look("front-before")
    expect(visitor.page.get_by_role("main")).to_contain_text("19. mars 2026")
    answer = visitor.page.goto("/soknad?lang=nb")
    assert answer is not None
    assert answer.status == 403


def test_bokmal_without_a_script_from_the_front_page_to_the_receipt(season: Season) -> None:
    open_portal(season)
    first = bergen(season)
    first.start()
    first.expect_heading("tasks.heading", municipality="Bergen kommune")
    first.look("tasks")
    later = bergen(season)
    later.open_from_mail()
    later.fill_parts()
    later.attach("Kulturplan.pdf")
    later.look("attachments")
    season.pass_time(minutes=30)
    assert later.send() == "KFK2-2026-4601"
    receipt = season.last_mail(BERGEN, "KFK2-2026-4601").body()
    for said in ("Kulturplanen nevner kulturskolen.", "Kulturplan.pdf", "30. april"):
        assert said in receipt


def test_nynorsk_with_scripts_and_a_keyboard_alone(season: Season) -> None:
    open_portal(season)
    typist = Typist(season, season.browse(), "nn", "Voss (Vestland)", VOSS)
    typist.start()
    typist.follow("part.kommune")
    typist.fill_parts_from_here()
    typist.attach("Kulturplan.pdf")
    season.pass_time(minutes=30)
    assert typist.send() == "KFK2-2026-4621"
    receipt = season.last_mail(VOSS, "KFK2-2026-4621").body()
    for said in ("Kulturplanen nevner kulturskolen.", "Kulturplan.pdf", "30. april"):
        assert said in receipt


def test_two_who_write_the_same_are_shown_what_the_other_wrote(season: Season) -> None:
    open_portal(season)
    contact = Applicant(season, season.browse(), "nn", "Lom (Innlandet)", LOM)
    contact.start()
    contact.goto("/tilgang")
    contact.fill({"person.name": "Ola Prøve", "person.email": COLLEAGUE, "right.apply": "on"})
    contact.look("people")
    contact.press("people.give")
    colleague = Applicant(season, season.browse(), "nn", contact.municipality, COLLEAGUE)
    colleague.open_from_mail()
    for each in (contact, colleague):
        each.goto("/soknad/kapasitet")
    contact.fill({"motivation": "Kontaktpersonen skrev dette."})
    contact.press("apply.overview")
    contact.expect_heading("tasks.heading", municipality="Lom kommune")
    colleague.fill({"motivation": "Kollegaen skrev dette."})
    colleague.press("apply.next")
    expect(colleague.page).to_have_title(re.compile("^Feil: "))
    expect(colleague.page.locator("#errors")).to_be_focused()
    expect(colleague.page.locator("blockquote")).to_have_text("Kontaktpersonen skrev dette.")
    expect(colleague.field("motivation")).to_have_value("Kollegaen skrev dette.")
    colleague.look("conflict")
    colleague.press("apply.next")
    colleague.expect_heading("part.send")
    contact.goto("/soknad/kapasitet")
    expect(contact.field("motivation")).to_have_value("Kollegaen skrev dette.")


def test_the_test_virus_is_refused_with_its_reason_on_the_page_and_by_mail(
    season: Season,
) -> None:
    contact = Applicant(season, season.browse(), "nn", "Lom (Innlandet)", LOM)
    contact.open_from_mail()
    contact.goto("/vedlegg")
    contact.send_file("Plan.pdf", the_test_virus())
    row = contact.row("Plan.pdf")
    expect(row).to_contain_text(contact.say("file.refused"))
    wrong, _ = refusal_texts("malware", "nn")
    expect(row).to_contain_text(wrong)
    contact.look("file-refused")
    assert wrong in season.last_mail(LOM).body()


SEND_AT_ONCE = """times => {
    const form = document.getElementById('application');
    const body = new URLSearchParams(new FormData(form));
    body.set('action', 'send');
    const send = () => fetch(form.getAttribute('action'), {method: 'POST', body});
    return Promise.all(Array.from({length: times}, send))
        .then(answers => answers.map(each => [each.status, new URL(each.url).pathname]));
}"""


def test_sending_four_times_at_once_is_sending_once(season: Season) -> None:
    contact = Applicant(season, season.browse(), "nn", "Lom (Innlandet)", LOM)
    contact.open_from_mail()
    contact.goto("/soknad/send")
    contact.fill(TERMS)
    contact.look("check-incomplete")
    answers = contact.page.evaluate(SEND_AT_ONCE, 4)
    assert answers == [[200, f"{contact.base}/kvittering"]] * 4, answers
    receipts = [each for each in season.mails_to(LOM) if "_receipt_" in each.tags["mail"]]
    assert [each.tags["mail"].rpartition("_")[2] for each in receipts] == ["1"]
    contact.goto("/soknad/send")
    contact.page.go_back()
    contact.goto("/kvittering")
    expect(contact.page.get_by_role("main")).to_contain_text("KFK2-2026-3434")


def test_two_contacts_of_one_municipality_are_told_and_choose(season: Season) -> None:
    second = Applicant(season, season.browse(), "nb", "Bergen (Vestland)", SECOND)
    second.start()
    season.pass_time(minutes=5)
    assert second.send() == "KFK2-2026-4601-B"
    first = bergen(season)
    for each in (first, second):
        each.page.goto(season.link_to(each.email, "søknad"))
        each.press("link.open")
        each.base = each.case()
        each.expect_heading("choose.title")
    first.look("choose")
    second.page.get_by_role("radio", name=re.compile(r"KFK2-2026-4601(?!-B)")).check()
    second.press("choose.send")
    second.goto("/valg")
    expect(second.page.get_by_text(second.say("choose.settled_other"))).to_be_visible()
    second.look("choose-settled")
    first.goto("")
    expect(first.page.get_by_role("main")).to_contain_text(first.say("state.submitted"))


def test_after_the_deadline_a_draft_is_there_and_a_late_attempt_is_told_so(
    season: Season,
) -> None:
    open_portal(season)
    hamar = Applicant(season, season.browse(), "nb", "Hamar (Innlandet)", HAMAR)
    hamar.start()
    hamar.goto("/soknad/kapasitet")
    hamar.fill({"motivation": "Vi rakk ikke fristen."})
    hamar.press("apply.overview")
    hamar.expect_heading("tasks.heading", municipality="Hamar kommune")
    season.move_to(season.programme.closes_at + timedelta(minutes=10))
    hamar.goto("/soknad/kapasitet")
    expect(hamar.page.get_by_role("main")).to_contain_text("Vi rakk ikke fristen.")
    hamar.look("part-after-deadline")
    alta = Applicant(season, season.browse(), "nb", "Alta (Finnmark)", ALTA)
    alta.start()
    season.pass_time(minutes=5)
    assert alta.send() == "KFK2-2026-5601"
    expect(alta.page.get_by_role("main")).to_contain_text(alta.say("receipt.late"))


def test_an_extension_lets_one_application_in_once(season: Season) -> None:
    staff = Colleague(season, season.sign_in(STAFF))
    staff.look("overview")
    staff.extend("Hamar", "2026-04-17T12:00")
    hamar = Applicant(season, season.browse(), "nb", "Hamar (Innlandet)", HAMAR)
    hamar.open_from_mail()
    hamar.fill_parts()
    season.pass_time(minutes=5)
    assert hamar.send() == "KFK2-2026-3403"
    expect(hamar.page.get_by_text(hamar.say("receipt.late"))).to_have_count(0)
    hamar.goto("/soknad/kapasitet")
    expect(hamar.page.get_by_role("button", name=hamar.say("apply.next"))).to_have_count(0)
