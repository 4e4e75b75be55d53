"""A reminder comes on its day, or the morning after a missed one; never twice, never late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.reminders import CATCH_UP_DAYS, DueDay, due_day, reminder
from tests.rules.application_factory import a_mail

DEADLINE = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (8, None),
        (7, 7),
        (6, 7),
        (4, 7),
        (3, None),
        (2, 2),
        (1, 2),
        (0, 2),
        (-1, None),
    ],
)
def test_the_day_before_or_the_mornings_after_it(left: int, expected: int | None) -> None:
    due = due_day(DEADLINE, DEADLINE - timedelta(days=left), (2, 7))
    assert (due.set_day if due else None) == expected
    assert due is None or due.day == DEADLINE - timedelta(days=due.set_day)


def test_a_late_one_is_left_where_one_of_the_days_before_told_the_same() -> None:
    late = reminder(a_mail(id="a_answer_reminder_1_8"), DueDay(8, 6, DEADLINE))
    assert late.instead == (
        "a_answer_reminder_1_6",
        "a_answer_reminder_1_7",
        "a_answer_reminder_1_9",
    )
    assert reminder(a_mail(id="a_answer_reminder_1_2"), DueDay(2, 2, DEADLINE)).instead == ()


@given(
    set_days=st.sets(st.integers(0, 30), min_size=1, max_size=4),
    missed=st.sets(st.integers(-5, 40)),
)
def test_whatever_mornings_are_missed_each_set_day_reminds_once_at_most(
    set_days: set[int], missed: set[int]
) -> None:
    sent: list[str] = []
    for left in range(40, -6, -1):
        due = due_day(DEADLINE, DEADLINE - timedelta(days=left), tuple(set_days))
        if due is None or left in missed:
            continue
        found = reminder(a_mail(id=f"a_answer_reminder_1_{due.set_day}"), due)
        if not {found.mail.id, *found.instead} & set(sent):
            sent.append(found.mail.id)
        assert left >= 0
    assert len(sent) == len(set(sent))
    for day in set_days:
        nearer = [each for each in set_days if day - CATCH_UP_DAYS <= each < day]
        if not nearer and day not in missed:
            assert f"a_answer_reminder_1_{day}" in sent
