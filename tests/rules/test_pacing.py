"""Mail goes at the set rate, however fast SES answers and however many senders there are."""

import heapq
from dataclasses import dataclass

import pytest

from kulturkontor.pacing import SENDERS, Pace, shortest_interval


@dataclass
class Clock:
    """Stands still but for what is waited."""

    now: float = 0.0

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize("answers_in", [0.0, 0.05, 1.0], ids=["at-once", "fast", "slow"])
@pytest.mark.parametrize("per_second", [1, 10, 14])
def test_all_senders_together_stay_below_the_rate(per_second: int, answers_in: float) -> None:
    clocks = [Clock() for _ in range(SENDERS)]
    paces = [Pace(clock.read, clock.wait) for clock in clocks]
    turns = [(0.0, number) for number in range(SENDERS)]
    sent: list[float] = []
    while len(sent) < 200:
        _, number = heapq.heappop(turns)
        paces[number].keep(per_second)
        sent.append(clocks[number].now)
        clocks[number].wait(answers_in)
        paces[number].note(per_second)
        heapq.heappush(turns, (clocks[number].now, number))
    sent.sort()
    window = per_second + SENDERS
    assert all(
        later - earlier >= 1 - 1e-9
        for earlier, later in zip(sent, sent[window - 1 :], strict=False)
    )


def test_nobody_waits_who_has_sent_nothing() -> None:
    clock = Clock(100.0)
    Pace(clock.read, clock.wait).keep(1)
    assert clock.now == 100.0


def test_a_wait_is_never_longer_than_the_interval() -> None:
    clock = Clock(100.0)
    pace = Pace(clock.read, clock.wait)
    pace.note(1)
    pace.keep(20)
    assert clock.now == 100.0 + shortest_interval(20)
