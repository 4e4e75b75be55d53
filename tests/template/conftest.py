"""The template as it is written and as it is deployed, read once."""

from typing import Any

import pytest

from local.transform import read_template, translated


@pytest.fixture(scope="session")
def written() -> dict[str, Any]:
    return read_template()


@pytest.fixture(scope="session")
def resources() -> dict[str, Any]:
    """The resources of the deployed form, by logical id."""
    found: dict[str, Any] = translated()["Resources"]
    return found
