"""What goes into which batch: a pure plan of claims, confirmed accounts and debts."""

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.claim_payments import payment_of
from kulturkontor.claims import TravelClaim
from kulturkontor.payee_accounts import AccountHold, MunicipalityAccount
from kulturkontor.payments import MOST_PAYMENTS, PaymentNetting
from kulturkontor.receivables import Receivable
from kulturkontor.sealing import (
    MOST_ITEMS,
    MOST_LINES,
    HeldClaim,
    Step,
    find_holds,
    plan_steps,
)
from tests.rules.claim_factory import ACCOUNT, KIFK2
from tests.rules.money_factory import ATTESTER, NOW, account, attested, debt, other_payee


def plan(
    claims: Sequence[TravelClaim],
    accounts: Sequence[MunicipalityAccount],
    debts: Sequence[Receivable] = (),
) -> list[Step]:
    ids = (f"B{number}" for number in count(1))
    known = {each.kommunenummer: each for each in accounts}
    return list(plan_steps(claims, known, debts, ids, at=NOW))


def test_claims_are_paid_by_gathering_and_reference() -> None:
    claims = [
        attested(kommunenummer="4601", gathering="S2"),
        attested(kommunenummer="4601"),
        attested(kommunenummer="0301"),
    ]
    (step,) = plan(claims, [account(), account("0301")])
    assert [each.claim.id for each in step.payments] == [
        "app0301-S1-1",
        "app4601-S1-1",
        "app4601-S2-1",
    ]
    assert (step.batch_id, step.accounts, step.debts) == (
        "B1",
        (account("0301"), account()),
        (),
    )


def test_a_claim_whose_account_waits_is_in_no_batch() -> None:
    claims = [attested(), attested(kommunenummer="0301"), attested(kommunenummer="5501")]
    accounts = [account(by=ATTESTER), account("0301")]
    (step,) = plan(claims, accounts)
    assert [each.claim.kommunenummer for each in step.payments] == ["0301"]
    known = {each.kommunenummer: each for each in accounts}
    assert find_holds(claims, known) == [
        HeldClaim(claims[0], AccountHold.SAME_PERSON),
        HeldClaim(claims[2], AccountHold.FIRST_ACCOUNT),
    ]


def test_a_debt_reduces_what_goes_to_the_bank() -> None:
    (step,) = plan([attested(100_00, gathering="S2")], [account()], [debt(30_00)])
    (planned,) = step.payments
    assert (planned.amount_ore, planned.netted_ore, step.amount_ore) == (70_00, 30_00, 70_00)
    assert [each.left_ore for each in step.debts] == [0]
    assert planned.payee is not None
    payment = payment_of(planned, planned.payee, KIFK2)
    assert payment.amount_ore == 70_00
    assert payment.nettings == (
        PaymentNetting(
            claim_number="KFK2-2026-4601-S1",
            gathering="S1",
            claim_version=2,
            amount_ore=30_00,
            overnight_ore=0,
        ),
    )


def test_a_debt_that_takes_all_of_a_claim_sends_nothing_to_the_bank() -> None:
    whole, rest = plan(
        [attested(20_00, gathering="S2"), attested(100_00, gathering="S3")],
        [account()],
        [debt(30_00)],
    )
    assert [netting.batch_id for _, netting in whole.payments[0].nettings] == [""]
    assert (whole.batch_id, whole.amount_ore, whole.accounts) == ("", 0, ())
    assert [each.left_ore for each in whole.debts] == [10_00]
    assert (rest.batch_id, rest.amount_ore) == ("B1", 90_00)
    assert [(each.left_ore, each.revision) for each in rest.debts] == [(0, 2)]


def test_no_account_is_needed_where_nothing_is_paid() -> None:
    (whole,) = plan([attested(20_00)], [], [debt(30_00)])
    assert whole.batch_id == ""


def test_two_claims_of_one_municipality_look_at_its_account_once() -> None:
    (step,) = plan([attested(), attested(gathering="S2")], [account()], [debt(50_00)])
    assert (len(step.payments), step.accounts, len(step.debts)) == (2, (account(),), 1)


def test_a_payee_chosen_by_staff_is_paid_instead() -> None:
    chosen = other_payee(confirmation=account().own.confirmation)  # type: ignore[union-attr]
    (step,) = plan([attested()], [account(other=chosen)])
    (planned,) = step.payments
    assert planned.payee is not None
    payment = payment_of(planned, planned.payee, KIFK2)
    assert (payment.creditor, payment.payee, payment.municipality) == (
        "Prøve vertskommune",
        "Prøve vertskommune",
        "Bergen",
    )
    assert payment.account_number == chosen.account_number


