"""What tests share: AWS on moto with the template's table, buckets and queues, and the wiring."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from moto import mock_aws
from moto.sesv2.responses import SESV2Response

from kulturkontor.aws import secrets, session, settings, wiring

hypothesis_settings.register_profile("patient", deadline=None)  # a busy machine is no fault
hypothesis_settings.load_profile("patient")

EVENTS = Path(__file__).parent.parent / "events"

QUEUES = ("mail", "letter", "upload", "sheet", "bank", "files")
BUCKETS = ("uploads", "office", "archive")
SENDER = "kulturkontor@example.org"

SES = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0},
}
"""What SES says of the account; moto has no answer of its own."""

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-north-1",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "POWERTOOLS_SERVICE_NAME": "kulturkontor",
    "POWERTOOLS_METRICS_NAMESPACE": "Kulturkontor",
    "STAGE": "test",
    "PROGRAMME": "kifk2",
    "TABLE_NAME": "kulturkontor-test",
    "PUBLIC_URL": "https://soknad.example.org",
    "OFFICE_URL": "https://kontor.example.org",
    "SENDER_ADDRESS": SENDER,
    "SENDER_IDENTITY": SENDER,
    "REPLY_TO_ADDRESS": "svar@example.org",
    "STAFF_ADDRESS": "stab@example.org",
    "FINANCE_ADDRESS": "okonomi@example.org",
    "COPY_TO_POSTMOTTAK": "false",
    "SCAN_UPLOADS": "false",
    "CONFIGURATION_SET": "kulturkontor",
    "LINK_SECRET_ID": "kulturkontor/links",
    "CLOCK_PARAMETER": "/kulturkontor/clock",
    "LOGIN_URL": "https://login.example.org",
    "LOGIN_ISSUER": "https://issuer.example.org/pool",
    "LOGIN_CLIENT_ID": "office",
    "USER_POOL_ID": "eu-north-1_office",
    **{f"{each.upper()}_BUCKET": f"kulturkontor-{each}" for each in BUCKETS},
}


def load_event(function: str, case: str) -> dict[str, Any]:
    """A sample event of real shape: `events/<function>/<case>.json`."""
    event: dict[str, Any] = json.loads((EVENTS / function / f"{case}.json").read_text("utf-8"))
    return event


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[wiring.Wiring]:
    """The office's wiring on an empty AWS in memory; the clock stands where `set_clock` puts it."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(SESV2Response, "get_account", lambda _: json.dumps(SES), raising=False)
    with mock_aws():
        _forget()
        for each in QUEUES:
            url = session.client("sqs").create_queue(QueueName=each)["QueueUrl"]
            monkeypatch.setenv(f"{each.upper()}_QUEUE_URL", url)
        for each in BUCKETS:
            _create_bucket(f"kulturkontor-{each}")
        _create_table("kulturkontor-test")
        session.client("secretsmanager").create_secret(
            Name="kulturkontor/links", SecretString="a key for tests only"
        )
        set_clock("2026-03-20T10:00:00+01:00")
        session.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        session.client("sesv2").create_configuration_set(ConfigurationSetName="kulturkontor")
        wiring.wiring().current_programme.refresh()
        session.calls.clear()
        yield wiring.wiring()
    _forget()


def set_clock(moment: str) -> None:
    """Move the simulated clock that the functions read."""
    session.client("ssm").put_parameter(
        Name=ENVIRONMENT["CLOCK_PARAMETER"], Value=moment, Type="String", Overwrite=True
    )


def messages(url: str) -> list[dict[str, Any]]:
    """What lies in a queue, taken out."""
    found = []
    while (
        batch := session.client("sqs")
        .receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        .get("Messages")
    ):
        for each in batch:
            session.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
            found.append(json.loads(each["Body"]))
    return found


def _forget() -> None:
    """What a process keeps; its clients it may keep from test to test, as they are slow to make."""
    for cached in (settings.settings, wiring.wiring, secrets.link_key):
        cached.cache_clear()
    session.calls.clear()


def _create_bucket(name: str) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def _create_table(name: str) -> None:
    attributes = {"pk": "S", "sk": "S", "work": "S", "since": "S"}
    session.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": kind} for key, kind in attributes.items()
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "open-work",
                "KeySchema": [
                    {"AttributeName": "work", "KeyType": "HASH"},
                    {"AttributeName": "since", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
