"""From a question about a line to the bank's answer, by two persons of the office in a browser."""

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from kulturkontor.actions import claim as claims
from kulturkontor.actions.bank_reports import import_bank_report
from kulturkontor.aws import buckets
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import ClaimState, TravelClaim, claim_key
from kulturkontor.pain001 import message_id
from kulturkontor.payments import PaymentBatch
from kulturkontor.records import Key
from tests.browser.bucket import _read as read_form
from tests.browser.conftest import PATIENCE
from tests.browser.site import Site, serve
from tests.browser.test_looks import OVERFLOW, violations
from tests.crash.test_payments import _report as bank_report
from tests.office_factory import FINANCE, admitted, oslo, send_claim, write_batch_files
from tests.web.office_browser import visit_office

AT = "2026-10-02T10:00:00"


class Office(NamedTuple):
    """Two persons, each in a browser of their own, and the buckets that their forms lead to."""

    anne: Page
    """Staff."""
    ola: Page
    """Finance."""
    uploaded: list[tuple[str, bytes]]
    set_clock: Callable[[str], None]


@pytest.fixture
def office(chromium: Browser, aws: Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    uploaded: list[tuple[str, bytes]] = []
    with ExitStack() as open_till_the_end:
        site = open_till_the_end.enter_context(serve())
        bucket = open_till_the_end.enter_context(serve())
        bucket.resolve = lambda event: _bucket(event, uploaded)
        _lead_to(bucket, monkeypatch)
        pages = []
        for role, email in (("staff", "anne@example.org"), ("finance", "ola@example.org")):
            visitor = visit_office(aws, at=AT, office_url=site.address).sign_in(role, email=email)
            site.resolve = visitor.resolve
            context = chromium.new_context(base_url=site.address, locale="nb-NO")
            open_till_the_end.callback(context.close)
            context.set_default_timeout(PATIENCE)
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": site.address}
                    for name, value in visitor.cookies.items()
                ]
            )
            pages.append(context.new_page())
        yield Office(*pages, uploaded, visitor.set_clock)


