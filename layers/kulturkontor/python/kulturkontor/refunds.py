"""Lines that give something back: a ticket refunded, a bed credited.

A refund shares the fate of the line it names. It takes back what the council would have paid of
it, and where the council pays only a part (a limit, a decision of staff) no more than brings that
part down to what was really spent.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kulturkontor.claim_lines import LineIn
from kulturkontor.judgement import JudgedLine, LineRuling, LineState, ReasonCode


class Refunded(NamedTuple):
    """A refund as it comes out: its state, reason and both amounts, which are below zero."""

    line: LineIn
    state: LineState
    reason: ReasonCode
    actual_ore: int
    counted_ore: int


def refunds_of(lines: Sequence[LineIn]) -> dict[str, list[LineIn]]:
    """By the id of the line that is given back, in order of id."""
    found: dict[str, list[LineIn]] = {}
    for line in sorted(lines, key=lambda each: each.id):
        if line.refunds is not None:
            found.setdefault(line.refunds, []).append(line)
    return found


def find_free(lines: Sequence[LineIn], costs: Mapping[str, int]) -> frozenset[str]:
    """The lines that cost nothing in the end: they were free, or given back whole. `costs`: øre of
    each line, below zero for what gives back; without the refunds that people struck.
    """
    spent = {line.id: costs.get(line.id, 0) for line in lines if line.refunds is None}
    for line in lines:
        if line.refunds is not None:
            spent[line.refunds] += costs.get(line.id, 0)
    return frozenset(line_id for line_id, ore in spent.items() if ore <= 0)


def is_asked(lines: Sequence[LineIn], rulings: Mapping[str, LineRuling]) -> bool:
    return any(line.id in rulings and rulings[line.id].verdict == "ask" for line in lines)


def judge_refunds(
    cost: JudgedLine, refunds: Sequence[LineIn], rulings: Mapping[str, LineRuling]
) -> Iterator[Refunded]:
    """The refunds of one judged line, one after the other; those that staff rejected, and those of
    a line that is no cost at all, are as if they had not been claimed.
    """
    spent, counted = cost.actual_ore, cost.counted_ore
    for line in refunds:
        ruling, back = rulings.get(line.id), line.stated_ore or 0
        if ruling and ruling.verdict == "reject":
            yield Refunded(line, LineState.REJECTED, ReasonCode.REJECTED_BY_STAFF, 0, 0)
        elif cost.state is LineState.HELD:
            asked = ruling is not None and ruling.verdict == "ask"
            reason = ReasonCode.ASKED_BY_STAFF if asked else ReasonCode.WAITS_WITH_LINE
            yield Refunded(line, LineState.HELD, reason, back, 0)
        elif cost.state is LineState.REJECTED:
            own = back if cost.actual_ore else 0
            yield Refunded(line, LineState.REJECTED, ReasonCode.GIVEN_BACK_UNCOVERED, own, 0)
        else:
            spent += back
            still = min(counted, spent)
            taken, counted = still - counted, still
            yield Refunded(line, LineState.APPROVED, ReasonCode.GIVEN_BACK, back, taken)
