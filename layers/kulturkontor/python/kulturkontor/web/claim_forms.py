"""The forms of a travel claim: flat fields as a browser sends them, a draft, and back.

Fields are kept as typed, however wrong. A field is called as its place: `people.p1.travelled`,
`lines.0.amount`, `total.travel`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from kulturkontor.claim_drafts import (
    ClaimDraft,
    DraftLine,
    DraftPerson,
    Way,
    in_order,
    next_line_id,
)
from kulturkontor.claim_fields import BY_KILOMETRES, LineKind
from kulturkontor.programme import Gathering

Fields = dict[str, str]

WAYS: tuple[Way, ...] = ("total", "lines", "none")
LINE_KINDS = tuple(each for each in LineKind if each is not LineKind.TRAVEL_TOTAL)
"""What a person's lines can be; the whole journey in one sum is a way of its own."""
STATED = ("date", "route", "amount", "note", "refunds")
CONVERTED = ("currency", "foreign_amount", "rate", "rate_date", "rate_source")
DRIVEN = ("date", "route", "kilometres", "passengers", "note")

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LINE_ID = re.compile(r"lines\.([0-9]{1,3})\.id")


def texts_of(kind: str) -> tuple[str, ...]:
    """The fields of a line of that kind that are text."""
    return DRIVEN if kind in BY_KILOMETRES else (*STATED, *CONVERTED)


def with_travellers(draft: ClaimDraft, fields: Mapping[str, str]) -> ClaimDraft:
    people = tuple(
        each.model_copy(
            update={
                "travelled": f"people.{each.id}.travelled" in fields,
                "covered_night": f"people.{each.id}.covered" in fields,
            }
        )
        for each in draft.people
    )
    return draft.model_copy(update={"people": people})


def traveller_fields(draft: ClaimDraft) -> Fields:
    marks = {"travelled": "travelled", "covered": "covered_night"}
    return {
        f"people.{each.id}.{name}": "on"
        for each in draft.people
        for name, attribute in marks.items()
        if getattr(each, attribute)
    }


def with_account(draft: ClaimDraft, fields: Mapping[str, str]) -> ClaimDraft:
    names = ("account_number", "kid", "vat")
    return draft.model_copy(update={name: fields.get(name, "").strip() for name in names})


def account_fields(draft: ClaimDraft) -> Fields:
    return {"account_number": draft.account_number, "kid": draft.kid, "vat": draft.vat}


def with_costs(
    draft: ClaimDraft, person: DraftPerson, fields: Mapping[str, str], gathering: Gathering
) -> ClaimDraft:
    """What the fields say of a person's costs, in sum and by line."""
    known = {each.id: each for each in person.lines}
    told = {
        "total": _read_total(draft, person, fields, gathering),
        "lines": tuple(_read_lines(fields, known)),
    }
    return draft.with_person(person.model_copy(update=told))


def _read_lines(fields: Mapping[str, str], known: Mapping[str, DraftLine]) -> Iterator[DraftLine]:
    """The rows of the form in order; one without an id or a kind of ours is no row."""
    found = (_LINE_ID.fullmatch(name) for name in fields)
    for number in sorted(int(match[1]) for match in found if match):
        prefix = f"lines.{number}."
        line_id, kind = fields[f"{prefix}id"], fields.get(f"{prefix}kind", "")
        if _ID.fullmatch(line_id) and kind in set(LineKind):
            line = known.get(line_id) or DraftLine(id=line_id, kind=kind)
            yield read_line(line.model_copy(update={"kind": kind}), fields, prefix)


def read_line(line: DraftLine, fields: Mapping[str, str], prefix: str) -> DraftLine:
    """The line with what the fields say of it; what its form does not ask for stays."""
    told: dict[str, object] = {
        name: fields.get(f"{prefix}{name}", "").strip() for name in texts_of(line.kind)
    }
    receipts = _ticked(fields, f"{prefix}receipt.")
    told["receipt_ids"] = in_order(receipts, line.receipt_ids)
    if line.is_by_kilometres:
        told["driven"] = in_order(_ticked(fields, f"{prefix}with."), line.driven)
    return line.model_copy(update=told)


def line_fields(line: DraftLine, prefix: str) -> Fields:
    return {
        f"{prefix}id": line.id,
        f"{prefix}kind": line.kind,
        **{f"{prefix}{name}": getattr(line, name) for name in texts_of(line.kind)},
        **{f"{prefix}receipt.{each}": "on" for each in line.receipt_ids},
        **{f"{prefix}with.{each}": "on" for each in line.driven},
    }


