"""The day of the letters on the pages: what is checked and where it is mended, the board's number,
two persons, the stop, the drafts and the ledger.
"""

import base64
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from kulturkontor.actions.check_release import read_standing
from kulturkontor.actions.preview_letters import make_previews
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.mails import MailState
from kulturkontor.sending_account import SendingAccount
from tests.conftest import load_event, messages
from tests.office_factory import (
    all_mails,
    an_account,
    decide_all,
    letter,
    oslo,
    release,
    send_in,
    send_open_mails,
    tick,
)
from tests.web.office_browser import Browser, tags, visit_office

EVE = "2026-04-29T12:00:00"


@pytest.fixture
def decided(aws: Wiring) -> str:
    receipt = send_in(aws)
    decide_all(aws, [(receipt.reference or "", Outcome.ADMITTED)])
    send_open_mails(aws, oslo("2026-04-20T11:00:00"))
    return receipt.id


@pytest.fixture
def staff(aws: Wiring) -> Browser:
    return visit_office(aws, at=EVE).sign_in("staff")


def links(browser: Browser, address: str) -> list[str]:
    return [
        str(attributes["href"])
        for tag, attributes in tags(browser.get(address).text)
        if tag == "a" and attributes.get("href")
    ]


def digest(browser: Browser) -> str:
    return str(browser.get("/api/release").json["digest"])


def test_each_thing_that_is_wrong_leads_to_where_it_is_mended(
    aws: Wiring, decided: str, staff: Browser
) -> None:
    other = send_in(aws, "0301")
    page = staff.get("/release")
    assert "Mangler svar: KFK2-2026-0301" in page.words
    assert "Antallet fra styrets protokoll er ikke ført inn. 1 har fått plass her." in page.words
    assert "1 har fått plass, men innstillingene sier 16 plasser." in page.words
    places = "/settings/decision#decision.places"
    mended = {f"/decisions/{other.id}", "/release#minutes", places}
    assert mended <= set(links(staff, "/release"))
    assert 'id="decision.places"' in staff.get("/settings/decision").text


def test_a_check_that_could_not_be_made_is_said_to_be_so(aws: Wiring, decided: str) -> None:
    browser = visit_office(aws, at=EVE, look_at_sending=SendingAccount).sign_in("staff")
    words = browser.get("/release").words
    assert "Kontoen hos e-posttjenesten kunne ikke sjekkes." in words
    assert "Avsenderadressen kunne ikke sjekkes." in words


def test_an_account_in_the_sandbox_is_told(aws: Wiring, decided: str) -> None:
    sandbox = an_account().model_copy(update={"is_production": False, "most_a_day": 1.0})
    browser = visit_office(aws, at=EVE, look_at_sending=lambda: sandbox).sign_in("staff")
    words = browser.get("/release").words
    assert "i prøvedrift (sandbox)" in words
    assert "tar imot 1 e-poster til i dag. Brevene trenger 2." in words


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_the_boards_number_is_put_in_and_corrected(
    aws: Wiring, decided: str, staff: Browser, prefix: str
) -> None:
    for number in ("15", "1"):
        body = {"admitted": number, "reference": "Sak 12/26, 27. april"}
        if prefix:
            answer = staff.post_json("/api/release/minutes", body | {"admitted": int(number)})
            assert answer.status == 200
        else:
            assert staff.post("/release/minutes", body).location == "/release"
        staff.set_clock("2026-04-29T12:01:00")
    words = staff.get("/release").words
    assert "1 har fått plass ifølge Sak 12/26, 27. april. Ført inn av kari@example.org" in words
    assert "Alt som må være i orden, er i orden." in words


@pytest.mark.parametrize(
    "body",
    [
        {"admitted": "-1", "reference": "S"},
        {"admitted": "x", "reference": "S"},
        {"admitted": "1", "reference": ""},
        {"admitted": "1001", "reference": "S"},
    ],
)
def test_a_number_that_is_none_is_not_put_in(
    aws: Wiring, decided: str, staff: Browser, body: dict[str, str]
) -> None:
    assert staff.post("/release/minutes", body).status == 422
    assert read_standing(aws.programme, aws.records).control.minutes is None


