"""The reasons that staff can choose from, put in other words: as a form has them, and read back.

A phrase is taken away by emptying it in every language. A letter that has taken one in keeps its
words.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final, NamedTuple

from kulturkontor.decisions import Outcome
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import SettingFault

PATH: Final = "decision.reason_phrases"
LONGEST: Final = 1_000


class Row(NamedTuple):
    """A phrase in the form: its words by the names of their inputs, one for each language."""

    id: str
    outcome: str
    words: dict[str, str]
    is_new: bool = False


def rows_of(programme: Programme, form: Mapping[str, str]) -> list[Row]:
    """The phrases of each outcome and an empty one for a new one; with what was typed, if any."""
    found: list[Row] = []
    for outcome in Outcome:
        kept = [each for each in programme.decision.reason_phrases if each.outcome == outcome]
        found += [
            Row(
                each.id,
                outcome,
                {
                    name: _tidied(form.get(name, getattr(each, language)))
                    for language in programme.languages
                    for name in (f"{each.id}.{language}",)
                },
            )
            for each in kept
        ]
        new = f"new_{outcome}"
        names = [f"{new}.{language}" for language in programme.languages]
        found.append(Row(new, outcome, {name: _tidied(form.get(name, "")) for name in names}, True))
    return found


def read_phrases(rows: list[Row], programme: Programme) -> list[dict[str, Any]]:
    """The phrases that differ or are new, as the programme's file has them."""
    known = {each.id: each for each in programme.decision.reason_phrases}
    ids = (name for number in count(1) if (name := f"own_{number}") not in known)
    return [
        {"id": next(ids) if row.is_new else row.id, "outcome": row.outcome, **words}
        for row in rows
        if (words := _by_language(row)) != _words_of(known.get(row.id))
    ]


def find_faults(rows: list[Row]) -> Iterator[SettingFault]:
    for row in rows:
        for name, text in row.words.items():
            if not text and any(row.words.values()):
                yield SettingFault(name, "named_half")
            if len(text) > LONGEST:
                yield SettingFault(name, "string_too_long", {"limit": LONGEST})
            if character := find_unprintable(text):
                shown = f"«{character}» " if character.isprintable() else ""
                code = f"{shown}(U+{ord(character):04X})"
                yield SettingFault(name, "unprintable", {"character": code})


def _by_language(row: Row) -> dict[str, str]:
    typed = {name.rpartition(".")[2]: text for name, text in row.words.items()}
    return {"nb": "", "nn": ""} | typed


def _words_of(phrase: Any) -> dict[str, str]:
    return {"nb": phrase.nb, "nn": phrase.nn} if phrase else {"nb": "", "nn": ""}


def _tidied(text: str) -> str:
    return " ".join(text.split())
