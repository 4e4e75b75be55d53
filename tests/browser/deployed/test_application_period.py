"""The application period on the deployed stack, in the order of the season."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.deployed.applicant import Applicant
from tests.browser.deployed.season import Season
from tests.browser.deployed.typist import Typist

BERGEN, VOSS = "bergen@example.org", "voss@example.org"


def bergen(season: Season) -> Applicant:
    """In bokmål, with a browser that runs no scripts."""
    return Applicant(season, season.browse(script=False), "nb", "Bergen (Vestland)", BERGEN)


def voss(season: Season) -> Applicant:
    """In nynorsk, with a browser that does."""
    return Applicant(season, season.browse(), "nn", "Voss (Vestland)", VOSS)


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
    season.move_to(season.programme.opens_at + timedelta(days=1))
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
    season.pass_time(days=1)
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
