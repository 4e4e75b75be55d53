"""The books: every figure from the records, and the letters' equations by their own mails."""

from datetime import UTC, datetime

import pytest

from kulturkontor.actions.decide import to_decide
from kulturkontor.application_rows import ApplicationRow, LetterMark
from kulturkontor.applications import ApplicationState
from kulturkontor.books import Books, DecisionBooks, count_books
from kulturkontor.claims import ClaimRow, ClaimState
from kulturkontor.decisions import LetterState, PlaceState
from kulturkontor.mails import Mail, MailState, mail_id
from kulturkontor.payments import BatchState, PaymentState
from kulturkontor.release import LetterBooks
from kulturkontor.release_checks import to_answer
from tests.rules.payment_factory import a_batch, a_payment, a_released_batch, in_state

NOON = datetime(2026, 5, 1, 10, tzinfo=UTC)
NONE = {state.value: 0 for state in MailState}


def row(number: str, *letters: tuple[int, str, str], **changes: object) -> ApplicationRow:
    values = {
        "id": f"application{number}",
        "programme": "kifk2",
        "reference": f"KFK2-2026-{number}",
        "kommunenummer": number,
        "state": ApplicationState.SUBMITTED,
        "late": False,
        "gaps": 0,
        "received": NOON,
        "saved": NOON,
        "language": "nb",
        "letters": [LetterMark(n=n, o=o, s=LetterState(s)) for n, o, s in letters],
    }
    return ApplicationRow.model_validate({**values, **changes})


def mail(key: str, state: MailState) -> Mail:
    return Mail(
        id=key,
        programme="kifk2",
        to="kontakt@example.org",
        language="nb",
        text="decision_admitted",
        values={},
        queued_at=NOON,
        state=state,
    )


def claim_row(
    number: str, state: ClaimState, actual: int, council: int, **changes: object
) -> ClaimRow:
    values = {
        "programme": "kifk2",
        "gathering": "S1",
        "reference": f"KFK2-2026-{number}",
        "application_id": f"application{number}",
        "version": 1,
        "state": state,
        "late": False,
        "actual_ore": actual,
        "council_ore": council,
        "held_ore": 0,
        "paid_ore": 0,
        "has_held": False,
        "attested_by": None if state is ClaimState.RECEIVED else "stab",
    }
    return ClaimRow.model_validate({**values, **changes})


def count(**records: object) -> Books:
    nothing: dict[str, list[object]] = {
        "rows": [],
        "mails": [],
        "claim_rows": [],
        "claims": [],
        "batches": [],
    }
    return count_books(**{**nothing, **records})  # type: ignore[arg-type]


def test_books_of_nothing_are_all_zero_and_closed() -> None:
    books = count()
    assert books.letters.is_closed
    assert books.mails == NONE
    assert set(books.applications.values()) == {0}
    assert set(books.money.values()) == {0}


def test_decisions_are_counted_as_first_made_and_as_they_stand() -> None:
    rows = [
        row("4601", (1, "admitted", "rendered")),
        row("5001", (1, "waitlisted", "rendered"), (2, "admitted", "pending")),
        row("0301", (1, "rejected", "held")),
        row("1103"),
    ]
    assert count(rows=rows).decisions == DecisionBooks(
        first={"admitted": 1, "waitlisted": 1, "rejected": 1},
        last={"admitted": 2, "waitlisted": 0, "rejected": 1, "given_up": 0},
    )


