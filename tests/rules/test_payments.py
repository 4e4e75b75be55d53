from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kulturkontor.bank_answers import BankStatus, StatusOutcome, apply_bank_status
from kulturkontor.batch_steps import SamePersonError, refuse_batch, release_batch
from kulturkontor.payments import (
    AT_BANK,
    MOST_PAYMENTS,
    TO_RELEASE,
    TO_WRITE,
    BatchState,
    BatchStateError,
    PaymentBatch,
    PaymentState,
    end_to_end_id,
)
from kulturkontor.programme import OSLO
from kulturkontor.records import Key, OpenWork
from tests.rules.payment_factory import (
    EXECUTION_DATE,
    RELEASED_AT,
    RULES,
    SEALED_AT,
    a_batch,
    a_line,
    a_payment,
    a_released_batch,
    in_state,
    worked_examples,
)

BERGEN, OSLO_ID = "KIFK2-S1-4601-R1", "KIFK2-S1-0301-R1"
ATTESTERS = frozenset({"Anne@example.org", "bjarne@example.org"})


def says(code: str, reason: str = "", of: str = BERGEN) -> BankStatus:
    return BankStatus(end_to_end_id=of, code=code, reason=reason)


def after(batch: PaymentBatch, *statuses: BankStatus) -> list[tuple[PaymentState, str, bool]]:
    payments = apply_bank_status(batch, statuses).batch.payments
    return [(each.state, each.status_reason, each.is_unclear) for each in payments]


def test_payment_has_a_name_for_the_bank() -> None:
    name = end_to_end_id(prefix="KIFK2", gathering="S1", kommunenummer="0301", version=2)
    assert name == "KIFK2-S1-0301-R2"


def test_batch_lies_with_its_programme_and_knows_its_sum() -> None:
    batch = a_batch(*worked_examples())
    assert batch.key == Key("PROGRAMME#kifk2", "BATCH#KIFK2-20261012-1")
    assert (batch.count, batch.control_sum_ore) == (3, 1026375 + 30600 + 50001)


def test_batch_survives_being_stored() -> None:
    batch = a_released_batch(*worked_examples())
    assert PaymentBatch.model_validate_json(batch.model_dump_json()) == batch


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"amount_ore": 117251}, id="lines do not add up to the amount"),
        pytest.param({"adjustment_ore": -1}, id="adjustment is not in the amount"),
        pytest.param({"lines": (), "amount_ore": 0}, id="nothing to pay"),
        pytest.param({"adjustment_ore": -117251, "amount_ore": -1}, id="a credit"),
        pytest.param({"account_number": "12345678904"}, id="wrong account"),
        pytest.param({"account_number": "1234567"}, id="old postal account"),
        pytest.param({"organisation_number": "958935421"}, id="wrong organisation number"),
        pytest.param({"kid": "2345677"}, id="wrong KID"),
        pytest.param({"end_to_end_id": "K" * 36}, id="name too long for the bank"),
        pytest.param({"end_to_end_id": "KIFK2_S1"}, id="letter the bank refuses"),
        pytest.param({"kommunenummer": "301"}, id="number without its zero"),
        pytest.param({"claim_version": 0}, id="no version"),
        pytest.param({"unknown": 1}, id="unknown field"),
    ],
)
def test_payment_that_cannot_be_made_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_payment(**changes)


def test_wrong_kid_is_told_as_what_is_wrong() -> None:
    with pytest.raises(ValidationError, match="Value error, not a KID under mod 10 or mod 11"):
        a_payment(kid="2345677")


def test_numbers_of_a_payment_are_stored_without_separators() -> None:
    payment = a_payment(account_number="1234.56.78903", organisation_number="999 999 999")
    assert payment == a_payment()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"payments": ()}, id="empty"),
        pytest.param({"payments": (a_payment(), a_payment(claim_id="other"))}, id="same name"),
        pytest.param(
            {"payments": (a_payment(), a_payment(end_to_end_id="OTHER"))}, id="same claim"
        ),
        pytest.param({"state": BatchState.RELEASED}, id="released by nobody"),
        pytest.param({"released_by": "rolf@example.org"}, id="releaser of a proposed batch"),
        pytest.param({"first_voucher": 1}, id="vouchers of a proposed batch"),
        pytest.param({"files_written_at": RELEASED_AT}, id="files of a proposed batch"),
        pytest.param({"id": "B" * 36}, id="name too long for the bank"),
        pytest.param({"sealed_at": datetime(2026, 10, 12)}, id="no zone"),  # noqa: DTZ001
    ],
)
def test_batch_that_does_not_hold_together_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        a_batch(**changes)


def test_batch_holds_at_most_one_transaction_of_claims() -> None:
    payments = [a_payment(f"46{at:02}") for at in range(MOST_PAYMENTS + 1)]
    assert a_batch(*payments[:-1]).count == 24
    with pytest.raises(ValidationError):
        a_batch(*payments)


