# ruff: noqa: T201 - a command: it prints
"""Checks every letter of the season, and every file of vouchers that claims to be archival, against
PDF/UA-1 and PDF/A-2a.

`python -m tests.pdf.check_letters [folder]`, after `make season`. First two files
that must fail, so that a pass means something.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typst

from tests.pdf.verapdf import FLAVOURS, Engine

SEASON = Path(__file__).parents[2] / "out" / "season"
CONTROLS = {
    "untagged": (False, {"PDF/UA-1": "7.1-3", "PDF/A-2a": "6.7.2.2-1"}),
    "plain": (True, {"PDF/UA-1": "5-1", "PDF/A-2a": "6.6.4-1"}),
}
"""Tagged or not, and a rule that the file breaks in each standard."""


def main(folder: Path) -> int:
    letters = [*sorted((folder / "letters").rglob("*.pdf")), *_vouchers(folder / "payments")]
    if not letters:
        print(f"no files in {folder}: run «make season» first\n0 passed, 0 failed")
        return 1
    print("starting veraPDF", flush=True)
    engine = Engine()
    if faults := _control(engine):
        print(*faults, sep="\n")
        print(f"0 passed, {len(faults)} failed")
        return 1
    print(f"{len(CONTROLS)} control files fail as they must", flush=True)
    failed = 0
    for number, letter in enumerate(letters, 1):
        broken = _broken(engine, letter)
        failed += bool(broken)
        if broken:
            print(f"{letter.relative_to(folder)}: {broken}", flush=True)
        if number % 25 == 0:
            print(f"{number} of {len(letters)} files", flush=True)
    print(f"{len(letters) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _vouchers(folder: Path) -> Iterator[Path]:
    """The parts that are said to follow the standards: those without a receipt that is a PDF."""
    for manifest in sorted(folder.glob("*/manifest.json")):
        for part in json.loads(manifest.read_text("utf-8"))["voucher_files"]:
            if part["standards"]:
                yield manifest.parent / part["name"]


def _broken(engine: Engine, pdf: Path) -> str:
    found = {flavour: engine.broken_rules(pdf, flavour) for flavour in FLAVOURS}
    return "; ".join(f"{name} {', '.join(rules)}" for name, rules in found.items() if rules)


def _control(engine: Engine) -> list[str]:
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (tagged, expected) in CONTROLS.items():
            pdf = Path(folder) / f"{name}.pdf"
            source = '#set document(title: "Prøve")\n= Tittel\nEt avsnitt.'
            pdf.write_bytes(typst.compile(source.encode(), pdf_tags=tagged))
            for flavour, rule in expected.items():
                broken = engine.broken_rules(pdf, flavour)
                if rule not in broken:
                    faults.append(f"control {name}: {flavour} {rule} was not found, only {broken}")
    return faults


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SEASON))
