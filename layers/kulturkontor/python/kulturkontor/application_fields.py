"""The application's answers as the flat fields of a form, and back.

A field is called as its place in Answers: `contact.email`, `members.0.role`. A ticked box is `on`,
an unticked one is not there, as browsers send them. Fields are kept as typed, so that a page can be
shown again with nothing lost, however wrong.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from kulturkontor.application_form import Answers
from kulturkontor.application_parts import MEMBER, PARTS, Kind
from kulturkontor.claim_form import FieldError, field_errors
from kulturkontor.municipalities import UnknownMunicipalityError, find_municipality

Fields = dict[str, str]
Row = dict[str, str]

_QUESTIONS = [each for groups in PARTS.values() for group in groups for each in group.questions]
BOXES = tuple(each.field for each in _QUESTIONS if each.kind is Kind.BOX)
TEXTS = tuple(each.field for each in _QUESTIONS if each.kind not in (Kind.BOX, Kind.MEMBERS))
MEMBER_FIELDS = tuple(each.field for each in MEMBER)
MAX_MEMBERS = 40
BLANK_ROW: Row = dict.fromkeys(MEMBER_FIELDS, "")

_MEMBER_FIELD = re.compile(rf"members\.([0-9]{{1,2}})\.({'|'.join(MEMBER_FIELDS)})")


class Kept(NamedTuple):
    """What could be kept of a form, and why the rest could not."""

    answers: Answers
    errors: tuple[FieldError, ...]


def read_answers(fields: Mapping[str, str]) -> dict[str, Any]:
    """What the form says, in the shape of Answers; rows left blank at the end are no members."""
    answers: dict[str, Any] = {}
    for name in TEXTS:
        if name in fields:
            _put(answers, name, fields[name])
    for name in BOXES:
        _put(answers, name, name in fields)
    rows = rows_of(fields)
    while rows and not any(rows[-1].values()):
        rows.pop()
    answers["members"] = [{**row, "sector": row["sector"] or None} for row in rows]
    return answers


def keep(fields: Mapping[str, str], known: Mapping[str, str]) -> Kept:
    """The form's answers; a field that cannot be kept stays as it is `known`, and says why."""
    wanted = dict(fields)
    errors: dict[str, FieldError] = {}
    while True:
        try:
            return Kept(Answers.model_validate(read_answers(wanted)), tuple(errors.values()))
        except ValidationError as fault:
            new = {each.path: each for each in field_errors(fault) if each.path not in errors}
            if not new:
                raise
            errors |= new
            wanted |= {path: known.get(path, "") for path in new}


def write_fields(answers: Answers) -> Fields:
    """The answers as a form shows them."""
    plain = answers.model_dump(mode="json")
    fields = {name: str(_get(plain, name)) for name in TEXTS}
    fields |= {name: "on" for name in BOXES if _get(plain, name)}
    return fields | numbered([{k: v or "" for k, v in row.items()} for row in plain["members"]])


def settle_municipality(typed: Fields, known: Mapping[str, str]) -> Fields:
    """A municipality by its number, if what was typed names one; a new one brings its written form,
    unless another was chosen in the same breath. What names none stays as typed.
    """
    try:
        found = find_municipality(typed.get("municipality", ""))
    except UnknownMunicipalityError:
        return typed
    settled = {**typed, "municipality": found.kommunenummer}
    is_new = found.kommunenummer != known.get("municipality")
    form = {"nynorsk": "nn", "bokmål": "nb"}.get(found.written_form)
    if is_new and form and typed.get("language", known.get("language")) == known.get("language"):
        settled["language"] = form
    return settled


def find_municipality_fault(typed: str) -> FieldError | None:
    """Why what was typed names no municipality of today; nothing typed is no fault of a draft."""
    if not typed.strip():
        return None
    try:
        find_municipality(typed)
    except UnknownMunicipalityError as fault:
        return FieldError("municipality", f"municipality_{fault.code}", {"hint": fault.hint})
    return None


def rows_of(fields: Mapping[str, str]) -> list[Row]:
    """The rows of the form by their numbers, also the blank ones."""
    found = (_MEMBER_FIELD.fullmatch(name) for name in fields)
    last = max((int(match[1]) for match in found if match), default=-1)
    return [
        {part: fields.get(f"members.{number}.{part}", "").strip() for part in MEMBER_FIELDS}
        for number in range(min(last + 1, MAX_MEMBERS))
    ]


def with_rows(fields: Mapping[str, str], rows: Sequence[Row]) -> Fields:
    """The same form with these rows for its members."""
    others = {name: text for name, text in fields.items() if not name.startswith("members.")}
    return others | numbered(rows)


def numbered(rows: Sequence[Row]) -> Fields:
    return {
        f"members.{number}.{part}": text
        for number, row in enumerate(rows)
        for part, text in row.items()
    }


def _put(answers: dict[str, Any], name: str, value: object) -> None:
    *path, last = name.split(".")
    for part in path:
        answers = answers.setdefault(part, {})
    answers[last] = value


def _get(answers: Any, name: str) -> Any:
    for part in name.split("."):
        answers = answers[part]
    return answers