@pytest.mark.parametrize(
    ("place", "state", "holds"),
    [
        (None, ApplicationState.SUBMITTED, True),
        (PlaceState.OFFERED, ApplicationState.SUBMITTED, True),
        (PlaceState.ACCEPTED, ApplicationState.WITHDRAWAL_ASKED, True),
        (PlaceState.DECLINED, ApplicationState.SUBMITTED, False),
        (PlaceState.LAPSED, ApplicationState.SUBMITTED, False),
        (PlaceState.PASSED_ON, ApplicationState.SUBMITTED, False),
        (PlaceState.ACCEPTED, ApplicationState.WITHDRAWN, False),
    ],
)
def test_a_place_that_is_given_up_counts_no_more(
    place: PlaceState | None, state: ApplicationState, holds: bool
) -> None:
    one = row("4601", (1, "admitted", "rendered"), place=place, state=state)
    last = {"admitted": int(holds), "waitlisted": 0, "rejected": 0, "given_up": int(not holds)}
    assert (one.holds_place, count(rows=[one]).decisions.last) == (holds, last)


@pytest.mark.parametrize("state", ApplicationState)
def test_who_has_asked_to_withdraw_gets_no_answer(state: ApplicationState) -> None:
    answered = state in (ApplicationState.SUBMITTED, ApplicationState.COMPETING)
    rows = [row("4601", state=state), row("5001", state=state, reference=None)]
    assert [each.gets_answer for each in rows] == [answered, False]
    assert (to_decide(rows), to_answer(rows)) == (rows[:1] * answered,) * 2


def test_letters_are_counted_by_their_own_mails_and_not_by_copies() -> None:
    rows = [
        row("4601", (1, "admitted", "rendered")),
        row("5001", (1, "waitlisted", "rendered"), (2, "admitted", "rendered")),
        row("0301", (1, "rejected", "held")),
    ]
    states = {
        mail_id("application4601", "letter", 1): MailState.DELIVERED,
        mail_id("application5001", "letter", 1): MailState.BOUNCED,
        mail_id("application5001", "letter", 2): MailState.UNCERTAIN,
        mail_id("application5001", "letter", 1) + "_again1": MailState.DELIVERED,
        mail_id("application4601", "letter_copy", 1): MailState.FAILED,
        "kifk2_staff_summary": MailState.QUEUED,
    }
    books = count(rows=rows, mails=[mail(key, state) for key, state in states.items()])
    assert books.letters == LetterBooks(
        decided=4,
        held=1,
        rendered=3,
        waiting=0,
        refused=0,
        uncertain=1,
        handed_over=2,
        delivered=1,
        bounced=1,
        in_transit=0,
        unanswered=1,
    )
    assert not books.letters.is_closed
    counted = {"queued": 1, "delivered": 2, "bounced": 1, "failed": 1, "uncertain": 1}
    assert books.mails == NONE | counted


def test_money_is_that_of_claims_somebody_vouched_for_and_adds_up() -> None:
    rows = [
        claim_row("4601", ClaimState.PAID, 30001, 20001),
        claim_row("5001", ClaimState.BANK_REJECTED, 10000, 5000),
        claim_row("0301", ClaimState.CLOSED_WITHOUT_PAYMENT, 700, 0),
        claim_row("1103", ClaimState.RECEIVED, 99900, 50000, late=True),
        claim_row("1106", ClaimState.RETURNED, 88800, 40000),
    ]
    books = count(claim_rows=rows)
    assert books.money == {
        "actual_ore": 40701,
        "council_ore": 25001,
        "municipality_ore": 15700,
        "entitled_ore": 25001,
        "paid_ore": 0,
        "outside_ore": 0,
        "outstanding_ore": 25001,
        "netted_ore": 0,
        "owed_ore": 0,
        "difference_ore": 20001,
    }
    assert (books.claims["received"], books.claims["late"]) == (5, 1)


def test_payments_are_those_of_released_batches() -> None:
    rejected = in_state(a_payment("4601"), PaymentState.REJECTED)
    paid = in_state(a_payment("5001"), PaymentState.PAID)
    settled = a_released_batch(rejected, paid, state=BatchState.SETTLED, payments=(rejected, paid))
    refused = a_batch(state=BatchState.REFUSED)
    books = count(batches=[settled, a_released_batch(), a_batch(), refused])
    assert books.payments == {
        "batches": 2,
        "count": 3,
        "control_sum_ore": 3 * 117250,
        "rejected_by_bank": 1,
    }
