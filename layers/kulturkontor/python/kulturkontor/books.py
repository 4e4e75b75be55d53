"""The books of a programme: what came in, what was decided and told, what was claimed and paid.

Counted from the records themselves each time somebody looks: there are no counters to drift.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_rows import ApplicationRow, LetterMark
from kulturkontor.balances import Balance, count_balances, owed, total
from kulturkontor.claims import ClaimRow, ClaimState, TravelClaim
from kulturkontor.closing import counts_of
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.judgement import LineState
from kulturkontor.mails import Mail, MailState, mail_id
from kulturkontor.outside_payments import OutsidePayment
from kulturkontor.payments import BatchState, PaymentBatch, PaymentState
from kulturkontor.receivables import Receivable
from kulturkontor.release import LetterBooks, count_letters

_RELEASED = (BatchState.RELEASED, BatchState.SETTLED)


GIVEN_UP = "given_up"
"""Admitted, and the place is not theirs any more: declined, lapsed, passed on or withdrawn."""


class DecisionBooks(BaseModel):
    """By outcome: as they were first decided, and as they stand after places were offered on, with
    those who gave theirs up by themselves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: dict[str, int]
    last: dict[str, int]


class Books(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    applications: dict[str, int]
    decisions: DecisionBooks
    letters: LetterBooks
    mails: dict[str, int]
    claims: dict[str, int]
    payments: dict[str, int]
    money: dict[str, int]


def count_books(
    *,
    rows: Sequence[ApplicationRow],
    mails: Sequence[Mail],
    claim_rows: Sequence[ClaimRow],
    claims: Sequence[TravelClaim],
    batches: Sequence[PaymentBatch],
    debts: Sequence[Receivable] = (),
    outside: Sequence[OutsidePayment] = (),
    refused: int = 0,
) -> Books:
    """`claims`: the last version of each; `refused`: attempts that were turned away."""
    letters = {mail_id(row.id, "letter", mark.n) for row, mark in told_letters(rows)}
    return Books(
        applications={**counts_of(rows), "refused": refused},
        decisions=DecisionBooks(
            first=_by_state(Outcome, [row.letters[0].o for row in rows if row.letters]),
            last=_as_they_stand(rows),
        ),
        letters=count_letters(rows, [mail for mail in mails if mail.id in letters]),
        mails=_by_state(MailState, [mail.state for mail in mails]),
        claims=_claim_book(claim_rows, claims),
        payments=_payment_book(batches),
        money={
            **_money_book(claim_rows),
            **_balance_book(total(count_balances(claim_rows, batches, debts, outside)), debts),
        },
    )


def told_letters(rows: Iterable[ApplicationRow]) -> list[tuple[ApplicationRow, LetterMark]]:
    """Each letter that was written, with its application's row."""
    return [(row, mark) for row in rows for mark in row.letters if mark.s is LetterState.RENDERED]


def _as_they_stand(rows: Sequence[ApplicationRow]) -> dict[str, int]:
    decided = [row for row in rows if row.outcome]
    admitted = sum(row.outcome == Outcome.ADMITTED for row in decided)
    holding = sum(row.holds_place for row in decided)
    return {
        **_by_state(Outcome, [str(row.outcome) for row in decided]),
        Outcome.ADMITTED.value: holding,
        GIVEN_UP: admitted - holding,
    }


def _claim_book(rows: Sequence[ClaimRow], claims: Sequence[TravelClaim]) -> dict[str, int]:
    lines = Counter(line.state for claim in claims for line in claim.judgement.lines)
    return {
        "received": len(rows),
        **{f"{state}_lines": lines[state] for state in LineState},
        "late": sum(row.late for row in rows),
    }


def _payment_book(batches: Sequence[PaymentBatch]) -> dict[str, int]:
    """Of released batches; what the bank rejected stood in the file and is in the control sum."""
    released = [batch for batch in batches if batch.state in _RELEASED]
    states = Counter(payment.state for batch in released for payment in batch.payments)
    return {
        "batches": len(released),
        "count": sum(batch.count for batch in released),
        "control_sum_ore": sum(batch.control_sum_ore for batch in released),
        "rejected_by_bank": states[PaymentState.REJECTED],
    }


def _money_book(rows: Sequence[ClaimRow]) -> dict[str, int]:
    """What travel and nights cost and who bears it, for each claim somebody has vouched for."""
    settled = [row for row in rows if row.attested_by and row.state is not ClaimState.RETURNED]
    actual = sum(row.actual_ore for row in settled)
    council = sum(row.council_ore for row in settled)
    return {
        "actual_ore": actual,
        "council_ore": council,
        "municipality_ore": actual - council,
    }


def _balance_book(whole: Balance, debts: Sequence[Receivable]) -> dict[str, int]:
    """Entitled = paid + settled outside + outstanding, and what is outstanding is what waits less
    what is owed. Netted sums are nothing in all; `netted_ore` is what debts have taken.
    """
    return {
        "entitled_ore": whole.entitled_ore,
        "paid_ore": whole.paid_ore,
        "outside_ore": whole.outside_ore,
        "outstanding_ore": whole.outstanding_ore,
        "netted_ore": sum(each.amount_ore - each.left_ore for each in debts),
        "owed_ore": owed(debts),
        "difference_ore": whole.difference_ore,
    }


def _by_state(states: type[StrEnum], found: Iterable[str]) -> dict[str, int]:
    counts = Counter(found)
    return {state.value: counts[state] for state in states}
