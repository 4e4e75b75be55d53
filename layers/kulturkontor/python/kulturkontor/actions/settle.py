"""Payment batches as they are kept: read, listed, and refused by a second person.

A refusal gives the claims back, and the debts that were netted are as they were.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from kulturkontor.application_rows import programme_partition
from kulturkontor.audit import audit
from kulturkontor.batch_steps import refuse_batch
from kulturkontor.claim_steps import return_to_attested
from kulturkontor.claims import ClaimRow, TravelClaim, claim_key, claim_row, put_claim
from kulturkontor.payments import Payment, PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.receivables import Receivable, free, netted_keys
from kulturkontor.records import Change, Conflict, Key, Put, Records, decide_again
from kulturkontor.refusals import Refusal


class UnknownBatchError(Refusal):
    """There is no batch of that id."""

    status = 404
    code = "unknown"


def refuse_payment_batch(
    batch_id: str, *, by: str, at: datetime, reason: str, programme: Programme, records: Records
) -> PaymentBatch:
    """Nothing is paid, and the claims wait for the next batch.

    Raises UnknownBatchError, BatchStateError.
    """

    def attempt() -> PaymentBatch:
        batch = read_batch(batch_id, programme, records)
        refused = refuse_batch(batch, note=reason)
        claims = claims_of(batch, records)
        revisions = row_revisions(claims, records)
        changes: list[Change] = [
            Put(refused),
            audit(batch, f"refuse#{batch.id}", by=by, at=at, after=reason),
        ]
        for claim in claims:
            changes += put_claim(return_to_attested(claim), row_revision=revisions[claim.id])
        changes += free_debts(batch.payments, programme, records)
        records.write(*changes)
        return refused

    return decide_again(attempt)


def note_download(
    batch: PaymentBatch, name: str, *, by: str, at: datetime, records: Records
) -> None:
    """Somebody fetched a file of the batch."""
    with suppress(Conflict):  # told already: the same file at the same moment
        records.write(audit(batch, f"download#{batch.id} {name}", by=by, at=at))


def read_batch(batch_id: str, programme: Programme, records: Records) -> PaymentBatch:
    key = Key(programme_partition(programme.id), f"BATCH#{batch_id}")
    batch = records.read(PaymentBatch, key)
    if batch is None:
        raise UnknownBatchError(batch_id)
    return batch


def list_batches(programme: Programme, records: Records) -> list[PaymentBatch]:
    return records.list(PaymentBatch, programme_partition(programme.id), "BATCH#")


def claims_of(batch: PaymentBatch, records: Records) -> list[TravelClaim]:
    keys = []
    for payment in batch.payments:
        application_id, gathering, version = payment.claim_id.rsplit("-", 2)
        keys.append(claim_key(application_id, gathering, int(version)))
    return records.read_many(TravelClaim, keys)


def row_revisions(claims: Sequence[TravelClaim], records: Records) -> dict[str, int]:
    keys = {each.id: claim_row(each, revision=0).key for each in claims}
    rows = {row.key: row for row in records.read_many(ClaimRow, list(keys.values()))}
    return {each: rows[key].revision if key in rows else 0 for each, key in keys.items()}


def free_debts(payments: Iterable[Payment], programme: Programme, records: Records) -> list[Change]:
    """The debts that these payments netted, as if they never had."""
    unpaid = list(payments)
    keys = netted_keys(programme.id, unpaid)
    if not keys:
        return []
    claim_ids = [each.claim_id for each in unpaid]
    return [Put(free(each, claim_ids)) for each in records.read_many(Receivable, keys)]
