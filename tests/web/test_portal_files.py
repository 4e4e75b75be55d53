"""Files of a municipality's own: who may send, see, fetch and take back which of them."""

import base64
import hashlib
import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from kulturkontor.application_rows import put
from kulturkontor.applications import application_key
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.people import LinkHolder, Right
from kulturkontor.received_files import PROMISE, FileState, Purpose, ReceivedFile, RemovedFile
from kulturkontor.records import Put
from tests.conftest import load_event, set_clock
from tests.functions.calling import Context, failed, handler
from tests.office_factory import admitted, claim_body, oslo, read, send_claim, send_in
from tests.rules.test_uploads import a_pdf
from tests.web.portal_visitor import Seen, Visitor, handle, token_of

PERSON = "person0001"
BUCKET = "https://kulturkontor-uploads.s3.eu-north-1.amazonaws.com"
AT = oslo("2026-03-20T09:58:00")


def keep(here: Wiring, application_id: str, **changes: Any) -> ReceivedFile:
    """A file as it is kept; of an accepted one its bytes as well."""
    data = changes.pop("data", a_pdf())
    usual = {
        "id": "file000000000001",
        "application_id": application_id,
        "programme": "kifk2",
        "purpose": "attachments",
        "name": "Kulturplan.pdf",
        "promised_at": AT,
    }
    if changes.get("state") == "accepted":
        digest = hashlib.sha256(data).hexdigest()
        usual |= {"media_type": "application/pdf", "size": len(data), "sha256": digest}
    file = ReceivedFile.model_validate(usual | changes)
    here.records.write(Put(file))
    if file.state is FileState.ACCEPTED:
        here.archive.write_once(file.accepted_key, data, media_type=file.media_type)
    return file


def kept(here: Wiring, application_id: str) -> list[ReceivedFile]:
    return here.records.list(ReceivedFile, application_key(application_id).partition, "FILE#")


def share(here: Wiring, application_id: str, *rights: Right) -> None:
    """A further person with a link of their own."""
    holder = LinkHolder(
        id=PERSON,
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset(rights),
        added_at=AT,
    )
    here.records.write(*put(read(here, application_id).but(people=(holder,))))


def ask(visitor: Visitor, application_id: str, purpose: str, name: str = "plan.pdf") -> Seen:
    """As the script of a page does."""
    return visitor.ask(
        "POST",
        f"/sak/{application_id}/filer",
        body=json.dumps({"purpose": purpose, "name": name}),
        headers={"content-type": "application/json", "accept": "application/json"},
    )


def rows(seen: Seen) -> list[list[str]]:
    """What stands at each file of the list; what is only read out left out."""
    texts = ".//text()[normalize-space() and not(parent::span[@class='unseen'])]"
    found = seen.page.xpath("//ul/li[@id]")
    return [[text.strip() for text in each.xpath(texts)] for each in found]


def test_script_is_given_a_place_for_one_file_in_three_calls(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws, submit=False).id
    seen = ask(visitor.open_case(application_id), application_id, "attachments", "../Årsplan.pdf")
    (file,) = kept(aws, application_id)
    assert (seen.status, seen.calls) == (201, {"dynamodb": 3})
    assert seen.json["file"]["name"] == file.name == "Årsplan.pdf"
    assert seen.json["form"]["url"] == f"{BUCKET}/"
    assert seen.json["form"]["fields"]["key"] == file.object_key
    assert "success_action_redirect" not in seen.json["form"]["fields"]


def test_script_is_told_in_words_why_it_is_refused(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws, submit=False).id
    visitor.open_case(application_id)
    for purpose, name, status, code in (
        ("receipts", "tog.pdf", 409, "files_closed"),
        ("attachments", "", 422, "fields_invalid"),
        ("other", "plan.pdf", 422, "fields_invalid"),
    ):
        seen = ask(visitor, application_id, purpose, name)
        assert (seen.status, seen.json["code"]) == (status, code)
        assert seen.json["detail"]
    assert kept(aws, application_id) == []


def test_other_sites_cannot_ask_for_a_place(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws, submit=False).id
    seen = visitor.open_case(application_id).ask(
        "POST",
        f"/sak/{application_id}/filer",
        body='{"purpose": "attachments", "name": "plan.pdf"}',
        headers={"content-type": "application/json", "origin": "https://evil.example"},
    )
    assert (seen.status, kept(aws, application_id)) == (403, [])