def test_two_persons_override_and_the_second_sees_who_was_first(
    aws: Wiring, decided: str, staff: Browser
) -> None:
    other = visit_office(aws, at=EVE).sign_in("staff", email="ola@example.org")
    form = {"digest": digest(staff), "reason": "Styret vet det."}
    assert staff.post("/release/override", form).location == "/release"
    assert staff.post("/release/override", form).status == 409
    assert "kari@example.org, 29. april 2026" in other.get("/release").words
    assert "/release/override" not in staff.get("/release").text.replace("take-back", "").replace(
        "/release/override/", ""
    )
    assert other.post("/release/override", form).location == "/release"
    assert "To personer har overstyrt." in other.get("/release").words
    assert tick(aws, "2026-04-30T09:00:00")["letters"] == 1
    assert "Overstyrt av kari@example.org, ola@example.org." in staff.get("/release").words


def test_what_was_shown_is_overridden_and_nothing_else(
    aws: Wiring, decided: str, staff: Browser
) -> None:
    seen = digest(staff)
    send_in(aws, "0301")
    answer = staff.post_json("/api/release/override", {"digest": seen, "reason": "Gå."})
    assert (answer.status, answer.code) == (409, "release_changed")


def test_an_override_is_taken_back(aws: Wiring, decided: str, staff: Browser) -> None:
    staff.post("/release/override", {"digest": digest(staff), "reason": "Gå."})
    staff.set_clock("2026-04-29T12:01:00")
    assert staff.post("/release/override/take-back").location == "/release"
    assert "Styret" not in staff.get("/release").words.split("La brevene gå likevel")[1]


def test_the_release_is_moved(aws: Wiring, decided: str, staff: Browser) -> None:
    form = {"when": "2026-05-04T08:30", "reason": "Styremøtet er flyttet."}
    shown = staff.post("/release/time/plan", form)
    assert (shown.status, "1 svarbrev går ut 4. mai 2026." in shown.words) == (200, True)
    assert all(f'value="{each}"' in shown.text for each in form.values())
    assert aws.programme.released_at == oslo("2026-04-30T09:00:00")
    gone = staff.post("/release/time/plan", form | {"when": "2026-04-01T08:30"})
    assert gone.status == 409
    assert staff.post("/release/time", form).location == "/release"
    aws.current_programme.refresh()
    assert "4. mai 2026" in staff.get("/release").words
    past = staff.post_json("/api/release/time", form | {"when": "2026-04-01T08:30"})
    assert (past.status, past.code) == (409, "release_time_past")
    late = staff.post_json("/api/release/time", form | {"when": "2026-06-01T08:30"})
    assert (late.status, late.code) == (422, "settings")


def test_the_stop_is_one_button_and_so_is_going_on(
    aws: Wiring, decided: str, staff: Browser
) -> None:
    assert staff.post("/release/stop", {"reason": "Feil tekst."}).location == "/release"
    assert "1 utsending av svarbrev er stoppet" in staff.get("/").words
    words = staff.get("/release").words
    assert "Utsendingen er stoppet av kari@example.org" in words
    assert "Feil tekst." in words
    assert "Utsendingen er stoppet." in staff.get("/letters").words
    staff.set_clock("2026-04-29T12:01:00")
    assert staff.post("/release/resume", {"reason": "Rettet."}).location == "/release"
    assert "Utsendingen er stoppet" not in staff.get("/release").words
    assert staff.post("/release/stop", {"reason": ""}).status == 422