def cost_fields(person: DraftPerson, gathering: Gathering) -> Fields:
    """The person's form as it stands, in the way that was chosen."""
    every = every_cost_field(person, gathering)
    hidden = {"total": "lines.", "lines": "total."}.get(person.way, ("lines.", "total."))
    return {name: value for name, value in every.items() if not name.startswith(hidden)}


def every_cost_field(person: DraftPerson, gathering: Gathering) -> Fields:
    """What is kept of the person's costs, also of the way that was not chosen."""
    fields: Fields = {"way": person.way, "total.night": gathering.night.isoformat()}
    for number, line in enumerate(person.lines):
        fields |= line_fields(line, f"lines.{number}.")
    for line in person.total:
        fields[f"total.{line.kind}"] = line.amount
        if line.kind == LineKind.OVERNIGHT:
            fields["total.night"] = line.date
        fields |= {f"total.receipt.{each}": "on" for each in line.receipt_ids}
    return fields


def _read_total(
    draft: ClaimDraft, person: DraftPerson, fields: Mapping[str, str], gathering: Gathering
) -> tuple[DraftLine, ...]:
    """One line for the journey and one for the night, each if a sum was typed; both on the same
    bill. A line keeps its id and its day.
    """
    before = {each.kind: each for each in person.total}
    bills = in_order(
        _ticked(fields, "total.receipt."),
        (bill for line in person.total for bill in line.receipt_ids),
    )
    usual = {LineKind.TRAVEL_TOTAL: gathering.first_day, LineKind.OVERNIGHT: gathering.night}
    lines: list[DraftLine] = []
    for kind, day in usual.items():
        amount = fields.get(f"total.{kind}", "").strip()
        if not amount:
            continue
        new_id = next_line_id(draft, [each.id for each in lines])
        line = before.get(kind) or DraftLine(id=new_id, kind=kind, date=day.isoformat())
        night = fields.get("total.night", "") if kind is LineKind.OVERNIGHT else ""
        told = {"amount": amount, "receipt_ids": bills, "date": night or line.date}
        lines.append(line.model_copy(update=told))
    return tuple(lines)


def add_line(draft: ClaimDraft, person: DraftPerson, kind: str, gathering: Gathering) -> ClaimDraft:
    """One line more, dated as most are; the same draft where there is no such kind."""
    if kind not in set(LINE_KINDS):
        return draft
    day = gathering.night if kind == LineKind.OVERNIGHT else gathering.first_day
    line = DraftLine(id=next_line_id(draft), kind=kind, date=day.isoformat())
    return draft.with_person(person.model_copy(update={"lines": (*person.lines, line)}))


def copy_line(draft: ClaimDraft, person: DraftPerson, number: int) -> ClaimDraft:
    """The line again below itself, as a new one; what was asked and answered is not copied."""
    if not 0 <= number < len(person.lines):
        return draft
    told = {"id": next_line_id(draft), "reply": "", "refunds": ""}
    copied = person.lines[number].model_copy(update=told)
    lines = (*person.lines[: number + 1], copied, *person.lines[number + 1 :])
    return draft.with_person(person.model_copy(update={"lines": lines}))


def remove_line(draft: ClaimDraft, person: DraftPerson, number: int) -> ClaimDraft:
    lines = (*person.lines[:number], *person.lines[number + 1 :])
    without = draft.with_person(person.model_copy(update={"lines": lines}))
    return without.model_copy(update={"gone": draft.gone | {person.lines[number].id}})


def copy_from(draft: ClaimDraft, person: DraftPerson, other: DraftPerson) -> ClaimDraft:
    """The same costs as another person's, to be looked through: people travel together."""
    lines: list[DraftLine] = list(person.lines)
    for line in other.lines:
        new_id = next_line_id(draft, [each.id for each in lines])
        lines.append(line.model_copy(update={"id": new_id, "reply": "", "refunds": ""}))
    return draft.with_person(person.model_copy(update={"lines": tuple(lines)}))


def _ticked(fields: Mapping[str, str], prefix: str) -> Iterable[str]:
    return [
        name.removeprefix(prefix)
        for name in fields
        if name.startswith(prefix) and _ID.fullmatch(name.removeprefix(prefix))
    ]
