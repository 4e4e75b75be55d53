"""What each municipality is entitled to, has got and is still owed: counted twice, and it ties."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kulturkontor.balances import Balance, Place, add_up, count_balances, owed, total
from kulturkontor.claim_payments import payment_of
from kulturkontor.claims import ClaimState, TravelClaim, claim_row
from kulturkontor.outside_payments import OutsidePayment, outside_payment
from kulturkontor.payments import OVERNIGHT, TRAVEL, Payment, PaymentBatch, PaymentState
from kulturkontor.receivables import (
    Netting,
    Receivable,
    free,
    invoice,
    net,
    receivable_of,
    settle_invoice,
)
from kulturkontor.sealing import PlannedPayment, plan_steps
from tests.rules.claim_factory import KIFK2
from tests.rules.money_factory import NOW, account, attested, debt
from tests.rules.payment_factory import a_batch

BERGEN = "KFK2-2026-4601"


def paid_by(claim: TravelClaim, state: PaymentState, *debts: Receivable) -> Payment:
    """The payment of the claim in that state, less these debts."""
    (step,) = plan_steps([claim], {"4601": account()}, debts, iter(["B1"]), at=NOW)
    (planned,) = step.payments
    assert planned.payee is not None
    return payment_of(planned, planned.payee, KIFK2).model_copy(update={"state": state})


def batch_of(payment: Payment) -> PaymentBatch:
    return a_batch(payment)


def sums(balance: Balance) -> dict[str, int]:
    names = ("entitled", "paid", "netted", "outside", "outstanding", "at_bank", "difference")
    found = {name: getattr(balance, f"{name}_ore") for name in names}
    return {name: ore for name, ore in found.items() if ore}


def counted(
    claims: list[TravelClaim],
    payments: list[Payment] | None = None,
    debts: list[Receivable] | None = None,
    outside: list[OutsidePayment] | None = None,
) -> dict[str, int]:
    rows = [claim_row(each, revision=1) for each in claims]
    batches = [batch_of(each) for each in payments or []]
    return sums(total(count_balances(rows, batches, debts or [], outside or [])))


CLAIM = attested(100_00, overnight_ore=60_00)


@pytest.mark.parametrize(
    ("state", "payment", "expected"),
    [
        pytest.param(ClaimState.RECEIVED, None, {}, id="received"),
        pytest.param(
            ClaimState.ATTESTED, None, {"entitled": 100_00, "outstanding": 100_00}, id="attested"
        ),
        pytest.param(
            ClaimState.IN_BATCH,
            PaymentState.SEALED,
            {"entitled": 100_00, "outstanding": 100_00, "at_bank": 100_00},
            id="in a batch",
        ),
        pytest.param(
            ClaimState.IN_BATCH,
            PaymentState.RELEASED,
            {"entitled": 100_00, "outstanding": 100_00, "at_bank": 100_00},
            id="at the bank",
        ),
        pytest.param(
            ClaimState.PAID, PaymentState.PAID, {"entitled": 100_00, "paid": 100_00}, id="paid"
        ),
        pytest.param(
            ClaimState.BANK_REJECTED,
            PaymentState.REJECTED,
            {"entitled": 100_00, "outstanding": 100_00},
            id="rejected by the bank",
        ),
        pytest.param(ClaimState.RETURNED, None, {}, id="returned"),
        pytest.param(ClaimState.ACCOUNT_REFUSED, None, {}, id="account not confirmed"),
    ],
)
def test_a_claim_is_outstanding_from_when_it_is_attested_until_it_is_paid(
    state: ClaimState, payment: PaymentState | None, expected: dict[str, int]
) -> None:
    payments = [paid_by(CLAIM, payment)] if payment else []
    assert counted([CLAIM.but(state=state)], payments) == expected


def test_travel_and_nights_are_budget_lines_of_their_own() -> None:
    rows = [claim_row(CLAIM.but(state=ClaimState.PAID), revision=1)]
    found = count_balances(rows, [batch_of(paid_by(CLAIM, PaymentState.PAID))], [], [])
    assert [(each.place, sums(each)) for each in found] == [
        (Place(BERGEN, "S1", OVERNIGHT), {"entitled": 60_00, "paid": 60_00}),
        (Place(BERGEN, "S1", TRAVEL), {"entitled": 40_00, "paid": 40_00}),
    ]


def test_a_claim_nobody_has_attested_is_under_review() -> None:
    row = claim_row(CLAIM.but(state=ClaimState.RECEIVED), revision=1)
    assert total(count_balances([row], [], [], [])).under_review_ore == 100_00


def test_a_correction_downwards_is_owed_until_it_is_netted() -> None:
    paid = paid_by(CLAIM, PaymentState.PAID)
    down = attested(-30_00, paid_ore=100_00, version=2, state=ClaimState.CLOSED_WITHOUT_PAYMENT)
    owes = receivable_of(down, NOW)
    assert owes is not None
    assert counted([down], [paid], [owes]) == {
        "entitled": 70_00,
        "paid": 100_00,
        "outstanding": -30_00,
    }
    later = attested(80_00, gathering="S2")
    reduced = paid_by(later, PaymentState.PAID, owes)
    (after,) = net([owes], later, batch_id="B1", at=NOW).debts
    claims = [down, later.but(state=ClaimState.PAID)]
    rows = [claim_row(each, revision=1) for each in claims]
    found = count_balances(rows, [batch_of(paid), batch_of(reduced)], [after], [])
    by_gathering = add_up(found, lambda place: Place("", place.gathering, ""))
    assert [(each.place.gathering, sums(each)) for each in by_gathering] == [
        ("S1", {"entitled": 70_00, "paid": 100_00, "netted": -30_00}),
        ("S2", {"entitled": 80_00, "paid": 50_00, "netted": 30_00}),
    ]


def test_a_debt_that_was_invoiced_is_settled_outside_once_it_is_paid() -> None:
    paid = paid_by(CLAIM, PaymentState.PAID)
    down = attested(-30_00, paid_ore=100_00, version=2, state=ClaimState.CLOSED_WITHOUT_PAYMENT)
    sent = invoice(debt(30_00), voucher="F-1", by="ola", at=NOW)
    assert counted([down], [paid], [sent])["outstanding"] == -30_00
    settled = settle_invoice(sent, by="ola", at=NOW)
    assert counted([down], [paid], [settled]) == {
        "entitled": 70_00,
        "paid": 100_00,
        "outside": -30_00,
    }
    assert (owed([sent]), owed([settled])) == (30_00, 0)


def test_what_was_settled_outside_is_no_more_outstanding() -> None:
    paper = outside_payment(CLAIM, voucher="F-1", reason="Faktura.", by="ola", at=NOW)
    settled = CLAIM.but(state=ClaimState.SETTLED_OUTSIDE, voucher="F-1")
    assert counted([settled], [], [], [paper]) == {"entitled": 100_00, "outside": 100_00}


def test_a_table_that_does_not_tie_says_by_how_much() -> None:
    assert counted([CLAIM.but(state=ClaimState.PAID)])["difference"] == 100_00


def in_both(gathering: str, *, travel: dict[str, int], nights: dict[str, int]) -> list[Balance]:
    """A gathering's two budget lines, in the order of the table."""
    return [
        Balance(Place(BERGEN, gathering, OVERNIGHT), **nights),
        Balance(Place(BERGEN, gathering, TRAVEL), **travel),
    ]


