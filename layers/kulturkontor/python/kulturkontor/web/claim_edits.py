"""Two people in the same form of a travel claim: merged field by field, as the parts of an
application are (`edits.py`).

A form carries short digests of its fields as they were shown, in one hidden field. A line is known
by its id, so that it is the same line wherever another has moved it. One that another took away
comes back only if its sender has changed it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from kulturkontor.applications import FieldEdit
from kulturkontor.claim_drafts import MAX_LINES, MAX_LINES_OF_PERSON, DraftLine, DraftPerson
from kulturkontor.days import format_moment
from kulturkontor.edits import Merged, digest, merge
from kulturkontor.programme import Language
from kulturkontor.web.answers import text
from kulturkontor.web.claim_visit import ClaimVisit

Fields = dict[str, str]

_OWN = re.compile(r"(account_number|kid|vat|no_cost|way|people\..+|total\..+|line\..+)")
_OF_LINE = re.compile(r"lines\.([0-9]{1,3})\.(.+)")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_BLANK = digest("")
_LABELS = {
    "account_number": "claim_field.account_number",
    "kid": "claim_field.kid",
    "vat": "claim_field.vat",
    "way": "claim_form.way",
    "total.travel_total": "claim_form.total_travel",
    "total.overnight": "claim_form.total_night",
    "total.night": "claim_form.night_day",
}


class TheOther(NamedTuple):
    """What another has made of a field that the sender has changed as well. `field`: as the page
    calls it; `label`: what it asks; `text`: what stands there now.
    """

    field: str
    label: str
    text: str
    who: str


def named(fields: Mapping[str, str]) -> Fields:
    """The fields of a form that a draft keeps, those of a line called by its id."""
    found = {_by_line(name, fields): value for name, value in fields.items()}
    return {name: value for name, value in found.items() if _OWN.fullmatch(name)}


def placed(fields: Mapping[str, str], lines: Sequence[str]) -> Fields:
    """`named` undone: the fields as a page calls them that has those lines in that order."""
    rows = {line: number for number, line in enumerate(lines)}
    ids = {f"lines.{number}.id": line for line, number in rows.items()}
    return ids | {_by_row(name, rows): value for name, value in fields.items()}


def placed_field(name: str, person: DraftPerson) -> str:
    """One field as the person's page calls it."""
    return _by_row(name, {line.id: number for number, line in enumerate(person.lines)})


def lines_of(fields: Mapping[str, str]) -> list[str]:
    """The ids of the lines of `named` fields, in their order."""
    return list(dict.fromkeys(name.split(".")[1] for name in fields if name.startswith("line.")))


def write_seen(fields: Mapping[str, str]) -> str:
    """The fields of a page as it shows them, for its hidden field; blank ones are left out."""
    shown = {name: digest(value) for name, value in named(fields).items() if value}
    return " ".join(f"{name}={found}" for name, found in shown.items())


def merge_form(
    kept: Mapping[str, str],
    sent: Mapping[str, str],
    seen: str,
    *,
    untouched: Collection[str] = (),
    leaving: str = "",
) -> Merged:
    """What is kept and what a form says, both as pages call it; the answer as `named` has it.
    `untouched`: fields that only count where the form has them; `leaving`: the field that its
    sender leaves as the other has it.
    """
    now, mine, shown = named(kept), named(sent), _read_seen(seen)
    for line in set(lines_of(mine)) - set(lines_of(now)):
        own = {name for name in mine.keys() | shown.keys() if name.startswith(f"line.{line}.")}
        is_changed = any(digest(mine.get(n, "")) != shown.get(n, _BLANK) for n in own)
        mine = mine if is_changed else {n: value for n, value in mine.items() if n not in own}
        shown = {name: found for name, found in shown.items() if name not in own}
    left = {_by_line(leaving, sent), *(name for name in untouched if name not in mine)}
    names = [name for name in dict.fromkeys([*mine, *shown]) if name not in left]
    return merge(now, mine, {name: shown.get(name, _BLANK) for name in names}, names)


def merge_costs(
    kept: Mapping[str, str], sent: Mapping[str, str], *, seen: str, removing: str, leaving: str
) -> Merged:
    """The same for the costs of a person: that another has chosen another way is told, and no line
    is taken away (`removing`, its row) that another has changed since it was shown.
    """
    merged = merge_form(kept, sent, seen, untouched=("way",), leaving=leaving)
    conflicts = list(merged.conflicts)
    is_other_way = digest(kept.get("way", "")) != _read_seen(seen).get("way", _BLANK)
    if is_other_way and "way" not in (*conflicts, *sent, leaving):
        conflicts.append("way")
    line = sent.get(f"lines.{removing}.id", "")
    conflicts += [
        name
        for name, value in merged.fields.items()
        if name.startswith(f"line.{line}.") and not _same(name, merged.typed, merged.fields)
        if name not in conflicts and value
    ]
    return merged._replace(conflicts=tuple(conflicts))


