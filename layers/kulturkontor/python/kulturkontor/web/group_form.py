"""The municipality's group as fields of a form, and back; rows are added and removed by the server.

A row has an id from the moment it is shown, so that sending the same form twice registers the same
people, and a person keeps their id whatever else is changed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kulturkontor.groups import MAX_PEOPLE
from kulturkontor.people import Participant

Fields = dict[str, str]
NewId = Callable[[], str]

_PARTS = ("id", "name", "sector", "email", "coordinator")
_TYPED = ("name", "sector", "email", "coordinator")
_FIELD = re.compile(r"participants\.([0-9]{1,2})\.(id|name|sector|email|coordinator)")
_ID = re.compile(r"[a-z0-9-]{1,20}")
_ID_LENGTH = 12


def write_fields(people: Iterable[Participant]) -> Fields:
    """The people as the form shows them."""
    return _numbered(
        [
            {
                "id": each.id,
                "name": each.name,
                "sector": str(each.sector),
                "email": each.email,
                **({"coordinator": "on"} if each.coordinator else {}),
            }
            for each in people
        ]
    )


def read_people(fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the form says, in the shape of Participant."""
    return [
        {
            "id": row["id"],
            "name": row.get("name", ""),
            "sector": row.get("sector", ""),
            "email": row.get("email", ""),
            "coordinator": "coordinator" in row,
        }
        for row in _rows(fields)
    ]


def without_blank_rows(fields: Mapping[str, str], new_id: NewId) -> Fields:
    """So that the number of a row is the number of the person that an error names."""
    return with_ids(
        _numbered([row for row in _rows(fields) if any(row.get(part) for part in _TYPED)]), new_id
    )


def with_rows(fields: Mapping[str, str], count: int, new_id: NewId) -> Fields:
    """The same form with at least so many rows, each with an id."""
    rows = _rows(fields)
    lacking: list[Fields] = [{} for _ in range(count - len(rows))]
    return with_ids(_numbered([*rows, *lacking]), new_id)


def with_ids(fields: Mapping[str, str], new_id: NewId) -> Fields:
    """The same with an id of its own for each row that has none that can be used."""
    rows, used = _rows(fields), set[str]()
    for row in rows:
        given = row.get("id", "")
        if not _ID.fullmatch(given) or given in used:
            row["id"] = f"p{new_id()[:_ID_LENGTH]}"
        used.add(row["id"])
    return _numbered(rows)


def add_row(fields: Mapping[str, str]) -> Fields:
    rows = _rows(fields)
    return _numbered([*rows, {}] if len(rows) < MAX_PEOPLE else rows)


def remove_row(fields: Mapping[str, str], number: int) -> Fields:
    rows = _rows(fields)
    return _numbered(rows[:number] + rows[number + 1 :])


def count_rows(fields: Mapping[str, str]) -> int:
    return len(_rows(fields))


def _rows(fields: Mapping[str, str]) -> list[Fields]:
    """The rows of the form in order, also the blank ones."""
    found = (_FIELD.fullmatch(name) for name in fields)
    numbers = sorted({int(match[1]) for match in found if match})
    return [
        {
            part: fields[name].strip()
            for part in _PARTS
            if (name := f"participants.{number}.{part}") in fields
        }
        for number in numbers
    ]


def _numbered(rows: Iterable[Fields]) -> Fields:
    """A row without anything typed still has its id, so that it is a row when it comes back."""
    return {
        f"participants.{number}.{part}": text
        for number, row in enumerate(rows)
        for part, text in {"id": "", **row}.items()
    }
