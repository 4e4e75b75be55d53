"""Schedules occur as EventBridge Scheduler would have them, daylight saving included."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from local.schedules import Schedule, ScheduleError, fire, read_schedules
from local.transform import translated

OSLO = ZoneInfo("Europe/Oslo")


def _schedule(expression: str) -> Schedule:
    text = '{"scheduled_time": "<aws.scheduler.scheduled-time>"}'
    return Schedule(function="sweep", expression=expression, zone=OSLO, input=text)


def _due(expression: str, after: str, until: str) -> list[str]:
    schedule = _schedule(expression)
    zoned = [datetime.fromisoformat(text).replace(tzinfo=OSLO) for text in (after, until)]
    return [moment.astimezone(OSLO).isoformat() for moment in schedule.due(*zoned)]


@pytest.mark.parametrize(
    ("expression", "after", "until", "expected"),
    [
        pytest.param(
            "cron(30 7 ? * MON-FRI *)",
            "2026-04-03T07:30",
            "2026-04-07T07:30",
            ["2026-04-06T07:30:00+02:00", "2026-04-07T07:30:00+02:00"],
            id="weekdays only, the first instant excluded and the last included",
        ),
        pytest.param(
            "cron(0 8 * * ? *)",
            "2026-03-28T00:00",
            "2026-03-30T00:00",
            ["2026-03-28T08:00:00+01:00", "2026-03-29T08:00:00+02:00"],
            id="eight o'clock stays eight o'clock across daylight saving",
        ),
        pytest.param(
            "cron(30 2 * * ? *)",
            "2026-03-28T12:00",
            "2026-03-30T12:00",
            ["2026-03-30T02:30:00+02:00"],
            id="a time that does not exist is skipped",
        ),
        pytest.param(
            "cron(30 2 * * ? *)",
            "2026-10-24T12:00",
            "2026-10-25T12:00",
            ["2026-10-25T02:30:00+02:00"],
            id="a time that comes twice occurs once",
        ),
        pytest.param(
            "cron(0/20 9 1 JAN,7 ? 2027)",
            "2026-01-01T00:00",
            "2027-01-02T00:00",
            [
                "2027-01-01T09:00:00+01:00",
                "2027-01-01T09:20:00+01:00",
                "2027-01-01T09:40:00+01:00",
            ],
            id="steps, lists, months by name and years",
        ),
        pytest.param(
            "rate(30 minutes)",
            "2026-06-01T08:10",
            "2026-06-01T09:10",
            ["2026-06-01T08:30:00+02:00", "2026-06-01T09:00:00+02:00"],
            id="a rate",
        ),
    ],
)
def test_schedule_is_due_at(expression: str, after: str, until: str, expected: list[str]) -> None:
    assert _due(expression, after, until) == expected


@pytest.mark.parametrize("expression", ["cron(0 8 * *)", "cron(61 8 * * ? *)", "rate(5 moons)"])
def test_schedule_refuses_what_it_does_not_understand(expression: str) -> None:
    with pytest.raises(ScheduleError):
        _due(expression, "2026-01-01T00:00", "2026-01-02T00:00")


class _Recorder:
    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []

    def invoke(self, function: str, event: object) -> Any:
        self.calls.append((function, event))


def test_fire_tells_the_function_when_it_was_due() -> None:
    recorder = _Recorder()
    fire(recorder, _schedule("rate(1 day)"), datetime(2026, 4, 30, 7, tzinfo=UTC))
    assert recorder.calls == [("sweep", {"scheduled_time": "2026-04-30T07:00:00Z"})]


def test_schedules_of_the_template_are_read() -> None:
    expressions = {each.function: each.expression for each in read_schedules(translated())}
    assert expressions == {
        "close_applications": "cron(0/5 * * * ? *)",
        "erase_expired": "cron(30 3 * * ? *)",
        "prepare_letters": "cron(0/5 * * * ? *)",
        "remind": "cron(0 8 * * ? *)",
        "send_staff_summary": "cron(30 7 ? * MON-FRI *)",
        "settle_travel": "cron(0 6 ? * MON *)",
        "sweep": "cron(0/5 * * * ? *)",
    }
