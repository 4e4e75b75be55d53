"""The files finance downloaded, added up anew: every batch has the same control sum everywhere."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

from kulturkontor.word_lists import word_list
from local.run import Json

_HEADINGS = {"payments.csv": "amount", "lines.csv": "council"}


def check_files(folder: Path, batches: list[Json]) -> list[str]:
    """Where a batch's control sum differs between the table, the order, the two CSVs and the
    manifest.
    """
    faults = []
    for batch in batches:
        here = folder / batch["id"]
        if not here.is_dir():
            faults.append(f"batch {batch['id']} ({batch['state']}) has no files")
            continue
        sums = {"the table": batch["control_sum_ore"], **_sums(here)}
        if len(set(sums.values())) != 1:
            told = ", ".join(f"{name} {ore}" for name, ore in sums.items())
            faults.append(f"batch {batch['id']} has different control sums: {told}")
    return faults


def _sums(folder: Path) -> dict[str, int]:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    order = ET.parse(folder / "pain001.xml").getroot()  # noqa: S314 - our own system's file
    inside = f"{{{order.tag[1:].partition('}')[0]}}}"
    headers = [_ore(each.text) for each in order.iter(f"{inside}CtrlSum")]
    return {
        **{f"CtrlSum {number} of pain001.xml": ore for number, ore in enumerate(headers, start=1)},
        "the payments of pain001.xml": sum(_ore(e.text) for e in order.iter(f"{inside}InstdAmt")),
        **{name: _sum_column(folder / name, _column(name)) for name in _HEADINGS},
        "manifest.json": manifest["control_sum_ore"],
    }


def _column(name: str) -> str:
    heading: str = word_list("nb", "finance_columns")[name.removesuffix(".csv")][_HEADINGS[name]]
    return heading


def _sum_column(file: Path, heading: str) -> int:
    table = csv.DictReader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";")
    return sum(_ore(row[heading].replace("\u00a0", "").replace(" ", "")) for row in table)


def _ore(kroner: str | None) -> int:
    whole, _, part = (kroner or "0").replace(",", ".").partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 100 + sign * int(part.ljust(2, "0"))
