"""What keeps a draft from being a claim: each fault with the page and the field that mend it."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import ValidationError

from kulturkontor.claim_drafts import ClaimDraft, Part
from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn, FieldError, field_errors
from kulturkontor.claim_layout import LaidOut, lay_out
from kulturkontor.programme import Language, Programme
from kulturkontor.web.answers import text
from kulturkontor.web.problems import explain

_FIELD_OF_PATH = {"foreign_amount": "foreign_amount", "receipt_ids": "receipts"}


class Fault(NamedTuple):
    """`person` and `number` (of their line, from 1; 0 in the short form) where it is a cost."""

    part: Part | None
    person: str
    field: str
    message: str
    number: int = 0
    kind: str = ""
    """Of the line."""
    name: str = ""
    """What of the line is wrong, as a key of `claim_field`."""


def find_faults(
    draft: ClaimDraft, programme: Programme, language: Language, *, declared: bool = True
) -> tuple[Fault, ...]:
    """Every fault, in the order of the pages. `declared`: whether that is asked for yet."""
    laid = lay_out(draft, declared=True)
    own = tuple(_own_faults(draft, programme, language))
    if not declared:
        own = (*own, Fault(None, "", "declared", _say("not_declared", language)))
    try:
        ClaimIn.model_validate(laid.body)
    except ValidationError as fault:
        found = [_locate(each, laid, language) for each in field_errors(fault)]
        return _in_order(draft, (*own, *found))
    return _in_order(draft, own)


def _own_faults(draft: ClaimDraft, programme: Programme, language: Language) -> Iterator[Fault]:
    """What only the pages ask for: that nobody is forgotten, and no more nights than are paid."""
    marked = [each for each in draft.travellers if each.covered_night]
    most = programme.overnight.max_persons
    if len(marked) > most:
        message = text(language, "claim_fault.too_many_nights", count=most)
        yield Fault("travellers", "", f"people.{marked[most].id}.covered", message)
    for each in draft.travellers if not draft.no_cost else ():
        if not each.way:
            message = text(language, "claim_fault.way_missing", name=each.name)
            yield Fault("costs", each.id, "way", message)
        elif each.way == "lines" and not each.lines:
            message = text(language, "claim_fault.lines_missing", name=each.name)
            yield Fault("costs", each.id, "new-kind", message)
        elif each.way == "total" and not each.total:
            message = text(language, "claim_fault.total_missing", name=each.name)
            yield Fault("costs", each.id, f"total.{LineKind.TRAVEL_TOTAL}", message)


def _locate(error: FieldError, laid: LaidOut, language: Language) -> Fault:
    message = explain(error, language, "claim_errors")
    match error.path.split("."):
        case ["lines", number, *path] if number.isdigit():
            person, place = laid.places[int(number)]
            name = path[0] if path else "kind"
            kind = str(laid.body["lines"][int(number)]["kind"])
            field, row = _field_of(place, name)
            return Fault("costs", person, field, message, row, kind, name)
        case ["participants", number, *_] if number.isdigit():
            person = str(laid.body["participants"][int(number)]["id"])
            return Fault("travellers", person, f"people.{person}.travelled", message)
        case ["lines" | "no_cost", *_]:
            return Fault("costs", "", "no_cost", message)
        case ["participants", *_]:
            return Fault("travellers", "", "travellers", message)
        case ["declared", *_]:
            return Fault(None, "", "declared", message)
        case [name, *_] if name:
            return Fault("account", "", name, message, name=name)
        case _:
            return Fault("account", "", "account_number", message, name="account_number")


def _field_of(place: str, name: str) -> tuple[str, int]:
    """The field in the person's form, and the number of its line there."""
    way, _, row = place.partition(".")
    if way == "lines":
        return f"lines.{row}.{_FIELD_OF_PATH.get(name, name)}", int(row) + 1
    of_total = {"date": "total.night", "receipt_ids": "total.receipts"}
    return of_total.get(name, place), 0


def _in_order(draft: ClaimDraft, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    parts = ("travellers", "costs", "account", None)
    people = [each.id for each in draft.people]
    return tuple(
        sorted(
            faults,
            key=lambda each: (
                parts.index(each.part),
                people.index(each.person) if each.person in people else -1,
                each.number,
            ),
        )
    )


def _say(code: str, language: Language) -> str:
    return explain(FieldError("", code, {}), language, "claim_errors")
