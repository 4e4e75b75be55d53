"""What one line cost in øre: as stated, converted from foreign currency, or kilometres by own car.

The announcement covers «faktiske reisekostnader»; for own car that is the State rate in force on
the day of travel, with its supplement once per kilometre when passengers are named, however many.
A day without a rate has no cost: it must be known, not guessed.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from kulturkontor.claim_fields import BY_KILOMETRES, LineKind
from kulturkontor.claim_lines import LineIn
from kulturkontor.money import to_ore
from kulturkontor.rules_used import RulesUsed


class Cost(NamedTuple):
    """What a line cost, and how much of it counts without a person's decision."""

    actual_ore: int
    counted_ore: int
    ore_per_km: int | None = None


def find_cost(
    line: LineIn, rules: RulesUsed, *, is_registered: Callable[[str], bool]
) -> Cost | None:
    """The cost of a line; None if no rate per kilometre is known for its day."""
    if line.kind in BY_KILOMETRES:
        return _cost_of_kilometres(line, rules, is_registered)
    ore = line.stated_ore or 0
    cap = rules.max_ore_per_night
    if line.kind is LineKind.OVERNIGHT and cap is not None:
        return Cost(ore, min(ore, cap))
    return Cost(ore, ore)


def _cost_of_kilometres(
    line: LineIn, rules: RulesUsed, is_registered: Callable[[str], bool]
) -> Cost | None:
    """A passenger of ours makes the supplement count; without one it is the municipality's."""
    rate = rules.car_rate(line.date)
    if rate is None or line.kilometres is None:
        return None
    supplement = rules.passenger_supplement_ore_per_km
    alone = rate if line.kind is LineKind.CAR else 0
    stated = alone + supplement if line.passengers else alone
    counted = stated if any(is_registered(each) for each in line.passengers) else alone
    return Cost(
        to_ore(line.kilometres, Decimal(stated) / 100),
        to_ore(line.kilometres, Decimal(counted) / 100),
        counted,
    )
