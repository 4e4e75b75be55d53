from typing import Any

import pytest

from kulturkontor.web import portal
from kulturkontor.web.openapi import ROUTES
from tests.web.portal_visitor import Visitor


@pytest.fixture
def described(visitor: Visitor) -> dict[str, Any]:
    seen = visitor.get("/api/openapi.json")
    assert seen.status == 200
    found: dict[str, Any] = seen.json
    return found


def test_every_route_of_the_api_is_described_and_the_reverse(described: dict[str, Any]) -> None:
    operations = {
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods
    }
    served = {
        (route.method, route.openapi_path)
        for area in portal.AREAS
        for route in portal.routes_of(area)
        if route.path.startswith("/api/")
    }
    assert operations == served


def test_every_route_says_what_it_gives(described: dict[str, Any]) -> None:
    assert [route.path for route in ROUTES if not route.summary or not route.gives] == []
    names = [
        each["operationId"] for methods in described["paths"].values() for each in methods.values()
    ]
    assert len(names) == len(set(names))


def test_what_needs_a_link_says_so(described: dict[str, Any]) -> None:
    secured = {
        (path, method)
        for path, methods in described["paths"].items()
        for method, each in methods.items()
        if each.get("security") == [{"link": []}]
    }
    assert secured == {
        (path, method)
        for path, methods in described["paths"].items()
        for method in methods
        if "{application_id}" in path
    }


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(references(each) for each in value))
    return set()


def test_every_reference_leads_to_a_schema(described: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert references(described) - known == set()
    assert "#/components/schemas/Answers" in known


def test_description_is_of_the_version_it_says(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "https://soknad.example.org"}]
