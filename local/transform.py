"""The deployed form of `template.yaml`: what the SAM transform makes of it, as plain
CloudFormation.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
REGION = "eu-north-1"

Template = dict[str, Any]
Location = dict[str, str]


def read_template() -> Template:
    return cast(Template, yaml_parse((ROOT / "template.yaml").read_text("utf-8")))


def code_folders(template: Template) -> dict[str, Path]:
    """Each function's and layer's folder, by logical id."""
    return {
        logical: ROOT / properties[_code_key(properties)]
        for logical, properties in _packaged(template).items()
    }


def translate(template: Template, where: Callable[[str], Location]) -> Template:
    """CloudFormation without SAM; `where` says at which bucket and key a logical id's code lies."""
    for logical, properties in _packaged(template).items():
        properties[_code_key(properties)] = where(logical)
    translator = Translator(None, Parser(), boto_session=boto3.Session(region_name=REGION))
    return cast(Template, translator.translate(template, {}, get_managed_policy_map=dict))


def translated() -> Template:
    """The deployed form with made-up places of code, to be read and checked."""
    return translate(read_template(), lambda logical: {"Bucket": "code", "Key": f"{logical}.zip"})


def _packaged(template: Template) -> dict[str, dict[str, Any]]:
    kinds = {"AWS::Serverless::Function", "AWS::Serverless::LayerVersion"}
    return {
        logical: resource["Properties"]
        for logical, resource in template["Resources"].items()
        if resource["Type"] in kinds
    }


def _code_key(properties: dict[str, Any]) -> str:
    return "CodeUri" if "CodeUri" in properties else "ContentUri"


if __name__ == "__main__":
    print(json.dumps(translated(), indent=1))
