"""The OpenAPI 3.1 description of the JSON API, made from its routes and the models they take and
give.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from kulturkontor.application_form import Answers
from kulturkontor.web import portal_api, portal_claim_api, portal_new_link, portal_place_api
from kulturkontor.web.answers import PROBLEM, Answer, as_json
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

_REFERENCE = "#/components/schemas/{model}"


class FieldProblem(BaseModel):
    """`field` is the path within `answers`, or within the body where there are none."""

    field: str
    code: str
    message: str


class Problem(BaseModel):
    """RFC 9457. `detail` and `message` are in the language of `lang`, of the body, or of
    Accept-Language.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldProblem, ...]


def show_description(request: Request) -> Answer:
    return as_json(describe(request.doors.public_url))


ROUTE = Route(
    method="GET",
    path="/api/openapi.json",
    answer=show_description,
    summary="This description",
    gives={200: None},
)
ROUTES: tuple[Route, ...] = (
    *portal_api.ROUTES,
    *portal_place_api.ROUTES,
    *portal_claim_api.ROUTES,
    *portal_new_link.API_ROUTES,
    ROUTE,
)


@cache
def describe(public_url: str) -> dict[str, Any]:
    names, schemas = _schemas(ROUTES)
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.openapi_path, {})[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kulturkontor", "version": "1"},
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "link": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The last part of the secret link in the mail",
                }
            },
        },
    }


def _operation(route: Route, names: Mapping[type[BaseModel], str]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.answer.__name__,
        "summary": route.summary,
        "parameters": [
            *(_parameter("path", name, "") for name in route.parameters),
            *(_parameter("header", name, text) for name, text in route.headers.items()),
            {"in": "query", "name": "lang", "schema": {"enum": ["nb", "nn"]}},
        ],
        "responses": {
            **{str(status): _gives(status, names, kind) for status, kind in route.gives.items()},
            **{str(status): _refuses(status, names) for status in sorted(set(route.refuses))},
        },
    }
    if route.takes:
        content = {"application/json": {"schema": _refer(names, route.takes)}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.needs_link:
        operation["security"] = [{"link": []}]
    return operation


def _parameter(where: str, name: str, text: str) -> dict[str, Any]:
    described = {"description": text} if text else {}
    return {"in": where, "name": name, "required": True, "schema": {"type": "string"}, **described}


def _gives(
    status: int, names: Mapping[type[BaseModel], str], kind: type[BaseModel] | None
) -> dict[str, Any]:
    schema = _refer(names, kind) if kind else {"type": "object"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": schema}},
    }


def _refuses(status: int, names: Mapping[type[BaseModel], str]) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {PROBLEM: {"schema": _refer(names, Problem)}},
    }


def _refer(names: Mapping[type[BaseModel], str], kind: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=names[kind])}


def _schemas(routes: Iterable[Route]) -> tuple[dict[type[BaseModel], str], dict[str, Any]]:
    """Each model's name, and all of their schemas; bodies as they are sent."""
    kinds: dict[type[BaseModel], None] = {Problem: None, Answers: None}
    for route in routes:
        kinds |= dict.fromkeys([route.takes] if route.takes else [])
        kinds |= dict.fromkeys(each for each in route.gives.values() if each)
    references, together = models_json_schema(
        [(kind, "validation") for kind in kinds], ref_template=_REFERENCE
    )
    names = {
        kind: str(references[(kind, "validation")]["$ref"]).rsplit("/", 1)[1] for kind in kinds
    }
    return names, together["$defs"]
