"""Tables of short texts, `texts/<language>/<name>.toml`: words of sheets, codes told in words."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kulturkontor.programme import Language


@cache
def word_list(language: Language, name: str) -> Mapping[str, Any]:
    """The table of that name as it stands in its file; callers only read it."""
    file = files("kulturkontor") / "texts" / language / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8"))


@cache
def word_lists(language: Language, names: tuple[str, ...]) -> Mapping[str, Any]:
    """Several files as one table; each part of it stands in one of them only."""
    together: dict[str, Any] = {}
    for name in names:
        own = word_list(language, name)
        if twice := together.keys() & own.keys():
            raise ValueError(f"{name}: {', '.join(sorted(twice))} stands in another file as well")
        together |= own
    return together
