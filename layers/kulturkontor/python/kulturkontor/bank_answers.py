"""What the bank's answers do to a batch: they only move a payment forwards.

What is paid stays paid and what is rejected stays rejected (its claim has gone back to its
owner), and an answer that says otherwise, or that nobody knows, is kept on the payment for staff
to look at. So is a refusal of what the bank has already: the claim does not go back, or a second
version would be paid beside the first.
Source: ISO 20022 status codes.
"""

import re
from collections.abc import Iterable
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.payments import (
    PAID_CODES,
    REJECTED_CODES,
    BatchState,
    BatchStateError,
    Payment,
    PaymentBatch,
    PaymentState,
)

_DUPLICATE = re.compile(r"(AM05|DU0[1-9]|DUPL)\b")
"""Refused because the bank has it already: the file was sent twice, and the first is under way."""
_FINAL = (PaymentState.PAID, PaymentState.REJECTED)


class BankStatus(BaseModel):
    """What the bank says of one payment: a code of ISO 20022 and, in its words, the reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    end_to_end_id: str
    code: Annotated[str, Field(min_length=1)]
    reason: str = ""


class StatusOutcome(NamedTuple):
    """The batch after the bank's answers; claims newly rejected; ids that are not in the batch."""

    batch: PaymentBatch
    rejected_claim_ids: tuple[str, ...]
    unmatched_ids: tuple[str, ...]


def apply_bank_status(batch: PaymentBatch, statuses: Iterable[BankStatus]) -> StatusOutcome:
    """The bank's answers, in the order given; the same ones again change nothing.

    Raises BatchStateError for a batch that was never released.
    """
    if batch.state not in (BatchState.RELEASED, BatchState.SETTLED):
        raise BatchStateError("the bank cannot have had a batch that nobody released")
    payments = {payment.end_to_end_id: payment for payment in batch.payments}
    unmatched: dict[str, None] = {}
    for status in statuses:
        if status.end_to_end_id in payments:
            answered = _answered(payments[status.end_to_end_id], status)
            payments[status.end_to_end_id] = answered
        else:
            unmatched[status.end_to_end_id] = None
    after = tuple(payments.values())
    is_settled = all(each.state in _FINAL for each in after)
    rejected = tuple(
        new.claim_id
        for old, new in zip(batch.payments, after, strict=True)
        if new.state is PaymentState.REJECTED and old.state is not PaymentState.REJECTED
    )
    state = BatchState.SETTLED if is_settled else BatchState.RELEASED
    return StatusOutcome(batch.but(payments=after, state=state), rejected, tuple(unmatched))


def _answered(payment: Payment, status: BankStatus) -> Payment:
    state = _state(status)
    if payment.state in _FINAL:
        if state in (payment.state, PaymentState.RELEASED):
            return payment
        state = payment.state
    text = f"{status.code} {status.reason}".strip()
    return payment.model_copy(update={"state": state, "status_reason": text})


def _state(status: BankStatus) -> PaymentState:
    if status.code in PAID_CODES:
        return PaymentState.PAID
    is_rejected = status.code in REJECTED_CODES and not _DUPLICATE.match(status.reason)
    return PaymentState.REJECTED if is_rejected else PaymentState.RELEASED
