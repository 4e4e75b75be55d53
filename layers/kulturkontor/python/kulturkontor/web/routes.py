"""A route as one value: what the portal answers, and what its description in OpenAPI is made of."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from kulturkontor.people import Right
from kulturkontor.web.answers import Answer
from kulturkontor.web.request import Request

_PART = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, kw_only=True)
class Route:
    method: str
    path: str
    """With its parts as `<name>`."""
    answer: Callable[[Request], Answer]
    summary: str = ""
    takes: type[BaseModel] | None = None
    gives: Mapping[int, type[BaseModel] | None] = field(default_factory=dict)
    refuses: tuple[int, ...] = ()
    needs_link: bool = False
    right: Right | None = Right.CONTACT
    """What the secret link must open for this route; None: any link will do."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that a request must have, each with what it is for."""

    @property
    def parameters(self) -> list[str]:
        return _PART.findall(self.path)

    @property
    def openapi_path(self) -> str:
        return _PART.sub(r"{\1}", self.path)

    def matches(self, path: str) -> bool:
        return re.fullmatch(_PART.sub("[^/]+", self.path), path) is not None
