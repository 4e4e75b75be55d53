"""Files and money: sheets and the bank's answers up, claims judged, batches released by another."""

import boto3

from kulturkontor.actions import receive_files
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.payments import BatchState
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Put
from kulturkontor.sheet_imports import SheetImport, sheet_key
from tests.office_factory import (
    admitted,
    attest,
    claim_body,
    oslo,
    read,
    release_batch,
    seal,
    send_claim,
    send_in,
    write_batch_files,
)
from tests.web.assessors import VERA, give
from tests.web.office_browser import tags, visit_office


def test_a_sheet_goes_straight_to_the_bucket_and_back_to_its_page(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    page = browser.get(browser.post("/sheets").location)
    form = next(each for tag, each in tags(page.text) if tag == "form" and each.get("enctype"))
    hidden = {
        each["name"]: each["value"]
        for tag, each in tags(page.text)
        if tag == "input" and each.get("type") == "hidden"
    }
    bucket = str(form["action"])
    assert bucket.startswith("https://kulturkontor-office.s3")
    assert f"form-action 'self' https://login.example.org {bucket.rstrip('/')};" in (
        page.headers["Content-Security-Policy"] + ";"
    )
    sheet_id = str(hidden["key"]).rsplit("/", 1)[-1]
    assert hidden["key"] == f"sheets/kifk2/decisions/{sheet_id}"
    back = f"https://kontor.example.org/sheets/{sheet_id}?sent=1"
    assert hidden["success_action_redirect"] == back
    assert "Filen er mottatt" in browser.get(f"/sheets/{sheet_id}?sent=1").words
    sheet = aws.records.read(SheetImport, sheet_key("kifk2", sheet_id))
    assert sheet is not None
    assert sheet.by == "kari@example.org"
    other = visit_office(aws).sign_in("staff", email="ola@example.org").get(f"/sheets/{sheet_id}")
    assert "Bare kari@example.org kan sende dette arket." in other.words
    assert "enctype" not in other.text
    browser.set_clock("2026-04-02T11:00:00")
    assert "gjelder ikke lenger" in browser.get(f"/sheets/{sheet_id}").words


def test_a_claim_is_ruled_on_attested_sealed_and_released_by_another(aws: Wiring) -> None:
    first = admitted(aws)
    send_claim(aws, first)
    staff = visit_office(aws, at="2026-10-01T10:00:00").sign_in("staff")
    claim = f"/claims/{first}/S1"
    shown = staff.get(claim)
    assert "verdict:l1" in shown.text
    assert staff.post(f"{claim}/rulings", {"verdict:l1": "approve", "reason:l1": " "}).status == 422
    assert staff.post(f"{claim}/rulings", {"verdict:l1": ""}).status == 422
    ruled = {"verdict:l1": "approve", "reason:l1": "Kortere vei", "amount:l1": "400,00"}
    assert staff.post(f"{claim}/rulings", ruled).location == claim
    assert "Kortere vei" in staff.get(claim).words
    assert staff.post(f"{claim}/attest").location == claim
    assert staff.post(f"{claim}/attest").status == 409
    finance = visit_office(aws, at="2026-10-02T10:00:00").sign_in(
        "finance", email="ola@example.org"
    )
    confirmed = {"account_number": "99990012349", "channel": "phone", "spoke_to": "Prøve Regnskap"}
    assert finance.post(f"/accounts/{first}/S1/confirm", confirmed).location == "/accounts"
    assert staff.post("/batches").location == "/batches"
    (batch,) = staff.get("/api/batches").json
    address = f"/batches/{batch['id']}"
    same = visit_office(aws, at="2026-10-02T10:00:00").sign_in("staff", "finance")
    refused = same.post(f"{address}/release")
    assert (refused.status, "En annen må godkjenne" in refused.words) == (403, True)
    assert "kan ikke angres" in finance.get(f"{address}/release").words
    assert finance.get(f"/api{address}").json["state"] == BatchState.PROPOSED
    assert finance.post(f"{address}/release").location == address
    assert "filene skrives nå" in finance.get(address).words
    write_batch_files(aws, batch["id"])
    released = finance.get(f"/api{address}").json
    assert (released["state"], released["control_sum_ore"]) == ("released", 20000)
    names = [each["name"] for each in released["files"]]
    assert names == [
        *("pain001.xml", "payments.csv", "lines.csv", "payments.xlsx"),
        *("vouchers.pdf", "manifest.json", "batch.zip"),
    ]
    words = finance.get(address).words
    assert [each["sha256"] in words for each in released["files"]] == [True] * len(names)
    for name in names:
        fetched = finance.post(f"{address}/files/{name}")
        assert (fetched.status, f"{batch['id']}/{name}" in fetched.location) == (303, True)
        assert "X-Amz-Expires=60" in fetched.location
    assert finance.post_json(f"/api{address}/files/other.xml").status == 404
    assert finance.post(f"{address}/refuse", {"reason": "Feil"}).status == 409


def test_a_file_is_fetched_by_finance_and_who_did_it_is_kept(aws: Wiring) -> None:
    first = admitted(aws)
    send_claim(aws, first)
    attest(aws, first)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    write_batch_files(aws, batch.id)
    address = f"/batches/{batch.id}"
    finance = visit_office(aws, at="2026-10-06T08:00:00").sign_in("finance")
    shown = finance.get(address)
    bucket = "https://kulturkontor-archive.s3.eu-north-1.amazonaws.com"
    assert bucket in shown.headers["Content-Security-Policy"]
    assert finance.post_json(f"/api{address}/files/lines.csv").json["address"].startswith(bucket)
    staff = visit_office(aws).sign_in("staff")
    assert f"{address}/files/" not in staff.get(address).text
    assert staff.post(f"{address}/files/lines.csv").status == 403
    kept = aws.records.list(AuditRow, "PROGRAMME#kifk2", "AUDIT#2026-10-06")
    assert [(row.what, row.by) for row in kept] == [
        (f"download#{batch.id} lines.csv", "kari@example.org")
    ]


def test_nobody_who_took_part_is_offered_the_button_that_releases(aws: Wiring) -> None:
    first = admitted(aws)
    send_claim(aws, first)
    attest(aws, first)
    (batch,) = seal(aws)
    anybody = visit_office(aws).sign_in("finance").get(f"/batches/{batch.id}/release")
    assert ("attestant" in anybody.words, "/release" in anybody.text) == (True, True)
    attester = visit_office(aws).sign_in("finance", email="attestant")
    shown = attester.get(f"/batches/{batch.id}/release")
    assert "kan ikke godkjenne den" in shown.words
    assert f'action="/batches/{batch.id}/release"' in anybody.text
    assert f'action="/batches/{batch.id}/release"' not in shown.text


def test_nobody_vouches_for_a_claim_that_became_another_since_they_saw_it(aws: Wiring) -> None:
    first = admitted(aws)
    send_claim(aws, first)
    staff = visit_office(aws, at="2026-10-01T10:00:00").sign_in("staff")
    address = f"/claims/{first}/S1"
    seen = _hidden(staff.get(address).text)
    other_account = claim_body() | {"account_number": "1234 56 78903"}
    send_claim(aws, first, body=other_account)
    refused = staff.post(f"{address}/attest", seen)
    assert (refused.status, "Noen andre endret" in refused.words) == (409, True)
    assert staff.get(f"/api{address}").json["state"] == "received"
    assert staff.post(f"{address}/attest", _hidden(staff.get(address).text)).status == 303
    assert staff.get(f"/api{address}").json["state"] == "attested"


def test_a_claim_is_shown_as_it_would_be_attested_now(aws: Wiring) -> None:
    first = admitted(aws)
    promised, _ = receive_files.promise_file(
        read(aws, first),
        file_id="abcdef0123456789",
        purpose="receipts",
        name="tog.pdf",
        at=oslo("2026-09-29T10:00:00"),
        records=aws.records,
        uploads=aws.uploads,
    )
    train = {
        "id": "l2",
        "participant": "p2",
        "kind": "train",
        "date": "2026-09-24",
        "amount": "498,00",
        "receipt_ids": [promised.id],
    }
    body = claim_body()
    claim = send_claim(aws, first, body=body | {"lines": [*body["lines"], train]})
    assert claim.settlement.pay_ore == 26500
    kept = aws.records.read(ReceivedFile, promised.key)
    assert kept is not None
    accepted = kept.but(state=FileState.ACCEPTED, sha256="ab" * 32)
    aws.records.write(Put(accepted))
    staff = visit_office(aws, at="2026-10-01T10:00:00").sign_in("staff")
    assert _hidden(staff.get(f"/claims/{first}/S1").text)["pay_ore"] == str(26500 + 24900)
    assert attest(aws, first).settlement.pay_ore == 26500 + 24900


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form that attests."""
    own = ("version", "pay_ore")
    found = [each for tag, each in tags(page) if tag == "input" and each.get("name") in own]
    return {str(each["name"]): str(each["value"]) for each in found}


def test_a_refused_batch_gives_its_claims_back(aws: Wiring) -> None:
    first = admitted(aws)
    send_claim(aws, first)
    attest(aws, first)
    batch = seal(aws)[0]
    finance = visit_office(aws, at="2026-10-06T10:00:00").sign_in("finance")
    assert finance.post(f"/batches/{batch.id}/refuse", {"reason": ""}).status == 422
    assert finance.post(f"/batches/{batch.id}/refuse", {"reason": "Feil konto"}).status == 303
    assert "Feil konto" in finance.get(f"/batches/{batch.id}").words
    assert finance.get(f"/api/claims/{first}/S1").json["state"] == "attested"


def test_finance_uploads_the_banks_answer_straight_to_the_bucket(aws: Wiring) -> None:
    finance = visit_office(aws).sign_in("finance")
    fields = finance.post_json("/api/bank-files").json["form"]["fields"]
    assert fields["key"].startswith("bank/kifk2/")
    page = finance.get("/batches")
    assert 'name="success_action_redirect"' in page.text
    staff = visit_office(aws).sign_in("staff")
    assert 'enctype="multipart/form-data"' not in staff.get("/batches").text


def test_only_files_that_were_accepted_are_served(aws: Wiring) -> None:
    receipt = send_in(aws)
    file, _ = receive_files.promise_file(
        read(aws, receipt.id),
        file_id="abcdef0123456789",
        purpose="attachments",
        name="Plan æøå.pdf",
        at=oslo("2026-03-21T10:00:00"),
        records=aws.records,
        uploads=aws.uploads,
    )
    browser = visit_office(aws).sign_in("reviewer", email=VERA)
    give(aws, receipt.id)
    address = f"/applications/{receipt.id}/files/{file.id}"
    assert browser.get(address).status == 409
    known = file.but(revision=1, state="accepted", sha256="abc")
    boto3.client("s3").put_object(Bucket=aws.archive.name, Key=known.accepted_key, Body=b"%PDF-")
    aws.records.write(Put(known))
    answer = browser.get(address)
    assert (answer.status, f"/{known.accepted_key}?" in answer.location) == (302, True)
    assert "Plan_" in answer.location
    assert browser.get(f"/claims/{receipt.id}/S1/receipts/{file.id}").status == 403
    staff = visit_office(aws).sign_in("staff")
    assert staff.get(f"/claims/{receipt.id}/S1/receipts/{file.id}").status == 404
