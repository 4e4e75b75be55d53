"""Two or more processes at once, stopped before each AWS call, in every order there is.

A baton goes to one thread at a time; at each call the schedule says who goes on. Depth first: the
last choice that had an alternative is changed, and all is run again.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from tests.crash.faults import Faults

_PATIENCE = 20


class _Runner:
    """One thread that waits for the baton before each of its calls."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.go = threading.Semaphore(0)
        self.stopped = threading.Semaphore(0)
        self.is_done = False
        self.result: Any = None
        self.thread = threading.Thread(target=self._run, args=(act,), daemon=True)

    def _run(self, act: Callable[[], Any]) -> None:
        try:
            self.wait()
            self.result = act()
        finally:
            self.is_done = True
            self.stopped.release()

    def wait(self) -> None:
        self.stopped.release()
        assert self.go.acquire(timeout=_PATIENCE)

    def step(self) -> None:
        """Let it go on to its next call, or to its end."""
        self.go.release()
        assert self.stopped.acquire(timeout=_PATIENCE)


def every_interleaving(
    acts: Sequence[Callable[[], Any]],
    *,
    faults: Faults,
    before_each: Callable[[], None],
    but: Collection[str] = (),
) -> Iterator[list[Any]]:
    """The results of the acts, once for each order in which their calls can be made.

    `but`: operations that are not stopped before, to keep the number of orders small.
    """
    choices: list[int] = []
    while True:
        before_each()
        taken = _run(acts, choices, faults, but)
        yield taken.results
        choices = taken.choices
        while choices and choices[-1] + 1 >= taken.widths[len(choices) - 1]:
            choices.pop()
        if not choices:
            return
        choices[-1] += 1


class _Taken:
    def __init__(self) -> None:
        self.choices: list[int] = []
        self.widths: list[int] = []
        self.results: list[Any] = []


def _run(
    acts: Sequence[Callable[[], Any]],
    choices: Sequence[int],
    faults: Faults,
    but: Collection[str],
) -> _Taken:
    runners = [_Runner(act) for act in acts]
    by_thread = {each.thread: each for each in runners}

    def stop(operation: str) -> None:
        if operation not in but:
            by_thread[threading.current_thread()].wait()

    faults.at_call = stop
    taken = _Taken()
    for each in runners:
        each.thread.start()
        assert each.stopped.acquire(timeout=_PATIENCE)
    while ready := [each for each in runners if not each.is_done]:
        place = len(taken.choices)
        choice = choices[place] if place < len(choices) else 0
        taken.choices.append(choice)
        taken.widths.append(len(ready))
        ready[choice].step()
    faults.at_call = None
    for each in runners:
        each.thread.join(_PATIENCE)
    taken.results = [each.result for each in runners]
    return taken
