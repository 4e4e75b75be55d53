"""Records and files are kept, private, and touched only by the functions they concern."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

Resources = dict[str, Any]
BUCKETS = ("UploadsBucket", "OfficeBucket", "ArchiveBucket")


def _statements(resources: Resources) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement that allows something, with the logical id it stands in."""
    for logical, resource in resources.items():
        properties = resource.get("Properties", {})
        documents = [
            p["PolicyDocument"]
            for p in properties.get("Policies", [])
            if resource["Type"] == "AWS::IAM::Role"
        ]
        if resource["Type"] in {
            "AWS::IAM::ManagedPolicy",
            "AWS::SQS::QueuePolicy",
            "AWS::S3::BucketPolicy",
        }:
            documents.append(properties["PolicyDocument"])
        for document in documents:
            for statement in document["Statement"]:
                chosen = statement["Fn::If"][1] if "Fn::If" in statement else statement
                yield logical, chosen


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


NO_RESOURCE = {"ses:GetAccount"}
"""Actions that AWS knows no resource for."""


def test_no_policy_allows_every_action_or_every_resource(resources: Resources) -> None:
    wide = [
        (logical, statement)
        for logical, statement in _statements(resources)
        if statement["Effect"] == "Allow"
        and (
            ("*" in _listed(statement["Resource"]) and statement["Action"] not in NO_RESOURCE)
            or any(str(action).endswith("*") for action in _listed(statement["Action"]))
        )
    ]
    assert wide == []


def test_only_send_mail_may_send_mail(resources: Resources) -> None:
    senders = {
        logical: sorted(_listed(statement["Action"]))
        for logical, statement in _statements(resources)
        if any(str(action).startswith("ses:Send") for action in _listed(statement["Action"]))
    }
    assert senders == {"SendMailFunctionRole": ["ses:SendEmail", "ses:SendRawEmail"]}


def test_only_erase_expired_may_delete_files(resources: Resources) -> None:
    deleters = {
        logical
        for logical, statement in _statements(resources)
        if any(str(action).startswith("s3:Delete") for action in _listed(statement["Action"]))
    }
    assert deleters == {"EraseExpiredFunctionRole"}


@pytest.mark.parametrize("bucket", BUCKETS)
def test_buckets_are_private_versioned_encrypted_and_kept(
    resources: Resources, bucket: str
) -> None:
    resource = resources[bucket]
    properties = resource["Properties"]
    encryption = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert (
        resource["DeletionPolicy"],
        resource["UpdateReplacePolicy"],
        properties["VersioningConfiguration"],
        set(properties["PublicAccessBlockConfiguration"].values()),
        len(properties["PublicAccessBlockConfiguration"]),
        encryption,
    ) == (
        "Retain",
        "Retain",
        {"Status": "Enabled"},
        {True},
        4,
        [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
    )


@pytest.mark.parametrize("bucket", BUCKETS)
def test_buckets_refuse_whatever_does_not_come_by_tls(resources: Resources, bucket: str) -> None:
    (statement,) = resources[f"{bucket}Policy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement == {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [
            {"Fn::GetAtt": [bucket, "Arn"]},
            {"Fn::Sub": f"${{{bucket}.Arn}}/*"},
        ],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_the_table_is_kept_and_can_be_set_back(resources: Resources) -> None:
    table = resources["Table"]
    assert (
        table["DeletionPolicy"],
        table["UpdateReplacePolicy"],
        table["Properties"]["PointInTimeRecoverySpecification"],
        table["Properties"]["TimeToLiveSpecification"],
    ) == (
        "Retain",
        "Retain",
        {"PointInTimeRecoveryEnabled": True},
        {"AttributeName": "expires_at", "Enabled": True},
    )


def test_queues_are_encrypted(resources: Resources) -> None:
    plain = [
        logical
        for logical, resource in resources.items()
        if resource["Type"] == "AWS::SQS::Queue"
        and resource["Properties"].get("SqsManagedSseEnabled") is not True
    ]
    assert plain == []


@pytest.mark.parametrize(
    ("parameter", "allowed"), [("SimulatedClock", "false"), ("ScanUploads", "true")]
)
def test_production_refuses_what_is_for_tests(
    written: dict[str, Any], parameter: str, allowed: str
) -> None:
    rules = [
        rule
        for rule in written["Rules"].values()
        if rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    ]
    asserted = [assertion["Assert"] for rule in rules for assertion in rule["Assertions"]]
    assert {"Fn::Equals": [{"Ref": parameter}, allowed]} in asserted


def test_sign_in_needs_no_secret_and_sends_codes_only_to_the_office(resources: Resources) -> None:
    client = resources["UserPoolClient"]["Properties"]
    assert (
        client["GenerateSecret"],
        client["AllowedOAuthFlows"],
        client["CallbackURLs"],
        resources["UserPool"]["Properties"]["AdminCreateUserConfig"],
    ) == (
        False,
        ["code"],
        [{"Fn::Sub": "${OfficeUrl}/callback"}],
        {"AllowAdminCreateUserOnly": True},
    )


def test_real_inboxes_are_written_to_in_production_only(written: dict[str, Any]) -> None:
    assert written["Rules"]["OnlyProductionWritesToPostmottak"]["RuleCondition"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}]
    }
    assert written["Rules"]["OnlyProductionWritesToPostmottak"]["Assertions"][0]["Assert"] == {
        "Fn::Equals": [{"Ref": "CopyToPostmottak"}, "false"]
    }


