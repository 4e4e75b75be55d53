"""Two versions of an application side by side: what was changed, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from kulturkontor.application_form import Answers
from kulturkontor.application_words import Answered, answers_in_words
from kulturkontor.programme import Language, Programme

_WORDS = re.compile(r"\s*\S+|\s+")
"""A word with the blanks before it, so that what is added at the end is all that differs."""
_TOO_LONG = 4_000
"""Words; longer texts are shown as wholly replaced."""

Kind = Literal["same", "removed", "added"]


class Piece(NamedTuple):
    kind: Kind
    text: str


class Changed(NamedTuple):
    """A question whose answers differ; `before`, `after`: what is shown of each version."""

    question: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def find_changes(
    before: Answers, after: Answers, programme: Programme, language: Language
) -> list[Changed]:
    """In the order of the form; what only one of them has an answer to is wholly added or
    removed.
    """
    old, new = (_answered(each, programme, language) for each in (before, after))
    fields = list(dict.fromkeys([*new, *old]))
    found = []
    for field in fields:
        was, became = _text(old.get(field)), _text(new.get(field))
        if was != became:
            asked = new.get(field) or old[field]
            found.append(Changed(asked.question, *compare(was, became)))
    return found


def _answered(answers: Answers, programme: Programme, language: Language) -> dict[str, Answered]:
    parts = answers_in_words(answers, programme, language)
    return {each.field: each for part in parts for each in part.answers}


def _text(answered: Answered | None) -> str:
    return "" if answered is None or answered.is_blank else answered.answer


def compare(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The two texts in pieces: the same in both, removed from the one, added to the other."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _TOO_LONG:
        return (Piece("removed", before),), (Piece("added", after),)
    return tuple(_pieces(old, new, "removed")), tuple(_pieces(old, new, "added"))


def _pieces(old: Sequence[str], new: Sequence[str], own: Kind) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        words = old[a:b] if own == "removed" else new[c:d]
        if words:
            yield Piece("same" if kind == "equal" else own, "".join(words))
