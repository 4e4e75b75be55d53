"""Payment: attested claims sealed as batches, released by a second person, answered by the bank.

A batch, its claims and their audit rows are one transaction, so a claim is in exactly one batch.
Only a release leads to files, and they are a pure function of the sealed batch and its release:
written once, the same ever after.
"""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor import claim_notices, staff_notices
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.applications import Application, application_key, programme_partition
from kulturkontor.audit import audit
from kulturkontor.claims import (
    TO_BATCH,
    ClaimRow,
    ClaimState,
    TravelClaim,
    claim_key,
    claim_row,
    mark_bank_rejected,
    mark_paid,
    put_claim,
    return_to_attested,
    seal,
)
from kulturkontor.finance_files import write_batch_files
from kulturkontor.judgement import LineState, ParticipantResult
from kulturkontor.mails import Mail
from kulturkontor.pain001 import message_id
from kulturkontor.pain002 import BankReport, PaymentStatusFileError, read_pain002
from kulturkontor.payments import (
    MOST_PAYMENTS,
    BatchState,
    Payment,
    PaymentBatch,
    PaymentLine,
    PaymentState,
    apply_bank_status,
    end_to_end_id,
    refuse_batch,
    release_batch,
)
from kulturkontor.programme import OSLO, Programme
from kulturkontor.reasons import reason_text
from kulturkontor.records import Change, Conflict, Key, Put, Records, decide_again
from kulturkontor.texts import phrase

