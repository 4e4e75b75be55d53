"""What SES says of the account; what it does not answer is left open."""

import json

import pytest
from moto.backends import get_backend
from moto.sesv2.responses import SESV2Response

from kulturkontor.aws.sending_account import look_at_account
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.sending_account import SendingAccount
from tests.conftest import SENDER, SES

ACCOUNT = {
    "is_production": True,
    "is_sending": True,
    "most_a_day": 50_000.0,
    "sent_today": 0.0,
    "most_a_second": 14.0,
}


def identity() -> dict[str, object]:
    """Of the sender, as SES answers; moto knows no DKIM but that there is none."""
    answer: dict[str, object] = client("sesv2").get_email_identity(EmailIdentity=SENDER)
    return answer


def test_the_account_and_the_senders_identity_are_read(aws: Wiring) -> None:
    assert look_at_account(SENDER) == SendingAccount(
        **ACCOUNT, is_verified=identity()["VerifiedForSendingStatus"], is_signed=False
    )


@pytest.mark.parametrize(
    ("signing", "is_signed"),
    [
        ({"SigningEnabled": True, "Status": "SUCCESS"}, True),
        ({"SigningEnabled": True, "Status": "PENDING"}, False),
        ({"SigningEnabled": False, "Status": "SUCCESS"}, False),
        ({}, None),
    ],
)
def test_only_a_signature_that_ses_has_verified_counts(
    aws: Wiring,
    monkeypatch: pytest.MonkeyPatch,
    signing: dict[str, object],
    is_signed: bool | None,
) -> None:
    answer = json.dumps({"VerifiedForSendingStatus": True, "DkimAttributes": signing})
    monkeypatch.setattr(SESV2Response, "get_email_identity", lambda _: answer)
    assert look_at_account(SENDER) == SendingAccount(
        **ACCOUNT, is_verified=True, is_signed=is_signed
    )


def test_an_identity_that_ses_does_not_know_is_left_open(aws: Wiring) -> None:
    get_backend("ses")["123456789012"]["eu-north-1"].email_identities.clear()
    assert look_at_account("example.net") == SendingAccount(**ACCOUNT)


def test_an_account_in_the_sandbox_is_told_as_it_is(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = json.dumps(SES | {"ProductionAccessEnabled": False})
    monkeypatch.setattr(SESV2Response, "get_account", lambda _: sandbox)
    assert look_at_account(SENDER).is_production is False
