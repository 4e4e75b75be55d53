"""Two people in the same application: field by field, whoever changed one is asked before it is
written over.

A page carries a short digest of each field as it was shown. What the sender left alone stays as it
is now; what nobody else has changed takes what was typed; what both have changed, and differently,
is a conflict: it stays, and the sender is shown both. A row that both put at the end is no
conflict: the later one moves down.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from kulturkontor.application_fields import (
    BLANK_ROW,
    MAX_MEMBERS,
    MEMBER_FIELDS,
    Fields,
    Row,
    numbered,
    rows_of,
    with_rows,
    write_fields,
)
from kulturkontor.application_form import Answers, tidy
from kulturkontor.applications import Application, FieldEdit

_LENGTH = 12


class Merged(NamedTuple):
    fields: Fields
    """What is to be kept."""
    typed: Fields
    """What was typed, its rows numbered as in `fields`."""
    conflicts: tuple[str, ...] = ()
    """The fields that both have changed; they are as the other left them."""


def digest(text: str) -> str:
    """A field as it was shown, short enough for a form."""
    return hashlib.sha256(str(tidy(text)).encode()).hexdigest()[:_LENGTH]


def digests(fields: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: digest(fields.get(name, "")) for name in names}


def merge(
    now: Mapping[str, str], typed: Fields, seen: Mapping[str, str], names: Iterable[str]
) -> Merged:
    """`now`: what is kept; `typed` and `seen`: what came from the page, and the digests of what it
    showed, both of the fields `names`. A field without a digest is taken as typed.
    """
    merged, conflicts = dict(now), []
    for name in names:
        mine, theirs = str(tidy(typed.get(name, ""))), now.get(name, "")
        shown = seen.get(name, digest(theirs))
        if mine == theirs or digest(mine) == shown:
            continue
        if digest(theirs) == shown:
            merged[name] = mine
        else:
            conflicts.append(name)
    kept = {name: text for name, text in merged.items() if text}
    return Merged(kept, typed, tuple(conflicts))


def merge_rows(
    now: Mapping[str, str], typed: Fields, seen: Mapping[str, str], *, rows_stay: bool
) -> Merged:
    """The same for the rows of the group, by their numbers on the page. `rows_stay`: the page is
    not shown anew, so that no row of it may get another number.
    """
    rows, shown = rows_of(typed), {**_shown(rows_of(now)), **seen}
    if not rows_stay:
        rows, shown = _with_new_rows_last(rows_of(now), rows, shown)
    return merge(now, with_rows(typed, rows), shown, numbered(rows))


def remove_row(merged: Merged, number: int) -> Merged:
    """The form without that row; what another has changed in it since it was shown is a conflict
    first.
    """
    rows, typed = rows_of(merged.fields), rows_of(merged.typed)
    if not 0 <= number < len(typed) or merged.conflicts:
        return merged
    mine, theirs = typed[number], rows[number] if number < len(rows) else BLANK_ROW
    if changed := [part for part in MEMBER_FIELDS if tidy(mine[part]) != theirs[part]]:
        return merged._replace(conflicts=tuple(f"members.{number}.{part}" for part in changed))
    return Merged(
        with_rows(merged.fields, rows[:number] + rows[number + 1 :]),
        with_rows(merged.typed, typed[:number] + typed[number + 1 :]),
    )


def signed(application: Application, answers: Answers, *, person: str, at: datetime) -> Application:
    """The application as somebody is about to leave it: who, when, and which fields `answers`
    changes. `person` is the id of who has a link of their own, empty for the contact's link.
    """
    by = name_of(application, person)
    before, after = write_fields(application.working_answers), write_fields(answers)
    changed = {
        edited_name(name)
        for name in before.keys() | after.keys()
        if before.get(name, "") != after.get(name, "")
    }
    edited = application.edited | {name: FieldEdit(by=by, at=at) for name in sorted(changed)}
    return application.but(saved_at=at, saved_by=by, edited=edited)


def name_of(application: Application, person: str) -> str:
    """Of who has a link of their own; empty for the contact's link."""
    return next((each.name for each in application.people if each.id == person), "")


def edited_name(field: str) -> str:
    """What a field is called in `Application.edited`: rows move, so the group is one."""
    return "members" if field.startswith("members") else field


def _with_new_rows_last(
    now: list[Row], typed: list[Row], seen: dict[str, str]
) -> tuple[list[Row], dict[str, str]]:
    """The typed rows, where one that was blank when shown and that another has filled since stands
    after theirs; and the digests of what was shown of each.
    """
    rows, shown = [*typed, *now[len(typed) :]], dict(seen)
    for number in range(min(len(typed), len(now))):
        was_blank = all(seen[f"members.{number}.{part}"] == digest("") for part in MEMBER_FIELDS)
        is_new = was_blank and typed[number] not in (BLANK_ROW, now[number])
        free = [place for place in range(len(now), MAX_MEMBERS) if _is_free(rows, place)]
        if is_new and free:
            rows[free[0] :] = [typed[number], *rows[free[0] + 1 :]]
            rows[number] = now[number]
            shown |= _shown([now[number]], number) | _shown([BLANK_ROW], free[0])
    return rows, shown


def _is_free(rows: list[Row], place: int) -> bool:
    return place >= len(rows) or rows[place] == BLANK_ROW


def _shown(rows: list[Row], first: int = 0) -> dict[str, str]:
    return {
        f"members.{first + number}.{part}": digest(text)
        for number, row in enumerate(rows)
        for part, text in row.items()
    }
