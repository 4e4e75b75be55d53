"""Staff's calendar: what a change touches is shown first, and late changes of beds are answered."""

import re
from html import unescape

import pytest

from kulturkontor.application_rows import put
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.calendar_changes import NOTHING_SEEN
from kulturkontor.participation import attendance_at
from tests.conftest import set_clock
from tests.office_factory import admitted, all_mails, read, send_claim
from tests.web.office_browser import Browser, Seen, visit_office
from tests.web.portal_visitor import Visitor
from tests.web.test_portal_gatherings import SAID, book_centrally
from tests.web.test_portal_own import post

MOVED = {
    "first_day": "2026-10-01",
    "last_day": "2026-10-02",
    "place": "Lillestrøm",
    "reason": "Hotellet er stengt.",
    "seen": "0",
}
MEETING = {
    "starts": "2026-10-20T09:00",
    "ends": "2026-10-20T10:30",
    "address": "https://moete.example.org/1",
    "reason": "Velkommen!",
    "seen": str(NOTHING_SEEN),
}


@pytest.fixture
def staff(aws: Wiring) -> Browser:
    return visit_office(aws, at="2026-08-10T10:00:00").sign_in("staff")


def hidden(seen: Seen, action: str) -> dict[str, str]:
    """What the form of that action would send."""
    form = seen.text.split(f'action="{action}"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found if name != "csrf"}


def told(here: Wiring, about: str) -> set[str]:
    return {mail.to for mail in all_mails(here).values() if f"_calendar_{about}_" in mail.id}


def test_the_calendar_lists_gatherings_and_changes(staff: Browser, aws: Wiring) -> None:
    words = staff.get("/calendar").words
    assert "24.–25. september 2026 Gardermoen Som planlagt" in words
    assert "Det er ikke satt noen datoer ennå." in words
    assert "Alt står som det ble kunngjort." in words


def test_whom_a_change_touches_is_shown_before_anything_is_written(
    staff: Browser, aws: Wiring
) -> None:
    send_claim(aws, admitted(aws))
    seen = staff.post("/calendar/S1/plan", MOVED)
    assert seen.status == 200
    for words in (
        "Tid: 1.–2. oktober 2026 (før: 24.–25. september 2026)",
        "Sted: Lillestrøm (før: Gardermoen)",
        "Frist for reisekravet: 23. oktober 2026 (før: 16. oktober 2026)",
        "E-poster som sendes: 5.",
        "Bergen",
        "Reisekrav som allerede er sendt for samlingen: 1.",
        "Hotellet er stengt.",
    ):
        assert words in seen.words
    assert (aws.programme.gatherings[0].place, told(aws, "S1")) == ("Gardermoen", set())
    assert hidden(seen, "/calendar/S1/change") == MOVED


def test_a_confirmed_change_is_made_told_audited_and_in_the_portal(
    staff: Browser, aws: Wiring, visitor: Visitor
) -> None:
    application_id = admitted(aws)
    fields = hidden(staff.post("/calendar/S1/plan", MOVED), "/calendar/S1/change")
    for _ in range(2):
        assert staff.post("/calendar/S1/change", fields).location == "/calendar"
        aws.current_programme.refresh()
    assert len(told(aws, "S1")) == 5
    words = staff.get("/calendar").words
    assert "1.–2. oktober 2026 Lillestrøm" in words
    assert "5 skrevet" in words
    rows = aws.records.list(AuditRow, "PROGRAMME#kifk2", "AUDIT#")
    assert [(row.what, row.by, row.before) for row in rows if row.what.startswith("settings")] == [
        ("settings#S1", "kari@example.org", "Hotellet er stengt.")
    ]
    assert "SEQUENCE:1" in visitor.get("/kalender/S1.ics").text
    visitor.open_case(application_id)
    assert "1.–2. oktober 2026, Lillestrøm" in visitor.get(f"/sak/{application_id}/samlinger").words


def test_a_page_that_is_old_is_refused(staff: Browser, aws: Wiring) -> None:
    staff.post("/calendar/S1/change", MOVED)
    aws.current_programme.refresh()
    late = staff.post("/calendar/S1/plan", MOVED | {"place": "Oslo"})
    assert (late.status, "Noen andre har endret det imens" in late.words) == (409, True)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"last_day": "2026-09-01"}, 422, "Datoene henger ikke sammen"),
        ({"first_day": "2026-02-31"}, 422, "Noe er ikke fylt ut riktig"),
        ({"reason": " "}, 422, "Noe er ikke fylt ut riktig"),
        ({"reason": "01010750160"}, 422, "Noe er ikke fylt ut riktig"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    staff: Browser, aws: Wiring, changes: dict[str, str], status: int, words: str
) -> None:
    for path in ("plan", "change"):
        seen = staff.post(f"/calendar/S1/{path}", MOVED | changes)
        assert seen.status == status
    assert aws.programme.gatherings[0].place == "Gardermoen"