def test_without_a_script_a_file_goes_straight_to_the_bucket_and_comes_back(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = send_in(aws, submit=False).id
    fields = {"purpose": "attachments", "back": "/vedlegg", "name": ""}
    pressed = visitor.open_case(application_id).post_form(f"/sak/{application_id}/fil", fields)
    (file,) = kept(aws, application_id)
    assert (pressed.status, pressed.calls, file.name) == (303, {"dynamodb": 3}, "Vedlegg 1")
    shown = visitor.get(pressed.headers["Location"])
    (form,) = shown.page.forms
    sent = dict(form.form_values())
    assert (form.get("action"), sent["key"]) == (f"{BUCKET}/", file.object_key)
    back = f"/sak/{application_id}/vedlegg?filer=sent-attachments&lang=nb"
    assert sent["success_action_redirect"] == f"https://soknad.example.org{back}"
    policy = shown.headers["Content-Security-Policy"]
    assert f"form-action 'self' {BUCKET} https://soknad.example.org" in policy
    assert form.xpath(".//input")[-1].get("name") == "file"
    assert "Filen er sendt. Vi kontrollerer den nå." in visitor.get(back).words


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Kulturplan", "Kulturplan"), ("  ", "Vedlegg 2"), ("a/b\0c.pdf", "bc.pdf")],
    ids=["typed", "blank", "not a name"],
)
def test_nobody_has_to_name_a_file(visitor: Visitor, aws: Wiring, typed: str, name: str) -> None:
    application_id = send_in(aws, submit=False).id
    keep(aws, application_id)
    fields = {"purpose": "attachments", "back": "", "name": typed}
    visitor.open_case(application_id).post_form(f"/sak/{application_id}/fil", fields)
    assert {each.name for each in kept(aws, application_id)} == {"Kulturplan.pdf", name}


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/../..", "/a b"])
def test_nobody_is_led_away(visitor: Visitor, aws: Wiring, back: str) -> None:
    application_id = send_in(aws, submit=False).id
    fields = {"purpose": "attachments", "back": back, "name": ""}
    pressed = visitor.open_case(application_id).post_form(f"/sak/{application_id}/fil", fields)
    location = pressed.headers["Location"]
    assert parse_qs(urlsplit(location).query, keep_blank_values=True)["til"] == [""]
    shown = visitor.get(location.replace("til=", f"til={back.replace(' ', '+')}"))
    sent = dict(shown.page.forms[0].form_values())
    start = f"https://soknad.example.org/sak/{application_id}?"
    assert sent["success_action_redirect"].startswith(start)


STATES: list[tuple[dict[str, Any], list[str]]] = [
    (
        {},
        ["Er filen ikke sendt ennå, kan dere sende den nå.", "Venter på kontroll", "Send", "Fjern"],
    ),
    (
        {"sha256": "ab"},
        ["Filen er kommet fram, og viruskontrollen pågår.", "Venter på kontroll", "Fjern"],
    ),
    (
        {"promised_at": AT - PROMISE},
        [
            "Vi fikk aldri filen. Fjern den herfra, og last den opp på nytt.",
            "Kom ikke fram",
            "Fjern",
        ],
    ),
    ({"state": "accepted"}, ["Tatt imot", "Last ned", "Fjern"]),
    (
        {"state": "refused", "reason": "empty"},
        [
            "Filen er tom. Åpne filen og se om den har innhold. Lagre den på nytt, og last den opp "
            "igjen.",
            "Avvist",
            "Fjern",
        ],
    ),
]


@pytest.mark.parametrize(
    ("changes", "words"), STATES, ids=["awaited", "checking", "lost", "accepted", "refused"]
)
def test_each_file_tells_how_far_it_has_come_and_what_can_be_done(
    visitor: Visitor, aws: Wiring, changes: dict[str, Any], words: list[str]
) -> None:
    application_id = send_in(aws, submit=False).id
    keep(aws, application_id, **changes)
    visitor.open_case(application_id)
    page = visitor.get(f"/sak/{application_id}/vedlegg")
    part = visitor.get(f"/sak/{application_id}/filer?slag=attachments&til=/vedlegg")
    assert (page.calls, part.calls) == ({"dynamodb": 1}, {"dynamodb": 1})
    for seen in (page, part):
        assert rows(seen) == [["Kulturplan.pdf", *words]]


