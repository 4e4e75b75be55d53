"""The gatherings in practice: counts, the hotel's frozen list, papers for the door, who came."""

import base64
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from kulturkontor.actions.attend import say_who_comes
from kulturkontor.actions.freeze_beds import freeze_beds
from kulturkontor.application_rows import put
from kulturkontor.attendance import Coming
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_drafts import new_draft
from kulturkontor.participation import check_ins_at
from kulturkontor.rooming import Bed, RoomingList, digest_of, rooming_key
from tests.conftest import load_event, set_clock
from tests.functions.calling import call
from tests.office_factory import STAFF, admitted, all_mails, oslo, read, send_claim
from tests.web.office_browser import Browser, visit_office
from tests.web.test_office_calendar import hidden
from tests.web.test_portal_gatherings import book_centrally

COMES, WITH_BED = Coming(comes=True), Coming(comes=True, bed=True)


def say(here: Wiring, application_id: str, at: str = "2026-06-04T10:00:00", **said: Coming) -> None:
    say_who_comes(
        application_id,
        "S1",
        said,
        by="municipality",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
    )


def at_office(here: Wiring, at: str, role: str = "staff") -> Browser:
    return visit_office(here, at=at).sign_in(role)


def frozen_list(here: Wiring) -> RoomingList | None:
    return here.records.read(RoomingList, rooming_key("kifk2", "S1", date(2026, 9, 24)))


def freeze_at(here: Wiring, at: str) -> int:
    return freeze_beds(
        now=oslo(at),
        staff_address=STAFF,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


@pytest.fixture
def booked(aws: Wiring) -> str:
    """A municipality with two beds at the first gathering, booked centrally."""
    application_id = admitted(aws)
    book_centrally(aws)
    say(aws, application_id, p1=WITH_BED, p2=COMES, p3=WITH_BED)
    return application_id


def test_who_comes_is_counted_for_each_municipality_and_who_has_not_said_is_named(
    aws: Wiring,
) -> None:
    say(aws, admitted(aws), p1=COMES, p2=Coming(comes=False))
    staff = at_office(aws, "2026-08-10T10:00:00")
    assert "Samling 1 24.–25. september 2026 Gardermoen 1 1 2 1 0" in staff.get("/gatherings").words
    words = staff.get("/gatherings/S1").words
    assert "Bergen 1 1 2 I alt 1 1 2" in words
    assert "Bergen : 2 uten svar" in words
    assert "Prøve Person 2 Nei" in words
    assert "Romliste" not in words


def test_a_programme_where_nobody_takes_part_yet_says_so(aws: Wiring) -> None:
    staff = at_office(aws, "2026-04-10T10:00:00")
    for path in ("/gatherings", "/gatherings/S1", "/gatherings/S1/door"):
        assert staff.get(path).status == 200
    assert "Ingen kommuner har takket ja ennå." in staff.get("/gatherings/S1").words
    assert staff.get("/gatherings/S9").status == 404


def test_the_list_is_frozen_the_morning_after_the_last_day_once_and_told(
    aws: Wiring, booked: str
) -> None:
    assert [
        freeze_at(aws, at)
        for at in ("2026-08-25T08:00:00", "2026-08-26T08:00:00", "2026-08-27T08:00:00")
    ] == [0, 1, 0]
    frozen = frozen_list(aws)
    assert frozen is not None
    beds = tuple(
        Bed(
            application_id=booked,
            municipality="Bergen",
            participant=f"p{n}",
            name=f"Prøve Person {n}",
        )
        for n in (1, 3)
    )
    assert (frozen.beds, frozen.frozen_by, frozen.frozen_at, frozen.sha256) == (
        beds,
        "remind",
        oslo("2026-08-26T08:00:00"),
        digest_of(beds),
    )
    (mail,) = [each for each in all_mails(aws).values() if "beds_frozen" in each.id]
    assert (mail.to, mail.values["heading"]) == (STAFF, "Romlisten til samling 1 er klar")
    assert "Prøve" not in str(mail.values)


def test_the_morning_s_function_freezes_it(aws: Wiring, booked: str) -> None:
    set_clock("2026-08-26T08:00:00+02:00")
    call("remind", "tick")
    assert frozen_list(aws) is not None


def test_nothing_is_frozen_where_the_municipalities_book_themselves(aws: Wiring) -> None:
    say(aws, admitted(aws), p1=COMES)
    assert freeze_at(aws, "2026-08-26T08:00:00") == 0
    staff = at_office(aws, "2026-08-26T10:00:00")
    assert staff.post("/gatherings/S1/freeze").status == 409
    assert staff.get("/gatherings/S1/rooming-list").status == 404


def test_staff_freeze_it_by_the_button_but_not_before_its_day(aws: Wiring, booked: str) -> None:
    staff = at_office(aws, "2026-08-25T20:00:00")
    early = staff.post("/gatherings/S1/freeze")
    assert (early.status, "kan ikke fryses nå" in early.words) == (409, True)
    assert 'action="/gatherings/S1/freeze"' not in staff.get("/gatherings/S1").text
    staff.set_clock("2026-08-26T00:30:00")
    assert 'action="/gatherings/S1/freeze"' in staff.get("/gatherings/S1").text
    for _ in range(2):
        assert staff.post("/gatherings/S1/freeze").location == "/gatherings/S1#rooming"
    frozen = frozen_list(aws)
    assert frozen is not None
    assert (frozen.frozen_by, len(frozen.beds)) == ("kari@example.org", 2)


def test_what_staff_approve_later_is_shown_beside_the_frozen_list(aws: Wiring, booked: str) -> None:
    freeze_at(aws, "2026-08-26T08:00:00")
    staff = at_office(aws, "2026-08-27T10:00:00")
    assert "Ingenting er endret siden." in staff.get("/gatherings/S1").words
    say(aws, booked, at="2026-08-27T09:00:00", p1=COMES, p2=WITH_BED)
    page = staff.get("/gatherings/S1")
    assert "Ingenting er endret siden." in page.words
    assert "Prøve Person 2, Bergen: Vil ha seng" in page.words
    for minute, participant in enumerate(("p1", "p2")):
        staff.set_clock(f"2026-08-27T10:0{minute}:00")
        answer = {"application_id": booked, "participant": participant, "answer": "grant"}
        came_from = f"{staff.doors.office_url}/gatherings/S1"
        done = staff.post("/calendar/S1/beds", answer, referer=came_from)
        assert done.location == "/gatherings/S1"
    words = staff.get("/gatherings/S1").words
    assert "Lagt til: Prøve Person 2, Bergen" in words
    assert "Avbestilt: Prøve Person 1, Bergen" in words
    assert "Frosset 26. august 2026 kl. 08.00 (automatisk) med 2 senger." in words


def test_a_gathering_that_is_moved_gets_a_list_of_its_own(aws: Wiring, booked: str) -> None:
    freeze_at(aws, "2026-08-26T08:00:00")
    staff = at_office(aws, "2026-08-27T10:00:00")
    moved = {"first_day": "2026-10-20", "last_day": "2026-10-21", "place": "Gardermoen"}
    staff.post("/calendar/S1/change", moved | {"reason": "Flyttet.", "seen": "0"})
    aws.current_programme.refresh()
    assert "Kommunene kan endre senger selv til og med 20. september 2026" in (
        staff.get("/gatherings/S1").words
    )
    assert freeze_at(aws, "2026-09-21T08:00:00") == 1
    assert len(aws.records.list(RoomingList, "PROGRAMME#kifk2", "ROOMING#S1#")) == 2


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = load_workbook(BytesIO(data))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book
    }


