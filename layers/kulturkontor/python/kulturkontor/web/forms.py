"""The application form: flat fields as a browser sends them, answers as the actions take them, and
back.

A field is called as its place in Answers: `contact.email`, `members.0.role`. Fields are kept as
typed, so that a form can be shown again with nothing lost, however wrong.
"""

import re
from collections.abc import Mapping
from typing import Any

from kulturkontor.application_form import Answers
from kulturkontor.programme import ApplicationRules

Fields = dict[str, str]

TEXTS = (
    "municipality",
    "language",
    *("contact.name", "contact.role", "contact.email", "contact.phone"),
    *("leader.name", "leader.role", "leader.email"),
    "anchoring_plans",
    "anchoring_organisation",
    "motivation",
    "capacity.text",
    "partners",
    "earlier_participation",
)
BOXES = (
    "leader.approved",
    "capacity.working_time",
    "capacity.all_gatherings",
    "capacity.sharing",
    "accepts_cost_split",
    "privacy_notice_read",
)
MEMBER = ("role", "sector", "name", "email")
MAX_MEMBERS = 40

_MEMBER_FIELD = re.compile(r"members\.([0-9]{1,2})\.(role|sector|name|email)")


def read_answers(fields: Mapping[str, str]) -> dict[str, Any]:
    """What the form says, in the shape of Answers. Rows of members left blank are no members."""
    answers: dict[str, Any] = {}
    for name in TEXTS:
        if name in fields:
            _put(answers, name, fields[name])
    for name in BOXES:
        _put(answers, name, name in fields)
    answers["members"] = [
        {**row, "sector": row["sector"] or None} for row in member_rows(fields) if any(row.values())
    ]
    return answers


def write_fields(answers: Answers) -> Fields:
    """The answers as the form shows them."""
    plain = answers.model_dump(mode="json")
    fields = {name: str(_get(plain, name)) for name in TEXTS}
    fields |= {name: "on" for name in BOXES if _get(plain, name)}
    return fields | _numbered([{k: v or "" for k, v in row.items()} for row in plain["members"]])


def empty_fields(language: str) -> Fields:
    return {"language": language}


def member_rows(fields: Mapping[str, str]) -> list[Fields]:
    """The rows of the form in order, also the blank ones."""
    found = (_MEMBER_FIELD.fullmatch(name) for name in fields)
    numbers = sorted({int(match[1]) for match in found if match})
    return [
        {part: fields.get(f"members.{number}.{part}", "").strip() for part in MEMBER}
        for number in numbers
    ]


def with_rows(fields: Mapping[str, str], rules: ApplicationRules) -> Fields:
    """The same form with at least as many rows as the group needs people."""
    rows = member_rows(fields)
    lacking = max(rules.min_members - len(rows), 0)
    return _with_members(fields, rows + [dict.fromkeys(MEMBER, "")] * lacking)


def add_row(fields: Mapping[str, str]) -> Fields:
    rows = member_rows(fields)
    more = [dict.fromkeys(MEMBER, "")] if len(rows) < MAX_MEMBERS else []
    return _with_members(fields, rows + more)


def remove_row(fields: Mapping[str, str], number: int) -> Fields:
    rows = member_rows(fields)
    return _with_members(fields, rows[:number] + rows[number + 1 :])


def without_blank_rows(fields: Mapping[str, str]) -> Fields:
    """So that the number of a row is the number of the member that an error names."""
    return _with_members(fields, [row for row in member_rows(fields) if any(row.values())])


def _with_members(fields: Mapping[str, str], rows: list[Fields]) -> Fields:
    others = {name: text for name, text in fields.items() if not name.startswith("members.")}
    return others | _numbered(rows)


def _numbered(rows: list[Fields]) -> Fields:
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
