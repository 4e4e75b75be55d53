"""The files of a released batch, each created once; then the batch is marked as written.

Told twice, or killed at any point and told again, it ends with the same files. What lies there
already stays and is what the manifest names: the manifest comes after all it names, and the mark on
the batch comes last.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from kulturkontor.actions.ports import Archive, FileMissingError
from kulturkontor.actions.settle import UnknownBatchError, claims_of, read_batch
from kulturkontor.batch_files import (
    MANIFEST,
    ZIP,
    BatchFilesError,
    RatesUsed,
    ReceiptEntry,
    VoucherFile,
    batch_file_key,
    media_type,
    sha256_of,
)
from kulturkontor.batch_zip import Packing, packing
from kulturkontor.claims import TravelClaim
from kulturkontor.finance_checks import check_batch_files
from kulturkontor.finance_files import write_manifest, write_tables
from kulturkontor.payments import BatchState, PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.received_files import ReceivedFile, file_key
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.vouchers import Voucher, VoucherSource, write_voucher

Keep = Callable[[str, bytes], bytes]
"""Creates the file of that name, and gives what lies there then."""


def write_payment_files(
    batch_id: str, *, now: datetime, programme: Programme, records: Records, archive: Archive
) -> PaymentBatch | None:
    """The batch with its files written; None where there is no such batch. One that was not
    released, or whose files are written, is left as it is.

    Raises BatchFilesError when the files disagree: none that finance would use is written then.
    """
    try:
        batch = read_batch(batch_id, programme, records)
    except UnknownBatchError:
        return None
    is_released = batch.state in (BatchState.RELEASED, BatchState.SETTLED)
    if not is_released or batch.files_written_at is not None:
        return batch
    _write(batch, programme, records, archive)

    def mark() -> PaymentBatch:
        known = read_batch(batch_id, programme, records)
        if known.files_written_at is None:
            records.write(Put(known.but(files_written_at=now)))
        return known.but(files_written_at=known.files_written_at or now)

    return decide_again(mark)


def _write(batch: PaymentBatch, programme: Programme, records: Records, archive: Archive) -> None:
    """The order the parts are written in is the order a reader may rely on: the manifest names only
    what lies there.
    """

    def keep(name: str, data: bytes) -> bytes:
        key = batch_file_key(batch, name)
        is_new = archive.write_once(key, data, media_type=media_type(name))
        return data if is_new else archive.read(key)

    claims = claims_of(batch, records)
    rates = _rates(claims)
    tables = _checked(write_tables(batch, programme), batch, programme, rates)
    with packing(batch.released_at or batch.sealed_at) as (packed, target):
        sha256: dict[str, str] = {}
        for name, data in tables.items():
            _put(name, keep(name, data), packed, sha256)
        voucher_files: list[VoucherFile] = []
        receipts: list[ReceiptEntry] = []
        for pdf, file, entries in _vouchers(batch, claims, programme, records, archive):
            _put(file.name, keep(file.name, pdf), packed, sha256)
            voucher_files.append(file)
            receipts += entries
        manifest = write_manifest(
            batch,
            programme,
            sha256=sha256,
            rates=rates,
            voucher_files=tuple(voucher_files),
            receipts=tuple(receipts),
        )
        packed.add(MANIFEST, keep(MANIFEST, manifest))
        packed.close()
        target.seek(0)
        archive.write_once(batch_file_key(batch, ZIP), target, media_type=media_type(ZIP))


def _put(name: str, data: bytes, packed: Packing, sha256: dict[str, str]) -> None:
    packed.add(name, data)
    sha256[name] = sha256_of(data)


def _checked(
    tables: dict[str, bytes], batch: PaymentBatch, programme: Programme, rates: RatesUsed
) -> dict[str, bytes]:
    sha256 = {name: sha256_of(data) for name, data in tables.items()}
    manifest = write_manifest(batch, programme, sha256=sha256, rates=rates)
    clearing = programme.payment.accounts.clearing
    if faults := check_batch_files({**tables, MANIFEST: manifest}, clearing=clearing):
        raise BatchFilesError("; ".join(faults))
    return tables


def _rates(claims: list[TravelClaim]) -> RatesUsed:
    lines = [line for claim in claims for line in claim.judgement.lines]
    return RatesUsed(
        share_percent=tuple(sorted({claim.judgement.share_percent for claim in claims})),
        ore_per_km=tuple(sorted({line.ore_per_km for line in lines if line.ore_per_km})),
    )


def _vouchers(
    batch: PaymentBatch,
    claims: list[TravelClaim],
    programme: Programme,
    records: Records,
    archive: Archive,
) -> Iterator[tuple[bytes, VoucherFile, tuple[ReceiptEntry, ...]]]:
    """One part at a time, so that no more than one is in memory."""
    # Here, not above: the library that sets pages is heavy, and most messages come twice.
    from kulturkontor.voucher_pages import set_vouchers

    def read(key: str) -> bytes | None:
        try:
            return archive.read(key)
        except FileMissingError:
            return None

    yield from set_vouchers(
        vouchers_of(batch, claims, programme, records),
        read,
        batch=batch,
        programme=programme,
        at=batch.released_at or batch.sealed_at,
    )


def vouchers_of(
    batch: PaymentBatch, claims: list[TravelClaim], programme: Programme, records: Records
) -> list[Voucher]:
    """The voucher of each payment, in the order of the batch."""
    by_id = {claim.id: claim for claim in claims}
    keys = [
        file_key(claim.application_id, each)
        for claim in claims
        for line in claim.claim.lines
        for each in line.receipt_ids
    ]
    files = {each.id: each for each in records.read_many(ReceivedFile, keys)}
    return [
        write_voucher(VoucherSource(each, by_id[each.claim_id], files), batch, programme)
        for each in batch.payments
    ]