def body_of(staff: Browser, path: str) -> bytes:
    """A file, as its bytes."""
    event = load_event("serve_office", "front_page")
    event["rawPath"] = path
    event["requestContext"]["http"] |= {"method": "GET", "path": path}
    event["cookies"] = [f"{name}={value}" for name, value in staff.cookies.items()]
    answer = staff.resolve(event)
    assert answer["statusCode"] == 200
    return base64.b64decode(answer["body"])


def test_the_hotel_gets_names_counts_and_changes_as_text_and_no_formula(
    aws: Wiring, booked: str
) -> None:
    freeze_at(aws, "2026-08-26T08:00:00")
    application = read(aws, booked)
    people = [
        each.model_copy(update={"name": '=HYPERLINK("https://example.org";"x")'})
        if each.id == "p3"
        else each
        for each in application.participants
    ]
    aws.records.write(*put(application.but(participants=tuple(people))))
    staff = at_office(aws, "2026-08-27T10:00:00")
    data = body_of(staff, "/gatherings/S1/rooming-list")
    found = sheets(data)
    assert list(found) == ["Navn", "Antall"]
    assert found["Navn"][5:] == [
        ["Kommune", "Navn", "Endring"],
        ["Bergen", '=HYPERLINK("https://example.org";"x")', "Lagt til"],
        ["Bergen", "Prøve Person 1", None],
        ["Bergen", "Prøve Person 3", "Avbestilt"],
    ]
    assert [row[:2] for row in found["Antall"][5:]] == [
        ["Kommune", "Senger"],
        ["Bergen", 2],
        ["I alt", 2],
    ]
    formula = load_workbook(BytesIO(data))["Navn"].cell(7, 2)
    assert formula.data_type == "s"
    assert "Kontrollsum" in str(found["Navn"][2][0])


