"""When a reminder is due: on its day, or on one of the mornings after it, if that one was missed.

What has come after the day is not reminded of it, and a reminder that was put on another day by the
settings does not come again to those who had it just before.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from kulturkontor.mails import Mail

CATCH_UP_DAYS: Final = 3
"""A missed morning is made good for so long: over a weekend, and before it would surprise."""


class DueDay(NamedTuple):
    """`set_day`: how many days before the deadline the setting says; `days_left`: how many there
    are.
    """

    set_day: int
    days_left: int
    day: date
    """The day that it was to come."""

    @property
    def is_late(self) -> bool:
        return self.set_day != self.days_left


class Reminder(NamedTuple):
    """`instead`: the ids of those that, if one was sent, told the same some mornings ago."""

    mail: Mail
    instead: tuple[str, ...] = ()


def due_day(deadline: date, today: date, set_days: Sequence[int]) -> DueDay | None:
    """The set day whose reminder is due; None when there is none, or the deadline has passed."""
    left = (deadline - today).days
    last = min((day for day in set_days if day >= left), default=None)
    if left < 0 or last is None or last - left > CATCH_UP_DAYS:
        return None
    return DueDay(last, left, deadline - timedelta(days=last))


def reminder(mail: Mail, due: DueDay) -> Reminder:
    """`mail`: whose id ends with the set day."""
    if not due.is_late:
        return Reminder(mail)
    series = mail.id.removesuffix(str(due.set_day))
    near = range(due.days_left, due.days_left + CATCH_UP_DAYS + 1)
    return Reminder(mail, tuple(f"{series}{day}" for day in near if day != due.set_day))
