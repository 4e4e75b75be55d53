"""What a run shows on the terminal: a bar for each stage; one line for each where there is no
terminal.
"""

import sys
import time
from types import TracebackType
from typing import Self

_WIDTH = 28


class Stage:
    """A context manager; `seconds` holds how long it took, once it is left."""

    def __init__(self, name: str, steps: int) -> None:
        self.name = name
        self.seconds = 0.0
        self._steps = max(steps, 1)
        self._done = 0
        self._is_terminal = sys.stdout.isatty()

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._show()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = round(time.monotonic() - self._began, 1)
        if kind is None:
            self._done = self._steps
        if self._is_terminal:
            self._show("\n")
        else:
            done = "" if kind is None else f", stopped after {self._done} of {self._steps} steps"
            sys.stdout.write(f"{self.name}: {self.seconds:.1f} s{done}\n")
            sys.stdout.flush()

    def step(self) -> None:
        self._done += 1
        self._show()

    def _show(self, end: str = "") -> None:
        if not self._is_terminal:
            return
        filled = _WIDTH * min(self._done, self._steps) // self._steps
        seconds = time.monotonic() - self._began
        bar = "█" * filled + "·" * (_WIDTH - filled)
        sys.stdout.write(
            f"\r{self.name:<14} {bar} {self._done}/{self._steps}  {seconds:5.1f} s{end}"
        )
        sys.stdout.flush()