def test_the_papers_for_the_door_name_those_who_may_come(aws: Wiring) -> None:
    application_id = admitted(aws)
    say(aws, application_id, p1=COMES, p2=Coming(comes=False))
    staff = at_office(aws, "2026-09-23T10:00:00")
    for path in ("sign-in-list", "badges"):
        reader = PdfReader(BytesIO(body_of(staff, f"/gatherings/S1/{path}")))
        text = " ".join(page.extract_text() for page in reader.pages)
        assert [f"Prøve Person {n}" in text for n in range(1, 5)] == [True, False, True, True]
        assert "Bergen" in text
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_who_came_is_noted_from_the_first_day_on(aws: Wiring) -> None:
    application_id = admitted(aws)
    staff = at_office(aws, "2026-09-23T23:30:00")
    fields = {"shown": "", f"came.{application_id}.p1": "yes"}
    early = staff.post("/gatherings/S1/door", fields)
    assert (early.status, "ikke begynt" in early.words) == (409, True)
    assert "fra samlingens første dag" in staff.get("/gatherings/S1/door").words
    staff.set_clock("2026-09-24T07:00:00")
    for _ in range(2):
        assert staff.post("/gatherings/S1/door", fields).status == 303
    assert check_ins_at(read(aws, application_id), "S1") == {"p1": True}
    rows = aws.records.list(AuditRow, f"APPLICATION#{application_id}", "AUDIT#")
    assert [
        (row.what, row.by, row.before, row.after) for row in rows if row.what.startswith("attended")
    ] == [("attended#S1", "kari@example.org", "0/0", "1/1")]
    words = staff.get("/gatherings/S1/door?saved=1").words
    assert "Møtte: 1. Møtte ikke: 0. Ikke registrert: 3." in words


def test_two_who_note_at_the_same_time_do_not_undo_each_other(aws: Wiring) -> None:
    application_id = admitted(aws)
    staff = at_office(aws, "2026-09-24T09:00:00")
    shown = hidden(staff.get("/gatherings/S1/door"), "/gatherings/S1/door")
    for minute, participant in enumerate(("p1", "p2")):
        staff.set_clock(f"2026-09-24T09:0{minute}:00")
        staff.post("/gatherings/S1/door", shown | {f"came.{application_id}.{participant}": "yes"})
    assert check_ins_at(read(aws, application_id), "S1") == {"p1": True, "p2": True}
    shown = hidden(staff.get("/gatherings/S1/door"), "/gatherings/S1/door")
    staff.set_clock("2026-09-24T09:10:00")
    staff.post("/gatherings/S1/door", shown | {f"came.{application_id}.p1": "yes"})
    assert check_ins_at(read(aws, application_id), "S1") == {"p1": True}


def test_the_rest_are_missing_only_when_staff_say_so_and_may_come_late(aws: Wiring) -> None:
    application_id = admitted(aws)
    staff = at_office(aws, "2026-09-24T09:00:00")
    staff.post("/gatherings/S1/door", {"shown": "", f"came.{application_id}.p1": "yes"})
    for minute in (1, 2):
        staff.set_clock(f"2026-09-24T09:0{minute}:00")
        assert staff.post("/gatherings/S1/door/rest").status == 303
    assert check_ins_at(read(aws, application_id), "S1") == {
        "p1": True,
        "p2": False,
        "p3": False,
        "p4": False,
    }
    staff.set_clock("2026-09-24T09:10:00")
    shown = hidden(staff.get("/gatherings/S1/door"), "/gatherings/S1/door")
    one = f"came.{application_id}.p1"
    staff.post("/gatherings/S1/door", shown | {one: "yes", f"came.{application_id}.p4": "yes"})
    assert check_ins_at(read(aws, application_id), "S1")["p4"]


def test_a_claim_begins_with_those_who_came_and_holds_the_cost_of_one_who_did_not(
    aws: Wiring,
) -> None:
    application_id = admitted(aws)
    say(aws, application_id, p1=COMES, p2=Coming(comes=False))
    staff = at_office(aws, "2026-09-24T09:00:00")
    note = {"application_id": application_id, "came": {"p1": False, "p2": True}}
    assert staff.post_json("/api/gatherings/S1/door", note).status == 200
    draft = new_draft(read(aws, application_id), "S1")
    assert [(each.id, each.travelled) for each in draft.people] == [
        ("p1", False),
        ("p2", True),
        ("p3", True),
        ("p4", True),
    ]
    claim = send_claim(aws, application_id)
    assert [str(line.reason) for line in claim.judgement.lines] == ["participant_dropped_out"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"shown": "", "came.x": "yes"}, 422), ({"shown": "", "came.x.p1": "yes"}, 404)],
)
def test_a_note_about_nobody_is_refused(aws: Wiring, fields: dict[str, str], status: int) -> None:
    staff = at_office(aws, "2026-09-24T09:00:00")
    assert staff.post("/gatherings/S1/door", fields).status == status


def test_those_who_only_read_are_offered_no_change(aws: Wiring, booked: str) -> None:
    reader = at_office(aws, "2026-09-24T09:00:00", role="admin")
    for path in ("/gatherings", "/gatherings/S1", "/gatherings/S1/door"):
        seen = reader.get(path)
        assert (path, seen.status, "<button>" in seen.text) == (path, 200, False)
    assert reader.post("/gatherings/S1/door", {"shown": ""}).status == 403


def test_the_figures_are_there_for_machines(aws: Wiring, booked: str) -> None:
    staff = at_office(aws, "2026-08-27T10:00:00")
    assert staff.post_json("/api/gatherings/S1/freeze").status == 200
    told = staff.get("/api/gatherings/S1").json
    (figures,) = told["municipalities"]
    assert (figures["comes"], figures["unsaid"], figures["beds"]) == (3, 1, 2)
    assert [each["name"] for each in told["frozen"]["beds"]] == ["Prøve Person 1", "Prøve Person 3"]
