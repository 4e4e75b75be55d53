"""No øre of a debt is lost or taken twice, and nothing goes to an account that was not confirmed,
whatever runs at the same time and wherever a process dies.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from kulturkontor import sealing
from kulturkontor.actions.claim_files import ClaimRefusedError
from kulturkontor.actions.confirm_accounts import choose_payee, refuse_account
from kulturkontor.actions.correct_claims import settle_claim_outside
from kulturkontor.actions.settle import list_batches, refuse_payment_batch
from kulturkontor.actions.settle_debts import invoice_debt
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_steps import ClaimStateError
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.payee_accounts import OtherPayee
from kulturkontor.payments import BatchState, BatchStateError
from kulturkontor.receivables import Receivable, ReceivableStateError
from kulturkontor.records import Put, Remove
from tests.crash.faults import Faults
from tests.crash.interleavings import every_interleaving
from tests.crash.world import World
from tests.office_factory import (
    admitted,
    all_mails,
    attest,
    claim_body,
    oslo,
    seal,
    send_claim,
)
from tests.rules.money_factory import debt

GATHERINGS = {"S1": "2026-09-24", "S2": "2026-11-12"}
SEALED_AT, SEALED_LATER = "2026-11-30T06:00:00", "2026-12-07T06:00:00"
CLAIMED, OWED, OWED_LESS = 2 * 265_00, 300_00, 100_00
TOLD_IN_ANY_ORDER = ("SendMessageBatch", "BatchGetItem")
READS_TOO = (*TOLD_IN_ANY_ORDER, "Query")
"""Not stopped before: the orders would be too many, and what follows is conditional anyway."""

State = tuple[ClaimState, ...]


@pytest.fixture
def application_id(aws: Wiring, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two attested claims of 265 kroner, and a debt of 300 that takes one of them whole and a part
    of the other.
    """
    monkeypatch.setattr(sealing, "MOST_PAYMENTS", 1)
    return _two_claims(aws, OWED)


@pytest.fixture
def one_batch(aws: Wiring) -> str:
    """The same claims, and a debt of 100 that takes a part of the first: one transaction."""
    return _two_claims(aws, OWED_LESS)


def _two_claims(aws: Wiring, owed: int) -> str:
    found = admitted(aws)
    for gathering, day in GATHERINGS.items():
        send_claim(aws, found, gathering, at="2026-11-20T10:00:00", body=claim_body(date=day))
        attest(aws, found, gathering, at=f"2026-11-2{gathering[1]}T12:00:00")
    owes = debt(owed, application_id=found, gathering="S0", owed_since=oslo("2026-11-01T10:00:00"))
    aws.records.write(Put(owes.but(revision=0)))
    for mail in all_mails(aws).values():
        aws.records.write(Remove(mail))
    return found


class Books:
    """What the records say when all is over."""

    def __init__(self, here: Wiring, application_id: str) -> None:
        partition = f"PROGRAMME#{here.programme.id}"
        (self.debt,) = here.records.list(Receivable, partition, "RECEIVABLE#")
        batches = list_batches(here.programme, here.records)
        self.live = [each for each in batches if each.state is not BatchState.REFUSED]
        self.claims = here.records.list(TravelClaim, f"APPLICATION#{application_id}", "CLAIM#")

    @property
    def states(self) -> State:
        return tuple(each.state for each in self.claims)

    @property
    def paid(self) -> int:
        return sum(batch.control_sum_ore for batch in self.live)

    @property
    def taken(self) -> int:
        return self.debt.amount_ore - self.debt.left_ore

    def faults(self) -> list[str]:
        """Every øre of a sealed claim is in a payment or taken by the debt; each once."""
        sealed = [
            each for each in self.claims if each.state in (ClaimState.IN_BATCH, ClaimState.NETTED)
        ]
        found = []
        if self.paid + self.taken != sum(each.settlement.pay_ore for each in sealed):
            found.append(f"paid {self.paid} and taken {self.taken} of {len(sealed)} claims")
        in_payments = sum(p.netted_ore for batch in self.live for p in batch.payments)
        whole = sum(
            each.settlement.pay_ore for each in self.claims if each.state is ClaimState.NETTED
        )
        if self.taken != in_payments + whole:
            found.append(f"the debt says {self.taken}, the payments {in_payments} + {whole}")
        if len({each.claim_id for each in self.debt.nettings}) != len(self.debt.nettings):
            found.append("a claim paid the debt twice")
        return found


