"""Starting in the middle on pages: template, upload, what is wrong, what it makes, links."""

import base64
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from kulturkontor.actions.start_checks import imported_id
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.sessions import Role
from kulturkontor.start_sheets import COLUMNS, StartKind, read_lines
from tests.conftest import load_event, messages, set_clock
from tests.functions.calling import call, failed
from tests.office_factory import all_mails
from tests.start_factory import BERGEN, NOW, REFUSED, WAITS, sheet_of, start_over, upload
from tests.web.assessors import known
from tests.web.office_browser import Browser, visit_office
from tests.web.portal_visitor import Visitor


@pytest.fixture
def staff(aws: Wiring) -> Browser:
    return visit_office(aws, at=NOW).sign_in("staff")


def file_of(staff: Browser, path: str) -> bytes:
    event = load_event("serve_office", "front_page")
    event["rawPath"] = path
    event["requestContext"]["http"] |= {"method": "GET", "path": path}
    event["cookies"] = [f"{name}={value}" for name, value in staff.cookies.items()]
    answer = staff.resolve(event)
    assert answer["statusCode"] == 200
    return base64.b64decode(answer["body"])


@pytest.mark.parametrize("kind", StartKind)
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_template_has_its_headings_an_example_and_a_guide(
    staff: Browser, kind: StartKind, language: str
) -> None:
    staff.cookies["language"] = language
    data = file_of(staff, f"/start/templates/{kind}")
    sheet, guide = load_workbook(BytesIO(data)).worksheets
    assert len([cell for cell in sheet[1] if cell.value]) == len(COLUMNS[kind])
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    assert guide.max_row > len(COLUMNS[kind])
    lines, faults = read_lines(data, kind)
    assert ([line.number for line in lines], [str(each.code) for each in faults]) == (
        [2],
        ["example_left"],
    )


def test_a_sheet_is_uploaded_looked_over_and_written_on_staff_s_word(
    aws: Wiring,
) -> None:
    staff = visit_office(aws, at=NOW, new_id=lambda: "start001").sign_in("staff")
    assert "Alle radene eller ingen" in staff.get("/start").words
    address = staff.post("/start/kinds/municipalities").location
    page = staff.get(address)
    assert 'enctype="multipart/form-data"' in page.text
    key = "sheets/kifk2/municipalities/start001"
    assert f'value="{key}"' in page.text
    assert "Se på nytt" in staff.get(f"{address}?sent=1").words
    data = sheet_of(StartKind.MUNICIPALITIES, [BERGEN, WAITS, REFUSED])
    client("s3").put_object(Bucket=aws.office.name, Key=key, Body=data)
    set_clock("2026-10-20T10:00:00+02:00")
    deliver(aws, key)
    words = staff.get(address).words
    assert "Alt er i orden: 3 rader for 3 kommuner." in words
    assert "Nye rader 3 Ført inn fra før 0" in words
    assert staff.post(f"{address}/apply").status == 422
    page = staff.get(address)
    assert "En annen i staben må se over det og trykke «Før inn»" in page.words
    assert f'action="{address}/apply"' not in page.text
    second = visit_office(aws, at=NOW).sign_in("staff", email="anne@example.org")
    seen = second.get(address)
    assert "Bergen 1 plass, takket ja Stord 1 ikke plass Voss 1 venteliste 1" in seen.words
    shown = re.search(r'name="digest" value="(\w+)"', seen.text)
    assert shown
    asked = {"digest": shown[1]}
    refused = staff.post_json(f"/api{address}/apply", asked)
    assert (refused.status, refused.json["code"]) == (409, "start_own_sheet")
    known(aws, "anne@example.org", Role.STAFF, municipality="4614")
    refused = second.post_json(f"/api{address}/apply", asked)
    assert (refused.status, refused.json["code"]) == (403, "conflict_of_interest")
    seen = second.get(address)
    assert "Bergen 1 plass, takket ja Voss 1 venteliste 1" in seen.words
    assert "3 rader for 3 kommuner" in seen.words
    known(aws, "anne@example.org", Role.STAFF, municipality="0301")
    assert second.post(f"{address}/apply", asked).location == address
    words = staff.get(address).words
    assert "anne@example.org ba om at arket føres inn, 20. oktober 2026" in words
    assert "Arket føres inn: 0 av 3 rader så langt." in words
    deliver(aws, key)
    assert "3 nye rader ble ført inn 20. oktober 2026" in staff.get(address).words
    assert all_mails(aws) == {}
    application_id = imported_id("4601", aws.programme)
    words = staff.get(f"/applications/{application_id}").words
    assert "sendt av dere" in words
    assert "Ført inn fra regneark" in words


def deliver(here: Wiring, key: str) -> None:
    """What S3's event leads to."""
    version = client("s3").head_object(Bucket=here.office.name, Key=key)["VersionId"]
    assert failed(call("import_sheet", "start_municipalities", version_id=version)) == 0


