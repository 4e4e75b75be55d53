"""Synthetic people and the words they write, drawn from `cast_words.toml` by a seed."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_FOLDED = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŧ": "t", "ŋ": "n", "ł": "l"})


@cache
def words() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "cast_words.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Person:
    name: str
    mailbox: str
    """The part of an address before the @: ASCII, and of this person alone."""


class People:
    """Hands out people, none of them twice."""

    def __init__(self, random: Random) -> None:
        self._names = [
            f"{given} {family}" for given in words()["given"] for family in words()["family"]
        ]
        random.shuffle(self._names)

    def next(self) -> Person:
        name = self._names.pop()
        return Person(name, mailbox(name))


def mailbox(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_FOLDED))
    return "".join(c if c.isascii() and c.isalnum() else "." * (c in " -'’") for c in folded).strip(
        "."
    )
