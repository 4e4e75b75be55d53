"""What is kept how long: nothing goes a day early, and accounting papers stay their five years."""

from datetime import date, timedelta
from typing import Any

import pytest

from kulturkontor.applications import ApplicationState
from kulturkontor.claims import ClaimRow, ClaimState
from kulturkontor.retention import (
    Due,
    Term,
    accounting_until,
    accounting_year,
    add_months,
    find_due,
)
from tests.office_factory import oslo
from tests.rules.application_factory import ID, KIFK2, a_row
from tests.rules.payment_factory import a_batch, a_payment


def a_claim_row(**changes: Any) -> ClaimRow:
    usual = {
        "programme": "kifk2",
        "gathering": "S2",
        "reference": "KFK2-2026-4601",
        "application_id": ID,
        "version": 1,
        "state": ClaimState.PAID,
        "late": False,
        "actual_ore": 100,
        "council_ore": 50,
        "held_ore": 0,
        "paid_ore": 0,
        "has_held": False,
    }
    return ClaimRow.model_validate(usual | changes)


@pytest.mark.parametrize(
    ("changes", "term", "last_kept"),
    [
        pytest.param({"state": ApplicationState.DRAFT}, Term.DRAFT, date(2026, 7, 13), id="draft"),
        pytest.param({}, Term.NOT_ADMITTED, date(2027, 4, 30), id="not-admitted"),
        pytest.param(
            {"state": ApplicationState.WITHDRAWN},
            Term.NOT_ADMITTED,
            date(2027, 4, 30),
            id="withdrawn",
        ),
        pytest.param(
            {"place": "declined"}, Term.NOT_ADMITTED, date(2027, 4, 30), id="declined-the-place"
        ),
        pytest.param({"place": "accepted"}, Term.ADMITTED, date(2028, 12, 31), id="took-part"),
        pytest.param(
            {"place": "accepted", "state": ApplicationState.WITHDRAWN},
            Term.ADMITTED,
            date(2028, 12, 31),
            id="took-part-then-left",
        ),
    ],
)
def test_an_application_is_kept_to_the_last_day_of_its_term(
    changes: dict[str, Any], term: Term, last_kept: date
) -> None:
    rows = [a_row(**changes)]
    found = [
        find_due(rows, [], [], frozenset(), KIFK2, day)
        for day in (last_kept, last_kept + timedelta(days=1))
    ]
    assert found == [(), (Due(term=term, subject=ID),)]


def test_accounting_papers_outlive_five_years_after_their_year() -> None:
    batch = a_batch(sealed_at=oslo("2026-10-12T06:00:00"))
    found = {
        day: [each.subject for each in find_due([], [], [batch], frozenset(), KIFK2, day)]
        for day in (date(2029, 1, 1), date(2031, 12, 31), date(2032, 1, 1))
    }
    assert found == {date(2029, 1, 1): [], date(2031, 12, 31): [], date(2032, 1, 1): ["2026"]}
    assert accounting_until(2026, KIFK2) == date(2031, 12, 31)


@pytest.mark.parametrize(
    ("sealed", "year"),
    [
        pytest.param(None, 2026, id="never-paid"),
        pytest.param("2026-12-14T06:00:00", 2026, id="paid-the-same-year"),
        pytest.param("2027-01-11T06:00:00", 2027, id="paid-in-january"),
        pytest.param("2026-12-31T23:30:00", 2026, id="paid-on-new-years-eve-in-oslo"),
    ],
)
def test_a_claim_belongs_to_the_last_year_whose_accounts_rest_on_it(
    sealed: str | None, year: int
) -> None:
    payment = a_payment(claim_id=f"{ID}-S2-1", end_to_end_id="KIFK2-S2-4601-R1")
    other = a_batch(a_payment(claim_id="other-S2-1"), sealed_at=oslo("2028-01-03T06:00:00"))
    batches = [other, *([a_batch(payment, sealed_at=oslo(sealed))] if sealed else [])]
    assert accounting_year(a_claim_row(), batches, KIFK2) == year


def test_a_november_claim_paid_in_january_is_kept_with_januarys_accounts() -> None:
    payment = a_payment(claim_id=f"{ID}-S2-1")
    batch = a_batch(payment, sealed_at=oslo("2027-01-11T06:00:00"))
    claims = [a_claim_row()]
    found = [
        find_due([], claims, [batch], frozenset(), KIFK2, day)
        for day in (date(2032, 1, 1), date(2033, 1, 1))
    ]
    assert found == [(), (Due(term=Term.ACCOUNTING, subject="2027"),)]


def test_what_was_planned_is_not_planned_again() -> None:
    planned = frozenset({(Term.NOT_ADMITTED, ID)})
    assert find_due([a_row()], [], [], planned, KIFK2, date(2028, 1, 1)) == ()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 4, 30), 12, date(2027, 4, 30)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_months_are_added_as_people_count_them(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