@pytest.mark.parametrize(
    ("state", "travel", "nights"),
    [
        pytest.param(
            ClaimState.RECEIVED,
            {"entitled_ore": 40_00, "under_review_ore": 10_00},
            {"entitled_ore": 60_00, "under_review_ore": 20_00},
            id="received",
        ),
        pytest.param(
            ClaimState.RETURNED, {"entitled_ore": 40_00}, {"entitled_ore": 60_00}, id="returned"
        ),
        pytest.param(
            ClaimState.ATTESTED,
            {"entitled_ore": 50_00, "waiting_ore": 10_00},
            {"entitled_ore": 80_00, "waiting_ore": 20_00},
            id="attested",
        ),
        pytest.param(
            ClaimState.PAID, {"entitled_ore": 50_00}, {"entitled_ore": 80_00}, id="settled"
        ),
    ],
)
def test_until_a_correction_is_attested_the_version_before_it_counts(
    state: ClaimState, travel: dict[str, int], nights: dict[str, int]
) -> None:
    corrected = attested(
        30_00, overnight_ore=80_00, paid_ore=100_00, paid_overnight_ore=60_00, version=2
    )
    row = claim_row(corrected.but(state=state), revision=1)
    assert count_balances([row], [], [], []) == in_both("S1", travel=travel, nights=nights)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        pytest.param(PaymentState.SEALED, ("at_bank_ore", "waiting_ore"), id="sealed"),
        pytest.param(PaymentState.PAID, ("paid_ore",), id="paid"),
    ],
)
def test_a_reduced_payment_is_of_each_budget_line_what_no_debt_took(
    state: PaymentState, names: tuple[str, ...]
) -> None:
    payment = paid_by(CLAIM, state, debt(50_00, overnight_ore=20_00, gathering="S2"))
    assert count_balances([], [batch_of(payment)], [], []) == in_both(
        "S1", travel=dict.fromkeys(names, 10_00), nights=dict.fromkeys(names, 40_00)
    )


