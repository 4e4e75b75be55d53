"""How applications stand by the medians of their assessments, and how the admitted mirror those who
applied. It is a list to read: people decide, and nothing here picks anybody.

A reviewer's total is the sum over the criteria. An application's figure is the median of its
reviewers' totals: of an even number, the middle between the two in the middle. Equal medians share
a rank, and the next has the rank it would have had otherwise.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kulturkontor.assessments import Assessment, total_of
from kulturkontor.programme import Programme

_TWO = Decimal(2)


class Standing(NamedTuple):
    """`rank` and `median` are None for one that nobody has assessed."""

    application_id: str
    rank: int | None
    median: Decimal | None
    totals: tuple[int, ...]
    medians: Mapping[str, Decimal]
    """By criterion."""


def median_of(numbers: Sequence[int]) -> Decimal:
    """Exact; raises ValueError for none."""
    if not numbers:
        raise ValueError("no median of nothing")
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return Decimal(ordered[half] + ordered[~half]) / _TWO


def rank(counting: Mapping[str, Sequence[Assessment]], programme: Programme) -> list[Standing]:
    """Best first; `counting`: by application, in the order that equal ones are to stand in, the
    submitted assessments of reviewers without a conflict. The unassessed come last.
    """
    totals = {
        each: tuple(sorted(total_of(one.given, programme) for one in found))
        for each, found in counting.items()
    }
    medians = {each: median_of(points) for each, points in totals.items() if points}
    ordered = sorted(counting, key=lambda each: -medians.get(each, Decimal(-1)))
    return [
        Standing(
            application_id=each,
            rank=1 + sum(other > medians[each] for other in medians.values())
            if each in medians
            else None,
            median=medians.get(each),
            totals=totals[each],
            medians=_by_criterion(counting[each], programme) if each in medians else {},
        )
        for each in ordered
    ]


def _by_criterion(found: Sequence[Assessment], programme: Programme) -> dict[str, Decimal]:
    return {
        each.id: median_of([one.given.scores[each.id].points or 0 for one in found])
        for each in programme.decision.criteria
    }


class Share(NamedTuple):
    """Of one group: how many applied, how many of them are admitted, proposed or confirmed."""

    group: str
    applied: int
    admitted: int


def balance(applied: Iterable[str], admitted: Iterable[str], order: Iterable[str]) -> list[Share]:
    """The groups that somebody applied from, in that order; each application names its group."""
    all_of, some_of = Counter(applied), Counter(admitted)
    return [Share(each, all_of[each], some_of[each]) for each in order if all_of[each]]