def shown(merged: Merged) -> Fields:
    """What is kept, but in the fields that two have changed what was typed."""
    return merged.fields | {name: merged.typed.get(name, "") for name in merged.conflicts}


def seen_by_script(kept: Mapping[str, str], sent: Mapping[str, str], seen: str) -> str:
    """The digests of what stands on a page that was not shown anew: only what is kept as it stands
    there has been seen as it is kept.
    """
    now, mine, shown = named(kept), named(sent), _read_seen(seen)
    names = dict.fromkeys([*mine, *shown])
    same = {name: digest(mine.get(name, "")) for name in names if _same(name, now, mine)}
    told = {name: found for name, found in (shown | same).items() if found != _BLANK}
    return " ".join(f"{name}={found}" for name, found in told.items())


def the_others(
    visit: ClaimVisit,
    merged: Merged,
    conflicts: Sequence[str],
    edit: FieldEdit | None,
    person: DraftPerson | None = None,
) -> tuple[TheOther, ...]:
    """`edit`: who changed that piece of the draft last, before this sender."""
    language = visit.request.language
    by, at = (edit.by, edit.at) if edit else ("", visit.draft.saved_at)
    who = text(
        language,
        "conflict.by_name" if by else "conflict.by_contact",
        name=by,
        when=format_moment(at, language) if at else "",
    )
    return tuple(
        TheOther(
            field=placed_field(name, person) if person else name,
            label=_label(visit, name, person),
            text=_in_words(visit, name, merged.fields.get(name, ""), person)
            or text(language, "conflict.blank"),
            who=who,
        )
        for name in conflicts
    )


def no_room(visit: ClaimVisit, person: DraftPerson, left_out: Sequence[DraftLine]) -> Fields:
    """What to do about each line that there is no room for, by its field."""
    language = visit.request.language
    return {
        f"lines.{number}.date": text(
            language,
            "claim_form.no_room",
            line=_in_place(language, number + 1, line),
            most=MAX_LINES_OF_PERSON,
            whole=MAX_LINES,
        )
        for number, line in enumerate(left_out, len(person.lines))
    }


def _label(visit: ClaimVisit, name: str, person: DraftPerson | None) -> str:
    language = visit.request.language
    if name in _LABELS or person is None:
        return text(language, _LABELS[name])
    _, line, part = name.split(".", 2)
    return text(
        language,
        "claim_form.of_line",
        line=_line_in_words(visit, line, person),
        field=text(language, f"claim_field.{part}"),
    )


def _in_words(visit: ClaimVisit, name: str, kept: str, person: DraftPerson | None) -> str:
    language = visit.request.language
    if kept and name in ("vat", "way"):
        return text(language, f"claim_form.{name}_{kept}")
    if kept and person and name.endswith(".refunds"):
        return _line_in_words(visit, kept, person)
    return kept


def _in_place(language: Language, number: int, line: DraftLine) -> str:
    kind = text(language, f"line.{line.kind}")
    return text(language, "claim_form.line", number=number, kind=kind)


def _line_in_words(visit: ClaimVisit, line_id: str, person: DraftPerson) -> str:
    language = visit.request.language
    number, line = next(
        (number, line) for number, line in enumerate(person.lines, 1) if line.id == line_id
    )
    return _in_place(language, number, line)


def _same(name: str, now: Fields, mine: Fields) -> bool:
    return digest(mine.get(name, "")) == digest(now.get(name, ""))


def _by_line(name: str, fields: Mapping[str, str]) -> str:
    found = _OF_LINE.fullmatch(name)
    line = fields.get(f"lines.{found[1]}.id", "") if found else ""
    is_field = found is not None and found[2] != "id" and _ID.fullmatch(line)
    return f"line.{line}.{found[2]}" if found and is_field else name


def _by_row(name: str, rows: Mapping[str, int]) -> str:
    if not name.startswith("line."):
        return name
    _, line, part = name.split(".", 2)
    return f"lines.{rows[line]}.{part}" if line in rows else name


def _read_seen(seen: str) -> Fields:
    pairs = (each.partition("=") for each in seen.split())
    return {name: found for name, _, found in pairs}