def test_a_change_that_changes_nothing_says_so(staff: Browser) -> None:
    same = MOVED | {"first_day": "2026-09-24", "last_day": "2026-09-25", "place": "Gardermoen"}
    seen = staff.post("/calendar/S1/plan", same)
    assert (seen.status, "Ingenting er endret" in seen.words) == (409, True)


def test_a_gathering_is_cancelled_by_its_box(staff: Browser, aws: Wiring) -> None:
    admitted(aws)
    as_it_was = MOVED | {
        "first_day": "2026-09-24",
        "last_day": "2026-09-25",
        "place": "Gardermoen",
        "is_cancelled": "true",
    }
    assert "Avlyst" in staff.post("/calendar/S1/plan", as_it_was).words
    assert staff.post("/calendar/S1/change", as_it_was).status == 303
    aws.current_programme.refresh()
    assert aws.programme.gatherings[0].is_cancelled
    assert 'type="checkbox" value="true" checked' in staff.get("/calendar/S1").text


def test_a_meeting_is_set_from_its_own_page(staff: Browser, aws: Wiring) -> None:
    admitted(aws)
    page = staff.get("/calendar/new")
    assert hidden(page, "/calendar/M1/plan") == {"seen": str(NOTHING_SEEN)}
    planned = staff.post("/calendar/M1/plan", MEETING)
    assert "Nytt møte: 20. oktober 2026 kl. 09.00–10.30" in planned.words
    assert staff.post("/calendar/M1/change", hidden(planned, "/calendar/M1/change")).status == 303
    aws.current_programme.refresh()
    assert told(aws, "M1") == {"kontakt-4601@example.org", "person-1@example.org"}
    assert "20. oktober 2026 kl. 09.00–10.30" in staff.get("/calendar").words
    assert hidden(staff.get("/calendar/new"), "/calendar/M2/plan") == {"seen": str(NOTHING_SEEN)}


def test_who_comes_is_listed_for_a_gathering(staff: Browser, aws: Wiring, visitor: Visitor) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    post(visitor, application_id, "/samlinger/S1", **SAID)
    words = staff.get("/calendar/S1").words
    assert "Bergen Prøve Person 1 Ja" in words
    assert "Bergen Prøve Person 2 Nei" in words
    assert "Bergen Prøve Person 4 Ikke svart" in words
    assert "Seng" not in words


def ask_for_bed(here: Wiring, visitor: Visitor) -> str:
    """The id of a municipality that asks for a bed after the hotel's date."""
    application_id = admitted(here)
    book_centrally(here)
    set_clock("2026-08-26T10:00:00+02:00")
    post(visitor, application_id, "/samlinger/S1", **SAID, **{"bed.p3": "on"})
    return application_id


