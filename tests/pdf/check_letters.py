# ruff: noqa: T201 - a command: it prints
"""Checks every paper that the office makes against PDF/UA-1 and PDF/A-2a: both for each, for all of
them are kept, and all are read by everyone.

`python -m tests.pdf.check_letters [folder]`, after `make season`. Of the season: its letters, their
drafts, the papers of a gathering, and the vouchers that claim to be archival. Besides, a specimen
of each kind in both written forms. First two files that must fail, so that a pass means something.
The accounts of a year hold no PDF of their own: their pages are HTML, their vouchers those above.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typst

from tests.pdf.specimens import specimens
from tests.pdf.verapdf import FLAVOURS, Engine

SEASON = Path(__file__).parents[2] / "out" / "season"
CONTROLS = {
    "untagged": (False, {"PDF/UA-1": "7.1-3", "PDF/A-2a": "6.7.2.2-1"}),
    "plain": (True, {"PDF/UA-1": "5-1", "PDF/A-2a": "6.6.4-1"}),
}
"""Tagged or not, and a rule that the file breaks in each standard."""


def main(folder: Path) -> int:
    season = _of_season(folder)
    missing = [name for name, files in season.items() if not files]
    if missing:
        print(f"no {', '.join(missing)} in {folder}: run «make season» first\n0 passed, 0 failed")
        return 1
    print("starting veraPDF", flush=True)
    engine = Engine()
    if faults := _control(engine):
        print(*faults, sep="\n")
        print(f"0 passed, {len(faults)} failed")
        return 1
    print(f"{len(CONTROLS)} control files fail as they must", flush=True)
    with tempfile.TemporaryDirectory() as made:
        vouchers = list(_vouchers(folder / "payments"))
        groups = {"specimens": _specimens(Path(made)), **season, "vouchers": vouchers}
        failed = {name: _check(engine, name, files) for name, files in groups.items()}
    checked = sum(map(len, groups.values()))
    print(f"{checked - sum(failed.values())} passed, {sum(failed.values())} failed")
    return 1 if any(failed.values()) else 0


def _of_season(folder: Path) -> dict[str, list[Path]]:
    return {
        "letters": sorted((folder / "letters").glob("*.pdf")),
        "drafts": sorted((folder / "drafts").glob("*.pdf")),
        "gathering papers": sorted((folder / "gatherings").glob("*.pdf")),
    }


def _specimens(folder: Path) -> list[Path]:
    files = []
    for name, pdf in specimens():
        files.append(folder / f"{name}.pdf")
        files[-1].write_bytes(pdf)
    return files


def _check(engine: Engine, group: str, files: list[Path]) -> int:
    """How many of the files fail; what each breaks is told."""
    broken = {file: found for file in files if (found := _broken(engine, file))}
    for file, found in broken.items():
        print(f"{file.name}: {found}", flush=True)
    print(f"{group}: {len(files) - len(broken)} passed, {len(broken)} failed", flush=True)
    return len(broken)


def _vouchers(folder: Path) -> Iterator[Path]:
    """The parts that are said to follow the standards: those without a receipt that is a PDF. The
    season's claims may all have one; a specimen has none.
    """
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
