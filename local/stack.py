"""The deployed system as a driver sees it: addresses, clock, functions, queues, mail and files."""

import json
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from local.deploy import API_IDS, STACK_NAME, client, deploy
from local.emulator import ACCOUNT, Emulator, running
from local.post_office import Mail, PostOffice
from local.ses_events import Delivery, ses_event
from local.transform import REGION, Template

# What comes of a queue's work lies in those after it: one look in this order misses nothing.
QUEUES = (
    *("SheetQueue", "BankQueue", "UploadQueue", "LetterQueue", "FilesQueue"),
    *("MailQueue", "DeliveryQueue"),
)
_WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class FunctionError(RuntimeError):
    """A deployed function failed; the message is its own."""


class NotSettledError(RuntimeError):
    """Work is still waiting or in hand after the time given; the message says in which queues."""


class Stack:
    """One deployment. Functions are named as their folders, buckets and queues by logical id."""

    def __init__(self, emulator: Emulator, post_office: PostOffice, template: Template) -> None:
        self.emulator = emulator
        self.post_office = post_office
        self.template = template
        self.portal_url = emulator.api_url(API_IDS["PortalApi"])
        self.office_url = emulator.api_url(API_IDS["OfficeApi"])
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = client(self.emulator, service)
        return self._clients[service]

    @cached_property
    def places(self) -> dict[str, str]:
        """The physical id of each resource by its logical id."""
        described = self.client("cloudformation").describe_stack_resources(StackName=STACK_NAME)
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for each in described["StackResources"]
        }

    # Functions

    def invoke(self, function: str, event: object) -> Any:
        """What the function returns; raises FunctionError with its message if it fails."""
        answer = self.client("lambda").invoke(
            FunctionName=f"{STACK_NAME}-{function.replace('_', '-')}",
            Payload=json.dumps(event).encode(),
        )
        result = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise FunctionError(f"{function}: {result.get('errorMessage', result)}")
        return result

    def aws_calls(self) -> dict[str, int]:
        """AWS calls by function since deployment, as each invocation logged them in `aws_calls`."""
        return {function: sum(self._logged(function, "aws_calls")) for function in self.functions}

    @property
    def functions(self) -> list[str]:
        kind = "AWS::Lambda::Function"
        names = [
            r["Properties"]["FunctionName"]["Fn::Sub"]
            for r in self.template["Resources"].values()
            if r["Type"] == kind
        ]
        return [name.removeprefix("${AWS::StackName}-").replace("-", "_") for name in names]

    def logs(self, function: str) -> Iterator[str]:
        """All lines the function has logged."""
        pages = (
            self.client("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=f"/aws/lambda/{STACK_NAME}-{function.replace('_', '-')}")
        )
        for page in pages:
            yield from (event["message"] for event in page["events"])

    def _logged(self, function: str, key: str) -> Iterator[int]:
        for line in self.logs(function):
            if line.startswith("{") and f'"{key}"' in line:
                yield int(json.loads(line)[key])

    # Time

    def set_clock(self, to: datetime | timedelta) -> None:
        """An instant to stand still at, or an offset from the real time that ticks on."""
        value = (
            f"offset:{int(to.total_seconds()):+d}"
            if isinstance(to, timedelta)
            else to.astimezone(UTC).isoformat()
        )
        self.client("ssm").put_parameter(
            Name=self.places["ClockParameter"], Value=value, Type="String", Overwrite=True
        )

    def clock(self) -> datetime:
        value = self.client("ssm").get_parameter(Name=self.places["ClockParameter"])
        return read_clock(value["Parameter"]["Value"])

    # Queues

    def settle(self, timeout: float = 60, *, apart_from: Collection[str] = ()) -> None:
        """Waits until no queue holds or processes anything, at most `timeout` seconds."""
        deadline = time.monotonic() + timeout
        queues = [name for name in QUEUES if name not in apart_from]
        while busy := next((name for name in queues if self._held(name)), None):
            if time.monotonic() > deadline:
                held = {name: count for name in queues if (count := self._held(name))}
                raise NotSettledError(f"after {timeout:g} s there is still work in {held or busy}")
            time.sleep(0.03)

    def failure_queues(self) -> dict[str, int]:
        """Messages in each failure queue."""
        names = [name for name in self.places if name.endswith("FailureQueue")]
        return {name: self._held(name) for name in sorted(names)}

    def _held(self, queue: str) -> int:
        attributes = self.client("sqs").get_queue_attributes(
            QueueUrl=self.places[queue], AttributeNames=list(_WAITING)
        )["Attributes"]
        return sum(int(attributes[name]) for name in _WAITING)

    def send(self, queue: str, event: object) -> None:
        self.client("sqs").send_message(QueueUrl=self.places[queue], MessageBody=json.dumps(event))

    # Mail

    def mails(self, since: int = 0) -> list[Mail]:
        """Messages handed to SES, in order, after the first `since`."""
        return self.post_office.mails(since)

    def record_delivery(self, mail: Mail, kind: Delivery, at: datetime | None = None) -> None:
        """What SES says became of a message, put where its EventBridge rule would put it."""
        event = ses_event(
            mail,
            kind,
            at=(at or self.clock()).astimezone(UTC),
            account=ACCOUNT,
            configuration_set=self.places["ConfigurationSet"],
        )
        self.send("DeliveryQueue", event)

    # Files

    def objects(self, bucket: str, prefix: str = "") -> dict[str, bytes]:
        """Keys and contents, in order of key."""
        pages = (
            self.client("s3")
            .get_paginator("list_objects_v2")
            .paginate(Bucket=self.places[bucket], Prefix=prefix)
        )
        return {
            entry["Key"]: self.read(bucket, entry["Key"])
            for page in pages
            for entry in page.get("Contents", [])
        }

    def read(self, bucket: str, key: str) -> bytes:
        content: bytes = (
            self.client("s3").get_object(Bucket=self.places[bucket], Key=key)["Body"].read()
        )
        return content

    def scan(self, key: str, verdict: str = "NO_THREATS_FOUND", at: datetime | None = None) -> None:
        """GuardDuty's verdict on an upload's newest version, put where its rule would put it."""
        bucket = self.places["UploadsBucket"]
        found = self.client("s3").head_object(Bucket=bucket, Key=key)
        event = {
            "version": "0",
            "id": f"scan-{found['VersionId']}",
            "detail-type": "GuardDuty Malware Protection Object Scan Result",
            "source": "aws.guardduty",
            "account": ACCOUNT,
            "time": (at or self.clock()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": REGION,
            "resources": [f"arn:aws:guardduty:{REGION}:{ACCOUNT}:malware-protection-plan/local"],
            "detail": {
                "schemaVersion": "1.0",
                "scanStatus": "COMPLETED",
                "resourceType": "S3_OBJECT",
                "s3ObjectDetails": {
                    "bucketName": bucket,
                    "objectKey": key,
                    "eTag": found["ETag"].strip('"'),
                    "versionId": found["VersionId"],
                    "s3Throttled": False,
                },
                "scanResultDetails": {"scanResultStatus": verdict, "threats": None},
            },
        }
        self.send("UploadQueue", event)


def read_clock(value: str) -> datetime:
    """The simulated present, from what the clock's parameter holds."""
    if value.startswith("offset:"):
        return datetime.now(UTC) + timedelta(seconds=int(value.removeprefix("offset:")))
    return datetime.fromisoformat(value)


@contextmanager
def deployed(*, ports: tuple[int, int] | None = None, state: Path | None = None) -> Iterator[Stack]:
    """A deployed stack. With `state` it is found again, brought up to date, on the same `ports`."""
    gateway, mail = ports or (None, 0)
    with running(port=gateway, state=state) as emulator:
        kept = state / "mails.jsonl" if state else None
        with PostOffice(emulator.port, port=mail, kept=kept) as post_office:
            template = deploy(emulator, mail_url=post_office.url)
            yield Stack(emulator, post_office, template)