def test_what_is_wrong_is_told_on_the_page_and_as_a_sheet(staff: Browser, aws: Wiring) -> None:
    rows = [BERGEN, WAITS | {"rank": ""}, REFUSED | {"municipality": "=1+1"}]
    sheet = upload(aws, StartKind.MUNICIPALITIES, sheet_of(StartKind.MUNICIPALITIES, rows))
    page = staff.get(f"/start/sheets/{sheet.id}")
    assert "2 ting må rettes" in page.words
    assert (
        "3 Nummer på venteliste – Nummeret på ventelisten mangler. "
        "Skriv nummeret: 1 for den som står først." in page.words
    )
    cells = load_workbook(BytesIO(file_of(staff, f"/start/sheets/{sheet.id}/report"))).worksheets[0]
    assert [[cell.value for cell in row][:3] for row in cells.iter_rows(min_row=4)] == [
        ["3", "Nummer på venteliste", None],
        ["4", "Kommune", "=1+1"],
    ]
    assert cells["C5"].data_type == "s"
    assert staff.post(f"/start/sheets/{sheet.id}/apply", {"digest": sheet.digest}).status == 409
    told = staff.get(f"/api/start/sheets/{sheet.id}").json
    assert [each["code"] for each in told["faults"]] == ["rank_missing", "municipality_unknown"]


def test_links_are_shown_before_they_are_sent_and_go_once(staff: Browser, aws: Wiring) -> None:
    assert "Ingen venter på lenke." in staff.get("/start/links").words
    start_over(aws)
    assert "2 kommuner har ikke fått lenken ennå." in staff.get("/start").words
    words = staff.get("/start/links").words
    assert "Bergen Kari Prøve kontakt-4601@example.org" in words
    assert "Stord" not in words
    for _ in range(2):
        assert staff.post("/start/links").location == "/start"
    assert sorted(mail.to for mail in all_mails(aws).values()) == [
        "kontakt-4601@example.org",
        "kontakt-4621@example.org",
    ]
    assert "Ingen venter på lenke." in staff.get("/start").words


def test_the_contact_finds_all_of_it_behind_the_link(
    staff: Browser, aws: Wiring, visitor: Visitor
) -> None:
    start_over(aws)
    set_clock("2026-10-21T10:00:00+02:00")
    application_id = imported_id("4601", aws.programme)
    visitor.open_case(application_id)
    for page in ("", "/gruppe", "/samlinger", "/samlinger/S2", "/reisekrav/S1", "/post", "/soknad"):
        seen = visitor.get(f"/sak/{application_id}{page}")
        assert (page, seen.status) == (page, 200)
    assert "Vi tok imot den tidligere" in visitor.get(f"/sak/{application_id}/soknad").text
    assert "Vi tok imot søknaden tidligere" in visitor.get(f"/sak/{application_id}/kvittering").text
    assert visitor.get(f"/sak/{application_id}/brev/1").status == 404
    assert "/brev/1" not in visitor.get(f"/sak/{application_id}").text


def test_the_office_s_pages_stand_with_what_was_imported(staff: Browser, aws: Wiring) -> None:
    start_over(aws)
    application_id = imported_id("4601", aws.programme)
    for path in (
        "/",
        "/applications",
        f"/applications/{application_id}",
        "/letters",
        "/claims",
        f"/claims/{application_id}/S1",
        "/finance",
        "/gatherings/S1",
        "/sheets",
    ):
        assert (path, staff.get(path).status) == (path, 200)
    assert staff.get("/sheets/start001").status == 404


@pytest.mark.parametrize(
    "path",
    ["/start/templates/sirkus", "/start/sheets/ukjent01", "/start/sheets/ukjent01/report"],
)
def test_what_is_not_there_is_not_found(staff: Browser, path: str) -> None:
    assert staff.get(path).status == 404


def test_those_who_only_read_are_offered_no_change(aws: Wiring) -> None:
    sheet = upload(aws, StartKind.MUNICIPALITIES, sheet_of(StartKind.MUNICIPALITIES, [BERGEN]))
    reader = visit_office(aws, at=NOW).sign_in("admin")
    for path in ("/start", "/start/links", f"/start/sheets/{sheet.id}"):
        seen = reader.get(path)
        assert (path, seen.status, seen.text.count('action="/start')) == (path, 200, 0)
    assert reader.post(f"/start/sheets/{sheet.id}/apply").status == 403


def test_a_machine_can_put_in_a_sheet(staff: Browser, aws: Wiring) -> None:
    begun = staff.post_json("/api/start/kinds/members")
    assert (begun.status, set(begun.json)) == (201, {"sheet", "form"})
    sheet = upload(aws, StartKind.MUNICIPALITIES, sheet_of(StartKind.MUNICIPALITIES, [BERGEN]))
    asked = staff.post_json(f"/api/start/sheets/{sheet.id}/apply", {"digest": sheet.digest})
    assert asked.json["state"] == "applying"
    assert len(messages(aws.settings.sheet_queue_url)) == 1
    assert staff.post_json("/api/start/links").json == {"sent": 0}
