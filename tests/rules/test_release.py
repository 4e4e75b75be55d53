"""What must be in order before the letters go, and the letter book, which must close."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.application_rows import ApplicationRow, LetterMark
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.mail_states import claim, mark_uncertain, record_event
from kulturkontor.mails import MailEvent, MailState
from kulturkontor.release import LetterBooks, count_letters, due_preflight
from tests.office_factory import oslo
from tests.rules.application_factory import KIFK2, a_mail, a_row

NOW = oslo("2026-04-30T09:02:00")
S = ApplicationState


def mark(state: LetterState, outcome: Outcome = Outcome.REJECTED, n: int = 1) -> LetterMark:
    return LetterMark(n=n, o=outcome, s=state)


def decided(number: int = 4601, **changes: Any) -> ApplicationRow:
    usual = {"reference": f"KFK2-2026-{number}", "letters": (mark(LetterState.PENDING),)}
    return a_row(**usual | changes)


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        ("2026-04-22T23:59:59", None),
        ("2026-04-23T00:00:00", 7),
        ("2026-04-27T12:00:00", 3),
        ("2026-04-28T12:00:00", None),
        ("2026-04-29T23:59:59", 1),
        ("2026-04-30T00:00:00", None),
    ],
)
def test_a_preflight_is_due_on_its_days_in_oslo(moment: str, days: int | None) -> None:
    assert due_preflight(oslo(moment), KIFK2) == days


MAIL_STATES = st.sampled_from([each for each in MailState if each is not MailState.TAKEN_BACK])
"""Where the mail of a letter that was written may be; of one that was taken back, only there."""


@given(st.lists(st.one_of(st.just(None), MAIL_STATES), max_size=20))
def test_the_three_equations_hold_for_letters_in_any_states(
    letters: list[MailState | None],
) -> None:
    """None: held, so without a mail."""
    rows = [
        decided(number, letters=(mark(LetterState.RENDERED if state else LetterState.HELD),))
        for number, state in enumerate(letters)
    ]
    mails = [a_mail(id=f"mail-{n}", state=state) for n, state in enumerate(letters) if state]
    books = count_letters(rows, mails)
    assert books.unexplained == 0
    assert books.unanswered == letters.count(None) + letters.count(MailState.FAILED)
    assert books.is_closed == (books.waiting + books.in_transit + books.unanswered == 0)
    assert (books.decided, books.held) == (len(letters), letters.count(None))


@pytest.mark.parametrize(
    ("state", "letter", "decided_letters"),
    [
        pytest.param("submitted", LetterState.PENDING, 1, id="decided"),
        pytest.param("withdrawn", LetterState.PENDING, 0, id="withdrawn before it was told"),
        pytest.param("withdrawn", LetterState.HELD, 1, id="withdrawn after it was held"),
    ],
)
def test_a_decision_that_was_never_to_be_told_is_no_letter(
    state: str, letter: LetterState, decided_letters: int
) -> None:
    row = decided(letters=(mark(letter),)).but(state=state)
    assert count_letters([row], []).decided == decided_letters


@pytest.mark.parametrize(
    ("letters", "state", "unanswered"),
    [
        pytest.param((), S.SUBMITTED, 1, id="undecided"),
        pytest.param((LetterState.PENDING,), S.SUBMITTED, 1, id="taken back and not confirmed"),
        pytest.param((LetterState.RENDERED, LetterState.PENDING), S.SUBMITTED, 0, id="corrected"),
        pytest.param((LetterState.PENDING,), S.WITHDRAWAL_ASKED, 0, id="wants no answer"),
    ],
)
def test_the_book_is_open_as_long_as_a_municipality_has_no_answer(
    letters: tuple[LetterState, ...], state: ApplicationState, unanswered: int
) -> None:
    marks = tuple(mark(each, n=n) for n, each in enumerate(letters, 1))
    row = decided(letters=marks, state=state, taken_back=1)
    mails = [a_mail(state=MailState.DELIVERED)] * letters.count(LetterState.RENDERED)
    books = count_letters([row], mails)
    assert (books.unanswered, books.unexplained) == (unanswered, 0)
    assert books.is_closed is not bool(unanswered)


def test_a_letter_that_failed_leaves_the_book_open_until_staff_have_seen_to_it() -> None:
    failed = a_mail(state=MailState.FAILED)
    row = decided(letters=(mark(LetterState.RENDERED),))
    found = [count_letters([row], [each]) for each in (failed, failed.but(handled_by="stab"))]
    assert [(each.refused, each.is_closed) for each in found] == [(1, False), (1, True)]


def test_a_letter_that_never_goes_to_who_has_withdrawn_is_taken_back() -> None:
    row = decided(letters=(mark(LetterState.RENDERED),), state=S.WITHDRAWN)
    books = count_letters([row], [a_mail(state=MailState.TAKEN_BACK)])
    assert (books.decided, books.rendered, books.taken_back) == (0, 0, 1)
    assert books.is_closed


def test_a_rendered_letter_without_its_mail_does_not_add_up() -> None:
    books = count_letters([decided(letters=(mark(LetterState.RENDERED),))], [])
    assert (books.unexplained, books.is_closed) == (1, False)


def test_a_bounce_after_delivery_moves_the_letter() -> None:
    rows = [decided(letters=(mark(LetterState.RENDERED),))]
    mail = claim(a_mail(), NOW)
    seen = []
    for kind, detail in (("Send", ""), ("Delivery", ""), ("Bounce", "Permanent")):
        mail = record_event(mail, MailEvent(kind=kind, at=NOW, detail=detail), "message")
        books = count_letters(rows, [mail])
        seen.append((books.in_transit, books.delivered, books.bounced, books.handed_over))
    assert seen == [(1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)]


def test_an_event_that_comes_late_moves_an_uncertain_letter() -> None:
    rows = [decided(letters=(mark(LetterState.RENDERED),))]
    unsure = mark_uncertain(claim(a_mail(), NOW))
    later = MailEvent(kind="Delivery", at=NOW + timedelta(hours=2))
    before, after = (
        count_letters(rows, [each]) for each in (unsure, record_event(unsure, later, "message"))
    )
    nothing = dict.fromkeys(LetterBooks.model_fields, 0)
    assert before == LetterBooks(**nothing | {"decided": 1, "rendered": 1, "uncertain": 1})
    assert after == LetterBooks(
        **nothing | {"decided": 1, "rendered": 1, "handed_over": 1, "delivered": 1}
    )


EVENTS = st.tuples(
    st.integers(0, 3),
    st.sampled_from([("Send", ""), ("Delivery", ""), ("Bounce", "Permanent"), ("Reject", "")]),
)


@given(st.lists(EVENTS, max_size=12), st.data())
def test_the_book_is_the_same_in_whatever_order_and_however_often_events_come(
    events: list[tuple[int, tuple[str, str]]], data: st.DataObject
) -> None:
    rows = [decided(n, letters=(mark(LetterState.RENDERED),)) for n in range(4)]

    def book(order: list[tuple[int, tuple[str, str]]]) -> LetterBooks:
        mails = [claim(a_mail(id=f"mail-{number}"), NOW) for number in range(4)]
        for number, (kind, detail) in order:
            event = MailEvent(kind=kind, at=NOW, detail=detail)
            mails[number] = record_event(mails[number], event, f"message-{number}")
        return count_letters(rows, mails)

    other = book(data.draw(st.permutations([*events, *events])))
    assert book(events) == other
    assert other.unexplained == 0
