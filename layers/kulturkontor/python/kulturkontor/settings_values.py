"""What stands in the fields of a settings form: a programme's values as text, and read back.

Text is what people type: a number with or without spaces, kroner with a comma, a list of numbers
with commas between. What cannot be read is told by the field it stands in.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from kulturkontor.money import AmountError, decimal_comma, parse_kroner
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Language, Programme
from kulturkontor.setting_faults import SettingFault
from kulturkontor.settings_fields import Field, Kind

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LONGEST: Final = 500
_MOST_DIGITS: Final = 9
ON: Final = "true"
NEW: Final = "new"
"""What stands for the id of an item that is not there yet."""


class UnreadableError(ValueError):
    """What was typed is no value of that kind; `code` names the words that say what to write."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def value_at(value: Any, path: str) -> Any:
    """What stands at that path of a programme, or of plain values in its shape."""
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part)
    return value


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by their paths in the shape of a programme's file."""
    whole: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = path.split(".")
        table = whole
        for part in parents:
            table = table.setdefault(part, {})
        table[last] = value
    return whole


def inputs_of(field: Field, programme: Programme) -> tuple[str, ...]:
    """The names of the field's inputs: one, or one for each language or choice."""
    return tuple(typed(field, programme))


def typed(field: Field, programme: Programme) -> dict[str, str]:
    """What stands in the field's inputs before anybody has changed them."""
    value = value_at(programme, field.path)
    if field.kind is Kind.WORDS:
        return {f"{field.path}.{each}": getattr(value, each) for each in programme.languages}
    if field.kind is Kind.NAMED:
        return {
            f"{field.path}.{name}.{each}": getattr(words, each) if words else ""
            for name, words in [*((words.id, words) for words in value), (NEW, None)]
            for each in programme.languages
        }
    if field.kind is Kind.CHOICES:
        return {f"{field.path}.{each}": ON if each in value else "" for each in field.choices}
    return {field.path: _as_typed(value, field.kind)}


def _as_typed(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if kind is Kind.KRONER:
        return decimal_comma(value)
    if kind is Kind.COUNTS:
        return ", ".join(str(each) for each in value)
    if kind is Kind.LIMITS:
        return ", ".join(f"{code} {limit}" for code, limit in sorted(value.items()))
    if kind is Kind.SWITCH:
        return ON if value else ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def read_fields(
    fields: Sequence[Field], form: Mapping[str, str], programme: Programme
) -> tuple[dict[str, Any], list[SettingFault]]:
    """What was changed, by path and as plain JSON values, and what could not be read."""
    changed: dict[str, Any] = {}
    faults: list[SettingFault] = []
    before = programme.model_dump(mode="json")
    for field in fields:
        own = {name: form.get(name, "") for name in inputs_of(field, programme)}
        if own == {name: text.strip() for name, text in typed(field, programme).items()}:
            continue
        try:
            value = _read(field, own, programme)
        except UnreadableError as fault:
            faults.append(SettingFault(field.path, fault.code, fault.values))
            continue
        if value != value_at(before, field.path):
            changed[field.path] = value
    return changed, faults


def _read(field: Field, own: Mapping[str, str], programme: Programme) -> Any:
    texts = [_tidied(text) for text in own.values()]
    if field.kind is Kind.CHOICES:
        return [choice for choice, text in zip(field.choices, texts, strict=True) if text]
    if field.kind is Kind.WORDS:
        for text in texts:
            _need(text, field)
        return _words(texts, programme.languages)
    if field.kind is Kind.NAMED:
        return _named(texts, value_at(programme, field.path), programme.languages)
    text = texts[0]
    if field.kind is Kind.SWITCH:
        return text == ON
    _need(text, field)
    if field.kind is Kind.LIMITS:
        return _limits(text, value_at(programme, field.path))
    if field.kind is Kind.CHOICE:
        return _choice(text, field, value_at(programme, field.path))
    return _READERS[field.kind](text) if text else _empty(field)


def _need(text: str, field: Field) -> None:
    if not text and not field.may_be_empty:
        raise UnreadableError("empty")


def _empty(field: Field) -> str | None:
    return "" if field.kind is Kind.LINE else None


def _tidied(text: str) -> str:
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


def _named(
    texts: Sequence[str], items: Sequence[Any], languages: Sequence[Language]
) -> list[dict[str, str]]:
    """The items with their words; a new one gets the next id."""
    width = len(languages)
    rows = [texts[start : start + width] for start in range(0, len(texts), width)]
    kept = [
        {"id": item.id, **_words(row, languages)} for item, row in zip(items, rows, strict=False)
    ]
    if not all(text for row in rows[: len(items)] for text in row):
        raise UnreadableError("named_empty")
    if any(rows[-1]):
        if not all(rows[-1]):
            raise UnreadableError("named_half")
        kept.append({"id": _next_id({item.id for item in items}), **_words(rows[-1], languages)})
    return kept


def _next_id(taken: Set[str]) -> str:
    return next(name for number in count(1) if (name := f"k{number}") not in taken)


def _words(texts: Sequence[str], languages: Sequence[Language]) -> dict[str, str]:
    return {"nb": "", "nn": ""} | dict(zip(languages, texts, strict=True))


def _choice(text: str, field: Field, now: object) -> str | int:
    if text not in field.choices:
        raise UnreadableError("no_choice")
    return int(text) if isinstance(now, int) else text


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


def _limits(text: str, now: Mapping[str, int]) -> dict[str, int]:
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


_READERS: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.COUNT: _count,
    Kind.PERCENT: _count,
    Kind.KRONER: _kroner,
    Kind.COUNTS: _counts,
    Kind.LINE: _line,
    Kind.EMAIL: _email,
}
