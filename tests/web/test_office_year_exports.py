"""The accounts of a year, asked for and fetched at the page of the year's end."""

import pytest

from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from tests.conftest import messages, set_clock
from tests.functions.calling import call
from tests.office_factory import (
    admitted,
    attest,
    oslo,
    release_batch,
    seal,
    send_claim,
    write_batch_files,
)
from tests.web.office_browser import Browser, visit_office

PAGE = "/finance/year-end?year=2026"


@pytest.fixture
def paid(aws: Wiring) -> Wiring:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    attest(aws, application_id)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    write_batch_files(aws, batch.id)
    messages(aws.settings.files_queue_url)
    return aws


def office(here: Wiring, *roles: str, at: str = "2027-01-10T10:00:00") -> Browser:
    return visit_office(here, at=at).sign_in(*roles)


def make(here: Wiring) -> None:
    set_clock(oslo("2027-01-10T10:01:00").isoformat())
    call("write_payment_files", "year")


def test_a_year_is_asked_for_made_and_fetched(paid: Wiring) -> None:
    finance = office(paid, "finance")
    asked = finance.post("/finance/years/2026")
    assert (asked.status, asked.location) == (303, PAGE)
    assert messages(paid.settings.files_queue_url) == [{"programme": "kifk2", "export": "2026-1"}]
    assert "lages nå" in finance.get(PAGE).words
    assert finance.post("/finance/exports/2026-1").status == 404
    make(paid)
    page = finance.get(PAGE).words
    assert "lages nå" not in page
    assert "Hent (1 MB)" in page
    fetched = finance.post("/finance/exports/2026-1")
    assert fetched.status == 303
    assert "exports/kifk2/2026-1-" in fetched.location
    told = paid.records.list(AuditRow, "PROGRAMME#kifk2", "AUDIT#")
    assert {each.what for each in told} >= {"export#2026-1", "download#2026-1"}


def test_the_api_tells_of_each_request(paid: Wiring) -> None:
    finance = office(paid, "finance")
    assert finance.post_json("/api/finance/years/2026").status == 202
    make(paid)
    (told,) = finance.get("/api/finance/exports").json
    assert (told["id"], told["state"], told["payment_count"], told["is_kept"]) == (
        "2026-1",
        "ready",
        1,
        True,
    )
    assert "object_key" not in told
    assert "exports/" in finance.post_json("/api/finance/exports/2026-1").json["address"]


def test_what_is_forgotten_after_a_month_cannot_be_fetched(paid: Wiring) -> None:
    office(paid, "finance").post("/finance/years/2026")
    make(paid)
    later = office(paid, "finance", at="2027-02-09T10:00:00")
    assert later.post("/finance/exports/2026-1").status == 404


@pytest.mark.parametrize("year", ["2025", "2028", "x", "20261"])
def test_a_year_without_accounts_is_unknown(paid: Wiring, year: str) -> None:
    assert office(paid, "finance").post(f"/finance/years/{year}").status == 404


@pytest.mark.parametrize("export_id", ["2026-1", "2026", "x-y", "2026-1-1"])
def test_what_is_no_export_is_unknown(paid: Wiring, export_id: str) -> None:
    assert office(paid, "finance").post(f"/finance/exports/{export_id}").status == 404


def test_a_year_to_come_has_no_button(paid: Wiring) -> None:
    assert "Lag arkivet" in office(paid, "finance").get(PAGE).words
    assert (
        "Lag arkivet"
        not in office(paid, "finance", at="2026-12-01T10:00:00")
        .get("/finance/year-end?year=2027")
        .words
    )


def test_staff_see_the_year_but_neither_ask_nor_fetch(paid: Wiring) -> None:
    staff = office(paid, "staff")
    assert "Lag arkivet" not in staff.get(PAGE).words
    assert staff.post("/finance/years/2026").status == 403
    assert staff.post("/finance/exports/2026-1").status == 403
