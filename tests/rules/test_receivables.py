"""What municipalities owe: netted to the øre, invoiced, settled; never lost, never taken twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.claims import TravelClaim
from kulturkontor.payments import PaymentNetting
from kulturkontor.receivables import (
    Netted,
    Netting,
    Receivable,
    ReceivableState,
    ReceivableStateError,
    free,
    invoice,
    net,
    netted_keys,
    receivable_key,
    receivable_of,
    settle_invoice,
    take_back_invoice,
)
from kulturkontor.records import Key
from tests.rules.money_factory import NOW, attested, debt
from tests.rules.payment_factory import a_payment


def netted(claim: TravelClaim, *debts: Receivable) -> Netted:
    return net(debts, claim, batch_id="B1", at=NOW)


def test_a_version_that_moves_less_than_nothing_leaves_a_debt() -> None:
    made = attested(-30_00, paid_ore=100_00, paid_overnight_ore=40_00, overnight_ore=20_00)
    assert receivable_of(made.but(version=2), NOW) == debt(30_00, overnight_ore=20_00, revision=0)


@pytest.mark.parametrize("pays_ore", [0, 1])
def test_a_version_that_moves_nothing_or_more_leaves_none(pays_ore: int) -> None:
    assert receivable_of(attested(pays_ore), NOW) is None


@pytest.mark.parametrize(
    ("pays", "debts", "taken"),
    [
        pytest.param(100, [30], [30], id="all of the debt"),
        pytest.param(20, [30], [20], id="all of the claim"),
        pytest.param(100, [30, 40, 50], [30, 40, 30], id="the oldest first"),
        pytest.param(100, [], [], id="no debt"),
    ],
)
def test_debts_are_taken_from_what_a_claim_pays(
    pays: int, debts: list[int], taken: list[int]
) -> None:
    owed = [
        debt(ore, version=number + 2, owed_since=NOW + timedelta(days=number))
        for number, ore in enumerate(debts)
    ]
    found = netted(attested(pays), *reversed(owed))
    assert [each.amount_ore for _, each in found.nettings] == taken
    assert found.ore == sum(taken)
    left = {each.id: each.left_ore for each in found.debts}
    assert [left[each.id] for each in owed] == [
        ore - took for ore, took in zip(debts, [*taken, 0, 0], strict=False)
    ]


def test_a_netting_tells_which_claim_paid_it() -> None:
    (after,) = netted(attested(20, gathering="S3"), debt(30)).debts
    assert after.nettings == (
        Netting(
            claim_id="app4601-S3-1",
            claim_number="KFK2-2026-4601-S3",
            gathering="S3",
            amount_ore=20,
            overnight_ore=0,
            batch_id="B1",
            at=NOW,
        ),
    )


def test_what_is_invoiced_is_never_netted() -> None:
    sent = invoice(debt(30), voucher="F-1", by="ola", at=NOW)
    assert netted(attested(100), sent).ore == 0


@given(
    amount=st.integers(1, 100_000),
    overnight=st.integers(-100_000, 200_000),
    pays=st.lists(st.integers(1, 50_000), max_size=12),
    freed=st.sets(st.integers(0, 11)),
)
def test_a_debt_is_taken_once_and_its_nights_add_up(
    amount: int, overnight: int, pays: list[int], freed: set[int]
) -> None:
    """Whatever is netted and freed in between, amount = netted + left, of nights as of the whole;
    and once nothing is left, nothing is left of the nights.
    """
    owed = debt(amount, overnight_ore=overnight)
    for number, ore in enumerate(pays):
        claim = attested(ore, id=f"claim-{number}")
        found = netted(claim, owed)
        assert found.ore == min(ore, owed.left_ore)
        (owed,) = found.debts
        if number in freed:
            owed = free(owed, [claim.id])
        assert owed.left_ore + sum(each.amount_ore for each in owed.nettings) == amount
        nights = sum(each.overnight_ore for each in owed.nettings)
        assert owed.left_overnight_ore + nights == overnight
        assert owed.left_ore >= 0
    rest = netted(attested(amount, id="the rest"), owed)
    (whole,) = rest.debts
    assert (whole.left_ore, whole.left_overnight_ore) == (0, 0)
    assert whole.state is ReceivableState.NETTED


def test_a_debt_goes_from_open_to_invoiced_to_settled_and_back() -> None:
    open_debt = debt(30)
    sent = invoice(open_debt, voucher="F-1", by="ola", at=NOW)
    mended = invoice(sent, voucher="F-2", by="ola", at=NOW)
    paid = settle_invoice(mended, by="ola", at=NOW)
    (whole,) = netted(attested(100), open_debt).debts
    assert [each.state for each in (open_debt, sent, mended, paid, whole)] == [
        ReceivableState.OPEN,
        ReceivableState.INVOICED,
        ReceivableState.INVOICED,
        ReceivableState.SETTLED,
        ReceivableState.NETTED,
    ]
    assert (mended.voucher, mended.invoiced_by, mended.invoiced_at) == ("F-2", "ola", NOW)
    assert (paid.settled_by, paid.settled_at) == ("ola", NOW)
    assert take_back_invoice(sent) == open_debt


@pytest.mark.parametrize(
    ("step", "before"),
    [
        pytest.param("invoice", "settled", id="invoiced after it was paid"),
        pytest.param("invoice", "netted", id="invoiced with nothing left"),
        pytest.param("settle", "open", id="settled without invoice"),
        pytest.param("take back", "open", id="taken back without invoice"),
        pytest.param("take back", "settled", id="taken back after it was paid"),
    ],
)
def test_a_debt_takes_no_other_step(step: str, before: str) -> None:
    sent = invoice(debt(30), voucher="F-1", by="ola", at=NOW)
    states = {
        "open": debt(30),
        "netted": netted(attested(100), debt(30)).debts[0],
        "settled": settle_invoice(sent, by="ola", at=NOW),
    }
    steps = {
        "invoice": lambda each: invoice(each, voucher="F-2", by="ola", at=NOW),
        "settle": lambda each: settle_invoice(each, by="ola", at=NOW),
        "take back": take_back_invoice,
    }
    with pytest.raises(ReceivableStateError, match=f"a debt that is {before} "):
        steps[step](states[before])


def test_a_refused_payment_frees_just_what_it_took() -> None:
    first, second = attested(20), attested(5, gathering="S2")
    (once,) = netted(first, debt(30)).debts
    (twice,) = netted(second, once).debts
    assert (twice.left_ore, free(twice, [first.id]).left_ore) == (5, 25)
    assert [each.claim_id for each in free(twice, [first.id]).nettings] == [second.id]


@pytest.mark.parametrize("wrong", ["4601", "4601-S1", "4601-S1-x"])
def test_what_is_no_id_of_a_debt_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        receivable_key("kifk2", wrong)


def test_debts_of_a_payment_are_found_by_what_it_netted() -> None:
    netting = PaymentNetting(
        claim_number="KFK2-2026-4601-S1",
        gathering="S1",
        claim_version=2,
        amount_ore=30,
        overnight_ore=0,
    )
    payment = a_payment(nettings=(netting,), amount_ore=1172_20)
    assert netted_keys("kifk2", [payment]) == [debt().key]


def test_a_debt_lies_with_its_programme_by_municipality_gathering_and_version() -> None:
    owed = netted(attested(20), debt(30)).debts[0]
    assert owed.key == Key("PROGRAMME#kifk2", "RECEIVABLE#4601#S1#002")
    assert receivable_key("kifk2", owed.id) == owed.key
    assert owed.claim_key == Key("APPLICATION#app4601", "CLAIM#S1#002")
    assert Receivable.model_validate_json(owed.model_dump_json()) == owed
