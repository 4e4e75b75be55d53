"""When the deployed schedules are due, computed from the template, and firing them at a given
instant.

The emulator's schedules follow the real clock; the office's time is simulated. Expressions follow
EventBridge Scheduler: `cron(minutes hours day-of-month month day-of-week year)` and `rate(n unit)`
in the schedule's own time zone. As there, a local time that daylight saving skips does not occur,
and a repeated one occurs once.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from local.transform import Template

_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


class Invokes(Protocol):
    def invoke(self, function: str, event: object) -> Any: ...


class ScheduleError(ValueError):
    """A schedule's expression is not understood here; the message quotes it."""


@dataclass(frozen=True)
class Schedule:
    """One schedule of the template; `function` is the folder's name."""

    function: str
    expression: str
    zone: ZoneInfo
    input: str

    def due(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """The instants (UTC) later than `after`, up to and including `until`."""
        kind, _, rest = self.expression.rstrip(")").partition("(")
        occurrences = _rate(rest, after) if kind == "rate" else _cron(rest, self.zone, after)
        for moment in occurrences:
            if moment > until:
                return
            if moment > after:
                yield moment

    def event(self, at: datetime) -> str:
        return self.input.replace(
            _SCHEDULED_TIME, at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        )


def read_schedules(template: Template) -> list[Schedule]:
    """The schedules of a translated template, in order of function name."""
    resources = template["Resources"]
    schedules = [
        Schedule(
            function=_folder(resources[properties["Target"]["Arn"]["Fn::GetAtt"][0]]),
            expression=properties["ScheduleExpression"],
            zone=ZoneInfo(properties["ScheduleExpressionTimezone"]),
            input=properties["Target"]["Input"],
        )
        for properties in (
            r["Properties"] for r in resources.values() if r["Type"] == "AWS::Scheduler::Schedule"
        )
    ]
    return sorted(schedules, key=lambda each: each.function)


def fire(stack: Invokes, schedule: Schedule, at: datetime) -> Any:
    """Invokes the schedule's function as the scheduler would then; returns what it returns."""
    return stack.invoke(schedule.function, json.loads(schedule.event(at)))


def _folder(function: dict[str, Any]) -> str:
    name: str = function["Properties"]["FunctionName"]["Fn::Sub"]
    return name.removeprefix("${AWS::StackName}-").replace("-", "_")


def _rate(text: str, after: datetime) -> Iterator[datetime]:
    number, _, unit = text.partition(" ")
    step = _UNITS.get(unit.removesuffix("s"))
    if step is None or not number.isdigit():
        raise ScheduleError(f"rate({text})")
    step *= int(number)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    moment = epoch + step * ((after - epoch) // step)
    while True:
        yield moment
        moment += step


def _cron(text: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    try:
        minutes, hours, month_days, months, week_days, years = text.split()
    except ValueError as fault:
        raise ScheduleError(f"cron({text})") from fault
    minute_set, hour_set = _field(minutes, 0, 59), _field(hours, 0, 23)
    month_set, year_set = _field(months, 1, 12, _MONTHS), _field(years, 1970, 2199)
    month_day_set, week_day_set = _field(month_days, 1, 31), _field(week_days, 1, 7, _DAYS)
    day = after.astimezone(zone).date()
    while day.year <= max(year_set):
        if (
            day.year in year_set
            and day.month in month_set
            and day.day in month_day_set
            and day.isoweekday() % 7 + 1 in week_day_set
        ):
            for hour in sorted(hour_set):
                for minute in sorted(minute_set):
                    yield from _instant(day, time(hour, minute), zone)
        day += timedelta(days=1)


def _instant(day: date, clock: time, zone: ZoneInfo) -> Iterator[datetime]:
    local = datetime.combine(day, clock, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        yield moment


def _field(text: str, lowest: int, highest: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span in {"*", "?"}:
            low, high = lowest, highest
        else:
            low = _number(first, lowest, names)
            high = _number(last, lowest, names) if last else (highest if step else low)
        values |= set(range(low, high + 1, int(step or 1)))
    if not values or min(values) < lowest or max(values) > highest:
        raise ScheduleError(text)
    return frozenset(values)


def _number(text: str, lowest: int, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + lowest
    if text.isdigit():
        return int(text)
    raise ScheduleError(text)
