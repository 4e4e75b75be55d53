"""The accounts of each year as finance fetched them: whole, and together every batch once."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from local.run import Json

_MANIFEST = "manifest.json"


def check_years(folder: Path, batches: list[Json]) -> list[str]:
    """Where a ZIP differs from its manifest, or the sum of a year from that of its batches."""
    faults = []
    paid: dict[str, int] = {}
    for batch in batches:
        if batch["execution_date"]:
            year = batch["execution_date"][:4]
            paid[year] = paid.get(year, 0) + batch["control_sum_ore"]
    for year, ore in sorted(paid.items()):
        file = folder / f"{year}.zip"
        if not file.exists():
            faults.append(f"the accounts of {year} were not fetched")
            continue
        with zipfile.ZipFile(file) as packed:
            manifest = json.loads(packed.read(_MANIFEST))
            if manifest["control_sum_ore"] != ore:
                told = manifest["control_sum_ore"]
                faults.append(f"the accounts of {year} add up to {told}, its batches to {ore}")
            faults += [f"the accounts of {year}: {fault}" for fault in _faults(packed, manifest)]
    return faults


def _faults(packed: zipfile.ZipFile, manifest: Json) -> Iterator[str]:
    names = set(packed.namelist()) - {_MANIFEST}
    for name in sorted(names ^ manifest["sha256"].keys()):
        yield f"{name} stands in one of ZIP and manifest only"
    for name in sorted(names & manifest["sha256"].keys()):
        if hashlib.sha256(packed.read(name)).hexdigest() != manifest["sha256"][name]:
            yield f"{name} is not the file that the manifest names"
