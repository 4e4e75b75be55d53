"""The State rate for own car is put in by staff, and claims that waited for it are judged anew."""

from datetime import date

import pytest

from kulturkontor.actions.confirm_rates import confirm_rate, read_rates
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.programme_rules import CarRate
from kulturkontor.programme_settings import SettingsError, settings_key
from tests.office_factory import admitted, claim_body, oslo, send_claim
from tests.web.office_browser import visit_office

AT = "2027-02-01T10:00:00"
NEW = {
    "valid_from": "2027-01-01",
    "valid_to": "2027-12-31",
    "kroner": "5,45",
    "source": "Særavtalen for 2027",
}
KNOWN = CarRate(valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), ore_per_km=530)
LATER = CarRate(valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31), ore_per_km=545)


def rates(here: Wiring) -> tuple[CarRate, ...]:
    return read_rates(here.programme, here.records).rates


def put_in(here: Wiring, rate: CarRate, at: str = AT) -> None:
    confirm_rate(
        rate,
        source="Prøve",
        by="stab",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_held_kilometres_are_paid_once_staff_have_put_in_the_rate(aws: Wiring) -> None:
    application_id = admitted(aws)
    body = claim_body(date="2027-02-18")
    send_claim(aws, application_id, "S3", at="2027-02-25T10:00:00", body=body)
    staff = visit_office(aws, at="2027-02-26T10:00:00").sign_in("staff")
    claim = f"/api/claims/{application_id}/S3"
    assert staff.get(claim).json["judgement"]["council_ore"] == 0
    assert "Kilometersatser" in staff.get("/claims").words
    assert staff.post("/rates", NEW).location == "/rates"
    assert "5,45" in staff.get("/rates").words
    aws.current_programme.refresh()  # as every invocation does before it begins
    assert staff.get(claim).json["judgement"]["council_ore"] == 272_50
    assert rates(aws) == (KNOWN, LATER)


def test_who_put_a_rate_in_and_where_it_was_read_is_kept(aws: Wiring) -> None:
    visit_office(aws, at=AT).sign_in("staff").post("/rates", NEW)
    (note,) = aws.records.list(AuditRow, settings_key("kifk2").partition, "AUDIT#")
    assert (note.by, note.before) == ("kari@example.org", "Særavtalen for 2027")
    assert '"ore_per_km": 545' in note.after


def test_rate_of_the_same_day_is_replaced(aws: Wiring) -> None:
    put_in(aws, LATER.model_copy(update={"ore_per_km": 550}))
    put_in(aws, LATER, at="2027-02-01T11:00:00")
    assert rates(aws) == (KNOWN, LATER)


def test_earlier_rate_may_be_put_in_later(aws: Wiring) -> None:
    before = CarRate(valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31), ore_per_km=500)
    put_in(aws, LATER)
    put_in(aws, before, at="2027-02-01T11:00:00")
    assert rates(aws) == (before, KNOWN, LATER)


@pytest.mark.parametrize(
    ("valid_from", "valid_to"),
    [
        pytest.param("2026-12-31", "2027-12-31", id="a day with two rates"),
        pytest.param("2027-12-31", "2027-01-01", id="ends before it begins"),
    ],
)
def test_rates_that_do_not_fit_together_are_refused(
    aws: Wiring, valid_from: str, valid_to: str
) -> None:
    with pytest.raises(SettingsError, match="must begin after the one before it"):
        put_in(
            aws,
            CarRate(
                valid_from=date.fromisoformat(valid_from),
                valid_to=date.fromisoformat(valid_to),
                ore_per_km=545,
            ),
        )
    assert rates(aws) == (KNOWN,)


@pytest.mark.parametrize("kroner", ["0", "-5,45", "5,455", "545", "fem"])
def test_amount_that_is_no_rate_is_refused(aws: Wiring, kroner: str) -> None:
    staff = visit_office(aws, at=AT).sign_in("staff")
    answer = staff.post("/rates", NEW | {"kroner": kroner})
    assert answer.status == 422
    assert "Skriv beløpet i kroner" in answer.words
    assert rates(aws) == (KNOWN,)


def test_finance_reads_the_rates_and_leaves_them(aws: Wiring) -> None:
    finance = visit_office(aws, at=AT).sign_in("finance")
    page = finance.get("/rates")
    assert "5,30" in page.words
    assert "Legg inn satsen" not in page.words
    assert finance.post("/rates", NEW).status == 403


def test_rates_are_put_in_through_the_api_as_well(aws: Wiring) -> None:
    staff = visit_office(aws, at=AT).sign_in("staff")
    told = [each.model_dump(mode="json") for each in (KNOWN, LATER)]
    assert staff.post_json("/api/rates", NEW).json == told
    assert staff.get("/api/rates").json == told