def test_released_batch_has_its_day_its_releaser_and_released_payments() -> None:
    released = release_batch(
        a_batch(),
        by="rolf@example.org",
        attested_by=ATTESTERS,
        now=RELEASED_AT,
        first_voucher=7,
        rules=RULES,
    )
    assert released == a_batch(
        a_payment(state=PaymentState.RELEASED),
        state=BatchState.RELEASED,
        released_at=RELEASED_AT,
        released_by="rolf@example.org",
        execution_date=EXECUTION_DATE,
        first_voucher=7,
    )


@pytest.mark.parametrize(
    ("now", "day"),
    [
        pytest.param(datetime(2026, 10, 15, 12, tzinfo=OSLO), date(2026, 10, 19), id="weekend"),
        pytest.param(datetime(2026, 10, 12, 22, 30, tzinfo=UTC), date(2026, 10, 15), id="Oslo"),
        pytest.param(datetime(2027, 3, 24, 12, tzinfo=OSLO), date(2027, 3, 31), id="Easter"),
    ],
)
def test_payments_are_executed_bank_days_after_the_release(now: datetime, day: date) -> None:
    released = release_batch(
        a_batch(),
        by="rolf@example.org",
        attested_by=ATTESTERS,
        now=now,
        first_voucher=7,
        rules=RULES,
    )
    assert released.execution_date == day


@pytest.mark.parametrize("by", ["anne@example.org", "Bjarne@Example.org", "grete@example.org"])
def test_nobody_releases_what_they_sealed_or_attested(by: str) -> None:
    batch = a_batch(sealed_by="grete@example.org")
    with pytest.raises(SamePersonError, match=r"^whoever sealed the batch or attested a claim"):
        release_batch(
            batch, by=by, attested_by=ATTESTERS, now=RELEASED_AT, first_voucher=7, rules=RULES
        )


def test_vouchers_are_numbered_in_the_order_of_the_payments() -> None:
    released = a_released_batch(a_payment("4601"), a_payment("0301"), first_voucher=41)
    assert [released.voucher(each) for each in released.payments] == [41, 42]
    assert a_batch().voucher(a_payment()) is None


def test_a_batch_belongs_to_the_year_in_which_it_is_paid() -> None:
    sealed = datetime(2026, 12, 29, 6, tzinfo=OSLO)
    assert a_batch(sealed_at=sealed).accounting_year == 2026
    released = a_released_batch().but(sealed_at=sealed, execution_date=date(2027, 1, 4))
    assert released.accounting_year == 2027


def test_refused_batch_pays_nothing_and_says_why() -> None:
    assert refuse_batch(a_batch(), note="feil konto") == a_batch(
        state=BatchState.REFUSED, note="feil konto"
    )


def test_only_a_proposed_batch_is_decided_on() -> None:
    for batch in (a_released_batch(), refuse_batch(a_batch(), note="")):
        with pytest.raises(BatchStateError, match=f"this one is {batch.state}"):
            refuse_batch(batch, note="")
        with pytest.raises(BatchStateError):
            release_batch(
                batch,
                by="rolf@example.org",
                attested_by=ATTESTERS,
                now=RELEASED_AT,
                first_voucher=7,
                rules=RULES,
            )


def test_batch_waits_for_its_release_its_files_and_the_bank_then_for_nobody() -> None:
    released = a_released_batch()
    written = released.but(files_written_at=RELEASED_AT)
    settled = apply_bank_status(written, [says("ACSC")]).batch
    assert a_batch().open_work == OpenWork(TO_RELEASE, SEALED_AT)
    assert released.open_work == OpenWork(TO_WRITE, RELEASED_AT)
    assert written.open_work == OpenWork(AT_BANK, RELEASED_AT)
    assert settled.open_work is None
    assert refuse_batch(a_batch(), note="").open_work is None


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        pytest.param("", (PaymentState.RELEASED, "", False), id="no answer yet"),
        pytest.param("ACSC", (PaymentState.PAID, "ACSC", False), id="paid"),
        pytest.param("ACCC", (PaymentState.PAID, "ACCC", False), id="paid, on the account"),
        pytest.param("RJCT", (PaymentState.REJECTED, "RJCT", False), id="rejected"),
        pytest.param("CANC", (PaymentState.REJECTED, "CANC", False), id="cancelled"),
        pytest.param("ACTC", (PaymentState.RELEASED, "ACTC", False), id="technically accepted"),
        pytest.param("ACCP", (PaymentState.RELEASED, "ACCP", False), id="customer accepted"),
        pytest.param("PDNG", (PaymentState.RELEASED, "PDNG", False), id="pending"),
        pytest.param("ACTC ACSP ACSC", (PaymentState.PAID, "ACSC", False), id="the usual way"),
        pytest.param("ACSP RJCT", (PaymentState.REJECTED, "RJCT", False), id="rejected late"),
        pytest.param("ACSC ACTC", (PaymentState.PAID, "ACSC", False), id="late acceptance"),
        pytest.param("ACSC PART", (PaymentState.PAID, "ACSC", False), id="late part"),
        pytest.param("ACSC ACCC", (PaymentState.PAID, "ACSC", False), id="paid twice told"),
        pytest.param("ACSC RJCT", (PaymentState.PAID, "RJCT", True), id="rejected after paid"),
        pytest.param("ACSC RJCT ACSC", (PaymentState.PAID, "RJCT", True), id="doubt stays"),
        pytest.param("RJCT ACSC", (PaymentState.REJECTED, "ACSC", True), id="paid after all"),
        pytest.param("RJCT ACTC", (PaymentState.REJECTED, "RJCT", False), id="late after reject"),
        pytest.param("BLCK", (PaymentState.RELEASED, "BLCK", True), id="unknown code"),
        pytest.param("BLCK ACSP", (PaymentState.RELEASED, "ACSP", False), id="known again"),
        pytest.param("ACSC BLCK", (PaymentState.PAID, "ACSC", False), id="unknown after paid"),
        pytest.param("acsc", (PaymentState.RELEASED, "acsc", True), id="small letters"),
    ],
)
def test_bank_answers_move_a_payment_forwards_only(
    codes: str, expected: tuple[PaymentState, str, bool]
) -> None:
    assert after(a_released_batch(), *(says(code) for code in codes.split())) == [expected]


