"""Deploys `template.yaml` to the emulator, or brings what is deployed there up to date.

Queues give a failed message back after seconds, so that a season need not wait for minutes. TTL is
switched on afterwards: the emulator leaves it off.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

from local.emulator import Emulator, EmulatorError
from local.gaps import fit
from local.packing import packed
from local.transform import REGION, Template, code_folders, read_template, translate

STACK_NAME = "kulturkontor"
API_IDS = {"PortalApi": "0000a001", "OfficeApi": "0000a002"}
_CODE_BUCKET = "code"
_RETRY_AFTER_SECONDS = 20

PARAMETERS = {
    "Stage": "dev",
    "SenderAddress": "kontor@example.org",
    "SenderIdentity": "example.org",
    "ReplyToAddress": "svar@example.org",
    "StaffAddress": "stab@example.org",
    "FinanceAddress": "okonomi@example.org",
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
    """Deploys; send_mail hands its mail to `mail_url`, or else to the emulator itself."""
    template = read_template()
    keys = _upload_code(emulator, template)
    translated = translate(template, lambda logical: {"Bucket": _CODE_BUCKET, "Key": keys[logical]})
    _write_stack(emulator, fit(translated, API_IDS, mail_url))
    _adjust(emulator, translated)
    return translated


def _upload_code(emulator: Emulator, template: Template) -> dict[str, str]:
    storage = client(emulator, "s3")
    place = {"LocationConstraint": REGION}
    if _CODE_BUCKET not in {each["Name"] for each in storage.list_buckets()["Buckets"]}:
        storage.create_bucket(Bucket=_CODE_BUCKET, CreateBucketConfiguration=place)
    keys = {}
    for logical, folder in code_folders(template).items():
        code = packed(folder)
        keys[logical] = f"{logical}-{hashlib.sha256(code).hexdigest()[:16]}.zip"
        storage.put_object(Bucket=_CODE_BUCKET, Key=keys[logical], Body=code)
    return keys


def _write_stack(emulator: Emulator, template: Template) -> None:
    parameters = PARAMETERS | {
        "PublicUrl": emulator.api_url(API_IDS["PortalApi"]),
        "OfficeUrl": emulator.api_url(API_IDS["OfficeApi"]),
        "LoginUrl": f"http://localhost:{emulator.port}",
    }
    body = json.dumps(template).encode()
    client(emulator, "s3").put_object(Bucket=_CODE_BUCKET, Key="template.json", Body=body)
    formation = client(emulator, "cloudformation")
    known = formation.list_stacks()["StackSummaries"]
    verb = "update" if STACK_NAME in {each["StackName"] for each in known} else "create"
    try:
        getattr(formation, f"{verb}_stack")(
            StackName=STACK_NAME,
            TemplateURL=f"{emulator.url}/{_CODE_BUCKET}/template.json",
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        formation.get_waiter(f"stack_{verb}_complete").wait(
            StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
    except ClientError as fault:
        if "No updates" not in str(fault):
            raise EmulatorError(f"the template was refused: {fault}") from fault
    except WaiterError as fault:
        raise EmulatorError(f"the template was not deployed: {_reasons(formation)}") from fault


def _reasons(formation: Any) -> str:
    events = formation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
    return "; ".join(
        f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
    )


def _adjust(emulator: Emulator, template: Template) -> None:
    formation = client(emulator, "cloudformation")
    described = formation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    places = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in described}
    queues = client(emulator, "sqs")
    for logical, resource in template["Resources"].items():
        if resource["Type"] == "AWS::SQS::Queue" and "VisibilityTimeout" in resource["Properties"]:
            queues.set_queue_attributes(
                QueueUrl=places[logical],
                Attributes={"VisibilityTimeout": str(_RETRY_AFTER_SECONDS)},
            )
    mail = client(emulator, "sesv2")
    known = {each["IdentityName"] for each in mail.list_email_identities()["EmailIdentities"]}
    if PARAMETERS["SenderIdentity"] not in known:
        mail.create_email_identity(EmailIdentity=PARAMETERS["SenderIdentity"])
    table = client(emulator, "dynamodb")
    lifetime = template["Resources"]["Table"]["Properties"]["TimeToLiveSpecification"]
    status = table.describe_time_to_live(TableName=places["Table"])["TimeToLiveDescription"]
    if status["TimeToLiveStatus"] == "DISABLED":
        table.update_time_to_live(TableName=places["Table"], TimeToLiveSpecification=lifetime)