@pytest.mark.parametrize(
    ("answer", "bed", "words"),
    [
        ("grant", True, "Prøve Person 3 får seng, som dere ba om."),
        (
            "refuse",
            False,
            "Vi kunne dessverre ikke skaffe seng til Prøve Person 3. "
            "Da må kommunen bestille og betale overnattingen selv.",
        ),
    ],
)
def test_a_late_change_of_beds_is_answered_once_audited_and_told(
    aws: Wiring, visitor: Visitor, answer: str, bed: bool, words: str
) -> None:
    application_id = ask_for_bed(aws, visitor)
    staff = visit_office(aws, at="2026-08-27T10:00:00").sign_in("staff")
    assert "1 endring av seng venter på svar" in staff.get("/").words
    page = staff.get("/calendar")
    assert "Prøve Person 3 Bergen Samling 1 Vil ha seng" in page.words
    fields = hidden(page, "/calendar/S1/beds") | {"answer": answer}
    for _ in range(2):
        assert staff.post("/calendar/S1/beds", fields).status == 303
    said = attendance_at(read(aws, application_id), "S1")["p3"]
    assert (said.bed, said.bed_asked) == (bed, None)
    (mail,) = [mail for mail in all_mails(aws).values() if mail.text == "bed_ruled"]
    assert (mail.to, mail.values["answer"]) == ("kontakt-4601@example.org", words)
    rows = aws.records.list(AuditRow, f"APPLICATION#{application_id}", "AUDIT#")
    assert [(row.what, row.by) for row in rows if row.what.startswith("bed")] == [
        ("bed#S1", "kari@example.org")
    ]
    assert "venter på svar" not in staff.get("/calendar").words
    assert "Endring av seng S1" in staff.get(f"/applications/{application_id}").words


def test_those_who_only_read_are_offered_no_change(aws: Wiring, visitor: Visitor) -> None:
    ask_for_bed(aws, visitor)
    reader = visit_office(aws, at="2026-08-27T10:00:00").sign_in("admin")
    for path in ("/calendar", "/calendar/S1"):
        seen = reader.get(path)
        assert (path, seen.status, seen.text.count('action="/calendar')) == (path, 200, 0)


def test_what_is_not_there_is_not_found(staff: Browser) -> None:
    assert staff.get("/calendar/S9").status == 404
    assert staff.post("/calendar/S1/finish", {"sequence": "1"}).status == 404
    assert (
        staff.post(
            "/calendar/S9/beds",
            {"application_id": "x" * 32, "participant": "p1", "answer": "grant"},
        ).status
        == 404
    )


def test_the_calendar_is_there_for_machines(staff: Browser, aws: Wiring) -> None:
    admitted(aws)
    answer = staff.post_json("/api/calendar/S1/change", MOVED)
    assert (answer.status, answer.json["told"], answer.json["is_told"]) == (200, 5, True)
    aws.current_programme.refresh()
    told_all = staff.get("/api/calendar").json
    assert told_all["gatherings"][0]["place"] == "Lillestrøm"
    assert [each["after"]["sequence"] for each in told_all["changes"]] == [1]
    finished = staff.post_json("/api/calendar/S1/finish", {"sequence": 1})
    assert finished.json["told"] == 5


PRE_GATHERING = MEETING | {
    "starts": "2026-06-03T09:00",
    "ends": "2026-06-03T11:00",
    "reason": "Velkommen til presamling!",
}


