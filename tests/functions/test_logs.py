"""No log line names a person, an address or an account, whatever a function meets."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from moto.backends import get_backend

from kulturkontor.actions import apply
from kulturkontor.actions.answer import register_participants
from kulturkontor.actions.claim import submit_claim
from kulturkontor.aws.invocation import logger
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from tests.conftest import load_event, set_clock
from tests.functions.calling import Context, call, failed, handler
from tests.office_factory import (
    accept,
    all_mails,
    answers,
    attest,
    claim_body,
    decide_all,
    group,
    hand_over,
    let_begin,
    oslo,
    release_batch,
    seal,
)

NAME, ADDRESS, ACCOUNT = "Kanariana Fuglesang", "kanariana@example.org", "99990012349"
CANARIES = ("kanariana", "fuglesang", ACCOUNT, "9999 00 12349", "9999.00.12349", "Hemmeleg grunn")
TICKS = (
    "send_staff_summary",
    "close_applications",
    "prepare_letters",
    "remind",
    "settle_travel",
    "sweep",
    "erase_expired",
)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that the functions' own logger and anybody else's writes."""
    written = StringIO()
    plain = logging.StreamHandler(written)
    plain.setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(plain)
    own = logging.StreamHandler(written)
    own.setFormatter(logger.registered_formatter)
    logger.addHandler(own)
    yield written
    root.removeHandler(plain)
    logging.getLogger("kulturkontor").removeHandler(own)


def deliver(function: str, *bodies: Any) -> int:
    """These messages, in the envelope of a sample event."""
    event = load_event(function, _CASES[function])
    record = event["Records"][0]
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    event["Records"] = [
        {**record, "messageId": f"m{number}", "body": text} for number, text in enumerate(texts)
    ]
    return failed(handler(function)(event, Context()))


_CASES = {
    "send_mail": "mail",
    "issue_letter": "letter",
    "record_delivery": "bounce_permanent",
    "inspect_upload": "attachment",
    "import_sheet": "decisions",
    "import_payment_status": "bank_answer",
}


def season(here: Wiring) -> str:
    """From application to payment, by the functions as far as they do it."""
    contact = {"name": NAME, "role": "rektor", "email": ADDRESS}
    receipt = apply.start(
        answers(contact=contact),
        key="key-of-4601",
        submit=True,
        received_at=oslo("2026-03-20T10:00:00"),
        suspect=False,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    decide_all(here, [("KFK2-2026-4601", Outcome.ADMITTED)], reason="Hemmeleg grunn.")
    set_clock("2026-04-30T09:00:00+02:00")
    let_begin(here)
    call("prepare_letters", "tick")
    assert deliver("issue_letter", {"programme": "kifk2", "application": receipt.id}) == 0
    hand_over(here, receipt.id)
    accept(here, receipt.id)
    register_participants(
        receipt.id,
        group(),
        by="municipality",
        at=oslo("2026-05-20T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    submit_claim(
        receipt.id,
        "S1",
        claim_body(),
        received_at=oslo("2026-09-30T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    attest(here, receipt.id)
    (batch,) = seal(here)
    release_batch(here, batch.id)
    return receipt.id


def test_a_whole_season_and_its_faults_log_no_personal_data(aws: Wiring, log: StringIO) -> None:
    application_id = season(aws)
    mails = [{"programme": "kifk2", "mail": mail_id} for mail_id in all_mails(aws)]
    assert deliver("send_mail", *mails) == 0
    for case in ("bounce_permanent", "complaint", "delivery_delay"):
        event = load_event("record_delivery", case)
        body = event["Records"][0]["body"].replace("kontakt-4601@example.org", ADDRESS)
        assert deliver("record_delivery", body) == 0
    broken = {"name": NAME, "email": ADDRESS, "account": ACCOUNT}
    for function in _CASES:
        assert deliver(function, broken, f"{NAME} <{ADDRESS}>", [NAME, ACCOUNT]) == 3
    for name in ("bank/kifk2/answer.xml", "sheets/kifk2/decisions/sheet0001"):
        client("s3").put_object(
            Bucket=aws.office.name, Key=name, Body=f"<x>{NAME} {ACCOUNT}</x>".encode()
        )
    call("import_payment_status", "bank_answer", version_id="null")
    for function in TICKS:
        call(function, "tick")
    get_backend("ses")["123456789012"]["eu-north-1"].email_identities.clear()
    late = [{"programme": "kifk2", "mail": each.id} for each in all_mails(aws).values()]
    deliver("send_mail", *late)
    _spoil(aws, application_id)
    with pytest.raises(ValueError, match="validation error") as spoilt:
        call("erase_expired", "tick")
    text = log.getvalue() + str(spoilt.value)
    assert "message_failed" in text
    assert text.count('"invocation"') > 20
    assert [each for each in CANARIES if each.lower() in text.lower()] == []


def _spoil(here: Wiring, application_id: str) -> None:
    """A record that cannot be read: what the fault says of it stands in Lambda's own log."""
    key = {"pk": {"S": "PROGRAMME#kifk2"}, "sk": {"S": f"APPLICATION#{application_id}"}}
    client("dynamodb").update_item(
        TableName=here.records.name,
        Key=key,
        UpdateExpression="SET body = :body",
        ExpressionAttributeValues={":body": {"S": json.dumps({"reference": [NAME, ADDRESS]})}},
    )
