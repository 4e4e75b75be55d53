"""How fast mail is handed to SES: each sender waits between two of its own, so that all of them
together stay below the programme's rate. SES's own quota counts recipients, and each mail has one.
"""

from collections.abc import Callable
from typing import Final

SENDERS: Final = 2
"""How many of `send_mail` run at once; a test compares it with the template."""


def shortest_interval(per_second: int) -> float:
    """Seconds between two mails of one sender."""
    return SENDERS / per_second


class Pace:
    """Of one sender. `clock` gives seconds that only rise, `wait` takes as many."""

    def __init__(self, clock: Callable[[], float], wait: Callable[[float], None]) -> None:
        self._clock = clock
        self._wait = wait
        self._next = float("-inf")

    def keep(self, per_second: int) -> None:
        """Wait until the next mail may go."""
        left = self._next - self._clock()
        if left > 0:
            self._wait(min(left, shortest_interval(per_second)))

    def note(self, per_second: int) -> None:
        """A mail has been handed over, or may have been."""
        self._next = self._clock() + shortest_interval(per_second)
