"""The files finance downloaded, added up anew: every batch has the same control sum everywhere.

Read by other means than they were written with: a plain XML parser, the CSV module, openpyxl and
pypdf.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pypdf

from kulturkontor.word_lists import word_list
from local.run import Json

_TABLES = {"payments": "amount", "lines": "council"}
_ZIP, _MANIFEST = "batch.zip", "manifest.json"


def check_files(folder: Path, batches: list[Json]) -> list[str]:
    """Where a batch's control sum differs between the table, the order, the CSVs, the workbook, the
    vouchers and the manifest; and where the ZIP or a hash does.
    """
    faults = []
    for batch in batches:
        here = folder / batch["id"]
        if batch["state"] == "refused":
            continue
        if not here.is_dir():
            faults.append(f"batch {batch['id']} ({batch['state']}) has no files")
            continue
        sums = {"the table": batch["control_sum_ore"], **_sums(here)}
        if len(set(sums.values())) != 1:
            told = ", ".join(f"{name} {ore}" for name, ore in sums.items())
            faults.append(f"batch {batch['id']} has different control sums: {told}")
        faults += [f"batch {batch['id']}: {fault}" for fault in _faults(here, batch)]
    return faults


def _sums(folder: Path) -> dict[str, int]:
    manifest = _manifest(folder)
    order = ET.parse(folder / "pain001.xml").getroot()  # noqa: S314 - our own system's file
    inside = f"{{{order.tag[1:].partition('}')[0]}}}"
    headers = [_ore(each.text) for each in order.iter(f"{inside}CtrlSum")]
    return {
        **{f"CtrlSum {number} of pain001.xml": ore for number, ore in enumerate(headers, start=1)},
        "the payments of pain001.xml": sum(_ore(e.text) for e in order.iter(f"{inside}InstdAmt")),
        **{f"{name}.csv": _sum_column(folder, name) for name in _TABLES},
        **{f"sheet {name} of payments.xlsx": _sum_sheet(folder, name) for name in _TABLES},
        _MANIFEST: manifest["control_sum_ore"],
    }


def _manifest(folder: Path) -> Json:
    manifest: Json = json.loads((folder / _MANIFEST).read_text("utf-8"))
    return manifest


def _heading(table: str) -> str:
    heading: str = word_list("nb", "finance_columns")[table][_TABLES[table]]
    return heading


def _sum_column(folder: Path, table: str) -> int:
    text = (folder / f"{table}.csv").read_text("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return sum(_ore(row[_heading(table)].replace("\u00a0", "").replace(" ", "")) for row in rows)


def _sum_sheet(folder: Path, table: str) -> int:
    book = openpyxl.load_workbook(folder / "payments.xlsx", data_only=True, read_only=True)
    sheet = book[word_list("nb", "finance_columns")["sheets"][table]]
    first, *rows = list(sheet.iter_rows(values_only=True))
    column = first.index(_heading(table))
    return sum(round(float(str(row[column])) * 100) for row in rows[:-1])


def _faults(folder: Path, batch: Json) -> Iterator[str]:
    manifest = _manifest(folder)
    for name, sha256 in manifest["sha256"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
            yield f"{name} is not the file that the manifest names"
    with zipfile.ZipFile(folder / _ZIP) as packed:
        for name in (*manifest["sha256"], _MANIFEST):
            if packed.read(name) != (folder / name).read_bytes():
                yield f"{name} differs in the ZIP"
    bookmarks = [title for each in manifest["voucher_files"] for title in _top(folder, each)]
    if len(bookmarks) < len(batch["payments"]):
        yield f"{len(batch['payments'])} payments, but {len(bookmarks)} vouchers"
    if (folder / "gbat10.csv").exists():
        yield from _open_vouchers(folder / "gbat10.csv")


def _top(folder: Path, file: Json) -> list[str]:
    """The bookmarks of whole vouchers."""
    outline = pypdf.PdfReader(folder / file["name"]).outline
    return [str(each.title) for each in outline if isinstance(each, pypdf.generic.Destination)]


def _open_vouchers(file: Path) -> Iterator[str]:
    sums: dict[str, int] = defaultdict(int)
    for row in csv.reader(io.StringIO(file.read_text("utf-8")), delimiter=";"):
        sums[row[1]] += _ore(row[8])
    return (f"voucher {number} does not sum to zero" for number, ore in sums.items() if ore)


def _ore(kroner: str | None) -> int:
    whole, _, part = (kroner or "0").replace(",", ".").partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 100 + sign * int(part.ljust(2, "0"))
