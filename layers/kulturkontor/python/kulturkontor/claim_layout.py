"""A draft as the claim it will be: every field where `ClaimIn` has it, blank ones left out.

Where each line came from is remembered, so that a fault of the claim leads back to the field that
has it.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from kulturkontor.claim_drafts import ClaimDraft, DraftLine, DraftPerson

_NORWEGIAN_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")


class LaidOut(NamedTuple):
    """A draft as a claim, and for each of its lines the person and the place in their form."""

    body: dict[str, Any]
    places: tuple[tuple[str, str], ...]


def lay_out(draft: ClaimDraft, *, declared: bool) -> LaidOut:
    """What the draft claims, in the shape of ClaimIn; blank fields are left out."""
    travellers = draft.travellers
    found = [
        (person, place, line)
        for person in travellers
        for place, line in person.counted
        if not draft.no_cost
    ]
    nobody = bool(travellers) and all(each.way == "none" for each in travellers)
    no_cost = draft.no_cost or nobody
    marked = any(each.covered_night for each in travellers)
    body = {
        "participants": [_participant(each, marked=marked) for each in travellers],
        "lines": [line_body(line, person, draft.people) for person, _, line in found],
        "account_number": "" if no_cost else draft.account_number,
        "kid": None if no_cost else draft.kid.strip() or None,
        "vat": draft.vat or ("included" if no_cost else ""),
        "no_cost": no_cost,
        "declared": declared,
    }
    return LaidOut(body, tuple((person.id, place) for person, place, _ in found))


def _participant(person: DraftPerson, *, marked: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"id": person.id, "name": person.name}
    if person.role.strip():
        told["role"] = person.role
    if marked and person.covered_night:
        told["covered_night"] = True
    return told


_LINE_TEXTS = ("route", "note", "reply", "refunds")
_DRIVEN_TEXTS = ("kilometres",)
_COST_TEXTS = ("amount", "currency", "foreign_amount", "rate", "rate_date", "rate_source")


def line_body(
    line: DraftLine, person: DraftPerson, people: Iterable[DraftPerson]
) -> dict[str, Any]:
    """The line in the shape of LineIn."""
    names = {each.id: each.name for each in people}
    texts = (*_LINE_TEXTS, *(_DRIVEN_TEXTS if line.is_by_kilometres else _COST_TEXTS))
    plain = {name: getattr(line, name).strip() for name in texts}
    body: dict[str, Any] = {name: text for name, text in plain.items() if text}
    body |= {"id": line.id, "participant": person.id, "kind": line.kind}
    body |= {"date": read_day(line.date), "receipt_ids": list(line.receipt_ids)}
    if "currency" in body:
        body["currency"] = body["currency"].upper()
    if "rate_date" in body:
        body["rate_date"] = read_day(body["rate_date"])
    if line.is_by_kilometres:
        others = re.split(r"[,;\n]", line.passengers)
        driven = [names[each] for each in line.driven if each in names]
        body["passengers"] = [*driven, *(each.strip() for each in others if each.strip())]
    return body


def read_day(text: str) -> str:
    """ "24.9.2026" as ISO 8601 has it; anything else as it is."""
    written = _NORWEGIAN_DAY.fullmatch(text.strip())
    return f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}" if written else text.strip()
