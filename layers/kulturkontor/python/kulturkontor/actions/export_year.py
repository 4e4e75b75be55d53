"""The accounts of a year as one ZIP that reads without the system, made when somebody asked for it.

Files go into the ZIP one by one, so that a year fits in memory; the ZIP lies on disk until it is
whole. Its name in the archive ends in its hash, so that a second try never meets half a file.
"""

import hashlib
from datetime import datetime
from typing import BinaryIO, Final

from pydantic import BaseModel, ConfigDict

from kulturkontor import export_notices
from kulturkontor.actions.ports import Archive, FileMissingError, Queue, commit
from kulturkontor.actions.read_year import read_year
from kulturkontor.batch_files import MANIFEST, Manifest, batch_file_key, sha256_of
from kulturkontor.batch_zip import Packing, packing
from kulturkontor.days import format_moment
from kulturkontor.finance_csv import write_csv
from kulturkontor.money import format_kroner
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.year_exports import ExportState, YearExport, find_export_key
from kulturkontor.year_tables import Year, year_tables, year_words

_CHUNK: Final = 1_000_000


class YearManifest(BaseModel):
    """What the ZIP holds and adds up to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme: str
    year: int
    payment_count: int
    control_sum_ore: int
    claim_count: int
    sha256: dict[str, str]


class _Folder:
    """The ZIP as it grows, with the hash of each file in it."""

    def __init__(self, packed: Packing) -> None:
        self._packed = packed
        self.sha256: dict[str, str] = {}

    def add(self, path: str, data: bytes) -> None:
        self._packed.add(path, data)
        self.sha256[path] = sha256_of(data)

    def has(self, path: str) -> bool:
        return path in self.sha256


def write_year_export(
    export_id: str,
    *,
    now: datetime,
    finance_address: str,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
) -> YearExport | None:
    """The export with its ZIP, of which finance is told; None for one nobody asked for. One that is
    ready is left as it is.
    """
    try:
        key = find_export_key(programme.id, export_id)
    except ValueError:
        return None
    export = records.read(YearExport, key)
    if export is None or export.state is ExportState.READY:
        return export
    year = read_year(export.year, programme, records)
    with packing(export.requested_at) as (packed, target):
        _fill(_Folder(packed), year, export, programme, archive, now)
        packed.close()
        sha256, size = _digest(target)
        place = f"exports/{programme.id}/{export.id}-{sha256[:16]}.zip"
        target.seek(0)
        archive.write_once(place, target, media_type="application/zip")

    def mark() -> YearExport | None:
        known = records.read(YearExport, key)
        if known is None or known.state is ExportState.READY:
            return known
        ready = known.but(
            state=ExportState.READY,
            ready_at=now,
            object_key=place,
            sha256=sha256,
            size=size,
            payment_count=year.payment_count,
            control_sum_ore=year.control_sum_ore,
        )
        mail = export_notices.year_export_ready(ready, programme, now, finance_address)
        commit([Put(ready)], [mail], records=records, mail_queue=mail_queue)
        return ready

    return decide_again(mark)


def _digest(target: BinaryIO) -> tuple[str, int]:
    target.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := target.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _fill(
    folder: _Folder,
    year: Year,
    export: YearExport,
    programme: Programme,
    archive: Archive,
    now: datetime,
) -> None:
    # Here, not above: most messages are about a batch, which has no pages.
    from kulturkontor.year_pages import claim_path, counted_payments, write_claim_page, write_index

    said = year_words()
    batch_files = {each.id: _add_batch(folder, each, archive) for each in year.batches}
    kept = _add_receipts(folder, year, archive)
    for claim in year.claims:
        folder.add(claim_path(claim), write_claim_page(claim, year.files, kept))
    for name, (headings, rows) in year_tables(year, programme).items():
        folder.add(said["files"][name], write_csv(headings, rows))
    folder.add(said["files"]["index"], write_index(year, programme, batch_files))
    readme = said["readme"].format(
        year=year.year,
        programme=programme.name["nb"],
        made=format_moment(now, "nb"),
        by=export.requested_by,
        sum=format_kroner(year.control_sum_ore),
        count=counted_payments(year).lower(),
    )
    folder.add(said["files"]["readme"], readme.lstrip().replace("\n", "\r\n").encode("utf-8-sig"))
    manifest = YearManifest(
        programme=programme.id,
        year=year.year,
        payment_count=year.payment_count,
        control_sum_ore=year.control_sum_ore,
        claim_count=len(year.claims),
        sha256=folder.sha256,
    )
    folder.add(said["files"]["manifest"], f"{manifest.model_dump_json(indent=2)}\n".encode())


def _add_batch(folder: _Folder, batch: PaymentBatch, archive: Archive) -> list[str]:
    """The names of the batch's files, which its manifest lists; none until they are written."""
    from kulturkontor.year_pages import batch_path

    if batch.files_written_at is None:
        return []
    manifest = archive.read(batch_file_key(batch, MANIFEST))
    names = [*Manifest.model_validate_json(manifest).sha256, MANIFEST]
    for name in names:
        folder.add(batch_path(batch.id, name), archive.read(batch_file_key(batch, name)))
    return names


def _add_receipts(folder: _Folder, year: Year, archive: Archive) -> frozenset[str]:
    """The ids of those whose bytes the archive has; each receipt of a claim lies there once."""
    from kulturkontor.year_pages import receipt_path

    kept = set()
    for claim in year.claims:
        named = [each for line in claim.claim.lines for each in line.receipt_ids]
        for file in (year.files[each] for each in dict.fromkeys(named) if each in year.files):
            path = receipt_path(claim, file)
            if not folder.has(path):
                try:
                    folder.add(path, archive.read(file.accepted_key))
                except FileMissingError:
                    continue
            kept.add(file.id)
    return frozenset(kept)
