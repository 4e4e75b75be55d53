"""From the decisions to the first payment on the deployed stack, in the order of the season."""

from datetime import datetime, time, timedelta

from icalendar import Calendar
from playwright.sync_api import expect

from kulturkontor.decisions import Outcome
from kulturkontor.programme import OSLO
from local.applicant import Portal
from local.applicant import expect as answered
from local.bank import answer_payments
from local.visitor import Visitor
from tests.browser.deployed.colleague import Colleague
from tests.browser.deployed.participant import GROUP, Participant
from tests.browser.deployed.season import FINANCE, SECOND, STAFF, Season
from tests.browser.deployed.test_application_period import BERGEN, VOSS
from tests.office_factory import answers

S1 = "S1"
DROPPED = GROUP["participants.3"][0]


def bergen(season: Season) -> Participant:
    """In bokmål, with a browser that runs no scripts."""
    return Participant(season, season.browse(script=False), "nb", "Bergen (Vestland)", BERGEN)


def voss(season: Season) -> Participant:
    """In nynorsk, with a browser that does."""
    page = season.browse()
    return Participant(season, page, "nn", "Voss (Vestland)", VOSS, ticket="987,00")


def have_applied(season: Season) -> None:
    """The two have sent their applications; what the period's own tests have not done is done."""
    season.move_to(season.programme.opens_at + timedelta(days=1))
    portal = Portal(season.stack.portal_url)
    for email, number, language in ((BERGEN, "4601", "nb"), (VOSS, "4621", "nn")):
        if email not in season.references:
            contact = {"name": "Kari Prøve", "role": "rektor", "email": email}
            body = answers(number, contact=contact, language=language)
            receipt = answered(portal.apply(f"key-of-{number}", body)).json()
            season.references[email] = receipt["reference"]


def test_staff_decide_by_a_sheet_another_confirms_and_letters_go_out_on_the_day(
    season: Season,
) -> None:
    have_applied(season)
    season.move_to(season.programme.closes_at + timedelta(days=6, hours=10))
    staff = Colleague(season, season.sign_in(STAFF))
    staff.look("overview")
    sent = staff.read("/api/applications")
    admitted = (season.references[BERGEN], season.references[VOSS])
    staff.ask_and_assess(season.references[BERGEN])
    staff.decide(
        {
            each["reference"]: Outcome.ADMITTED
            if each["reference"] in admitted
            else Outcome.REJECTED
            for each in sent
            if each["reference"]
        }
    )
    Colleague(season, season.sign_in(SECOND)).confirm_decisions()
    staff.put_in_minutes(len(admitted))
    staff.read_drafts()
    season.move_to(season.programme.released_at - timedelta(minutes=1))
    before = len(season.mails_to(BERGEN))
    season.move_to(season.programme.released_at + timedelta(minutes=10))
    assert len(season.mails_to(BERGEN)) == before + 1
    for email in (BERGEN, VOSS):
        (letter,) = season.last_mail(email).message.iter_attachments()
        assert letter.get_content().startswith(b"%PDF-")


def test_letter_is_fetched_and_the_place_taken_with_and_without_scripts(season: Season) -> None:
    season.move_to(season.programme.released_at + timedelta(days=2))
    for each in (bergen(season), voss(season)):
        each.open_from_mail()
        each.expect_heading("answer.title")
        each.goto("")
        each.look("case-offered")
        with each.page.expect_download() as fetched:
            each.follow("own.letter", number=1)
        assert fetched.value.suggested_filename == f"{season.references[each.email]}.pdf"
        each.accept()
        assert "plass" in season.last_mail(each.email).body()


def test_group_is_registered_and_each_person_is_told(season: Season) -> None:
    season.pass_time(days=2)
    for each in (bergen(season), voss(season)):
        each.open_from_mail()
        each.register()
        for number, (name, _) in enumerate(GROUP.values()):
            assert name in season.last_mail(each.address(number)).body()


def test_gatherings_are_in_a_calendar_that_a_calendar_reads(season: Season) -> None:
    each = voss(season)
    each.open_from_mail()
    each.goto("/samlinger")
    each.look("gatherings")
    address = each.field("calendar").input_value()
    feed = [Calendar.from_ical(Visitor().get(address).content) for _ in range(2)]
    events = [{str(event["uid"]): event for event in calendar.walk("VEVENT")} for calendar in feed]
    assert events[0].keys() == events[1].keys()
    days = [(event.decoded("dtstart"), event.decoded("dtend")) for event in events[0].values()]
    assert sorted(days) == [
        (gathering.first_day, gathering.last_day + timedelta(days=1))
        for gathering in season.programme.gatherings
    ]
    assert {int(event["sequence"]) for event in events[0].values()} == {0}


def test_who_comes_is_said_and_one_falls_ill(season: Season) -> None:
    season.move_to(_at(season, S1, days=-10))
    for each in (bergen(season), voss(season)):
        each.open_from_mail()
        each.say_who_comes(S1)
    ill = bergen(season)
    ill.open_from_mail()
    ill.drop_out(S1, DROPPED)


def test_travel_is_claimed_without_scripts_and_the_result_told(season: Season) -> None:
    _claim(season, bergen(season), len(GROUP) - 1, "9999 00 12349")


def test_travel_is_claimed_with_scripts_and_the_result_told(season: Season) -> None:
    _claim(season, voss(season), len(GROUP), "9999 00 22220")


def _claim(season: Season, each: Participant, travellers: int, account: str) -> None:
    season.move_to(_at(season, S1, days=3))
    each.open_from_mail()
    each.claim(S1, travellers, account)
    assert f"{season.references[each.email]}-S1" in season.last_mail(each.email).body()
    for page in ("/reisekrav", "/post"):
        each.goto(page)
        each.look(page.strip("/"))


def test_two_colleagues_pay_and_the_municipality_sees_it(season: Season) -> None:
    numbers = [f"{season.references[email]}-{S1}" for email in (BERGEN, VOSS)]
    staff = Colleague(season, season.sign_in(STAFF))
    for number in numbers:
        staff.attest(number)
    finance = Colleague(season, season.sign_in(FINANCE))
    for number in numbers:
        finance.confirm_account(number)
    season.pass_time(days=7)
    finance = Colleague(season, season.sign_in(FINANCE))
    (batch,) = finance.read("/api/batches")
    order = finance.release(batch["id"])
    finance.report(answer_payments(order, rejects=(), at=season.now))
    for each in (bergen(season), voss(season)):
        each.open_from_mail()
        each.goto(f"/reisekrav/{S1}")
        expect(each.page.get_by_role("main")).to_contain_text(each.say("claim.paid"))
        each.look("claim-paid")


def _at(season: Season, gathering: str, *, days: int) -> datetime:
    """Ten in the morning, so many days after a gathering's last."""
    found = season.programme.gathering(gathering)
    assert found is not None
    return datetime.combine(found.last_day + timedelta(days=days), time(10), OSLO)
