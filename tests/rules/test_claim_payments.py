"""What stands on a payment: each person's travel and nights apart, and whom and what it is for."""

from datetime import timedelta
from typing import Any

import pytest

from kulturkontor.claim_payments import payment_of
from kulturkontor.claims import TravelClaim
from kulturkontor.payee_accounts import Payee
from kulturkontor.payments import Payment, PaymentLine
from kulturkontor.sealing import PlannedPayment
from tests.rules.claim_cases import ruling
from tests.rules.claim_factory import ACCOUNT, KIFK2, claim, judge, line, night, travel_claim
from tests.rules.money_factory import NOW

PAYEE = Payee("", "310000000", ACCOUNT, "2646016")


def paid(made: TravelClaim, payee: Payee = PAYEE) -> Payment:
    return payment_of(PlannedPayment(made, payee, ()), payee, KIFK2)


def a_claim(*lines: dict[str, object], rulings: Any = (), **changes: Any) -> TravelClaim:
    made = claim(*lines, persons=2)
    usual = {"judgement": judge(made, rulings=rulings), "attested_by": "anne@example.org"}
    return travel_claim(made, **(usual | changes))


def told(payment: Payment) -> list[tuple[str, str, str, int, int, int]]:
    return [
        (
            each.participant[-1],
            each.kind,
            each.state,
            each.actual_ore,
            each.council_ore,
            each.municipality_ore,
        )
        for each in payment.lines
    ]


def test_payment_names_its_claim_its_payee_and_who_vouched_for_it() -> None:
    payment = paid(a_claim(line("a"), version=3))
    assert payment == Payment(
        end_to_end_id="KIFK2-S1-4601-R3",
        claim_id="claim01",
        claim_number="KFK2-2026-4601-S1",
        claim_version=3,
        reference="KFK2-2026-4601",
        municipality="Bergen",
        kommunenummer="4601",
        organisation_number="310000000",
        account_number=ACCOUNT,
        kid="2646016",
        payee="",
        attested_by="anne@example.org",
        amount_ore=249_00,
        adjustment_ore=0,
        adjustment_overnight_ore=0,
        lines=(
            PaymentLine(
                participant="Prøve Person 1",
                kind="travel",
                gathering="S1",
                state="approved",
                reason="Vi dekker 50 prosent av reisekostnadene.",
                actual_ore=498_00,
                council_ore=249_00,
                municipality_ore=249_00,
            ),
        ),
    )


def test_claim_that_nobody_vouched_for_says_so() -> None:
    assert paid(a_claim(line("a"), attested_by=None)).attested_by == ""


def test_each_person_has_travel_and_nights_apart() -> None:
    lines = [
        line("a", "p1", amount="100,00"),
        line("b", "p1", kind="bus", amount="50,00"),
        night("n", "p1"),
        night("m", "p2", amount="1000,00"),
    ]
    assert told(paid(a_claim(*lines))) == [
        ("1", "travel", "approved", 150_00, 75_00, 75_00),
        ("1", "overnight", "approved", 1_595_00, 1_595_00, 0),
        ("2", "overnight", "approved", 1_000_00, 1_000_00, 0),
    ]


@pytest.mark.parametrize(
    ("verdict", "changes", "state", "council_ore"),
    [
        pytest.param("approve", {"approved_ore": 10_00}, "reduced", 25_00 + 5_00, id="reduced"),
        pytest.param("reject", {}, "rejected", 25_00, id="rejected"),
    ],
)
def test_least_favourable_line_gives_the_reason_of_the_sum(
    verdict: str, changes: dict[str, object], state: str, council_ore: int
) -> None:
    lines = [line("a", amount="50,00"), line("b", kind="bus", amount="100,00"), night("n")]
    payment = paid(a_claim(*lines, rulings=[ruling("b", verdict, **changes)]))
    assert told(payment)[0] == ("1", "travel", state, 150_00, council_ore, 150_00 - council_ore)
    assert payment.lines[0].reason.endswith("Sett på")
    assert told(payment)[1][2] == "approved"


def test_line_that_is_held_stands_on_no_payment() -> None:
    lines = [line("a", receipt_ids=[]), night("n"), line("b", "p2"), night("m", "p2")]
    made = claim(*lines, persons=2)
    receipts = judge(made).known.receipts
    waits = judge(made, receipts={each.id: each for each in receipts if each.id != "r-m"})
    payment = paid(travel_claim(made, judgement=waits, attested_by="anne@example.org"))
    assert [(each[0], each[1]) for each in told(payment)] == [("1", "overnight"), ("2", "travel")]


def test_line_held_beside_one_that_counts_gives_no_reason() -> None:
    made = a_claim(line("a", amount="50,00"), line("b", kind="taxi", receipt_ids=[]))
    assert told(paid(made)) == [("1", "travel", "approved", 50_00, 25_00, 25_00)]


def test_what_cost_nothing_is_no_line() -> None:
    made = a_claim(line("a", amount="0"), night("n"))
    assert [each[1] for each in told(paid(made))] == ["overnight"]


def test_later_version_is_adjusted_by_what_was_settled_before() -> None:
    made = a_claim(line("a"), night("n"), version=2, paid_ore=1_600_00, paid_overnight_ore=1_500_00)
    payment = paid(made)
    assert payment.amount_ore == 249_00 + 1_595_00 - 1_600_00
    assert (payment.adjustment_ore, payment.adjustment_overnight_ore) == (-1_600_00, -1_500_00)


def test_payee_of_its_own_is_paid_by_its_own_number() -> None:
    other = Payee("Prøve vertskommune", "999999999", "99990012349", None)
    payment = paid(a_claim(line("a"), attested_at=NOW + timedelta(days=1)), other)
    assert (payment.payee, payment.organisation_number, payment.account_number, payment.kid) == (
        "Prøve vertskommune",
        "999999999",
        "99990012349",
        None,
    )
