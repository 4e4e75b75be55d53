"""What the emulator lacks, made up for in the translated template. Nothing else is changed in it.

Routes inside an HTTP API's OpenAPI body are not imported: they become resources. It speaks plain
HTTP on loopback, so bucket policies that insist on TLS are left out. It asks for rights to send
mail on `*`, whatever the sender's identity, and for a right of its own to send messages in batches.
Everything else the policies say is enforced as written.
"""

from collections.abc import Iterator
from typing import Any

from local.transform import Template


def fit(template: Template, api_ids: dict[str, str], mail_url: str | None) -> Template:
    """The template with each API under a known id; send_mail hands its mail to `mail_url`."""
    resources = {
        logical: _readable(resource) if resource["Type"] == "AWS::IAM::Role" else resource
        for logical, resource in template["Resources"].items()
        if resource["Type"] != "AWS::S3::BucketPolicy"
    }
    for logical, api_id in api_ids.items():
        resources |= _routed(logical, resources[logical], api_id)
    if mail_url:
        resources["SendMailFunction"] = _with_variable(
            resources["SendMailFunction"], "AWS_ENDPOINT_URL_SESV2", mail_url
        )
    return template | {"Resources": resources}


def _routed(logical: str, api: dict[str, Any], api_id: str) -> dict[str, Any]:
    kept = {k: v for k, v in api["Properties"].items() if k not in {"Body", "FailOnWarnings"}}
    named = {"Name": logical, "ProtocolType": "HTTP", "Tags": {"ms-custom-id": api_id}}
    routed: dict[str, Any] = {logical: api | {"Properties": kept | named}}
    for number, (key, uri) in enumerate(_routes(api["Properties"]["Body"]["paths"])):
        routed[f"{logical}Integration{number}"] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": logical},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": uri,
                "PayloadFormatVersion": "2.0",
            },
        }
        routed[f"{logical}Route{number}"] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": logical},
                "RouteKey": key,
                "Target": {"Fn::Sub": f"integrations/${{{logical}Integration{number}}}"},
            },
        }
    return routed


def _routes(paths: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            uri = operation["x-amazon-apigateway-integration"]["uri"]
            verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
            yield "$default" if path == "/$default" else f"{verb} {path}", uri


def _readable(role: dict[str, Any]) -> dict[str, Any]:
    """The role with its rights in the emulator's words."""
    policies = [
        policy
        | {
            "PolicyDocument": {
                "Statement": [_said(s) for s in policy["PolicyDocument"]["Statement"]]
            }
        }
        for policy in role["Properties"].get("Policies", [])
    ]
    return role | {"Properties": role["Properties"] | {"Policies": policies}}


def _said(statement: dict[str, Any]) -> dict[str, Any]:
    if "ses:SendEmail" in statement["Action"]:
        return statement | {"Resource": "*"}
    if statement["Action"] == "sqs:SendMessage":
        return statement | {"Action": ["sqs:SendMessage", "sqs:SendMessageBatch"]}
    return statement


def _with_variable(function: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    variables = function["Properties"]["Environment"]["Variables"] | {name: value}
    return function | {
        "Properties": function["Properties"] | {"Environment": {"Variables": variables}}
    }
