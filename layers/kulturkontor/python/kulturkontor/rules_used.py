"""The rules a claim was judged by, kept with its judgement: what staff change later changes nothing
that was judged before, and every sum can be reckoned again from what is stored.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kulturkontor.programme import Gathering, Programme
from kulturkontor.programme_rules import CarRate, Days, Ore, Percent

HALF_UP: Literal["half_up_per_participant"] = "half_up_per_participant"


class RulesUsed(BaseModel):
    """Every number of the programme that the result of a claim depends on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_day: date
    last_day: date
    is_cancelled: bool
    days_around: Days
    share_percent: Percent
    rounding: Literal["half_up_per_participant"]
    max_travellers: int | None
    receipt_free_up_to_ore: Ore
    taxi_needs_reason: bool
    car_rates: tuple[CarRate, ...]
    passenger_supplement_ore_per_km: Ore
    rates_asked_above: dict[str, int]
    night_mode: Literal["refund", "central"]
    max_night_persons: int
    max_ore_per_night: Ore | None

    def car_rate(self, day: date) -> int | None:
        """Øre per kilometre on that day, if a rate is known for it."""
        return next(
            (each.ore_per_km for each in self.car_rates if each.valid_from <= day <= each.valid_to),
            None,
        )


def rules_used(programme: Programme, gathering: Gathering) -> RulesUsed:
    travel, overnight = programme.travel, programme.overnight
    return RulesUsed(
        first_day=gathering.first_day,
        last_day=gathering.last_day,
        is_cancelled=gathering.is_cancelled,
        days_around=travel.days_around,
        share_percent=travel.share_percent,
        rounding=HALF_UP,
        max_travellers=travel.max_persons,
        receipt_free_up_to_ore=travel.receipt_free_up_to_ore,
        taxi_needs_reason=travel.taxi_needs_reason,
        car_rates=travel.car_rates,
        passenger_supplement_ore_per_km=travel.passenger_supplement_ore_per_km,
        rates_asked_above=travel.rates_asked_above,
        night_mode=overnight.mode,
        max_night_persons=overnight.max_persons,
        max_ore_per_night=overnight.max_ore_per_night,
    )