def test_nothing_refers_to_an_address_that_is_only_known_after_deployment(
    resources: Resources,
) -> None:
    """An alarm may: it counts by the API's id, and nothing depends on an alarm."""
    may = ("AWS::ApiGatewayV2::", "AWS::Lambda::Permission", "AWS::CloudWatch::Alarm")
    referring = [
        logical
        for logical, resource in resources.items()
        if not resource["Type"].startswith(may)
        and ("PortalApi'" in str(resource) or "OfficeApi'" in str(resource))
    ]
    assert referring == []


def test_people_of_the_office_sign_in_by_code_and_cannot_change_their_own_address(
    resources: Resources,
) -> None:
    client = resources["UserPoolClient"]["Properties"]
    assert {
        name: client[name]
        for name in (
            "AllowedOAuthFlows",
            "AllowedOAuthScopes",
            "GenerateSecret",
            "ExplicitAuthFlows",
            "PreventUserExistenceErrors",
        )
    } == {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email"],
        "GenerateSecret": False,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "PreventUserExistenceErrors": "ENABLED",
    }
    assert client["WriteAttributes"]["Fn::If"] == ["HasFederation", ["name", "email"], ["name"]]
    pool = resources["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


def test_production_asks_for_two_factors(written: Resources) -> None:
    (rule,) = written["Rules"]["ProductionAsksLocalUsersForTwoFactors"]["Assertions"]
    assert rule["Assert"] == {"Fn::Equals": [{"Ref": "LocalUsersMfa"}, "ON"]}
    pool = written["Resources"]["UserPool"]["Properties"]
    assert pool["MfaConfiguration"] == {"Ref": "LocalUsersMfa"}


@pytest.mark.parametrize(
    ("issuer", "is_one_tenants"),
    [
        ("", True),
        ("https://login.microsoftonline.com/5d5b8f8e-0000-4000-8000-000000000000/v2.0", True),
        ("https://login.microsoftonline.com/common/v2.0", False),
        ("https://login.microsoftonline.com/organizations/v2.0", False),
        ("https://login.microsoftonline.com/consumers", False),
        ("http://login.example.org", False),
    ],
)
def test_the_employers_accounts_are_of_one_tenant(
    written: Resources, issuer: str, is_one_tenants: bool
) -> None:
    pattern = written["Parameters"]["FederatedIssuer"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, issuer)) is is_one_tenants
    assert written["Parameters"]["FederatedClientSecret"]["NoEcho"] is True


def test_accounts_are_made_and_shut_only_in_the_own_pool_and_by_whom_it_takes(
    resources: Resources,
) -> None:
    found = {
        logical: (set(_listed(statement["Action"])), statement["Resource"])
        for logical, statement in _statements(resources)
        if any(str(action).startswith("cognito-idp:") for action in _listed(statement["Action"]))
    }
    pool = [{"Fn::GetAtt": ["UserPool", "Arn"]}]
    follow = {"ListUsers", "AdminDisableUser", "AdminEnableUser", "AdminUserGlobalSignOut"}
    assert found == {
        "ServeOfficeFunctionRole": (
            {f"cognito-idp:{each}" for each in {"AdminCreateUser", *follow}},
            pool,
        ),
        "SweepFunctionRole": ({f"cognito-idp:{each}" for each in follow}, pool),
    }
