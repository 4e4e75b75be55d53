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
    """Several files as one table; each text stands in one of them only."""
    together: dict[str, Any] = {}
    for name in names:
        _add(together, word_list(language, name), name)
    return together


def _add(table: dict[str, Any], more: Mapping[str, Any], name: str) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping):
            _add(table.setdefault(key, {}), value, f"{name}: {key}")
        elif key in table:
            raise ValueError(f"{name}: {key} stands in another file as well")
        else:
            table[key] = value