MAX_REPORT_BYTES = 5_000_000
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
    """Every attested claim into a proposed batch, oldest first; what another run sealed first is
    left to it.
    """
    sealed: list[PaymentBatch] = []
    while True:
        attested = sorted(
            records.list_open(TravelClaim, TO_BATCH),
            key=lambda each: (each.gathering, each.reference),
        )
        waiting = [each for each in attested if each.state is ClaimState.ATTESTED]
        if not waiting:
            return sealed
        batch = _seal(
            waiting[:MOST_PAYMENTS], now, by, finance_address, programme, records, mail_queue
        )
        if batch is None:
            return sealed
        sealed.append(batch)


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
    revisions = _row_revisions(claims, records)
    for claim in claims:
        changes += put_claim(seal(claim, batch.id), row_revision=revisions[claim.id])
        changes.append(audit(claim.key, f"seal#{claim.gathering}", by=by, at=now, after=batch.id))
    mail = staff_notices.batch_proposed(batch, programme, now, finance_address)
    try:
        commit(changes, [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return None  # another run has it; the next tick seals what is left
    return batch


def payment_of(claim: TravelClaim, programme: Programme) -> Payment:
    """What the claim pays: its participants' sums, less what earlier versions paid."""
    lines = [
        line
        for person in claim.judgement.participants
        for line in _payment_lines(claim, person, programme)
    ]
    return Payment(
        end_to_end_id=end_to_end_id(
            prefix=programme.payment.end_to_end_prefix,
            gathering=claim.gathering,
            kommunenummer=claim.kommunenummer,
            version=claim.version,
        ),
        claim_id=claim.id,
        claim_number=claim.claim_number,
        claim_version=claim.version,
        reference=claim.reference,
        municipality=claim.municipality,
        kommunenummer=claim.kommunenummer,
        organisation_number=claim.organisation_number,
        account_number=claim.claim.account_number,
        kid=claim.claim.kid,
        amount_ore=claim.settlement.pay_ore,
        adjustment_ore=claim.settlement.pay_ore - sum(line.council_ore for line in lines),
        lines=tuple(lines),
    )


def _payment_lines(
    claim: TravelClaim, person: ParticipantResult, programme: Programme
) -> list[PaymentLine]:
    name = claim.claim.participant(person.participant).name
    parts = (
        ("travel", person.travel_actual_ore, person.travel_council_ore),
        ("overnight", person.overnight_actual_ore, person.overnight_council_ore),
    )
    lines = []
    for kind, actual, council in parts:
        judged = [
            each
            for each in claim.judgement.lines
            if each.participant == person.participant
            and (each.kind == "overnight") == (kind == "overnight")
            and each.state is not LineState.HELD
        ]
        if not actual or not judged:
            continue
        least = max(judged, key=lambda each: list(LineState).index(each.state))
        lines.append(
            PaymentLine(
                participant=name,
                kind=kind,
                gathering=claim.gathering,
                state=least.state,
                reason=reason_text(least, language="nb", programme=programme),
                actual_ore=actual,
                council_ore=council,
                municipality_ore=actual - council,
            )
        )
    return lines


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
    """A second person sends the batch on its way. Pressed again after a fault, it writes the files
    that lack.

    Raises UnknownBatchError, SamePersonError, BatchStateError.
    """

    def attempt() -> PaymentBatch:
        batch = read_batch(batch_id, programme, records)
        if batch.state is BatchState.RELEASED and batch.released_by == by:
            return batch
        claims = _claims_of(batch, records)
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
        claims = _claims_of(batch, records)
        revisions = _row_revisions(claims, records)
        changes: list[Change] = [
            Put(refused),
            audit(batch.key, f"refuse#{batch.id}", by=by, at=at, after=reason),
        ]
        for claim in claims:
            changes += put_claim(return_to_attested(claim), row_revision=revisions[claim.id])
        records.write(*changes)
        return refused

    return decide_again(attempt)


def import_bank_report(
    key: str,
    *,
    version: str | None,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    office: Archive,
    mail_queue: Queue,
) -> dict[str, int]:
    """The bank's pain.002: payments become paid or rejected; the same report again changes
    nothing.
    """
    data = office.read(key, version=version, limit=MAX_REPORT_BYTES)
    try:
        report = read_pain002(data)
    except PaymentStatusFileError as fault:
        because = str(fault)
        mail = staff_notices.bank_report_faulty(key, because, programme, now, staff_address)
        _tell_once(mail, records, mail_queue)
        return {"faulty": 1, "paid": 0, "rejected": 0}
    batch = next(
        (
            each
            for each in list_batches(programme, records)
            if message_id(each) == report.original_message_id
            and each.state in (BatchState.RELEASED, BatchState.SETTLED)
        ),
        None,
    )
    if batch is None:
        because = phrase("nb", "staff_bank_unknown", message=report.original_message_id)
        mail = staff_notices.bank_report_faulty(key, because, programme, now, staff_address)
        _tell_once(mail, records, mail_queue)
        return {"faulty": 1, "paid": 0, "rejected": 0}
    return decide_again(
        lambda: _apply_report(batch.id, report, now, staff_address, programme, records, mail_queue)
    )


def _apply_report(
    batch_id: str,
    report: BankReport,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> dict[str, int]:
    batch = read_batch(batch_id, programme, records)
    outcome = apply_bank_status(batch, report.statuses_for(batch))
    after = outcome.batch
    counts = {
        "faulty": 0,
        "paid": sum(each.state is PaymentState.PAID for each in after.payments),
        "rejected": sum(each.state is PaymentState.REJECTED for each in after.payments),
    }
    if after == batch:
        return counts
    claims = {each.id: each for each in _claims_of(batch, records)}
    revisions = _row_revisions(list(claims.values()), records)
    changes: list[Change] = [Put(after)]
    mails: list[Mail] = []
    for old, new in zip(batch.payments, after.payments, strict=True):
        claim = claims[new.claim_id]
        if new.state is old.state or claim.state is not ClaimState.IN_BATCH:
            continue
        if new.state is PaymentState.PAID:
            changes += put_claim(mark_paid(claim), row_revision=revisions[claim.id])
        if new.state is PaymentState.REJECTED:
            changes += put_claim(mark_bank_rejected(claim), row_revision=revisions[claim.id])
            application = records.read(Application, application_key(claim.application_id))
            if application is not None:
                mails.append(
                    claim_notices.payment_rejected(application, claim, new, programme, now)
                )
    rejected = [each.claim_number for each in after.payments if each.state is PaymentState.REJECTED]
    unclear = [each.claim_number for each in after.payments if each.is_unclear]
    mails.append(
        staff_notices.bank_report_read(
            f"{batch.id}-{batch.revision}",
            counts["paid"],
            rejected,
            [*unclear, *outcome.unmatched_ids],
            programme,
            now,
            staff_address,
        )
    )
    commit(changes, mails, records=records, mail_queue=mail_queue)
    return counts


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


def _claims_of(batch: PaymentBatch, records: Records) -> list[TravelClaim]:
    keys = []
    for payment in batch.payments:
        application_id, gathering, version = payment.claim_id.rsplit("-", 2)
        keys.append(claim_key(application_id, gathering, int(version)))
    return records.read_many(TravelClaim, keys)


def _row_revisions(claims: Sequence[TravelClaim], records: Records) -> dict[str, int]:
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


def _tell_once(mail: Mail, records: Records, mail_queue: Queue) -> None:
    try:
        commit([], [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return  # told already
