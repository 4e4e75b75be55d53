"""The bank's answer to a payment file: payments become paid or rejected, each once."""

from datetime import datetime

from kulturkontor import claim_notices, finance_notices
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.actions.settle import (
    claims_of,
    free_debts,
    list_batches,
    read_batch,
    row_revisions,
)
from kulturkontor.applications import Application, application_key
from kulturkontor.bank_answers import apply_bank_status
from kulturkontor.claim_steps import mark_bank_rejected, mark_paid
from kulturkontor.claims import ClaimState, put_claim
from kulturkontor.mails import Mail
from kulturkontor.own_phrases import phrase_of
from kulturkontor.pain001 import message_id
from kulturkontor.pain002 import BankReport, PaymentStatusFileError, read_pain002
from kulturkontor.payments import BatchState, PaymentState
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Conflict, Put, Records, decide_again

MAX_REPORT_BYTES = 5_000_000


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
        mail = finance_notices.bank_report_faulty(key, because, programme, now, staff_address)
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
        because = phrase_of(
            programme, "nb", "staff_bank_unknown", message=report.original_message_id
        )
        mail = finance_notices.bank_report_faulty(key, because, programme, now, staff_address)
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
    claims = {each.id: each for each in claims_of(batch, records)}
    revisions = row_revisions(list(claims.values()), records)
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
    changes += free_debts(
        [each for each in after.payments if each.claim_id in outcome.rejected_claim_ids],
        programme,
        records,
    )
    rejected = [each.claim_number for each in after.payments if each.state is PaymentState.REJECTED]
    unclear = [each.claim_number for each in after.payments if each.is_unclear]
    mails.append(
        finance_notices.bank_report_read(
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


def _tell_once(mail: Mail, records: Records, mail_queue: Queue) -> None:
    try:
        commit([], [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return  # told already