def test_a_letter_is_looked_at_before_it_is_sent(aws: Wiring, decided: str, staff: Browser) -> None:
    assert f"/release/preview/{decided}" in links(staff, "/release/previews")
    raw = staff.resolve(event_of(staff, f"/release/preview/{decided}"))
    assert raw["headers"]["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(body_of(raw)))
    assert "Utkast" in pdf.pages[0].extract_text()
    assert staff.get("/release/preview/none").status == 404


def test_all_drafts_are_made_in_the_background_and_fetched(
    aws: Wiring, decided: str, staff: Browser
) -> None:
    messages(aws.settings.letter_queue_url)
    assert staff.get("/release/previews/zip").status == 404
    assert staff.post("/release/previews").location == "/release/previews"
    assert messages(aws.settings.letter_queue_url) == [{"programme": "kifk2", "previews": True}]
    assert "Utkastene lages nå" in staff.get("/release/previews").words
    make_previews(
        now=oslo(EVE),
        by="issue_letter",
        programme=aws.programme,
        records=aws.records,
        archive=aws.archive,
    )
    assert "1 brev, laget" in staff.get("/release/previews").words
    assert "kifk2-utkast.zip" in staff.get("/release/previews/zip").location
    later = visit_office(aws, at="2026-06-29T12:00:00").sign_in("staff")
    assert later.get("/release/previews/zip").status == 404


def test_the_ledger_tells_each_letter_and_opens_as_a_file(
    aws: Wiring, decided: str, staff: Browser
) -> None:
    assert "Brevene går" in staff.get("/letters").words
    release(aws)
    letter(aws, decided)
    words = staff.get("/letters").words
    assert "1 skrevet = 0 sendt + 1 venter + 0 avvist + 0 usikre" in words
    send_open_mails(aws, oslo("2026-04-30T09:02:00"))
    (line,) = staff.get("/api/letters").json
    assert (line["reference"], line["fate"]) == ("KFK2-2026-4601", "in_transit")
    raw = staff.resolve(event_of(staff, "/letters/export"))
    sheet = load_workbook(io.BytesIO(body_of(raw))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:5] == [
        "KFK2-2026-4601",
        "Bergen",
        "1",
        "plass",
        "underveis",
    ]
    text = staff.get("/letters/export?form=csv").text
    assert text.startswith("\ufeffReferanse;Kommune;")
    assert "KFK2-2026-4601" in text


def test_one_letter_is_stopped_and_let_go_on_its_page(
    aws: Wiring, decided: str, staff: Browser
) -> None:
    release(aws)
    letter(aws, decided)
    mail = f"{decided}_letter_1"
    assert f"/mails/{mail}/stop" in staff.get("/letters").text
    assert staff.post(f"/mails/{mail}/stop").location == f"/mails/{mail}"
    assert all_mails(aws)[f"{mail}_copy_leader"].state is MailState.STOPPED
    assert "La den gå" in staff.get(f"/mails/{mail}").words
    staff.set_clock("2026-04-29T12:01:00")
    assert staff.post(f"/mails/{mail}/let-go").location == f"/mails/{mail}"
    assert all_mails(aws)[mail].state is MailState.QUEUED
    assert staff.post(f"/mails/{mail}/let-go").status == 409


def test_an_administrator_sees_the_release_and_changes_nothing(aws: Wiring, decided: str) -> None:
    admin = visit_office(aws, at=EVE).sign_in("admin")
    page = admin.get("/release")
    actions = [a.get("action") for tag, a in tags(page.text) if tag == "form"]
    assert (page.status, [each for each in actions if "/release" in str(each)]) == (200, [])
    assert admin.post("/release/stop", {"reason": "Feil."}).status == 403


def event_of(browser: Browser, address: str) -> dict[str, Any]:
    """As `send` makes it, for an answer that is no text."""
    event = load_event("serve_office", "front_page")
    path, _, query = address.partition("?")
    event["rawPath"], event["rawQueryString"] = path, query
    event["requestContext"]["http"] |= {"method": "GET", "path": path}
    event["cookies"] = [f"{name}={value}" for name, value in browser.cookies.items()]
    return event


def body_of(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(str(answer["body"]))
