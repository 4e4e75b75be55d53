"""Who comes to a gathering, said on its page: with beds, dropping out, substitutes."""

import pytest

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.application_rows import put
from kulturkontor.applications import application_key
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.links import BY_LINK
from kulturkontor.participation import attendance_at
from kulturkontor.people import LinkHolder, Presence, Right
from tests.actions.test_change_calendar import MEETING, MOVED, change
from tests.conftest import set_clock
from tests.office_factory import accept, admitted, all_mails, oslo, read
from tests.web.portal_visitor import Seen, Visitor
from tests.web.test_portal_own import offered, own, post

S1 = "/samlinger/S1"
SAID = {"presence.p1": "comes", "presence.p2": "stays_away", "presence.p3": "comes"}


@pytest.fixture
def case(aws: Wiring) -> str:
    """The id of a municipality with its group, in June."""
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    return application_id


def book_centrally(here: Wiring) -> None:
    change_settings(
        {"overnight": {"mode": "central"}},
        by="stab",
        at=oslo("2026-05-30T10:00:00"),
        reason="Vi bestiller.",
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    here.current_programme.refresh()


def presences(here: Wiring, application_id: str) -> dict[str, Presence]:
    said = attendance_at(read(here, application_id), "S1")
    return {participant: each.presence for participant, each in said.items()}


def beds(here: Wiring, application_id: str) -> dict[str, tuple[bool | None, bool | None]]:
    said = attendance_at(read(here, application_id), "S1")
    return {participant: (each.bed, each.bed_asked) for participant, each in said.items()}


def checked(seen: Seen) -> set[str]:
    """What is chosen on the page, as `presence.p1=comes`."""
    found = seen.page.xpath("//input[@checked]")
    return {f"{each.get('name')}={each.get('value')}" for each in found}


def test_the_list_says_where_each_gathering_stands(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    words = own(visitor, case, "/samlinger").words
    assert "24.–25. september 2026, Gardermoen" in words
    assert words.count("Ikke svart for alle") == 6
    everybody = {f"presence.p{number}": "comes" for number in range(1, 5)}
    assert post(visitor, case, S1, **everybody).status == 303
    assert "4 kommer" in own(visitor, case, "/samlinger").words
    set_clock("2026-09-26T10:00:00+02:00")
    assert "Over" in own(visitor, case, "/samlinger").words


def test_what_is_said_is_kept_as_said_by_whose_link_it_was(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    post(visitor, case, S1, **SAID)
    ola = LinkHolder(
        id="ola0000000000001",
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset({Right.MEMBERS}),
        added_at=oslo("2026-06-03T10:00:00"),
    )
    aws.records.write(*put(read(aws, case).but(people=(ola,))))
    visitor.open_case(case, ola.link_version, ola.id)
    assert visitor.post_form(f"/sak/{case}{S1}/frafall", {"person": "p1"}).status == 303
    rows = aws.records.list(AuditRow, application_key(case).partition, "AUDIT#")
    assert [
        (each.by, each.before, each.after) for each in rows if each.what == "attendance#S1"
    ] == [(BY_LINK, "0", "2"), (ola.id, "2", "1")]


def test_who_comes_is_said_in_two_calls_and_shown_again(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    seen = post(visitor, case, S1, **SAID)
    assert (seen.status, seen.calls) == (303, {"dynamodb": 3})
    assert presences(aws, case) == {
        "p1": Presence.COMES,
        "p2": Presence.STAYS_AWAY,
        "p3": Presence.COMES,
    }
    shown = visitor.get(seen.headers["Location"])
    assert "Det er lagret hvem som kommer." in shown.words
    assert checked(shown) == {f"{name}={value}" for name, value in SAID.items()}


def test_a_field_of_somebody_else_is_left_out(visitor: Visitor, aws: Wiring, case: str) -> None:
    assert post(visitor, case, S1, **SAID, **{"presence.p9": "comes"}).status == 303
    assert "p9" not in presences(aws, case)


def test_falling_ill_is_one_click_and_so_is_taking_it_back(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    post(visitor, case, S1, **SAID)
    page = own(visitor, case, S1).page
    (button,) = page.xpath("//button[contains(., 'Prøve Person 1 kan likevel ikke komme')]")
    form = button.getparent().getparent()
    seen = visitor.post_form(form.get("action"), dict(form.form_values()))
    assert presences(aws, case)["p1"] is Presence.DROPPED_OUT
    shown = visitor.get(seen.headers["Location"])
    assert "Billetter som er betalt, kan føres på reisekravet." in shown.words
    (button,) = shown.page.xpath("//button[contains(., 'Prøve Person 1 kommer likevel')]")
    form = button.getparent().getparent()
    visitor.post_form(form.get("action"), dict(form.form_values()))
    assert presences(aws, case)["p1"] is Presence.COMES


def test_falling_ill_can_be_told_after_the_gathering_but_not_after_the_claims(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    post(visitor, case, S1, **SAID)
    set_clock("2026-10-16T10:00:00+02:00")
    assert post(visitor, case, f"{S1}/frafall", person="p1").status == 303
    set_clock("2026-10-17T10:00:00+02:00")
    assert post(visitor, case, f"{S1}/angre", person="p1").status == 403
    assert presences(aws, case)["p1"] is Presence.DROPPED_OUT


@pytest.mark.parametrize(
    ("rest", "status"), [("/frafall", 422), ("/angre", 422), ("/vikar/fjern", 303)]
)
def test_nothing_is_said_of_a_stranger(
    visitor: Visitor, aws: Wiring, case: str, rest: str, status: int
) -> None:
    before = read(aws, case)
    assert post(visitor, case, f"{S1}{rest}", person="p9").status == status
    assert read(aws, case) == before


def test_after_the_gathering_the_page_shows_what_was_said(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    post(visitor, case, S1, **SAID)
    set_clock("2026-09-26T10:00:00+02:00")
    seen = own(visitor, case, S1)
    assert "Prøve Person 2: Kommer ikke" in seen.words
    assert "Prøve Person 4: Ikke svart" in seen.words
    assert seen.page.xpath("//input[@type='radio']") == []
    refused = post(visitor, case, S1, **SAID)
    assert (refused.status, refused.page.get("lang")) == (403, "nb")


def test_a_cancelled_gathering_tells_what_to_do_with_the_tickets(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    change(aws, MOVED.model_copy(update={"is_cancelled": True}))
    seen = own(visitor, case, S1)
    assert "Samlingen er avlyst." in seen.words
    assert seen.page.xpath("//input[@type='radio']") == []
    assert post(visitor, case, S1, **SAID).status == 409
    assert "Avlyst" in own(visitor, case, "/samlinger").words


def test_a_gathering_that_is_not_there(visitor: Visitor, case: str) -> None:
    assert own(visitor, case, "/samlinger/S9").status == 404
    assert post(visitor, case, "/samlinger/S9").status == 404


def test_without_a_group_the_page_leads_to_registering_it(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    accept(aws, application_id)
    seen = own(visitor, application_id, S1)
    assert "Meld inn kommunegruppen først." in seen.words
    assert seen.page.xpath("//main//a[contains(@href, '/gruppe')]") != []


def test_beds_are_asked_for_only_where_the_council_books(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    assert own(visitor, case, S1).page.xpath("//input[@type='checkbox']") == []
    book_centrally(aws)
    seen = own(visitor, case, S1)
    assert len(seen.page.xpath("//input[@type='checkbox']")) == 4
    assert "til og med 25. august 2026, og vi dekker inntil fire personer" in seen.words


def test_beds_are_kept_and_frozen_at_the_hotels_date(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    book_centrally(aws)
    post(visitor, case, S1, **SAID, **{"bed.p1": "on"})
    assert beds(aws, case) == {"p1": (True, None), "p2": (False, None), "p3": (False, None)}
    set_clock("2026-08-26T10:00:00+02:00")
    post(visitor, case, S1, **SAID, **{"bed.p3": "on"})
    assert beds(aws, case) == {"p1": (True, False), "p2": (False, None), "p3": (False, True)}
    seen = own(visitor, case, S1)
    assert "Fristen for å endre senger var 25. august 2026." in seen.words
    assert "Venter på svar fra oss: Prøve Person 3." in seen.words
    assert "bed.p3=None" in checked(seen)


def test_more_beds_than_are_paid_for_are_refused_with_what_was_ticked(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    book_centrally(aws)
    known = read(aws, case)
    fifth = known.participants[0].model_copy(update={"id": "p5", "coordinator": False})
    aws.records.write(*put(known.but(participants=(*known.participants, fifth))))
    everybody = {f"presence.p{number}": "comes" for number in range(1, 6)}
    everybody |= {f"bed.p{number}": "on" for number in range(1, 6)}
    seen = post(visitor, case, S1, **everybody)
    assert (seen.status, len(checked(seen))) == (422, 10)
    assert "flere senger enn vi dekker" in seen.words
    assert beds(aws, case) == {}


SUBSTITUTE = {
    "substitute.id": "v1",
    "substitute.name": "Vikar Prøve",
    "substitute.sector": "helse",
    "substitute.email": "vikar@example.org",
    "substitute.instead_of": "p2",
}


def test_a_substitute_is_registered_once_told_and_taken_off(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    for _ in range(2):
        seen = post(visitor, case, f"{S1}/vikar", **SUBSTITUTE)
        assert seen.status == 303
    person = read(aws, case).participants[-1]
    assert (person.name, person.only, person.instead_of) == ("Vikar Prøve", ("S1",), "p2")
    assert presences(aws, case) == {"p2": Presence.STAYS_AWAY, "v1": Presence.COMES}
    told = [mail for mail in all_mails(aws).values() if mail.to == "vikar@example.org"]
    assert [mail.text for mail in told] == ["member_registered"]
    assert "Bare med på: samling 1" in str(told[0].values["stored"])
    words = own(visitor, case, S1).words
    assert "Vikar Prøve, vikar for Prøve Person 2" in words
    assert "Vikar Prøve" not in own(visitor, case, "/samlinger/S2").words
    assert post(visitor, case, f"{S1}/vikar/fjern", person="v1").status == 303
    assert "v1" not in {each.id for each in read(aws, case).participants}
    assert "v1" not in presences(aws, case)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"substitute.name": ""}, "substitute.name", "Fyll ut navnet til vikaren."),
        ({"substitute.sector": ""}, "substitute.sector", "Velg sektoren til vikaren fra listen."),
        (
            {"substitute.email": "x"},
            "substitute.email",
            "Skriv e-postadressen til vikaren på formen navn@kommune.no.",
        ),
        (
            {"substitute.instead_of": "p9"},
            "substitute.instead_of",
            "Personen er ikke i gruppen. Noen andre kan ha endret den imens.",
        ),
    ],
)
def test_faults_of_a_substitute_stand_at_their_field(
    visitor: Visitor,
    aws: Wiring,
    case: str,
    changes: dict[str, str],
    field: str,
    message: str,
) -> None:
    seen = post(visitor, case, f"{S1}/vikar", **SUBSTITUTE | changes)
    assert seen.status == 422
    (link,) = seen.page.xpath("//div[contains(@class, 'summary')]//a")
    assert (link.get("href"), link.text_content()) == (f"#{field}", message)
    assert seen.page.get_element_by_id(field) is not None
    kept = {"substitute.name": "Vikar Prøve"} | changes
    assert seen.page.get_element_by_id("substitute.name").get("value") == kept["substitute.name"]
    assert len(read(aws, case).participants) == 4


def test_no_substitute_comes_to_what_is_over(visitor: Visitor, aws: Wiring, case: str) -> None:
    post(visitor, case, f"{S1}/vikar", **SUBSTITUTE)
    set_clock("2026-09-26T10:00:00+02:00")
    again = SUBSTITUTE | {"substitute.id": "v2"}
    assert post(visitor, case, f"{S1}/vikar", **again).status == 403
    assert post(visitor, case, f"{S1}/vikar/fjern", person="v1").status == 403
    assert read(aws, case).participants[-1].id == "v1"


def test_meetings_are_listed_when_staff_have_set_them(
    visitor: Visitor, aws: Wiring, case: str
) -> None:
    assert "Datoene kommer senere." in own(visitor, case, "/samlinger").words
    change(aws, MEETING, "M1")
    seen = own(visitor, case, "/samlinger")
    assert "20. oktober 2026 kl. 09.00–10.30" in seen.words
    assert seen.page.xpath("//a[@href='https://moete.example.org/1']") != []
