"""The pages in areas: the code of an area is imported when somebody first asks for one of its
pages.

So a cold start pays for what is asked for, not for all that could be.
"""

import re
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NamedTuple


class Area(NamedTuple):
    """`paths`: how the paths of the area begin, as a pattern. `modules`: of `kulturkontor.web`."""

    paths: str
    modules: tuple[str, ...]

    def load(self) -> list[ModuleType]:
        return [import_module(f"kulturkontor.web.{name}") for name in self.modules]


def area_of(path: str, areas: Sequence[Area]) -> Area:
    """The first whose pattern fits; the last one of `areas` fits everything."""
    return next(each for each in areas if re.match(each.paths, path))