@pytest.mark.parametrize(
    ("pays", "paid", "nights", "paid_nights", "expected"),
    [
        pytest.param(100, 0, 60, 0, (40, 60), id="first version"),
        pytest.param(30, 100, 60, 60, (30, 0), id="more travel"),
        pytest.param(30, 100, 130, 60, (-40, 70), id="more nights and less travel"),
    ],
)
def test_a_payment_knows_its_travel_and_its_nights(
    pays: int, paid: int, nights: int, paid_nights: int, expected: tuple[int, int]
) -> None:
    claim = attested(pays, overnight_ore=nights, paid_ore=paid, paid_overnight_ore=paid_nights)
    (step,) = plan([claim], [account()])
    (planned,) = step.payments
    assert planned.payee is not None
    payment = payment_of(planned, planned.payee, KIFK2)
    assert (payment.travel_ore, payment.overnight_ore) == expected
    assert payment.travel_ore + payment.overnight_ore == payment.amount_ore == pays


def test_no_transaction_has_more_items_than_the_table_takes() -> None:
    """24 municipalities of their own, each with debts: three items each, a look at the account, and
    every debt.
    """
    numbers = [f"{1000 + place}" for place in range(60)]
    claims = [attested(1000, kommunenummer=each) for each in numbers]
    debts = [
        debt(10, kommunenummer=each, version=version) for each in numbers for version in (2, 3)
    ]
    steps = plan(claims, [account(each) for each in numbers], debts)
    assert max(step.items for step in steps) <= MOST_ITEMS
    assert sum(len(step.payments) for step in steps) == 60
    assert all(step.items + 6 > MOST_ITEMS for step in steps[:-1])


def long_claim(persons: int, kommunenummer: str) -> TravelClaim:
    people = [{"id": f"p{number}", "name": f"Prøve {number}"} for number in range(persons)]
    made = attested(kommunenummer=kommunenummer)
    body = made.claim.model_dump() | {"participants": [*people, {"id": "p1x", "name": "Prøve x"}]}
    lines = [each.model_dump() | {"participant": "p1x"} for each in made.claim.lines]
    return made.but(claim=type(made.claim).model_validate(body | {"lines": lines}))


def test_a_batch_is_full_by_lines_of_payments() -> None:
    """Two for each participant, so fifteen claims of twenty, and no more."""
    numbers = [f"{1000 + place}" for place in range(17)]
    claims = [long_claim(19, each) for each in numbers]
    steps = plan(claims, [account(each) for each in numbers])
    assert [len(step.payments) for step in steps] == [MOST_LINES // 40, 2]


def test_a_batch_is_full_by_payments() -> None:
    claims = [attested(1000, gathering=f"S{place}") for place in range(MOST_PAYMENTS + 2)]
    steps = plan(claims, [account()])
    assert [len(step.payments) for step in steps] == [MOST_PAYMENTS, 2]


def test_a_held_claim_does_not_hold_those_after_it() -> None:
    claims = [attested(kommunenummer=each) for each in ("0301", "1103", "4601")]
    (step,) = plan(claims, [account("0301"), account("4601")])
    assert [each.claim.kommunenummer for each in step.payments] == ["0301", "4601"]
    assert [each.payee and each.payee.account_number for each in step.payments] == [ACCOUNT] * 2


@given(
    claims=st.lists(
        st.tuples(st.sampled_from(["0301", "1103", "4601"]), st.integers(1, 5_000)), max_size=30
    ),
    debts=st.lists(
        st.tuples(st.sampled_from(["0301", "1103", "4601"]), st.integers(1, 9_000)), max_size=8
    ),
)
def test_netting_neither_loses_nor_doubles_an_ore(
    claims: list[tuple[str, int]], debts: list[tuple[str, int]]
) -> None:
    """What claims pay = what goes to banks + what debts took; each debt's last state says the
    same; and no municipality is paid while it owes.
    """
    made = [
        attested(ore, kommunenummer=number, gathering=f"S{place}")
        for place, (number, ore) in enumerate(claims)
    ]
    owed = [
        debt(ore, kommunenummer=number, version=place + 2)
        for place, (number, ore) in enumerate(debts)
    ]
    steps = plan(made, [account(each) for each in ("0301", "1103", "4601")], owed)
    last = {each.id: each for each in owed}
    for step in steps:
        for each in step.debts:
            assert each.revision == last[each.id].revision
            last[each.id] = each.but(revision=each.revision + 1)
    taken = sum(each.amount_ore - each.left_ore for each in last.values())
    assert sum(ore for _, ore in claims) == sum(step.amount_ore for step in steps) + taken
    assert sorted(p.claim.id for step in steps for p in step.payments) == sorted(
        each.id for each in made
    )
    paid = {p.claim.kommunenummer for step in steps for p in step.payments if p.amount_ore}
    assert {each.kommunenummer for each in last.values() if each.left_ore} & paid == set()
    assert all((step.batch_id == "") == (step.amount_ore == 0) for step in steps)
