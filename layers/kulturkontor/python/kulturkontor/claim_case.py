"""A claim laid out for judgement: what each line cost, whose nights count, what is claimed twice.

Nothing is judged here; `travel` does that with what it finds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn
from kulturkontor.duplicates import find_duplicates
from kulturkontor.judgement import EarlierLine, LineRuling, ReceiptFact
from kulturkontor.line_costs import Cost, find_cost
from kulturkontor.overnight import choose_nights
from kulturkontor.programme import Gathering, Programme


class UnknownLineError(ValueError):
    """A ruling names a line that the claim does not have; rule on the lines of this version."""


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """Everything the judgement of one line needs to know. Persons are participant ids."""

    programme: Programme
    gathering: Gathering
    receipts: Mapping[str, ReceiptFact]
    rulings: Mapping[str, LineRuling]
    costs: Mapping[str, Cost | None]
    registered: frozenset[str]
    travellers: frozenset[str]
    """Whose travel the council pays: all who claim any, unless the programme sets a limit."""
    nights: Mapping[str, date]
    """The one night of each person."""
    night_persons: frozenset[str]
    passengers: frozenset[tuple[str, date]]
    """Who was driven by another participant, and on which day."""
    duplicates: Mapping[str, str]
    """Line ids, each with the line or the other claim that it may repeat."""


def prepare_case(
    claim: ClaimIn,
    *,
    programme: Programme,
    gathering: Gathering,
    registered: Collection[str],
    receipts: Mapping[str, ReceiptFact],
    earlier: Sequence[EarlierLine],
    rulings: Sequence[LineRuling],
) -> ClaimCase:
    """Raises UnknownLineError. Lines that people struck are as if they had not been claimed."""
    if unknown := {each.line_id for each in rulings} - {line.id for line in claim.lines}:
        raise UnknownLineError(", ".join(sorted(unknown)))
    by_line = {each.line_id: each for each in rulings}
    struck = {each.line_id for each in by_line.values() if each.verdict == "reject"}
    known = _find_registered(claim, registered)
    costs = {
        line.id: find_cost(
            line,
            programme.travel,
            is_registered=lambda passenger: claim.find_participant(passenger) in known,
        )
        for line in claim.lines
    }
    nights, night_persons = choose_nights(
        claim, gathering, programme.overnight.max_persons, struck=struck
    )
    return ClaimCase(
        programme=programme,
        gathering=gathering,
        receipts=receipts,
        rulings=by_line,
        costs=costs,
        registered=known,
        travellers=_find_travellers(claim, programme.travel.max_persons, struck),
        nights=nights,
        night_persons=night_persons,
        passengers=_find_passengers(claim, struck),
        duplicates=find_duplicates(
            claim,
            costs={line_id: cost.actual_ore for line_id, cost in costs.items() if cost},
            receipts=receipts,
            earlier=earlier,
            struck=struck,
        ),
    )


def _find_registered(claim: ClaimIn, registered: Collection[str]) -> frozenset[str]:
    names = {" ".join(each.casefold().split()) for each in registered}
    return frozenset(
        each.id
        for each in claim.participants
        if each.id in registered or each.name.casefold() in names
    )


def _find_travellers(
    claim: ClaimIn, max_persons: int | None, struck: Collection[str]
) -> frozenset[str]:
    claiming = {
        line.participant
        for line in claim.lines
        if line.kind is not LineKind.OVERNIGHT and line.id not in struck
    }
    return frozenset([each.id for each in claim.participants if each.id in claiming][:max_persons])


def _find_passengers(claim: ClaimIn, struck: Collection[str]) -> frozenset[tuple[str, date]]:
    driven = (
        (claim.find_participant(passenger), line.date)
        for line in claim.lines
        if line.id not in struck
        for passenger in line.passengers
    )
    return frozenset((person, day) for person, day in driven if person is not None)
