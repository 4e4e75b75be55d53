"""The bank's answer settles the batch it names; anything else settles nothing."""

import pytest

from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import ClaimState, TravelClaim, claim_key
from kulturkontor.pain001 import message_id
from kulturkontor.payments import BatchState, PaymentBatch, PaymentState
from tests.conftest import set_clock
from tests.crash.test_payments import _report
from tests.functions.calling import APPLICATION, aws_calls, call, failed, state
from tests.office_factory import (
    FINANCE,
    admitted,
    all_mails,
    attest,
    release_batch,
    seal,
    send_claim,
)


@pytest.fixture
def released(aws: Wiring) -> PaymentBatch:
    admitted(aws)
    send_claim(aws, APPLICATION)
    attest(aws, APPLICATION)
    (batch,) = seal(aws)
    done = release_batch(aws, batch.id)
    set_clock("2026-10-07T09:00:00+02:00")
    return done


def put(here: Wiring, data: bytes) -> str:
    key = "bank/kifk2/answer.xml"
    return str(client("s3").put_object(Bucket=here.office.name, Key=key, Body=data)["VersionId"])


def answer(batch: PaymentBatch, code: str = "ACSC") -> bytes:
    return _report(message_id(batch), batch.payments[0].end_to_end_id, code)


def kept(here: Wiring, batch: PaymentBatch) -> PaymentBatch:
    found = here.records.read(PaymentBatch, batch.key)
    assert found is not None
    return found


def to_finance(here: Wiring) -> list[str]:
    return [mail.id for mail in all_mails(here).values() if mail.to == FINANCE]


def test_an_accepted_payment_is_paid_once(aws: Wiring, released: PaymentBatch) -> None:
    told = len(to_finance(aws))
    version = put(aws, answer(released))
    assert [
        failed(call("import_payment_status", "bank_answer", version_id=version)) for _ in range(2)
    ] == [0, 0]
    (payment,) = released.payments
    paid = payment.model_copy(update={"state": PaymentState.PAID, "status_reason": "ACSC"})
    assert kept(aws, released) == released.but(
        state=BatchState.SETTLED, payments=(paid,), revision=3
    )
    claim = aws.records.read(TravelClaim, claim_key(APPLICATION, "S1", 1))
    assert claim is not None
    assert (claim.state, len(to_finance(aws)) - told) == (ClaimState.PAID, 1)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<not xml", id="broken"),
        pytest.param(
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
            id="entity",
        ),
        pytest.param(_report("KIFK2-19990101-1", "nobody", "ACSC"), id="batch-of-others"),
        pytest.param(b"<x>" + b" " * 5_000_001, id="oversized"),
    ],
)
def test_what_cannot_be_used_is_told_to_finance_once_and_settles_nothing(
    aws: Wiring, released: PaymentBatch, data: bytes
) -> None:
    before, told = kept(aws, released), len(to_finance(aws))
    version = put(aws, data)
    assert [
        failed(call("import_payment_status", "bank_answer", version_id=version)) for _ in range(2)
    ] == [0, 0]
    assert (kept(aws, released), len(to_finance(aws)) - told) == (before, 1)


@pytest.mark.parametrize("case", ["other_bucket", "missing_file", "key_with_dots", "not_json"])
def test_an_event_about_no_file_of_the_bank_does_nothing(
    aws: Wiring, released: PaymentBatch, case: str
) -> None:
    version = put(aws, answer(released))
    before = state(aws)
    assert failed(call("import_payment_status", case, version_id=version)) == 1
    assert state(aws) == before


def test_the_banks_answer_takes_seven_calls(aws: Wiring, released: PaymentBatch) -> None:
    call("import_payment_status", "bank_answer", version_id=put(aws, answer(released)))
    assert aws_calls() <= 7
