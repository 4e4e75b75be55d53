"""The State rates for own car that claims are judged by: those known, and a new one put in."""

from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kulturkontor.actions.confirm_rates import confirm_rate, read_rates
from kulturkontor.application_form import Text
from kulturkontor.money import AmountError, parse_kroner
from kulturkontor.programme_rules import CarRate
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_visit import Handler, Visit

MOST_ORE: Final = 50_00
"""A slip of the comma is no rate."""


def _ore(value: object) -> int:
    """Øre from kroner as people type them."""
    try:
        ore = parse_kroner(str(value))
    except AmountError as fault:
        raise PydanticCustomError("amount", "amount") from fault
    if not 0 < ore <= MOST_ORE:
        raise PydanticCustomError("amount", "amount")
    return ore


class RateIn(BaseModel):
    """`kroner`: for one kilometre, as "5,45"; `source`: where it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    valid_to: date
    kroner: Annotated[int, BeforeValidator(_ore)]
    source: Annotated[Text, Field(min_length=1, max_length=500)]


def show_rates(visit: Visit) -> Answer:
    return page(visit, "rates", rates=read_rates(visit.programme, visit.records).rates)


def show_rates_json(visit: Visit) -> Answer:
    return as_json(read_rates(visit.programme, visit.records).rates)


def put_in_rate(visit: Visit) -> Answer:
    sent = visit.sent(RateIn)
    programme = confirm_rate(
        CarRate(valid_from=sent.valid_from, valid_to=sent.valid_to, ore_per_km=sent.kroner),
        source=sent.source,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    if visit.is_api:
        return as_json(programme.travel.car_rates)
    return redirect("/rates")


ROUTES: Final[dict[str, Handler]] = {
    "GET /rates": show_rates,
    "POST /rates": put_in_rate,
    "GET /api/rates": show_rates_json,
    "POST /api/rates": put_in_rate,
}