@pytest.mark.parametrize("reason", ["AM05 Duplication", "DU01", "DUPL file was received before"])
def test_what_the_bank_has_already_is_for_people_and_returns_no_claim(reason: str) -> None:
    outcome = apply_bank_status(a_released_batch(), [says("ACCP"), says("RJCT", reason)])
    assert outcome.rejected_claim_ids == ()
    assert after(outcome.batch) == [(PaymentState.RELEASED, f"RJCT {reason}", True)]
    assert after(outcome.batch, says("ACSC")) == [(PaymentState.PAID, "ACSC", False)]
    paid = apply_bank_status(a_released_batch(), [says("ACSC")]).batch
    assert after(paid, says("RJCT", reason)) == [(PaymentState.PAID, "ACSC", False)]


def test_rejection_keeps_the_reason_of_the_bank_and_returns_the_claim() -> None:
    batch = a_released_batch(a_payment("4601"), a_payment("0301"))
    outcome = apply_bank_status(
        batch,
        [says("RJCT", "AC01 Wrong account"), says("ACSC", of="X"), says("ACTC", of=OSLO_ID)],
    )
    expected = batch.but(
        payments=(
            in_state(batch.payments[0], PaymentState.REJECTED, "RJCT AC01 Wrong account"),
            in_state(batch.payments[1], PaymentState.RELEASED, "ACTC"),
        )
    )
    assert outcome == StatusOutcome(expected, ("claim-4601-S1",), ("X",))


def test_batch_is_settled_when_every_payment_is_paid_or_rejected() -> None:
    batch = a_released_batch(a_payment("4601"), a_payment("0301"))
    first = apply_bank_status(batch, [says("ACSC")]).batch
    second = apply_bank_status(first, [says("RJCT", of=OSLO_ID)])
    assert first.state is BatchState.RELEASED
    assert second.batch.state is BatchState.SETTLED
    assert second.rejected_claim_ids == ("claim-0301-S1",)


@pytest.mark.parametrize("batch", [a_batch(), refuse_batch(a_batch(), note="")])
def test_bank_cannot_answer_for_a_batch_it_never_had(batch: PaymentBatch) -> None:
    with pytest.raises(BatchStateError, match=r"^the bank cannot have had a batch that nobody"):
        apply_bank_status(batch, [])


statuses = st.lists(
    st.builds(
        BankStatus,
        end_to_end_id=st.sampled_from([BERGEN, OSLO_ID, "UNKNOWN"]),
        code=st.sampled_from(["ACSC", "ACCC", "ACSP", "ACTC", "RJCT", "PART", "BLCK", "XXXX"]),
        reason=st.sampled_from(["", "AC01", "ACSC"]),
    ),
    max_size=8,
)


@given(statuses)
def test_same_file_twice_changes_nothing(given_statuses: list[BankStatus]) -> None:
    batch = a_released_batch(a_payment("4601"), a_payment("0301"))
    once = apply_bank_status(batch, given_statuses)
    twice = apply_bank_status(once.batch, given_statuses)
    assert twice == StatusOutcome(once.batch, (), once.unmatched_ids)


@given(statuses, statuses)
def test_paid_and_rejected_payments_stay_what_they_are(
    first: list[BankStatus], later: list[BankStatus]
) -> None:
    before = apply_bank_status(a_released_batch(a_payment("4601"), a_payment("0301")), first).batch
    final = [
        (old.state, new.state)
        for old, new in zip(
            before.payments, apply_bank_status(before, later).batch.payments, strict=True
        )
        if old.state is not PaymentState.RELEASED
    ]
    assert all(old is new for old, new in final)


def test_line_keeps_what_was_judged() -> None:
    held = a_line(state="held", reason="no_receipt", council_ore=0, municipality_ore=0)
    payment = a_payment(lines=(a_line(), held))
    assert (payment.amount_ore, payment.lines[1].reason) == (117250, "no_receipt")
