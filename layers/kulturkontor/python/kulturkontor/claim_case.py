"""A claim laid out for judgement: what each line cost, whose nights count, what is claimed twice.

Nothing is judged here; `travel` does that with what it finds.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kulturkontor.claim_fields import LineKind, name_key
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_lines import LineIn
from kulturkontor.duplicates import (
    claimed_lines,
    find_in_others,
    find_repeats,
    marks_of_line,
)
from kulturkontor.judgement import Known, LineRuling, ReceiptFact
from kulturkontor.line_costs import Cost, find_cost
from kulturkontor.overnight import choose_nights
from kulturkontor.refunds import find_free, refunds_of
from kulturkontor.refusals import Refusal
from kulturkontor.rules_used import RulesUsed


class UnknownLineError(Refusal):
    """A ruling names a line that the claim does not have; rule on the lines of this version."""

    status = 422
    code = "unknown_line"


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """Everything the judgement of one line needs to know. Persons are participant ids."""

    rules: RulesUsed
    known: Known
    receipts: Mapping[str, ReceiptFact]
    rulings: Mapping[str, LineRuling]
    costs: Mapping[str, Cost | None]
    travellers: frozenset[str]
    """Whose travel the council pays: all who claim any, unless the programme sets a limit."""
    nights: Mapping[str, date]
    """The one night of each person."""
    night_persons: frozenset[str]
    passengers: frozenset[tuple[str, date]]
    """Who was driven by another participant, and on which day."""
    loose_supplements: frozenset[tuple[str, date]]
    """Who claims a supplement for more kilometres than they drove that day."""
    repeats: Mapping[str, str]
    """Line ids, each with the line, or the number of the municipality's other claim, that it may
    repeat.
    """
    elsewhere: Mapping[str, str]
    """Line ids, each with the number of another municipality's claim that may have it too."""
    refunds: Mapping[str, Sequence[LineIn]]
    """Line ids, each with the lines that give it back."""
    free: frozenset[str]
    """Lines that cost nothing in the end."""


def prepare_case(
    claim: ClaimIn, *, rules: RulesUsed, known: Known, rulings: Sequence[LineRuling]
) -> ClaimCase:
    """Raises UnknownLineError. Lines that people struck are as if they had not been claimed."""
    if unknown := {each.line_id for each in rulings} - {line.id for line in claim.lines}:
        raise UnknownLineError(", ".join(sorted(unknown)))
    by_line = {each.line_id: each for each in rulings}
    struck = {each.line_id for each in by_line.values() if each.verdict == "reject"}
    costs = _find_costs(claim, rules, known.registered)
    receipts = {each.id: each for each in known.receipts}
    spent = _ore(costs, without={line.id for line in claim.lines if line.refunds} & struck)
    free = find_free(claim.lines, spent)
    claimed = claimed_lines(claim, costs=spent, receipts=receipts)
    nights, night_persons = choose_nights(claim, rules, struck=struck | free)
    return ClaimCase(
        rules=rules,
        known=known,
        receipts=receipts,
        rulings=by_line,
        costs=costs,
        travellers=_find_travellers(claim, rules.max_travellers, struck),
        nights=nights,
        night_persons=night_persons,
        passengers=_find_passengers(claim, struck),
        loose_supplements=_find_loose_supplements(claim, struck),
        repeats=find_repeats(claimed, struck) | find_in_others(claimed, known.earlier),
        elsewhere=find_in_others(claimed, known.elsewhere),
        refunds=refunds_of(claim.lines),
        free=free,
    )


def what_is_known(
    claim: ClaimIn,
    *,
    rules: RulesUsed,
    registered: Collection[str],
    receipts: Mapping[str, ReceiptFact],
    earlier: Mapping[str, str],
    elsewhere: Mapping[str, str],
    absent: Collection[str],
    withdrawn: bool,
) -> Known:
    """Of all that is known, what this claim is judged by: its own persons, receipts and marks."""
    present = _find_persons(claim, registered)
    named = sorted({each for line in claim.lines for each in line.receipt_ids})
    refunds = {line.id for line in claim.lines if line.refunds}
    own = {each: receipts[each] for each in named if each in receipts}
    costs = _ore(_find_costs(claim, rules, present), without=refunds)
    lines = claimed_lines(claim, costs=costs, receipts=own)
    marks = sorted({mark for each in lines for mark in marks_of_line(each)})
    return Known(
        registered=present,
        absent=_find_persons(claim, absent),
        withdrawn=withdrawn,
        receipts=tuple(own.values()),
        earlier={mark: earlier[mark] for mark in marks if mark in earlier},
        elsewhere={mark: elsewhere[mark] for mark in marks if mark in elsewhere},
    )


def _find_costs(
    claim: ClaimIn, rules: RulesUsed, registered: Collection[str]
) -> dict[str, Cost | None]:
    return {
        line.id: find_cost(
            line,
            rules,
            is_registered=lambda passenger: claim.find_participant(passenger) in registered,
        )
        for line in claim.lines
    }


def _ore(costs: Mapping[str, Cost | None], *, without: Collection[str]) -> dict[str, int]:
    return {
        line_id: cost.actual_ore
        for line_id, cost in costs.items()
        if cost and line_id not in without
    }


def _find_persons(claim: ClaimIn, ids_or_names: Collection[str]) -> tuple[str, ...]:
    """The participants among them. A name stands for one participant: a second one who bears it is
    found by the id alone.
    """
    names = {name_key(each) for each in ids_or_names}
    by_id = {each.id: name_key(each.name) for each in claim.participants if each.id in ids_or_names}
    taken = set(by_id.values())
    found = []
    for each in claim.participants:
        name = name_key(each.name)
        if each.id in by_id or (name in names and name not in taken):
            taken.add(name)
            found.append(each.id)
    return tuple(found)


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


def _find_loose_supplements(claim: ClaimIn, struck: Collection[str]) -> frozenset[tuple[str, date]]:
    left: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for line in claim.lines:
        if line.kilometres is not None and line.id not in struck:
            sign = 1 if line.kind is LineKind.CAR else -1
            left[line.participant, line.date] += sign * line.kilometres
    return frozenset(each for each, kilometres in left.items() if kilometres < 0)
