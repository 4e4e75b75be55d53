"""What staff have changed of a programme since its file was written: a versioned record over it.

The file in `programmes/` is where a programme starts. A change is kept as the fields that differ,
so that what nobody changed still follows the file; a list whose items have ids is changed item by
item, and a new id is a new item.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from kulturkontor.application_rows import programme_partition
from kulturkontor.programme import Programme
from kulturkontor.programme_rules import OUT_OF_ORDER
from kulturkontor.records import Key, Record
from kulturkontor.refusals import Refusal

_LIMITED: Final = {
    "greater_than_equal": "ge",
    "less_than_equal": "le",
    "string_too_long": "max_length",
    "too_short": "min_length",
}
"""Pydantic's kinds of error that have a limit, and what its context calls it."""


class SettingFault(NamedTuple):
    """What is wrong with a field: its path, empty for what several have together; the code of the
    words, and the values in them.
    """

    path: str
    code: str
    values: Mapping[str, str | int] = {}


class SettingsError(Refusal):
    """The programme would not hold together with this change; the message names each field, and
    `faults` have the words for the pages.
    """

    status = 422
    code = "settings"

    def __init__(self, message: str, faults: tuple[SettingFault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


class ProgrammeSettings(Record):
    programme: str
    changes: dict[str, Any]
    """In the shape of the programme's file, with only what differs."""
    changed_by: str
    changed_at: datetime
    reason: str

    @property
    def key(self) -> Key:
        return settings_key(self.programme)


def settings_key(programme_id: str) -> Key:
    return Key(programme_partition(programme_id), "SETTINGS")


def with_settings(programme: Programme, settings: ProgrammeSettings | None) -> Programme:
    """The programme as it stands now."""
    return with_changes(programme, settings.changes) if settings else programme


def with_changes(programme: Programme, changes: Mapping[str, Any]) -> Programme:
    """Raises SettingsError when the result is no programme."""
    try:
        return Programme.model_validate(merge(programme.model_dump(mode="json"), changes))
    except ValidationError as fault:
        told = [
            f"{'.'.join(str(part) for part in each['loc']) or 'programme'}: {each['msg']}"
            for each in fault.errors()
        ]
        raise SettingsError("; ".join(told), tuple(_faults(fault))) from fault


def _faults(fault: ValidationError) -> Iterator[SettingFault]:
    for each in fault.errors(include_url=False):
        if each["type"] == OUT_OF_ORDER:
            for code in each["ctx"]["codes"]:
                yield SettingFault("", code)
            continue
        path = ".".join(str(part) for part in each["loc"] if not isinstance(part, int))
        context = each.get("ctx", {})
        code = each["type"] if each["type"] in _LIMITED else "no_value"
        values = {"limit": context[_LIMITED[code]]} if code in _LIMITED else {}
        yield SettingFault(path, code, values)


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


def merge(base: Any, changes: Any) -> Any:
    """`changes` laid over `base`, both as plain JSON values."""
    if isinstance(base, Mapping) and isinstance(changes, Mapping):
        return {**base, **{name: merge(base.get(name), new) for name, new in changes.items()}}
    if _has_ids(changes) and isinstance(base, Sequence):
        known = {each["id"]: each for each in base}
        changed = {each["id"]: merge(known.get(each["id"]), each) for each in changes}
        return list((known | changed).values())
    return changes


def _has_ids(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and bool(value)
        and all(isinstance(each, Mapping) and "id" in each for each in value)
    )