def test_a_debt_waits_and_is_netted_with_travel_and_nights_apart() -> None:
    netting = Netting(
        claim_id="app4601-S2-1",
        claim_number=f"{BERGEN}-S2",
        gathering="S2",
        amount_ore=40_00,
        overnight_ore=15_00,
        at=NOW,
    )
    owes = debt(50_00, overnight_ore=18_00, nettings=(netting,))
    assert count_balances([], [], [owes], []) == [
        *in_both(
            "S1",
            travel={"waiting_ore": -7_00, "netted_ore": -25_00},
            nights={"waiting_ore": -3_00, "netted_ore": -15_00},
        ),
        *in_both("S2", travel={"netted_ore": 25_00}, nights={"netted_ore": 15_00}),
    ]


def test_an_invoice_that_is_paid_settles_travel_and_nights_apart() -> None:
    sent = invoice(debt(50_00, overnight_ore=18_00), voucher="F-1", by="ola", at=NOW)
    settled = settle_invoice(sent, by="ola", at=NOW)
    assert count_balances([], [], [settled], []) == in_both(
        "S1", travel={"outside_ore": -32_00}, nights={"outside_ore": -18_00}
    )


def test_a_total_belongs_to_no_place() -> None:
    first = Balance(Place(BERGEN, "S1", TRAVEL), entitled_ore=5, waiting_ore=3)
    second = Balance(Place(BERGEN, "S2", TRAVEL), entitled_ore=7, paid_ore=2)
    assert total([first, second]) == Balance(
        Place("", "", ""), entitled_ore=12, paid_ore=2, waiting_ore=3
    )
    assert total([]) == Balance(Place("", "", ""))


class Office:
    """A municipality's claims through whatever can happen to them, as the records would have it."""

    def __init__(self) -> None:
        self.last: dict[str, TravelClaim] = {}
        self.versions: list[TravelClaim] = []
        self.payments: dict[str, Payment] = {}
        self.debts: dict[str, Receivable] = {}
        self.papers: list[OutsidePayment] = []

    def claim(self, gathering: str, ore: int, overnight: int) -> None:
        last = self.last.get(gathering)
        if last is not None and last.state is ClaimState.IN_BATCH:
            return
        own = [each for each in self.versions if each.gathering == gathering]
        if last is not None and last.state in (ClaimState.ATTESTED, ClaimState.BANK_REJECTED):
            self._put(last.but(state=ClaimState.RETURNED))
        settled = [each for each in own if each.state in _SETTLED]
        before = (
            (settled[-1].judgement.council_ore, settled[-1].overnight_ore) if settled else (0, 0)
        )
        made = attested(
            ore - before[0],
            gathering=gathering,
            overnight_ore=overnight,
            paid_ore=before[0],
            paid_overnight_ore=before[1],
            version=len(own) + 1,
            state=ClaimState.RECEIVED,
        )
        self.versions.append(made)
        self.last[gathering] = made

    def attest(self, gathering: str) -> None:
        claim = self.last.get(gathering)
        if claim is None or claim.state is not ClaimState.RECEIVED:
            return
        owes = receivable_of(claim, NOW + timedelta(minutes=len(self.debts)))
        if owes is not None:
            self.debts[owes.id] = owes
        pays = claim.settlement.pay_ore > 0
        self._put(
            claim.but(state=ClaimState.ATTESTED if pays else ClaimState.CLOSED_WITHOUT_PAYMENT)
        )

    def seal(self) -> None:
        waiting = [each for each in self.last.values() if each.state is ClaimState.ATTESTED]
        steps = plan_steps(
            waiting, {"4601": account()}, list(self.debts.values()), iter(_ids()), at=NOW
        )
        for step in steps:
            self.debts |= {each.id: each for each in step.debts}
            for planned in step.payments:
                self._seal(planned)

    def _seal(self, planned: PlannedPayment) -> None:
        claim = planned.claim
        if planned.payee is None:
            self._put(claim.but(state=ClaimState.NETTED))
            return
        self.payments[claim.id] = payment_of(planned, planned.payee, KIFK2)
        self._put(claim.but(state=ClaimState.IN_BATCH))

    def answer(self, gathering: str, state: PaymentState, to: ClaimState) -> None:
        """The bank pays or rejects; or the batch is refused before (`to` attested again)."""
        claim = self.last.get(gathering)
        if claim is None or claim.state is not ClaimState.IN_BATCH:
            return
        payment = self.payments.pop(claim.id)
        if to is not ClaimState.ATTESTED:
            self.payments[claim.id] = payment.model_copy(update={"state": state})
        if to is not ClaimState.PAID:
            self.debts = {name: free(each, [claim.id]) for name, each in self.debts.items()}
        self._put(claim.but(state=to))

    def settle_outside(self, gathering: str) -> None:
        claim = self.last.get(gathering)
        if claim is None or claim.state is not ClaimState.ATTESTED:
            return
        self.papers.append(
            outside_payment(claim, voucher="F-1", reason="Faktura.", by="ola", at=NOW)
        )
        self._put(claim.but(state=ClaimState.SETTLED_OUTSIDE))

    def invoice(self) -> None:
        for name, each in self.debts.items():
            if each.state == "open":
                sent = invoice(each, voucher="F-1", by="ola", at=NOW)
                self.debts[name] = settle_invoice(sent, by="ola", at=NOW)
                return

    def _put(self, claim: TravelClaim) -> None:
        self.versions = [claim if each.id == claim.id else each for each in self.versions]
        if self.last[claim.gathering].id == claim.id:
            self.last[claim.gathering] = claim

    def balances(self) -> list[Balance]:
        rows = [claim_row(each, revision=1) for each in self.last.values()]
        batches = [batch_of(each) for each in self.payments.values()]
        return count_balances(rows, batches, list(self.debts.values()), self.papers)


