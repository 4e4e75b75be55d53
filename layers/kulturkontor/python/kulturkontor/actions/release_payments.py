"""A second person releases a batch: the claimants are told, and its files are asked for.

Only a release leads to files, and they are a pure function of the sealed batch and its release.
`write_payment_files` writes them; `sweep` asks again for what was not written.
"""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor import claim_notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.settle import claims_of, read_batch
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.batch_steps import execution_day, release_batch
from kulturkontor.claims import TravelClaim
from kulturkontor.mails import Mail
from kulturkontor.payments import BatchState, PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.voucher_numbers import VoucherSeries, take_vouchers, voucher_key


def release_payment_batch(
    batch_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    files_queue: Queue,
    mail_queue: Queue,
) -> PaymentBatch:
    """The batch on its way to the bank, with numbers for its vouchers. Pressed again by whoever may
    release, it releases nothing anew: it asks again for the files, if they are not written.

    Raises UnknownBatchError, SamePersonError, BatchStateError.
    """

    def attempt() -> PaymentBatch:
        batch = read_batch(batch_id, programme, records)
        if batch.state is BatchState.RELEASED:
            return batch
        claims = claims_of(batch, records)
        year = execution_day(at, programme.payment).year
        first_voucher, series = take_vouchers(
            records.read(VoucherSeries, voucher_key(programme.id, year)),
            batch.count,
            programme_id=programme.id,
            year=year,
            rules=programme.payment,
        )
        released = release_batch(
            batch,
            by=by,
            attested_by=frozenset(each.attested_by for each in claims if each.attested_by),
            now=at,
            first_voucher=first_voucher,
            rules=programme.payment,
        )
        mails = _settled_mails(released, claims, programme, at, records)
        note = audit(batch, f"release#{batch.id}", by=by, at=at, after=str(batch.control_sum_ore))
        commit([Put(released), Put(series), note], mails, records=records, mail_queue=mail_queue)
        return released

    released = decide_again(attempt)
    if released.files_written_at is None:
        files_queue.send([files_task(released)])
    return released


def files_task(batch: PaymentBatch) -> dict[str, object]:
    """The message that has the files of a batch written."""
    return {"programme": batch.programme, "batch": batch.id}


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