def test_page_lets_its_script_send_to_the_bucket_and_nowhere_else(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = send_in(aws, submit=False).id
    visitor.open_case(application_id)
    for path in ("/vedlegg",):
        seen = visitor.get(f"/sak/{application_id}{path}")
        policy = dict(
            each.strip().split(" ", 1)
            for each in seen.headers["Content-Security-Policy"].split(";")
        )
        assert policy["connect-src"] == f"'self' {BUCKET}"
        assert policy["script-src"] == "'self'"
        assert any("/assets/upload." in each for each in seen.page.xpath("//script/@src"))


def content(visitor: Visitor, file: ReceivedFile) -> Seen:
    return visitor.get(f"/sak/{file.application_id}/fil/{file.id}/innhold")


def test_own_file_is_fetched_as_a_file_and_nothing_else(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    file = keep(aws, application_id, state="accepted", name="Årsplan.pdf")
    seen = content(visitor.open_case(application_id), file)
    told = {
        name: seen.headers[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
        )
    }
    assert (seen.status, told) == (
        200,
        {
            "Content-Type": "application/pdf",
            "Content-Disposition": (
                "attachment; filename=\"_rsplan.pdf\"; filename*=UTF-8''%C3%85rsplan.pdf"
            ),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "no-store",
        },
    )


def test_large_file_is_fetched_from_the_archive_for_a_minute(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    file = keep(aws, application_id, state="accepted", data=a_pdf() + b"\0" * 4_000_000)
    seen = content(visitor.open_case(application_id), file)
    address = urlsplit(seen.headers["Location"])
    query = parse_qs(address.query)
    assert (seen.status, address.path) == (302, f"/{file.accepted_key}")
    assert query["X-Amz-Expires"] == ["60"]
    assert query["response-content-disposition"] == ['attachment; filename="Kulturplan.pdf"']


@pytest.mark.parametrize("state", ["waiting", "refused"])
def test_what_is_not_accepted_is_not_served(visitor: Visitor, aws: Wiring, state: str) -> None:
    application_id = send_in(aws).id
    file = keep(aws, application_id, state=state, reason="malware")
    seen = content(visitor.open_case(application_id), file)
    assert (seen.status, seen.page.findtext(".//h1")) == (409, "Filen kan ikke lastes ned")


def test_what_is_put_in_place_of_an_accepted_file_is_never_served(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = send_in(aws).id
    file = keep(aws, application_id)
    _upload(aws, file, a_pdf(2))
    _upload(aws, file, b"MZ\x90 something else")
    path = f"/sak/{application_id}/fil/{file.id}/innhold"
    answer = handle(visitor.open_case(application_id).event("GET", path))
    assert base64.b64decode(answer["body"]) == a_pdf(2)


def _upload(here: Wiring, file: ReceivedFile, data: bytes) -> None:
    """The bytes come, and are looked at."""
    there = client("s3").put_object(Bucket=here.uploads.name, Key=file.object_key, Body=data)
    text = json.dumps(load_event("inspect_upload", "attachment"))
    text = text.replace("VERSION-ID", there["VersionId"])
    text = re.sub(r"attachments/[a-z0-9]+/[a-z0-9]+", file.object_key, text)
    assert failed(handler("inspect_upload")(json.loads(text), Context())) == 0


def test_a_file_is_taken_back_once_and_its_bytes_go_later(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws, submit=False).id
    file = keep(aws, application_id, state="accepted")
    path = f"/sak/{application_id}/fil/{file.id}/fjern"
    seen = visitor.open_case(application_id).post_form(path, {"back": "/vedlegg"})
    assert seen.status == 303
    location = f"/sak/{application_id}/vedlegg?filer=removed-attachments&lang=nb"
    assert seen.headers["Location"] == location
    assert "Filen er fjernet." in visitor.get(location).words
    assert kept(aws, application_id) == []
    partition = application_key(application_id).partition
    (removed,) = aws.records.list(RemovedFile, partition, "REMOVED#")
    assert (removed.id, removed.object_key) == (file.id, file.object_key)
    assert visitor.post_form(path, {"back": "/vedlegg"}).status == 404


def test_what_was_sent_with_the_application_or_claimed_stays(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    sent = keep(aws, application_id, state="accepted")
    claimed = keep(aws, application_id, state="accepted", id="receipt1", purpose="receipts")
    body = claim_body()
    body["lines"].append(
        {
            "id": "l2",
            "participant": "p2",
            "kind": "train",
            "date": "2026-09-24",
            "amount": "333,00",
            "receipt_ids": ["receipt1"],
        }
    )
    send_claim(aws, application_id, body=body)
    visitor.open_case(application_id)
    for file in (sent, claimed):
        seen = visitor.post_form(f"/sak/{application_id}/fil/{file.id}/fjern", {"back": ""})
        assert (seen.status, seen.page.findtext(".//h1")) == (409, "Filen kan ikke fjernes")
    assert {each.id for each in kept(aws, application_id)} == {sent.id, claimed.id}


PATHS: dict[Purpose, str] = {"attachments": "/vedlegg", "receipts": "/kvitteringer"}


@pytest.mark.parametrize("purpose", ["attachments", "receipts"])
@pytest.mark.parametrize("right", [Right.APPLY, Right.CLAIMS, Right.MEMBERS])
def test_a_further_person_reaches_only_the_files_of_their_right(
    visitor: Visitor, aws: Wiring, purpose: Purpose, right: Right
) -> None:
    application_id = admitted(aws) if purpose == "receipts" else send_in(aws, submit=False).id
    file = keep(aws, application_id, state="accepted", purpose=purpose)
    share(aws, application_id, right)
    visitor.open_case(application_id, person=PERSON)
    base = f"/sak/{application_id}"
    reached = [
        visitor.get(f"{base}{PATHS[purpose]}").status,
        visitor.get(f"{base}/filer?slag={purpose}").status,
        content(visitor, file).status,
        ask(visitor, application_id, purpose).status,
        visitor.post_form(f"{base}/fil", {"purpose": purpose, "back": "", "name": ""}).status,
        visitor.post_form(f"{base}/fil/{file.id}/fjern", {"back": ""}).status,
        visitor.api(
            "POST",
            f"/api/applications/{application_id}/files",
            {"purpose": purpose, "name": "plan.pdf"},
            token=token_of(application_id, person=PERSON),
        ).status,
    ]
    needed = Right.APPLY if purpose == "attachments" else Right.CLAIMS
    allowed = [200, 200, 200, 201, 303, 303, 201]
    assert reached == (allowed if right is needed else [403] * len(allowed))


@pytest.mark.parametrize("rest", ["", "/innhold"])
def test_a_file_of_another_case_is_not_there(visitor: Visitor, aws: Wiring, rest: str) -> None:
    mine, theirs = send_in(aws).id, send_in(aws, "0301").id
    file = keep(aws, theirs, state="accepted")
    seen = visitor.open_case(mine).get(f"/sak/{mine}/fil/{file.id}{rest}")
    assert seen.status == 404


def test_looking_at_files_changes_nothing(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws, submit=False).id
    waiting = keep(aws, application_id)
    accepted = keep(aws, application_id, id="file000000000002", state="accepted")
    before = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    visitor.open_case(application_id)
    for rest in (
        "/vedlegg",
        "/vedlegg?filer=sent-attachments",
        "/filer",
        f"/fil/{waiting.id}",
        f"/fil/{accepted.id}/innhold",
    ):
        assert visitor.get(f"/sak/{application_id}{rest}").status == 200
    assert visitor.get(f"/sak/{application_id}/fil/{accepted.id}").status == 303
    assert boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"] == before


def test_section_says_when_nothing_more_is_taken(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    keep(aws, application_id, state="accepted")
    seen = visitor.open_case(application_id).get(f"/sak/{application_id}/vedlegg")
    assert "Svaret på søknaden er kommet, så det kan ikke lastes opp flere" in seen.words
    assert seen.page.xpath("//form[contains(@action, '/fil')]") == []


def test_a_promise_that_has_run_out_leads_back(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws, submit=False).id
    file = keep(aws, application_id)
    set_clock((AT + PROMISE + timedelta(minutes=1)).isoformat())
    path = f"/sak/{application_id}/fil/{file.id}?til=/vedlegg"
    seen = visitor.open_case(application_id).get(path)
    assert (seen.status, re.sub(r"\?.*", "", seen.headers["Location"])) == (
        303,
        f"/sak/{application_id}/vedlegg",
    )
