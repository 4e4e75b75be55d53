"""What a year must set aside: claims that are not paid, and gatherings nobody has claimed for."""

from typing import Any

import pytest

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import ApplicationState
from kulturkontor.claims import ClaimRow, ClaimState
from kulturkontor.decisions import PlaceState
from kulturkontor.payments import BatchState, PaymentState
from kulturkontor.year_end import Unclaimed, Unpaid, close_year
from tests.rules.claim_factory import KIFK2, RECEIVED_AT
from tests.rules.payment_factory import a_batch, a_payment, in_state


def application(kommunenummer: str, **changes: Any) -> ApplicationRow:
    usual: dict[str, Any] = {
        "id": f"app{kommunenummer}",
        "programme": "kifk2",
        "reference": f"KFK2-2026-{kommunenummer}",
        "kommunenummer": kommunenummer,
        "state": ApplicationState.SUBMITTED,
        "late": False,
        "gaps": 0,
        "saved": RECEIVED_AT,
        "language": "nb",
        "place": PlaceState.ACCEPTED.value,
    }
    return ApplicationRow(**usual | changes)


def claim(kommunenummer: str, state: ClaimState, **changes: Any) -> ClaimRow:
    usual: dict[str, Any] = {
        "programme": "kifk2",
        "gathering": "S1",
        "reference": f"KFK2-2026-{kommunenummer}",
        "application_id": f"app{kommunenummer}",
        "version": 1,
        "state": state,
        "late": False,
        "actual_ore": 2_000,
        "council_ore": 1_000,
        "held_ore": 0,
        "paid_ore": 0,
        "has_held": False,
    }
    return ClaimRow(**usual | changes)


@pytest.mark.parametrize(
    ("state", "is_unpaid"),
    [
        (ClaimState.RECEIVED, True),
        (ClaimState.ATTESTED, True),
        (ClaimState.BANK_REJECTED, True),
        (ClaimState.ACCOUNT_REFUSED, True),
        (ClaimState.RETURNED, True),
        (ClaimState.PAID, False),
        (ClaimState.NETTED, False),
        (ClaimState.SETTLED_OUTSIDE, False),
        (ClaimState.CLOSED_WITHOUT_PAYMENT, False),
    ],
)
def test_a_claim_is_unpaid_until_it_is_settled(state: ClaimState, is_unpaid: bool) -> None:
    row = claim("4601", state, paid_ore=400)
    closed = close_year(2026, [], [row], [], KIFK2)
    assert closed.unpaid == ([Unpaid(row, 600, 0)] if is_unpaid else [])
    assert closed.unpaid_ore == (600 if is_unpaid else 0)


def test_a_claim_at_the_bank_is_unpaid_until_the_bank_answers() -> None:
    row = claim("4601", ClaimState.IN_BATCH)
    sealed = a_payment("4601", claim_id="app4601-S1-1")
    paid = in_state(sealed, PaymentState.PAID)
    assert close_year(2026, [], [row], [a_batch(sealed)], KIFK2).unpaid == [Unpaid(row, 1_000, 0)]
    answered = a_batch(paid, state=BatchState.PROPOSED)
    assert close_year(2026, [], [row], [answered], KIFK2).unpaid == []


def test_what_is_held_is_told_even_where_nothing_else_is_expected() -> None:
    row = claim("4601", ClaimState.RECEIVED, council_ore=0, held_ore=700)
    assert close_year(2026, [], [row], [], KIFK2).unpaid == [Unpaid(row, 0, 700)]


def test_a_municipality_that_claims_nothing_costs_what_it_usually_does() -> None:
    rows = [
        claim("4601", ClaimState.PAID, council_ore=1_001),
        claim("0301", ClaimState.PAID, council_ore=500),
    ]
    applications = [application("4601"), application("0301"), application("5501")]
    closed = close_year(2026, applications, rows, [], KIFK2)
    assert closed.unclaimed == [
        Unclaimed("app5501", "KFK2-2026-5501", "5501", "S1", 751),
        Unclaimed("app4601", "KFK2-2026-4601", "4601", "S2", 1_001),
        Unclaimed("app0301", "KFK2-2026-0301", "0301", "S2", 500),
        Unclaimed("app5501", "KFK2-2026-5501", "5501", "S2", 751),
    ]
    assert closed.unclaimed_ore == 751 + 1_001 + 500 + 751
    assert [each.gathering for each in closed.unclaimed_at("S2")] == ["S2"] * 3


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"place": PlaceState.DECLINED.value}, id="no place"),
        pytest.param({"place": None}, id="never offered"),
        pytest.param({"state": ApplicationState.WITHDRAWN}, id="withdrawn"),
    ],
)
def test_who_takes_no_part_is_expected_to_claim_nothing(changes: dict[str, Any]) -> None:
    assert close_year(2026, [application("4601", **changes)], [], [], KIFK2).unclaimed == []


def test_no_cost_is_a_claim_and_a_cancelled_gathering_expects_none() -> None:
    first, *others = KIFK2.gatherings
    cancelled = KIFK2.model_copy(
        update={"gatherings": (first, others[0].model_copy(update={"is_cancelled": True}))}
    )
    rows = [claim("4601", ClaimState.CLOSED_WITHOUT_PAYMENT, council_ore=0)]
    assert close_year(2026, [application("4601")], rows, [], cancelled).unclaimed == []


def test_nothing_claimed_anywhere_is_estimated_at_nothing() -> None:
    closed = close_year(2026, [application("4601")], [], [], KIFK2)
    assert [each.estimate_ore for each in closed.unclaimed] == [0, 0]
