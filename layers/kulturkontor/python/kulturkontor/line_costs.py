"""What one line cost in øre: as stated, converted from foreign currency, or kilometres by own car.

The announcement covers «faktiske reisekostnader»; for own car that is the State rate in force on
the day of travel, with its supplement once per kilometre when passengers are named, however many.
A day without a rate has no cost: it must be known, not guessed.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import LineIn
from kulturkontor.money import parse_kroner, to_ore
from kulturkontor.programme import TravelRules


class Cost(NamedTuple):
    """What a line cost, and how much of it counts without a person's decision."""

    actual_ore: int
    counted_ore: int
    ore_per_km: int | None = None


def find_cost(
    line: LineIn, travel: TravelRules, *, is_registered: Callable[[str], bool]
) -> Cost | None:
    """The cost of a line; None if no car rate is known for its day."""
    if line.kind is LineKind.CAR:
        return _car_cost(line, travel, is_registered)
    ore = _stated_ore(line)
    return Cost(ore, ore)


def _stated_ore(line: LineIn) -> int:
    if line.amount is not None:
        return parse_kroner(line.amount)
    hundredths = parse_kroner(line.foreign_amount or "")
    return to_ore(Decimal(hundredths) / 100, Decimal(line.rate or ""))


def _car_cost(
    line: LineIn, travel: TravelRules, is_registered: Callable[[str], bool]
) -> Cost | None:
    rate = car_rate(travel, line.date)
    if rate is None or line.kilometres is None:
        return None
    with_passenger = rate + travel.passenger_supplement_ore_per_km
    stated = with_passenger if line.passengers else rate
    counted = with_passenger if any(is_registered(each) for each in line.passengers) else rate
    return Cost(
        to_ore(line.kilometres, Decimal(stated) / 100),
        to_ore(line.kilometres, Decimal(counted) / 100),
        counted,
    )


def car_rate(travel: TravelRules, day: date) -> int | None:
    """Øre per kilometre on that day, if the programme knows a rate for it."""
    return next(
        (each.ore_per_km for each in travel.car_rates if each.valid_from <= day <= each.valid_to),
        None,
    )
