"""What people type in a settings form, read: a number with or without spaces, kroner with a comma,
a list of numbers with commas between.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from kulturkontor.money import AmountError, parse_kroner
from kulturkontor.printable import find_unprintable
from kulturkontor.settings_fields import Kind

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LONGEST: Final = 500
_MOST_DIGITS: Final = 9


class UnreadableError(ValueError):
    """What was typed is no value of that kind; `code` names the words that say what to write."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def tidied(text: str) -> str:
    """Without spaces at the ends; UnreadableError for what no letter can show."""
    tidied = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(tidied) > _LONGEST * 4:
        raise UnreadableError("too_long", limit=_LONGEST * 4)
    if character := find_unprintable(tidied):
        raise UnreadableError("unprintable", character=_shown(character))
    return tidied


def _shown(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"«{character}» ({code})" if character.isprintable() else code


def _count(text: str) -> int:
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) > _MOST_DIGITS:
        raise UnreadableError("no_count")
    return int(digits)


def _counts(text: str) -> list[int]:
    found = sorted({_count(each) for each in _split(text)}, reverse=True)
    if not found:
        raise UnreadableError("no_counts")
    return found


def _split(text: str) -> Iterator[str]:
    return (each for each in re.split(r"[,;\s]+", text) if each)


def read_limits(text: str, now: Mapping[str, int]) -> dict[str, int]:
    """One that is left out has no limit any more."""
    found = dict.fromkeys(now, 0)
    for each in filter(None, re.split(r"[,;\n]+", text)):
        code, _, limit = each.strip().partition(" ")
        if not re.fullmatch(r"[A-Za-z]{3}", code):
            raise UnreadableError("no_limits")
        found[code.upper()] = _count(limit)
    return found


def _kroner(text: str) -> int:
    try:
        return parse_kroner(text)
    except AmountError as fault:
        raise UnreadableError("no_amount") from fault


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as fault:
        raise UnreadableError("no_day") from fault


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise UnreadableError("no_moment") from fault
    if moment.tzinfo is not None or len(text) < len("2000-01-01T00:00"):
        raise UnreadableError("no_moment")
    return moment.isoformat()


def _line(text: str) -> str:
    if "\n" in text or len(text) > _LONGEST:
        raise UnreadableError("one_line", limit=_LONGEST)
    return text


def _email(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise UnreadableError("no_email")
    return text


READERS: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.COUNT: _count,
    Kind.PERCENT: _count,
    Kind.KRONER: _kroner,
    Kind.COUNTS: _counts,
    Kind.LINE: _line,
    Kind.EMAIL: _email,
}