def _lead_to(bucket: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed addresses and forms lead to this machine's bucket instead of AWS's."""
    as_signed = buckets.Bucket.presign_post

    def presign_get(self: buckets.Bucket, key: str, **_: Any) -> str:
        return f"{bucket.address}/{self.name}/{key}"

    def presign_post(self: buckets.Bucket, key: str, **asked: Any) -> dict[str, Any]:
        return as_signed(self, key, **asked) | {"url": f"{bucket.address}/"}

    monkeypatch.setattr(buckets.Bucket, "presign_get", presign_get)
    monkeypatch.setattr(buckets.Bucket, "presign_post", presign_post)


def _bucket(event: dict[str, Any], uploaded: list[tuple[str, bytes]]) -> dict[str, Any]:
    """A file is given as an attachment; a form's file is kept, and the sender sent back."""
    if event["requestContext"]["http"]["method"] == "POST":
        fields = read_form(event["headers"]["content-type"], base64.b64decode(event["body"]))
        uploaded.append((fields["key"].decode(), fields["file"]))
        back = fields["success_action_redirect"].decode()
        return {"statusCode": 303, "headers": {"Location": back}}
    name, _, key = event["rawPath"].lstrip("/").partition("/")
    data = client("s3").get_object(Bucket=name, Key=key)["Body"].read()
    return {
        "statusCode": 200,
        "headers": {"Content-Disposition": f'attachment; filename="{key.rsplit("/", 1)[-1]}"'},
        "body": base64.b64encode(data).decode(),
        "isBase64Encoded": True,
    }


def kept(here: Wiring, application_id: str, version: int) -> TravelClaim:
    found = here.records.read(TravelClaim, claim_key(application_id, "S1", version))
    assert found is not None
    return found


def test_from_a_question_to_the_banks_answer(aws: Wiring, office: Office) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    _ask_and_answer(aws, office.anne, application_id)
    office.set_clock("2026-10-02T11:00:00")
    _attest(office.anne, application_id)
    _confirm_account(office, application_id)
    batch = _seal_and_release(aws, office)
    _fetch_order(aws, office.ola, batch)
    _bring_answer(aws, office, batch)
    assert kept(aws, application_id, 2).state is ClaimState.PAID
    office.ola.goto("/finance")
    expect(office.ola.get_by_text("Tallene stemmer:")).to_be_visible()


def _ask_and_answer(here: Wiring, anne: Page, application_id: str) -> None:
    anne.goto(f"/claims/{application_id}/S1")
    anne.get_by_label("Avgjørelse").select_option("ask")
    anne.get_by_label("Fordi").fill("Hvem kjørte?")
    anne.get_by_label("Internt").fill("Ringte, fikk ikke svar.")
    anne.get_by_role("button", name="Lagre avgjørelsene").click()
    expect(anne.get_by_text("Internt: Ringte, fikk ikke svar.")).to_be_visible()
    claims.answer_question(
        application_id,
        "S1",
        "l1",
        {},
        "Rektor kjørte.",
        received_at=oslo("2026-10-02T09:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def _attest(anne: Page, application_id: str) -> None:
    anne.goto(f"/claims/{application_id}/S1")
    expect(anne.get_by_text("Rektor kjørte.")).to_be_visible()
    anne.get_by_label("Avgjørelse").select_option("approve")
    anne.get_by_label("Bare så mye").fill("400,00")
    anne.get_by_label("Fordi").fill("Kortere vei.")
    anne.get_by_role("button", name="Lagre avgjørelsene").click()
    expect(anne.get_by_text("redusert", exact=True)).to_be_visible()
    anne.get_by_role("button", name="Attester kravet").click()
    expect(anne.locator(".about").get_by_text("attestert")).to_be_visible()


def _confirm_account(office: Office, application_id: str) -> None:
    office.anne.get_by_role("link", name="Bekreft kontoen").click()
    expect(office.anne.get_by_text("Du attesterte kravet.")).to_be_visible()
    expect(office.anne.get_by_role("button", name="Bekreft kontoen")).to_have_count(0)
    ola = office.ola
    ola.goto("/")
    ola.get_by_role("link", name="konto må bekreftes").click()
    ola.get_by_role("link", name="KFK2-2026-4601-S1").click()
    expect(ola.get_by_text("9999.00.12349")).to_be_visible()
    ola.get_by_label("Hvordan fikk du det bekreftet?").select_option("phone")
    ola.get_by_label("Hvem snakket du med?").fill("Prøve Regnskap, controller")
    ola.get_by_role("button", name="Bekreft kontoen").click()
    expect(ola.get_by_text("Ingen kontoer venter.")).to_be_visible()


def _seal_and_release(here: Wiring, office: Office) -> PaymentBatch:
    anne, ola = office.anne, office.ola
    anne.goto("/batches")
    anne.get_by_role("link", name="Neste utbetaling").click()
    expect(anne.get_by_role("cell", name="200,00 kr").first).to_be_visible()
    anne.get_by_role("button", name="Lag utbetaling nå").click()
    anne.get_by_role("link", name="KIFK2-20261002-1").click()
    expect(anne.get_by_role("link", name="Godkjenn utbetalingen")).to_have_count(0)
    ola.goto("/batches/KIFK2-20261002-1")
    ola.get_by_role("link", name="Godkjenn utbetalingen").click()
    expect(ola.get_by_text("anne@example.org")).to_be_visible()
    ola.get_by_role("button").first.click()
    expect(ola.get_by_text("filene skrives nå")).to_be_visible()
    write_batch_files(here, "KIFK2-20261002-1", at="2026-10-02T10:01:00")
    key = Key(f"PROGRAMME#{here.programme.id}", "BATCH#KIFK2-20261002-1")
    batch = here.records.read(PaymentBatch, key)
    assert batch is not None
    return batch


def _fetch_order(here: Wiring, ola: Page, batch: PaymentBatch) -> None:
    ola.goto(f"/batches/{batch.id}")
    with ola.expect_download() as fetching:
        ola.get_by_role("button", name="pain001.xml").click()
    fetched = fetching.value.path().read_bytes()
    assert b'<InstdAmt Ccy="NOK">200.00</InstdAmt>' in fetched
    assert fetched == here.archive.read(f"payments/kifk2/{batch.id}/pain001.xml")


def _bring_answer(here: Wiring, office: Office, batch: PaymentBatch) -> None:
    ola = office.ola
    answer = bank_report(message_id(batch), batch.payments[0].end_to_end_id, "ACSC")
    ola.goto("/batches")
    ola.set_input_files(
        "input[type=file]", {"name": "svar.xml", "mimeType": "text/xml", "buffer": answer}
    )
    ola.get_by_role("button", name="Last opp").click()
    expect(ola.locator(".good")).to_be_visible()
    ((key, data),) = office.uploaded
    here.office.write_once(key, data, media_type="application/xml")
    counts = import_bank_report(
        key,
        version=None,
        now=oslo("2026-10-06T08:00:00"),
        staff_address=FINANCE,
        programme=here.programme,
        records=here.records,
        office=here.office,
        mail_queue=here.mail_queue,
    )
    assert counts == {"faulty": 0, "paid": 1, "rejected": 0}
    ola.goto(f"/batches/{batch.id}")
    expect(ola.get_by_text("betalt", exact=True)).to_be_visible()


PAGES = (
    *("/claims", "/claims/{id}/S1", "/accounts", "/accounts/{id}/S1", "/payees/4601"),
    *("/batches", "/batches/next", "/finance", "/finance/balances?by=all", "/finance/debts"),
    *("/finance/year-end", "/finance/search?q=bergen"),
)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_page_of_money_has_a_fault(aws: Wiring, office: Office, language: str) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    found: dict[str, str] = {}
    for page in (office.anne, office.ola):
        for pattern in PAGES:
            path = pattern.format(id=application_id)
            between = "&" if "?" in path else "?"
            page.goto(f"{path}{between}lang={language}")
            if faults := violations(page):
                found[path] = faults
            page.set_viewport_size({"width": 320, "height": 640})
            if page.evaluate(OVERFLOW):
                found[path] = f"{page.evaluate(OVERFLOW)} px too wide at 320"
            page.set_viewport_size({"width": 1280, "height": 720})
    assert found == {}
