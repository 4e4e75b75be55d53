"""A programme's settings as JSON: values as its file has them, read by the same checks as what is
typed in a form.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kulturkontor.money import decimal_comma
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import SettingFault, value_at
from kulturkontor.settings_fields import Field, Kind, find_field
from kulturkontor.settings_readers import UnreadableError
from kulturkontor.settings_values import NEW, ON, read_fields, typed


def values_of(fields: Sequence[Field], programme: Programme) -> dict[str, Any]:
    """By path, as `read_values` takes them back."""
    whole = programme.model_dump(mode="json")
    return {field.path: value_at(whole, field.path) for field in fields}


def read_values(
    values: Mapping[str, Any], programme: Programme
) -> tuple[dict[str, Any], list[SettingFault]]:
    """What differs from how the programme stands, by path, and what could not be read."""
    changed: dict[str, Any] = {}
    faults: list[SettingFault] = []
    for path, value in values.items():
        field = find_field(path)
        if field is None:
            faults.append(SettingFault(path, "no_field"))
            continue
        try:
            form = typed(field, programme) | _as_typed(field, value)
        except UnreadableError as fault:
            faults.append(SettingFault(path, fault.code, fault.values))
            continue
        read, unread = read_fields([field], form, programme)
        changed |= read
        faults += unread
    return changed, faults


def _as_typed(field: Field, value: Any) -> dict[str, str]:
    """The value as somebody would type it in the field's inputs."""
    if field.kind is Kind.WORDS:
        return _in_languages(field.path, value)
    if field.kind is Kind.NAMED:
        return _named(field, value)
    if field.kind is Kind.CHOICES:
        chosen = _list(value)
        if not set(map(str, chosen)) <= set(field.choices):
            raise UnreadableError("no_choice")
        return {f"{field.path}.{each}": ON if each in chosen else "" for each in field.choices}
    return {field.path: _as_text(field.kind, value)}


def _as_text(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    return _WRITERS.get(kind, _plain)(value)


def _plain(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise UnreadableError("no_value")
    return str(value)


def _switch(value: Any) -> str:
    if not isinstance(value, bool):
        raise UnreadableError("no_value")
    return ON if value else ""


def _ore(value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableError("no_value")
    return decimal_comma(value)


def _counts(value: Any) -> str:
    return ", ".join(_plain(each) for each in _list(value))


def _limits(value: Any) -> str:
    return ", ".join(f"{code} {_plain(limit)}" for code, limit in _table(value).items())


def _in_languages(path: str, value: Any) -> dict[str, str]:
    return {f"{path}.{language}": _plain(words) for language, words in _table(value).items()}


def _named(field: Field, value: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in _list(value):
        words = dict(_table(each))
        found |= _in_languages(f"{field.path}.{words.pop('id', NEW)}", words)
    return found


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise UnreadableError("no_value")
    return value


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnreadableError("no_value")
    return value


_WRITERS: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.SWITCH: _switch,
    Kind.KRONER: _ore,
    Kind.COUNTS: _counts,
    Kind.LIMITS: _limits,
}
