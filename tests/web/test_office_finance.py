"""The finance office at its pages: accounts confirmed by a second person, corrections, debts, what
was settled outside, the tables that tie, and the trail for the auditor.
"""

import csv
import io

import pytest

from kulturkontor.actions import confirm_accounts
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import ClaimRow, ClaimState, TravelClaim, claim_key
from kulturkontor.mails import Mail
from kulturkontor.payee_accounts import MunicipalityAccount, account_key
from kulturkontor.records import Put
from tests.office_factory import (
    admitted,
    all_mails,
    attest,
    claim_body,
    confirm,
    oslo,
    release_batch,
    seal,
    send_claim,
)
from tests.web.office_browser import Browser, visit_office

OLD, NEW = "99990012349", "12345678903"
PHONED = {"account_number": OLD, "channel": "phone", "spoke_to": "Prøve Regnskap, controller"}
S2 = claim_body(date="2026-11-12")


@pytest.fixture
def first(aws: Wiring) -> str:
    return admitted(aws)


def office(here: Wiring, *roles: str, by: str = "", at: str = "2026-10-02T10:00:00") -> Browser:
    return visit_office(here, at=at).sign_in(*roles, email=by or f"{roles[0]}@example.org")


def attested_by(here: Wiring, application_id: str, by: str, gathering: str = "S1") -> Browser:
    staff = office(here, "staff", "finance", by=by)
    assert staff.post(f"/claims/{application_id}/{gathering}/attest").status == 303
    return staff


def claim_of(here: Wiring, application_id: str, gathering: str, version: int) -> TravelClaim:
    found = here.records.read(TravelClaim, claim_key(application_id, gathering, version))
    assert found is not None
    return found


def paid(here: Wiring, application_id: str, gathering: str = "S1", version: int = 1) -> None:
    """As the bank's answer would have it."""
    claim = claim_of(here, application_id, gathering, version)
    row = row_of(here, application_id, gathering)
    here.records.write(Put(claim.but(state=ClaimState.PAID)), Put(row.but(state=ClaimState.PAID)))


def row_of(here: Wiring, application_id: str, gathering: str) -> ClaimRow:
    rows = here.records.list(ClaimRow, f"PROGRAMME#{here.programme.id}", f"CLAIM#{gathering}#")
    return next(each for each in rows if each.application_id == application_id)


def said(mail: Mail) -> str:
    """What the mail says of the payment, with ordinary spaces."""
    return str(mail.values["payout_sentence"]).replace("\u00a0", " ")


def test_nothing_is_paid_before_a_second_person_has_confirmed_the_account(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    anne = attested_by(aws, first, "anne@example.org")
    assert "Kontoen er ny" in anne.get("/accounts").words
    assert "Kontoen er ny" in anne.get("/batches/next").words
    assert anne.post("/batches").status == 303
    assert anne.get("/api/batches").json == []
    address = f"/accounts/{first}/S1"
    assert "Du attesterte kravet" in anne.get(address).words
    assert anne.post_json(f"/api{address}/confirm", PHONED).code == "same_confirmer"
    ola = office(aws, "finance", by="ola@example.org")
    assert "Ring kommunens sentralbord" in ola.get(address).words
    wrong = PHONED | {"account_number": NEW}
    assert ola.post_json(f"/api{address}/confirm", wrong).code == "changed_meanwhile"
    assert ola.post(f"{address}/confirm", PHONED).location == "/accounts"
    known = aws.records.read(MunicipalityAccount, account_key("kifk2", "4601"))
    assert known is not None
    assert known.own is not None
    assert known.own.confirmation.model_dump(mode="json") == {
        "by": "ola@example.org",
        "at": "2026-10-02T10:00:00+02:00",
        "channel": "phone",
        "spoke_to": "Prøve Regnskap, controller",
    }
    assert "Ingen kontoer venter" in ola.get("/accounts").words
    assert "9999.00.12349" in anne.get("/batches/next").words
    assert [each["count"] for each in anne.post_json("/api/batches").json] == [1]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"channel": "email"}, id="by e-mail"),
        pytest.param({"spoke_to": " "}, id="with nobody"),
        pytest.param({"account_number": "1234567"}, id="old postal account"),
    ],
)
def test_a_confirmation_without_its_facts_is_refused(
    aws: Wiring, first: str, changes: dict[str, str]
) -> None:
    send_claim(aws, first)
    ola = office(aws, "finance")
    assert ola.post(f"/accounts/{first}/S1/confirm", PHONED | changes).status == 422
    assert aws.records.read(MunicipalityAccount, account_key("kifk2", "4601")) is None


