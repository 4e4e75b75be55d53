"""What stands in the fields of a settings form: a programme's values as text, and read back.

What cannot be read is told by the field it stands in.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from kulturkontor.money import decimal_comma
from kulturkontor.programme import Language, Programme
from kulturkontor.programme_settings import SettingFault, value_at
from kulturkontor.settings_fields import Field, Kind
from kulturkontor.settings_readers import READERS, UnreadableError, read_limits, tidied

ON: Final = "true"
NEW: Final = "new"
"""What stands for the id of an item that is not there yet."""


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
    texts = [tidied(text) for text in own.values()]
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
        return read_limits(text, value_at(programme, field.path))
    if field.kind is Kind.CHOICE:
        return _choice(text, field, value_at(programme, field.path))
    return READERS[field.kind](text) if text else _empty(field)


def _need(text: str, field: Field) -> None:
    if not text and not field.may_be_empty:
        raise UnreadableError("empty")


def _empty(field: Field) -> str | None:
    return "" if field.kind is Kind.LINE else None


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