_SETTLED = (
    ClaimState.IN_BATCH,
    ClaimState.PAID,
    ClaimState.NETTED,
    ClaimState.SETTLED_OUTSIDE,
    ClaimState.CLOSED_WITHOUT_PAYMENT,
)


def _ids() -> list[str]:
    return [f"B{number}" for number in range(1, 30)]


GATHERINGS = st.sampled_from(["S1", "S2", "S3"])
STEPS: dict[str, Callable[..., None]] = {
    "claim": Office.claim,
    "attest": Office.attest,
    "seal": lambda office: office.seal(),
    "paid": lambda office, at: office.answer(at, PaymentState.PAID, ClaimState.PAID),
    "rejected": lambda office, at: office.answer(
        at, PaymentState.REJECTED, ClaimState.BANK_REJECTED
    ),
    "refused": lambda office, at: office.answer(at, PaymentState.SEALED, ClaimState.ATTESTED),
    "outside": Office.settle_outside,
    "invoice": lambda office: office.invoice(),
}
AMOUNTS = st.integers(0, 500)
MOVES = st.one_of(
    st.tuples(st.just("claim"), GATHERINGS, AMOUNTS, AMOUNTS),
    st.tuples(st.sampled_from(["attest", "paid", "rejected", "refused", "outside"]), GATHERINGS),
    st.tuples(st.sampled_from(["seal", "invoice"])),
)


@settings(deadline=None)
@given(st.lists(MOVES, max_size=25))
def test_the_books_tie_whatever_happens_in_whatever_order(moves: list[tuple[Any, ...]]) -> None:
    """Entitled = paid + netted + outside + outstanding on every budget line of every gathering, and
    what is outstanding is what waits less what is owed.
    """
    office = Office()
    for name, *arguments in moves:
        if name == "claim":
            gathering, travel, overnight = arguments
            office.claim(gathering, travel + overnight, overnight)
        else:
            STEPS[name](office, *arguments)
        for each in office.balances():
            assert each.difference_ore == 0, (name, each)
        whole = total(office.balances())
        assert whole.netted_ore == 0
    entitled = {
        claim.gathering: claim.judgement.council_ore
        for claim in office.versions
        if claim.state in (*_SETTLED, ClaimState.ATTESTED, ClaimState.BANK_REJECTED)
    }
    assert total(office.balances()).entitled_ore == sum(entitled.values())