def test_one_or_two_faults_take_the_debt_once(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    world.keep()

    def outcome() -> tuple[object, ...]:
        seal(aws, SEALED_LATER)
        books = Books(aws, application_id)
        return books.states, books.paid, books.taken, books.faults()

    expected = ((ClaimState.NETTED, ClaimState.IN_BATCH), CLAIMED - OWED, OWED, [])
    singles, pairs = world.one_and_two_faults(
        lambda: seal(aws, SEALED_AT), lambda: seal(aws, SEALED_LATER), outcome
    )
    assert {point: found for point, found in singles.items() if found != expected} == {}
    assert {point: found for point, found in pairs.items() if found != expected} == {}
    assert (len(singles), len(pairs)) > (20, 200)


def _invoice(here: Wiring, _: str) -> None:
    with suppress(ReceivableStateError):
        invoice_debt(
            "4601-S0-2",
            voucher="F-1",
            by="ola",
            at=oslo(SEALED_AT),
            programme=here.programme,
            records=here.records,
        )


def _settle_outside(here: Wiring, application_id: str) -> None:
    with suppress(ClaimStateError):
        settle_claim_outside(
            application_id,
            "S2",
            voucher="B-1",
            reason="Faktura.",
            by="ola",
            at=oslo(SEALED_AT),
            programme=here.programme,
            records=here.records,
        )


def _send_a_correction(here: Wiring, application_id: str) -> None:
    body = claim_body(date="2026-11-12", kilometres="90")
    with suppress(ClaimRefusedError):
        send_claim(here, application_id, "S2", at=SEALED_AT, body=body)


def _seal(here: Wiring, _: str) -> None:
    seal(here, SEALED_AT)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(_seal, id="another run"),
        pytest.param(_invoice, id="finance invoices the debt"),
        pytest.param(_settle_outside, id="a claim is settled outside"),
        pytest.param(_send_a_correction, id="the municipality corrects a claim"),
    ],
)
def test_whatever_happens_at_the_same_time_no_ore_is_lost_or_doubled(
    aws: Wiring,
    world: World,
    faults: Faults,
    one_batch: str,
    other: Callable[[Wiring, str], None],
) -> None:
    world.keep()
    orders = 0
    for _ in every_interleaving(
        [lambda: seal(aws, SEALED_AT), lambda: other(aws, one_batch)],
        faults=faults,
        before_each=world.put_back,
        but=READS_TOO,
    ):
        assert Books(aws, one_batch).faults() == []
        orders += 1
    assert orders > 2


def _refuse_account(here: Wiring, application_id: str) -> None:
    with suppress(ClaimStateError):
        refuse_account(
            application_id,
            "S2",
            account_number="99990012349",
            reason="Ukjent konto.",
            by="ola",
            at=oslo(SEALED_AT),
            programme=here.programme,
            records=here.records,
            mail_queue=here.mail_queue,
        )


def _choose_payee(here: Wiring, _: str) -> None:
    payee = OtherPayee(
        name="Prøve vertskommune",
        organisation_number="999999999",
        account_number="12345678903",
        reason="Fører regnskapet.",
        set_by="eva",
        set_at=oslo(SEALED_AT),
    )
    choose_payee("4601", payee, programme=here.programme, records=here.records)


@pytest.mark.parametrize("other", [_refuse_account, _choose_payee])
def test_an_account_that_changes_meanwhile_is_paid_as_it_was_or_not_at_all(
    aws: Wiring,
    world: World,
    faults: Faults,
    one_batch: str,
    other: Callable[[Wiring, str], None],
) -> None:
    """The one order or the other: sealed before, to the account that was confirmed then; or held
    after.
    """
    world.keep()
    seen = set()
    for _ in every_interleaving(
        [lambda: seal(aws, SEALED_AT), lambda: other(aws, one_batch)],
        faults=faults,
        before_each=world.put_back,
        but=READS_TOO,
    ):
        books = Books(aws, one_batch)
        assert books.faults() == []
        paid_to = [
            payment.account_number
            for batch in books.live
            for payment in batch.payments
            if payment.claim_number.endswith("S2")
        ]
        seen.add((*paid_to, books.states[1]))
    held = ClaimState.ACCOUNT_REFUSED if other is _refuse_account else ClaimState.ATTESTED
    assert seen == {("99990012349", ClaimState.IN_BATCH), (held,)}


def test_a_refusal_while_the_next_run_seals_frees_the_debt_once(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    (batch,) = seal(aws, SEALED_AT)
    world.keep()

    def refuse() -> None:
        with suppress(BatchStateError):
            refuse_payment_batch(
                batch.id,
                by="okonomi",
                at=oslo("2026-11-30T12:00:00"),
                reason="Feil.",
                programme=aws.programme,
                records=aws.records,
            )

    for _ in every_interleaving(
        [refuse, lambda: seal(aws, "2026-11-30T12:00:00")],
        faults=faults,
        before_each=world.put_back,
        but=TOLD_IN_ANY_ORDER,
    ):
        assert Books(aws, application_id).faults() == []
        seal(aws, SEALED_LATER)
        books = Books(aws, application_id)
        assert (books.faults(), books.paid, books.taken) == ([], CLAIMED - OWED, OWED)
