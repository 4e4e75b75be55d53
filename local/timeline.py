"""The season's clock: from one scripted step to the next, with the deployed schedules fired around
each.

Work is derived from state, so of a schedule's empty ticks none is replayed: before a step its last
occurrence since the step before is fired, after a step the first one that follows within minutes.
The rest is counted.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Protocol

from kulturkontor.programme import OSLO
from local.schedules import Invokes, Schedule, fire

SOON = timedelta(minutes=6)
_DAY = timedelta(days=1)
AT_ONCE = 4
"""How many things happen at the same time; the machine has two cores."""


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment. Without work it is there for the schedules that are due
    then.
    """

    at: datetime
    work: Callable[[], None] | None = None


def morning(day: date) -> Step:
    """A quarter past eight in Oslo, when the day's schedules have run; nobody does anything."""
    return Step(datetime.combine(day, time(8, 15), OSLO))


class Clocked(Invokes, Protocol):
    def set_clock(self, to: datetime) -> None: ...


class Timeline:
    """`settle` waits until everything that was set going has been done, its mail delivered."""

    def __init__(
        self,
        stack: Clocked,
        schedules: Sequence[Schedule],
        settle: Callable[[], None],
        starts: datetime,
    ) -> None:
        self.now = starts.astimezone(UTC)
        self.starts = self.now
        self.fired = 0
        self._stack = stack
        self._settle = settle
        self._schedules = schedules
        self._fired_until = dict.fromkeys((each.function for each in schedules), self.now)
        self.quiet_days: list[datetime] = []
        """Days on which nothing is scripted, still to be lived through; the schedules run."""

    def run(self, steps: Iterable[Step], *, done: Callable[[], None]) -> None:
        """The steps in the order of their moments; `done` is told of each."""
        for step in sorted(steps, key=lambda each: each.at):
            while self.quiet_days and self.quiet_days[0] < step.at:
                self.move_to(self.quiet_days.pop(0))
            self.move_to(step.at)
            if step.work:
                step.work()
                self._settle()
                self._fire_soon()
            done()

    def move_to(self, moment: datetime) -> None:
        """Moves the clock, firing on the way what was due last; then it stands still."""
        moment = max(moment.astimezone(UTC), self.now)
        due = {
            each: _last(each, self._fired_until[each.function], moment) for each in self._schedules
        }
        self._fire({each: at for each, at in due.items() if at})
        self._set(moment)

    def together(self, works: Iterable[Callable[[], object]]) -> None:
        """Several people at the same time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for outcome in [pool.submit(work) for work in works]:
                outcome.result()

    def skipped(self) -> int:
        """Occurrences that were not replayed because nothing was due."""
        every = sum(
            sum(1 for _ in each.due(self.starts, self._fired_until[each.function]))
            for each in self._schedules
        )
        return every - self.fired

    def _fire_soon(self) -> None:
        """What comes within minutes: what a step has set going is taken up."""
        due = {
            each: next(each.due(self._fired_until[each.function], self.now + SOON), None)
            for each in self._schedules
        }
        self._fire({each: max(at, self.now) for each, at in due.items() if at and at >= self.now})

    def _fire(self, due: dict[Schedule, datetime]) -> None:
        for moment in sorted(set(due.values())):
            self._set(moment)
            now = [each for each, at in due.items() if at == moment]
            self.together([partial(fire, self._stack, each, moment) for each in now])
            for each in now:
                self._fired_until[each.function] = moment
            self.fired += len(now)
            self._settle()

    def _set(self, moment: datetime) -> None:
        if moment != self.now:
            self._stack.set_clock(moment)
            self.now = moment


def choose_quiet_days(steps: Iterable[Step], count: int, starts: datetime) -> list[datetime]:
    """That many days without a step, spread from start to end; the evening of each."""
    busy = {step.at.astimezone(UTC).date() for step in steps}
    first = starts.astimezone(UTC).replace(hour=20, minute=0, second=0, microsecond=0)
    days = [first + _DAY * n for n in range(1, (max(busy) - first.date()).days)]
    free = [day for day in days if day.date() not in busy]
    return [free[len(free) * n // count] for n in range(count)]


def _last(schedule: Schedule, after: datetime, until: datetime) -> datetime | None:
    """The last occurrence; looked for backwards in growing spans, for a schedule may be every five
    minutes.
    """
    span = timedelta(minutes=15)
    while True:
        start = max(after, until - span)
        found = list(schedule.due(start, until))
        if found:
            return found[-1]
        if start == after:
            return None
        span *= 8
