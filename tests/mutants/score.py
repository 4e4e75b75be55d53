# ruff: noqa: T201 - a command: it prints
"""How many mutants the tests kill, module by module; fails below the least score.

python -m tests.mutants.score build/mutants
"""

import json
import sys
from collections import Counter
from pathlib import Path

LEAST = 90.0
_KILLED = {1, 3, -24, 24, 152, 255}
"""Exit codes: a test failed, or the mutant never came to an end."""


def count(folder: Path) -> dict[str, Counter[bool]]:
    """By module: how many were killed (True) and how many were not."""
    found: dict[str, Counter[bool]] = {}
    for each in sorted(folder.rglob("*.meta")):
        codes = json.loads(each.read_text("utf-8"))["exit_code_by_key"].values()
        if codes:
            module = each.name.removesuffix(".py.meta")
            found[module] = Counter(code in _KILLED for code in codes)
    return found


def main(folder: Path) -> int:
    modules = count(folder)
    whole = sum(modules.values(), Counter[bool]())
    for module, counted in (*modules.items(), ("all", whole)):
        print(f"{module:<16} {_score(counted):5.1f} %  {counted[True]:>5} of {counted.total()}")
    return 0 if whole and _score(whole) >= LEAST else 1


def _score(counted: Counter[bool]) -> float:
    return 100 * counted[True] / counted.total()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
