"""Staff put in the State rate for own car of a new period, once it is known.

Until then kilometres of its days are held: a rate is known, never guessed. What was judged before
keeps the rate it was judged by.
"""

from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.ports import Queue
from kulturkontor.programme import Programme
from kulturkontor.programme_rules import CarRate
from kulturkontor.programme_settings import ProgrammeSettings, settings_key, with_settings
from kulturkontor.records import Records, decide_again


class KnownRates(NamedTuple):
    """The rates as they stand in this moment, and the revision of the settings that has them."""

    rates: tuple[CarRate, ...]
    revision: int


def read_rates(programme: Programme, records: Records) -> KnownRates:
    settings = records.read(ProgrammeSettings, settings_key(programme.id))
    rates = with_settings(programme, settings).travel.car_rates
    return KnownRates(rates, settings.revision if settings else 0)


def confirm_rate(
    rate: CarRate,
    *,
    source: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Programme:
    """The programme with that rate; one that begins on the same day is replaced. Raises
    SettingsError for a day that would have two rates. `source`: where the rate was read.
    """

    def attempt() -> Programme:
        known = read_rates(programme, records)
        others = [each for each in known.rates if each.valid_from != rate.valid_from]
        rates = sorted([*others, rate], key=lambda each: each.valid_from)
        return change_settings(
            {"travel": {"car_rates": [each.model_dump(mode="json") for each in rates]}},
            by=by,
            at=at,
            reason=source,
            programme=programme,
            records=records,
            mail_queue=mail_queue,
            about="rates",
            seen=known.revision,
        )

    return decide_again(attempt)