def test_a_changed_account_waits_again_and_shows_old_and_new(aws: Wiring, first: str) -> None:
    send_claim(aws, first)
    attest(aws, first)
    send_claim(aws, first, "S2", at="2026-11-20T10:00:00", body=S2 | {"account_number": NEW})
    (batch,) = seal(aws, "2026-11-30T06:00:00")
    ola = office(aws, "finance")
    shown = ola.get(f"/accounts/{first}/S2").words
    assert ("9999.00.12349" in shown, "1234.56.78903" in shown) == (True, True)
    assert "Kontoen er endret" in shown
    assert [each.claim_number[-2:] for each in batch.payments] == ["S1"]


def test_who_confirmed_the_account_cannot_have_the_claim_paid_that_they_attest_later(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    confirm(aws, first, by="anne@example.org")
    anne = attested_by(aws, first, "anne@example.org")
    assert anne.post_json("/api/batches").json == []
    assert "En annen må bekrefte kontoen" in anne.get("/batches/next").words
    ola = office(aws, "finance", by="ola@example.org")
    assert ola.post(f"/accounts/{first}/S1/confirm", PHONED).status == 303
    assert [each["count"] for each in anne.post_json("/api/batches").json] == [1]


def test_an_account_that_is_not_right_goes_back_to_the_municipality(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    attested_by(aws, first, "anne@example.org")
    ola = office(aws, "finance", by="ola@example.org")
    told = {"account_number": OLD, "reason": "Regnskapet kjenner ikke kontoen."}
    assert ola.post(f"/accounts/{first}/S1/refuse", told).location == "/accounts"
    assert claim_of(aws, first, "S1", 1).state is ClaimState.ACCOUNT_REFUSED
    mail = all_mails(aws)[f"{first}_account_not_confirmed_S1_1"]
    assert mail.values["reason"] == "Regnskapet kjenner ikke kontoen."
    assert mail.values["account"] == "•••• •• •2349"
    again = send_claim(aws, first, at="2026-10-03T10:00:00")
    assert (again.version, again.state) == (2, ClaimState.RECEIVED)
    assert claim_of(aws, first, "S1", 1).state is ClaimState.RETURNED


def test_another_payee_is_staffs_choice_and_a_second_persons_confirmation(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    attest(aws, first)
    eva = office(aws, "staff", "finance", by="eva@example.org")
    chosen = {
        "name": "Prøve vertskommune",
        "organisation_number": "999 999 999",
        "account_number": "1234.56.78903",
        "reason": "Vertskommunen fører regnskapet.",
    }
    assert eva.post("/payees/4601", chosen | {"reason": ""}).status == 422
    assert eva.post("/payees/4601", chosen).location == "/payees/4601"
    assert "Du valgte mottakeren" in eva.get("/payees/4601").words
    assert seal(aws) == []
    told = {"account_number": NEW, "channel": "meeting", "spoke_to": "Prøve Regnskap"}
    assert eva.post_json("/api/payees/4601/confirm", told).code == "same_confirmer"
    ola = office(aws, "finance", by="ola@example.org")
    assert ola.post("/payees/4601", chosen).status == 403
    assert ola.post("/payees/4601/confirm", told).location == "/payees/4601"
    (batch,) = seal(aws)
    (payment,) = batch.payments
    assert (payment.creditor, payment.account_number, payment.organisation_number) == (
        "Prøve vertskommune",
        NEW,
        "999999999",
    )
    assert "Prøve vertskommune" in ola.get(f"/batches/{batch.id}").words
    assert eva.post("/payees/4601/end", {"reason": "Ferdig."}).location == "/payees/4601"
    ended = eva.get("/api/payees/4601").json
    assert (ended["other"], ended["history"][0]["name"]) == (None, "Prøve vertskommune")
    assert "Prøve vertskommune" in eva.get("/payees/4601").words
    assert eva.get("/payees/9999").status == 404


def test_a_question_holds_one_line_and_what_is_internal_stays_inside(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    staff = office(aws, "staff")
    address = f"/claims/{first}/S1"
    asked = {
        "verdict:l1": "ask",
        "reason:l1": "Hvem kjørte?",
        "internal:l1": "Ser rart ut.",
    }
    assert staff.post(f"{address}/rulings", asked).location == address
    shown = staff.get(address).words
    assert ("Hvem kjørte?" in shown, "Internt: Ser rart ut." in shown) == (True, True)
    told = staff.get(f"/api{address}").json
    assert (told["judgement"]["held_ore"], told["rulings"][0]["internal"]) == (
        53000,
        "Ser rart ut.",
    )
    assert "Ja" in staff.get("/batches/next").words


def test_staff_correct_a_paid_claim_and_the_debt_is_netted_from_the_next(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    attest(aws, first)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    paid(aws, first)
    staff = office(aws, "staff", by="anne@example.org", at="2026-10-20T10:00:00")
    address = f"/claims/{first}/S1"
    assert staff.post(f"{address}/correction", {"reason": " "}).status == 422
    assert staff.post(f"{address}/correction", {"reason": "Feil antall km."}).location == address
    assert "Feil antall km." in staff.get(address).words
    reduced = {"verdict:l1": "approve", "reason:l1": "Kortere vei", "amount:l1": "330,00"}
    assert staff.post(f"{address}/rulings", reduced).status == 303
    assert "100,00 kr for mye" in staff.get(address).words
    assert staff.post(f"{address}/attest").status == 303
    assert claim_of(aws, first, "S1", 1).state is ClaimState.PAID
    (debt,) = staff.get("/api/finance/debts").json
    assert (debt["id"], debt["state"], debt["left_ore"]) == ("4601-S1-2", "open", 10000)
    settled = all_mails(aws)[f"{first}_claim_settled_S1_2"]
    assert said(settled) == (
        "Vi har rettet kravet: Feil antall km. "
        "Dere har fått 100,00 kr for mye. Beløpet trekkes fra neste refusjon."
    )
    assert "100,00 kr" in staff.get("/finance/debts").words
    send_claim(aws, first, "S2", at="2026-11-20T10:00:00", body=S2)
    attest(aws, first, "S2", at="2026-11-21T10:00:00")
    (second,) = seal(aws, "2026-11-30T06:00:00")
    (payment,) = second.payments
    assert (payment.amount_ore, payment.netted_ore) == (16500, 10000)
    assert "trukket fra KFK2-2026-4601-S2" in staff.get("/finance/debts").words
    versions = staff.get(f"{address}?version=1").words
    assert ("eldre versjon" in versions, batch.id in versions) == (True, True)
    assert staff.get(f"{address}?version=9").status == 404


def test_a_refused_batch_leaves_the_debt_as_it_was(aws: Wiring, first: str) -> None:
    with_debt(aws, first)
    (batch,) = seal(aws, "2026-11-30T06:00:00")
    assert batch.payments[0].netted_ore == 10000
    ola = office(aws, "finance", by="ola@example.org", at="2026-11-30T10:00:00")
    (before,) = ola.get("/api/finance/debts").json
    assert (before["left_ore"], before["state"]) == (0, "netted")
    assert ola.post(f"/batches/{batch.id}/refuse", {"reason": "Feil"}).status == 303
    (after,) = ola.get("/api/finance/debts").json
    assert (after["left_ore"], after["state"], after["nettings"]) == (10000, "open", [])
    (again,) = seal(aws, "2026-12-07T06:00:00")
    assert again.payments[0].netted_ore == 10000


def test_a_debt_that_takes_a_whole_claim_settles_it_without_the_bank(
    aws: Wiring, first: str
) -> None:
    with_debt(aws, first, kilometres="30")
    assert seal(aws, "2026-11-30T06:00:00") == []
    claim = claim_of(aws, first, "S2", 1)
    assert claim.state is ClaimState.NETTED
    mail = all_mails(aws)[f"{first}_claim_settled_S2_1"]
    assert said(mail) == "Vi har trukket fra 79,50 kr som dere fikk for mye tidligere."
    staff = office(aws, "staff")
    (debt,) = staff.get("/api/finance/debts").json
    assert (debt["left_ore"], debt["nettings"][0]["batch_id"]) == (10000 - 7950, "")
    assert "motregnet" in staff.get(f"/claims/{first}/S2").words


def with_debt(here: Wiring, application_id: str, kilometres: str = "100") -> None:
    """Paid for S1, corrected down by 100 kroner; then a claim for S2 that waits to be sealed."""
    send_claim(here, application_id)
    attest(here, application_id)
    (batch,) = seal(here)
    release_batch(here, batch.id)
    paid(here, application_id)
    less = {"verdict:l1": "approve", "reason:l1": "Kortere vei", "amount:l1": "330,00"}
    staff = office(here, "staff", by="anne@example.org", at="2026-10-20T10:00:00")
    address = f"/claims/{application_id}/S1"
    staff.post(f"{address}/correction", {"reason": "Feil antall km."})
    staff.post(f"{address}/rulings", less)
    assert staff.post(f"{address}/attest").status == 303
    body = claim_body(date="2026-11-12", kilometres=kilometres)
    send_claim(here, application_id, "S2", at="2026-11-20T10:00:00", body=body)
    attest(here, application_id, "S2", at="2026-11-21T10:00:00")


def test_finance_invoices_a_debt_instead_and_it_is_never_netted(aws: Wiring, first: str) -> None:
    with_debt(aws, first)
    ola = office(aws, "finance", by="ola@example.org", at="2026-11-29T10:00:00")
    address = "/finance/debts/4601-S1-2"
    assert ola.post(f"{address}/settle").status == 409
    assert ola.post(f"{address}/invoice", {"voucher": ""}).status == 422
    assert ola.post(f"{address}/invoice", {"voucher": "F-17"}).location == "/finance/debts"
    assert "bilag F-17" in ola.get("/finance/debts").words
    assert ola.post(f"{address}/reopen", {"reason": "Feil kommune."}).status == 303
    ola.set_clock("2026-11-29T10:05:00")
    assert ola.post_json(f"/api{address}/invoice", {"voucher": "F-18"}).json["state"] == "invoiced"
    (batch,) = seal(aws, "2026-11-30T06:00:00")
    assert batch.payments[0].netted_ore == 0
    assert ola.post_json(f"/api{address}/settle").json["state"] == "settled"
    assert ola.post_json("/api/finance/debts/none/settle").code == "unknown"
    assert ola.get("/api/finance/balances").json[0]["difference_ore"] == 0


def test_a_claim_settled_outside_is_named_by_its_voucher_and_enters_no_batch(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    attest(aws, first)
    ola = office(aws, "finance", by="ola@example.org")
    address = f"/claims/{first}/S1"
    told = {"voucher": "B-204", "reason": "Betalt etter faktura."}
    assert ola.post(f"{address}/outside", told).location == address
    assert "B-204" in ola.get(address).words
    assert seal(aws) == []
    assert ola.post(f"{address}/outside", told).status == 409
    assert ola.get("/api/books").json["money"]["outside_ore"] == 26500
    back = {"reason": "Feil krav."}
    assert ola.post(f"{address}/outside-taken-back", back).location == address
    assert claim_of(aws, first, "S1", 1).state is ClaimState.RECEIVED
    assert ola.get("/api/books").json["money"]["outside_ore"] == 0


def test_a_claim_that_pays_nothing_is_not_settled_outside(aws: Wiring, first: str) -> None:
    body = claim_body() | {"lines": [], "no_cost": True, "account_number": ""}
    send_claim(aws, first, body=body)
    ola = office(aws, "finance")
    told = {"voucher": "B-204", "reason": "Faktura."}
    assert ola.post_json(f"/api/claims/{first}/S1/outside", told).code == "nothing_to_pay"


def test_the_tables_tie_and_the_year_tells_what_is_not_paid(aws: Wiring, first: str) -> None:
    other = admitted(aws, "0301")
    with_debt(aws, first)
    seal(aws, "2026-11-30T06:00:00")
    ola = office(aws, "finance", at="2026-12-31T10:00:00")
    assert "Tallene stemmer:" in ola.get("/finance").words
    for by in ("", "municipality", "gathering", "kind", "all"):
        assert "Tallene stemmer:" in ola.get(f"/finance/balances?by={by}").words
    assert ola.get("/finance/balances?by=rocket").status == 404
    sums = {
        name: sum(each[name] for each in ola.get("/api/finance/balances").json)
        for name in ("entitled_ore", "paid_ore", "netted_ore", "outstanding_ore", "difference_ore")
    }
    assert sums == {
        "entitled_ore": 16500 + 26500,
        "paid_ore": 0,
        "netted_ore": 0,
        "outstanding_ore": 43000,
        "difference_ore": 0,
    }
    year = ola.get("/api/finance/year-end?year=2026").json
    assert [each["kommunenummer"] for each in year["unclaimed"]] == ["0301", "0301"]
    assert other in str(year)
    assert "Oslo" in ola.get("/finance/year-end?year=2026").words
    assert ola.get("/finance/year-end?year=x").status == 404


def test_search_leads_from_a_number_to_the_claim_and_its_batch(aws: Wiring, first: str) -> None:
    send_claim(aws, first)
    attest(aws, first)
    (batch,) = seal(aws)
    ola = office(aws, "finance")
    for wanted in ("4601", "Bergen", "265,00", "9999 00 12349", "KIFK2-S1-4601-R1"):
        shown = ola.get(f"/finance/search?q={wanted.replace(' ', '+')}")
        assert f"/claims/{first}/S1?version=1" in shown.text, wanted
        assert f"/batches/{batch.id}" in shown.text
    assert ola.get("/api/finance/search?q=999999").json["payments"] == []
    assert "0 krav" in ola.get("/finance/search?q=999999").words
    assert ola.get("/finance/search").status == 200


def test_the_auditor_takes_every_change_of_money_along(aws: Wiring, first: str) -> None:
    send_claim(aws, first)
    attest(aws, first)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    auditor = office(aws, "admin", by="revisor@example.org")
    answer = auditor.get("/finance/audit")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit-kifk2')
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert [(row["what"], row["by"], row["part"]) for row in rows] == [
        ("attest", "attestant", "S1"),
        ("account", "bekrefter", ""),
        ("seal", "settle_travel", "S1"),
        ("release", "okonomi", batch.id),
    ]
    assert office(aws, "staff").get("/finance/audit").status == 403


def test_finance_is_told_of_claims_that_wait_for_an_account_once_a_day(
    aws: Wiring, first: str
) -> None:
    send_claim(aws, first)
    attested_by(aws, first, "anne@example.org")
    for hour in ("06", "09"):
        assert seal(aws, f"2026-10-05T{hour}:00:00") == []
    held = [each for each in all_mails(aws).values() if "claims_held" in each.id]
    assert [each.values["details"] for each in held] == [
        ["KFK2-2026-4601-S1, Bergen: kontoen er ny"]
    ]


def test_the_overview_tells_how_many_accounts_wait(aws: Wiring, first: str) -> None:
    send_claim(aws, first)
    both = office(aws, "staff", "finance")
    assert both.get("/").words.count("1 konto må bekreftes") == 1
    confirm_accounts.confirm_account(
        first,
        "S1",
        account_number=OLD,
        channel=confirm_accounts.Channel.PHONE,
        spoke_to="Prøve Regnskap",
        by="bekrefter",
        at=oslo("2026-10-02T11:00:00"),
        programme=aws.programme,
        records=aws.records,
    )
    assert "må bekreftes" not in both.get("/").words