def test_the_pre_gathering_is_set_previewed_and_sent_once_to_those_who_accepted(
    aws: Wiring, visitor: Visitor
) -> None:
    application_id = admitted(aws)
    staff = visit_office(aws, at="2026-05-25T10:00:00").sign_in("staff")
    assert "ikke satt ennå" in staff.get("/gatherings").words
    page = staff.get("/calendar/P")
    assert hidden(page, "/calendar/P/plan") == {"seen": str(NOTHING_SEEN)}
    planned = staff.post("/calendar/P/plan", PRE_GATHERING)
    assert "Presamling blir endret" in planned.words
    assert "E-poster som sendes: 2." in planned.words
    for _ in range(2):
        sent = staff.post("/calendar/P/change", hidden(planned, "/calendar/P/change"))
        assert sent.status == 303
        aws.current_programme.refresh()
    assert told(aws, "P") == {"kontakt-4601@example.org", "person-1@example.org"}
    mails = [mail for mail in all_mails(aws).values() if "_calendar_P_" in mail.id]
    assert {str(mail.values["meeting"]) for mail in mails} == {"presamling"}
    assert all(mail.enclosures for mail in mails)
    assert "3. juni 2026 kl. 09.00–11.00" in staff.get("/gatherings").words
    set_clock("2026-05-26T10:00:00+02:00")
    visitor.open_case(application_id)
    assert "Presamling3. juni 2026" in visitor.get(f"/sak/{application_id}/samlinger").words
    assert "3. juni 2026 kl. 09.00" in visitor.get("/").words


def test_whoever_accepts_later_is_invited_by_a_button_and_once(aws: Wiring) -> None:
    application_id = admitted(aws)
    staff = visit_office(aws, at="2026-05-25T10:00:00").sign_in("staff")
    staff.post("/calendar/P/change", PRE_GATHERING)
    aws.current_programme.refresh()
    assert "/calendar/P/invite" not in staff.get("/calendar/P").text
    enlarged = read(aws, application_id)
    people = [
        each.model_copy(update={"coordinator": each.id in ("p1", "p2")})
        for each in enlarged.participants
    ]
    aws.records.write(*put(enlarged.but(participants=tuple(people))))
    assert "1 har ikke fått invitasjonen ennå." in staff.get("/gatherings").words
    assert "Prøve Person 2" in staff.get("/calendar/P").words
    for _ in range(2):
        assert staff.post("/calendar/P/invite").location == "/calendar/P"
    assert told(aws, "P") == {
        "kontakt-4601@example.org",
        "person-1@example.org",
        "person-2@example.org",
    }
    assert "/calendar/P/invite" not in staff.get("/calendar/P").text
    staff = visit_office(aws, at="2026-06-04T10:00:00").sign_in("staff")
    assert staff.post("/calendar/P/invite").status == 409
    assert staff.post("/calendar/M9/invite").status == 404


def test_the_link_to_the_form_for_diet_is_told_shown_and_taken_away(
    staff: Browser, aws: Wiring, visitor: Visitor
) -> None:
    application_id = admitted(aws)
    same = {"first_day": "2026-09-24", "last_day": "2026-09-25", "place": "Gardermoen"}
    link = "https://skjema.example.org/kost?samling=1"
    wish = MOVED | same | {"diet_form": link, "reason": "Svar innen 1. september."}
    for wrong in ("http://skjema.example.org", "javascript:alert(1)", 'https://x"y'):
        assert staff.post("/calendar/S1/plan", wish | {"diet_form": wrong}).status == 422
    assert f"Skjema for kost og allergi: {link}" in staff.post("/calendar/S1/plan", wish).words
    assert staff.post("/calendar/S1/change", wish).status == 303
    aws.current_programme.refresh()
    mails = [mail for mail in all_mails(aws).values() if "_calendar_S1_" in mail.id]
    assert {str(mail.values["now"][-1]) for mail in mails} == {f"Kost og allergi: {link}"}
    visitor.open_case(application_id)
    set_clock("2026-08-11T10:00:00+02:00")
    assert f'href="{link}"' in visitor.get(f"/sak/{application_id}/samlinger/S1").text
    staff.set_clock("2026-08-10T11:00:00")
    staff.post("/calendar/S1/change", MOVED | {"seen": "1"})
    aws.current_programme.refresh()
    assert aws.programme.gatherings[0].diet_form == link
    staff.set_clock("2026-08-10T12:00:00")
    staff.post("/calendar/S1/change", MOVED | {"seen": "2", "diet_form": ""})
    aws.current_programme.refresh()
    assert aws.programme.gatherings[0].diet_form == ""
