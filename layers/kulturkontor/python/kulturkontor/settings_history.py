"""What has been changed of a programme's settings: one record a change, with before and after.

A change is taken back by a new change that puts the old values in; what somebody has changed again
since stays as it is.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from kulturkontor.programme import Programme
from kulturkontor.records import Key, Record

_WHOLE: Final = ("travel.rates_asked_above",)
"""Tables that are one value: what is taken out of one is taken out by its change."""
_BY_ID: Final = ("gatherings", "coordinator_meetings")
"""Lists whose items are changed one by one, by their ids."""


class ChangedValue(BaseModel):
    """One value at its path in the programme's file, as plain JSON; None for what was not there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    before: Any = None
    after: Any = None


class SettingsChange(Record):
    programme: str
    number: int
    """The revision of the settings that it made."""
    about: str
    """What of them it was about where a page of its own made it, as `S1` or `rates`."""
    values: tuple[ChangedValue, ...]
    changed_by: str
    changed_at: datetime
    reason: str
    undoes: int | None = None

    @property
    def key(self) -> Key:
        return change_key(self.programme, self.number)


def change_key(programme_id: str, number: int) -> Key:
    """A partition of its own: whoever lists the programme's records need not read the history."""
    return Key(f"SETTINGS#{programme_id}", f"{number:06d}")


def find_changes(before: Programme, after: Programme) -> tuple[ChangedValue, ...]:
    """Each value that differs; a list is one value, but for gatherings and meetings."""
    old, new = _flat(before), _flat(after)
    paths = [*old, *(path for path in new if path not in old)]
    return tuple(
        ChangedValue(path=path, before=old.get(path), after=new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    )


def undoing(change: SettingsChange, programme: Programme) -> dict[str, Any]:
    """The values that would take the change back, by path: of what still stands as it left it."""
    now = _flat(programme)
    return {
        each.path: _put_back(each)
        for each in change.values
        if now.get(each.path) == each.after and not _adds(each)
    }


def _put_back(value: ChangedValue) -> Any:
    """A text that was not there is an empty one: the shipped one stands again."""
    if isinstance(value.before, Mapping) and isinstance(value.after, Mapping):
        return {**dict.fromkeys(value.after, 0), **value.before}
    return "" if value.before is None and isinstance(value.after, str) else value.before


def _flat(programme: Programme) -> dict[str, Any]:
    return dict(_leaves("", programme.model_dump(mode="json")))


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and path not in _WHOLE:
        for name, each in value.items():
            yield from _leaves(f"{path}.{name}" if path else str(name), each)
    elif path in _BY_ID:
        for each in value:
            yield from _leaves(f"{path}.{each['id']}", each)
    else:
        yield path, value


def _adds(value: ChangedValue) -> bool:
    """Whether it put in items of a list by their ids: those can be changed, not taken away."""
    return not _ids(value.after) <= _ids(value.before)


def _ids(value: Any) -> set[str]:
    items = value if isinstance(value, list) else []
    return {each["id"] for each in items if isinstance(each, Mapping) and "id" in each}
