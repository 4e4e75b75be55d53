"""Attested claims sealed as payment batches, by the week's run or by a button.

A batch, its claims, the debts it nets and their audit rows are one transaction, which is written
only if each account is still the one that was confirmed; so a claim is in exactly one batch, and a
debt is taken once. What waits for an account is left for the next run, and finance is told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from kulturkontor import account_notices, claim_notices, finance_notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import programme_partition
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.claim_payments import payment_of
from kulturkontor.claim_steps import mark_netted, seal
from kulturkontor.claims import (
    TO_ATTEST,
    TO_BATCH,
    ClaimRow,
    ClaimState,
    TravelClaim,
    claim_row,
    put_claim,
)
from kulturkontor.payee_accounts import MunicipalityAccount, account_key
from kulturkontor.payments import BatchState, PaymentBatch
from kulturkontor.programme import OSLO, Programme
from kulturkontor.receivables import Receivable
from kulturkontor.records import Change, Conflict, Key, Put, Record, Records, Unchanged
from kulturkontor.sealing import HeldClaim, Step, find_holds, plan_steps

_ATTEMPTS: Final = 4


class Waiting(NamedTuple):
    """The attested claims of a programme, and all that decides how they are paid."""

    claims: list[TravelClaim]
    rows: dict[Key, int]
    """The revision of each claim's row."""
    accounts: dict[str, MunicipalityAccount]
    """By municipality number; of those that have one."""
    debts: list[Receivable]

    @property
    def held(self) -> list[HeldClaim]:
        return find_holds(self.claims, self.accounts)


class Preview(NamedTuple):
    """What would be sealed now, and what waits: for an account, or for somebody to vouch for it."""

    steps: list[Step]
    held: list[HeldClaim]
    received: list[TravelClaim]

    @property
    def claims(self) -> list[TravelClaim]:
        """All that it is about."""
        paid = [each.claim for step in self.steps for each in step.payments]
        return [*paid, *(each.claim for each in self.held), *self.received]


def seal_batches(
    *,
    now: datetime,
    by: str,
    finance_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> list[PaymentBatch]:
    """Every attested claim of the programme whose account is confirmed into a proposed batch, by
    gathering and reference. Where another run came first, all is read and planned again.
    """
    listed = _list_attested(programme, records)
    sealed: list[PaymentBatch] = []
    for _ in range(_ATTEMPTS):
        waiting = read_waiting(listed, programme, records)
        try:
            for step in _plan(waiting, now, programme, records):
                done = _write(
                    step, waiting, now, by, finance_address, programme, records, mail_queue
                )
                sealed += [done] if done else []
        except Conflict:
            continue
        _tell_held(waiting.held, now, finance_address, programme, records, mail_queue)
        break
    return sealed


def preview_batches(*, now: datetime, programme: Programme, records: Records) -> Preview:
    waiting = read_waiting(_list_attested(programme, records), programme, records)
    steps = list(_plan(waiting, now, programme, records))
    netted = {each.claim.id for step in steps for each in step.payments if not step.batch_id}
    return Preview(
        steps=steps,
        held=[each for each in waiting.held if each.claim.id not in netted],
        received=[
            each
            for each in records.list_open(TravelClaim, TO_ATTEST)
            if each.programme == programme.id
        ],
    )


def _list_attested(programme: Programme, records: Records) -> list[TravelClaim]:
    """The index follows the table with a delay: each claim is read anew before it is sealed."""
    return [
        each
        for each in records.list_open(TravelClaim, TO_BATCH)
        if each.programme == programme.id and each.state is ClaimState.ATTESTED
    ]


def _keys_of(claim: TravelClaim) -> tuple[Key, ...]:
    row, account = claim_row(claim, revision=0), account_key(claim.programme, claim.kommunenummer)
    return claim.key, row.key, account


def read_waiting(claims: Sequence[TravelClaim], programme: Programme, records: Records) -> Waiting:
    """Those of these claims that are attested now, with their rows and accounts, in one read."""
    if not claims:
        return Waiting([], {}, {}, [])
    wanted = [key for each in claims for key in _keys_of(each)]
    found: list[Record] = records.read_mixed([TravelClaim, ClaimRow, MunicipalityAccount], wanted)
    return Waiting(
        claims=[
            each
            for each in found
            if isinstance(each, TravelClaim) and each.state is ClaimState.ATTESTED
        ],
        rows={each.key: each.revision for each in found if isinstance(each, ClaimRow)},
        accounts={
            each.kommunenummer: each for each in found if isinstance(each, MunicipalityAccount)
        },
        debts=list_debts(programme, records),
    )


def list_debts(programme: Programme, records: Records) -> list[Receivable]:
    return records.list(Receivable, programme_partition(programme.id), "RECEIVABLE#")


def _plan(
    waiting: Waiting, now: datetime, programme: Programme, records: Records
) -> Iterator[Step]:
    return plan_steps(
        waiting.claims,
        waiting.accounts,
        waiting.debts,
        _batch_ids(now, programme, records),
        at=now,
    )


def _batch_ids(now: datetime, programme: Programme, records: Records) -> Iterator[str]:
    """`KIFK2-20261005-1`: the day it was sealed and its number of that day; a taken one is a
    conflict.
    """
    day = now.astimezone(OSLO).strftime("%Y%m%d")
    stem = f"{programme.payment.end_to_end_prefix}-{day}"
    partition = programme_partition(programme.id)
    number = len(records.list(PaymentBatch, partition, f"BATCH#{stem}-"))
    while True:
        number += 1
        yield f"{stem}-{number}"


def _write(
    step: Step,
    waiting: Waiting,
    now: datetime,
    by: str,
    finance_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> PaymentBatch | None:
    """One transaction. None for a claim that debts take whole: the municipality is told at once."""
    changes: list[Change] = [Put(each) for each in step.debts]
    changes += [Unchanged(each) for each in step.accounts]
    for planned in step.payments:
        claim = planned.claim
        after = seal(claim, step.batch_id) if step.batch_id else mark_netted(claim)
        revision = waiting.rows.get(claim_row(claim, revision=0).key, 0)
        changes += put_claim(after, row_revision=revision)
        what = "seal" if step.batch_id else "netted"
        told = step.batch_id or str(planned.netted_ore)
        changes.append(audit(claim, f"{what}#{claim.gathering}", by=by, at=now, after=told))
    if not step.batch_id:
        (claim,) = (mark_netted(each.claim) for each in step.payments)
        application = records.read(Application, application_key(claim.application_id))
        mails = [
            claim_notices.claim_settled(each, claim, None, None, programme, now)
            for each in [application]
            if each is not None
        ]
        commit(changes, mails, records=records, mail_queue=mail_queue)
        return None
    batch = PaymentBatch(
        id=step.batch_id,
        programme=programme.id,
        state=BatchState.PROPOSED,
        sealed_at=now,
        sealed_by=by,
        payments=tuple(
            payment_of(each, each.payee, programme) for each in step.payments if each.payee
        ),
        rule_version=step.payments[0].claim.judgement.rule_version,
    )
    mail = finance_notices.batch_proposed(batch, programme, now, finance_address)
    commit([Put(batch), *changes], [mail], records=records, mail_queue=mail_queue)
    return batch


def _tell_held(
    held: Sequence[HeldClaim],
    now: datetime,
    finance_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> None:
    """Once a day at most, however often the button is pressed."""
    if not held:
        return
    mail = account_notices.claims_held(held, programme, now, finance_address)
    try:
        commit([], [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return  # told already today
