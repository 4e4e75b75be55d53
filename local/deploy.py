"""Deploys `template.yaml` to the emulator.

Functions run on the emulator's own interpreter, so layers are those built for it. Queues give a
failed message back after seconds, so that a season need not wait for minutes. TTL is switched on
afterwards: the emulator leaves it off.
"""

import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import WaiterError

from local.emulator import PYTHON, Emulator, EmulatorError
from local.gaps import fit
from local.transform import REGION, ROOT, Template, code_folders, read_template, translate

STACK_NAME = "kulturkontor"
API_IDS = {"PortalApi": "0000a001", "OfficeApi": "0000a002"}
_FOR_AWS = ROOT / "build" / "layers"
_FOR_EMULATOR = ROOT / "build" / "local"
_CODE_BUCKET = "code"
_RETRY_AFTER_SECONDS = 20

PARAMETERS = {
    "Stage": "dev",
    "SenderAddress": "kontor@example.org",
    "SenderIdentity": "example.org",
    "ReplyToAddress": "svar@example.org",
    "StaffAddress": "stab@example.org",
    "FinanceAddress": "okonomi@example.org",
    "CopyToPostmottak": "false",
    "SimulatedClock": "true",
    "ScheduleState": "DISABLED",
    "ScanUploads": "false",
    "LoginDomain": "kulturkontor-local",
    "Architecture": "x86_64",
}


def client(emulator: Emulator, service: str) -> Any:
    """A client of the emulator, as its account's root."""
    make = cast(Callable[..., Any], boto3.client)
    return make(
        service,
        endpoint_url=emulator.url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator's fixed credentials
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20, read_timeout=910),
    )


def deploy(emulator: Emulator, *, mail_url: str | None = None) -> Template:
    """Creates the stack; send_mail hands its mail to `mail_url`, or else to the emulator itself."""
    template = read_template()
    places = _upload_code(emulator, template)
    translated = translate(
        template, lambda logical: {"Bucket": _CODE_BUCKET, "Key": places[logical]}
    )
    _create(emulator, fit(translated, API_IDS, mail_url))
    _adjust(emulator, translated)
    return translated


def _upload_code(emulator: Emulator, template: Template) -> dict[str, str]:
    storage = client(emulator, "s3")
    storage.create_bucket(
        Bucket=_CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    places = {}
    for logical, folder in code_folders(template).items():
        places[logical] = f"{logical}.zip"
        storage.put_object(Bucket=_CODE_BUCKET, Key=places[logical], Body=_packed(folder))
    return places


def _packed(folder: Path) -> bytes:
    """A folder of ours with its modules compiled, once for all workers; a built one as it is."""
    if folder.is_relative_to(_FOR_AWS):
        folder = _FOR_EMULATOR / folder.relative_to(_FOR_AWS)
        if not folder.is_dir():
            raise EmulatorError(f"{folder.relative_to(ROOT)} is missing: run `make setup`")
        return _zipped(folder)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "code"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run(  # noqa: S603 - our own interpreter and folder
            [PYTHON, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", copy],
            check=True,
        )
        return _zipped(copy)


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.writestr(zipfile.ZipInfo(str(file.relative_to(folder))), file.read_bytes())
    return packed.getvalue()


def _create(emulator: Emulator, template: Template) -> None:
    formation = client(emulator, "cloudformation")
    parameters = PARAMETERS | {
        "PublicUrl": emulator.api_url(API_IDS["PortalApi"]),
        "OfficeUrl": emulator.api_url(API_IDS["OfficeApi"]),
        "LoginUrl": f"http://localhost:{emulator.port}",
    }
    storage = client(emulator, "s3")
    storage.put_object(Bucket=_CODE_BUCKET, Key="template.json", Body=json.dumps(template).encode())
    formation.create_stack(
        StackName=STACK_NAME,
        TemplateURL=f"{emulator.url}/{_CODE_BUCKET}/template.json",
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    try:
        formation.get_waiter("stack_create_complete").wait(
            StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
    except WaiterError as fault:
        events = formation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
        reasons = [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
        ]
        raise EmulatorError(
            f"the template was not deployed: {'; '.join(reversed(reasons))}"
        ) from fault


def _adjust(emulator: Emulator, template: Template) -> None:
    formation = client(emulator, "cloudformation")
    queues = client(emulator, "sqs")
    resources = formation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    places = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    for logical, resource in template["Resources"].items():
        if resource["Type"] == "AWS::SQS::Queue" and "VisibilityTimeout" in resource["Properties"]:
            queues.set_queue_attributes(
                QueueUrl=places[logical],
                Attributes={"VisibilityTimeout": str(_RETRY_AFTER_SECONDS)},
            )
    lifetime = template["Resources"]["Table"]["Properties"]["TimeToLiveSpecification"]
    client(emulator, "sesv2").create_email_identity(EmailIdentity=PARAMETERS["SenderIdentity"])
    client(emulator, "dynamodb").update_time_to_live(
        TableName=places["Table"], TimeToLiveSpecification=lifetime
    )
