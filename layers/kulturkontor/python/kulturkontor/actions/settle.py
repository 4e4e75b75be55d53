"""Payment: attested claims sealed as batches, released by a second person.

A batch, its claims and their audit rows are one transaction, so a claim is in exactly one batch.
Only a release leads to files, and they are a pure function of the sealed batch and its release:
written once, the same ever after.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from kulturkontor import claim_notices, staff_notices
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.applications import Application, application_key, programme_partition
from kulturkontor.audit import audit
from kulturkontor.claim_payments import payment_of
from kulturkontor.claims import (
    TO_BATCH,
    ClaimRow,
    ClaimState,
    TravelClaim,
    claim_key,
    claim_row,
    put_claim,
    return_to_attested,
    seal,
)
from kulturkontor.finance_files import write_batch_files
from kulturkontor.mails import Mail
from kulturkontor.payments import (
    MOST_PAYMENTS,
    BatchState,
    PaymentBatch,
    refuse_batch,
    release_batch,
)
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Change, Conflict, Key, Put, Records, decide_again

MOST_LINES = 600
_TYPES = {"xml": "application/xml", "csv": "text/csv; charset=utf-8", "json": "application/json"}


class UnknownBatchError(LookupError):
    """There is no batch of that id."""


def seal_batches(
    *,
    now: datetime,
    by: str,
    finance_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> list[PaymentBatch]:
    """Every attested claim of the programme into a proposed batch, by gathering and reference; what
    another run sealed first is left to it.

    The list is read once: it follows the table with a delay, so that read again it would still name
    what was sealed a moment ago.
    """
    waiting = sorted(
        (
            each
            for each in records.list_open(TravelClaim, TO_BATCH)
            if each.programme == programme.id and each.state is ClaimState.ATTESTED
        ),
        key=lambda each: (each.gathering, each.reference),
    )
    sealed: list[PaymentBatch] = []
    for page in pages_of(waiting):
        batch = _seal(page, now, by, finance_address, programme, records, mail_queue)
        if batch is None:
            return sealed
        sealed.append(batch)
    return sealed


def pages_of(claims: Sequence[TravelClaim]) -> Iterator[list[TravelClaim]]:
    """As many claims as a batch holds: of payments, and of lines, since the table keeps 400 kB."""
    page: list[TravelClaim] = []
    lines = 0
    for claim in claims:
        more = 2 * len(claim.claim.participants)
        if page and (len(page) == MOST_PAYMENTS or lines + more > MOST_LINES):
            yield page
            page, lines = [], 0
        page.append(claim)
        lines += more
    if page:
        yield page


def _seal(
    claims: Sequence[TravelClaim],
    now: datetime,
    by: str,
    finance_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> PaymentBatch | None:
    batch = PaymentBatch(
        id=_next_id(now, programme, records),
        programme=programme.id,
        state=BatchState.PROPOSED,
        sealed_at=now,
        sealed_by=by,
        payments=tuple(payment_of(each, programme) for each in claims),
        rule_version=claims[0].judgement.rule_version,
    )
    changes: list[Change] = [Put(batch)]
    revisions = row_revisions(claims, records)
    for claim in claims:
        changes += put_claim(seal(claim, batch.id), row_revision=revisions[claim.id])
        changes.append(audit(claim.key, f"seal#{claim.gathering}", by=by, at=now, after=batch.id))
    mail = staff_notices.batch_proposed(batch, programme, now, finance_address)
    try:
        commit(changes, [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return None  # another run has it; the next tick seals what is left
    return batch


def release_payment_batch(
    batch_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
) -> PaymentBatch:
    """A second person sends the batch on its way. Pressed again after a fault, by whoever may
    release, it releases nothing anew: it writes the files that lack, the same bytes.

    Raises UnknownBatchError, SamePersonError, BatchStateError.
    """

    def attempt() -> PaymentBatch:
        batch = read_batch(batch_id, programme, records)
        if batch.state is BatchState.RELEASED:
            return batch
        claims = claims_of(batch, records)
        attested_by = frozenset(each.attested_by for each in claims if each.attested_by)
        released = release_batch(
            batch, by=by, attested_by=attested_by, now=at, rules=programme.payment
        )
        mails = _settled_mails(released, claims, programme, at, records)
        note = audit(
            batch.key, f"release#{batch.id}", by=by, at=at, after=str(batch.control_sum_ore)
        )
        commit([Put(released), note], mails, records=records, mail_queue=mail_queue)
        return released

    released = decide_again(attempt)
    write_files(released, programme, archive)
    return released


def write_files(batch: PaymentBatch, programme: Programme, archive: Archive) -> None:
    """The files of a released batch, each created once."""
    for name, data in write_batch_files(batch, programme).items():
        archive.write_once(file_key(batch, name), data, media_type=_TYPES[name.split(".")[-1]])


def file_key(batch: PaymentBatch, name: str) -> str:
    return f"payments/{batch.programme}/{batch.id}/{name}"


def refuse_payment_batch(
    batch_id: str, *, by: str, at: datetime, reason: str, programme: Programme, records: Records
) -> PaymentBatch:
    """Nothing is paid, and the claims wait for the next batch."""

    def attempt() -> PaymentBatch:
        batch = read_batch(batch_id, programme, records)
        refused = refuse_batch(batch, note=reason)
        claims = claims_of(batch, records)
        revisions = row_revisions(claims, records)
        changes: list[Change] = [
            Put(refused),
            audit(batch.key, f"refuse#{batch.id}", by=by, at=at, after=reason),
        ]
        for claim in claims:
            changes += put_claim(return_to_attested(claim), row_revision=revisions[claim.id])
        records.write(*changes)
        return refused

    return decide_again(attempt)


def read_batch(batch_id: str, programme: Programme, records: Records) -> PaymentBatch:
    key = Key(programme_partition(programme.id), f"BATCH#{batch_id}")
    batch = records.read(PaymentBatch, key)
    if batch is None:
        raise UnknownBatchError(batch_id)
    return batch


def list_batches(programme: Programme, records: Records) -> list[PaymentBatch]:
    return records.list(PaymentBatch, programme_partition(programme.id), "BATCH#")


def _next_id(now: datetime, programme: Programme, records: Records) -> str:
    """`KIFK2-20261005-1`: the day it was sealed and its number of that day; a taken one is a
    conflict.
    """
    day = now.astimezone(OSLO).strftime("%Y%m%d")
    stem = f"{programme.payment.end_to_end_prefix}-{day}"
    earlier = records.list(PaymentBatch, programme_partition(programme.id), f"BATCH#{stem}-")
    return f"{stem}-{len(earlier) + 1}"


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


def _settled_mails(
    batch: PaymentBatch,
    claims: Sequence[TravelClaim],
    programme: Programme,
    at: datetime,
    records: Records,
) -> list[Mail]:
    payments = {each.claim_id: each for each in batch.payments}
    keys = [application_key(each.application_id) for each in claims]
    applications = {each.id: each for each in records.read_many(Application, keys)}
    return [
        claim_notices.claim_settled(
            applications[each.application_id],
            each,
            payments[each.id],
            batch.execution_date,
            programme,
            at,
        )
        for each in claims
    ]
