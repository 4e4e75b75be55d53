"""The states of a travel claim, what each step keeps, and its place in the table."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.claim_steps import (
    ClaimStateError,
    NothingToPayError,
    attest,
    correct,
    mark_bank_rejected,
    mark_netted,
    mark_paid,
    refuse_account,
    return_to_attested,
    return_to_municipality,
    seal,
    settle_outside,
    settled_by,
    take_back_outside,
)
from kulturkontor.claims import (
    SETTLED,
    TO_ATTEST,
    TO_BATCH,
    TO_MEND,
    ClaimRow,
    ClaimState,
    Correction,
    TravelClaim,
    claim_row,
    put_claim,
)
from kulturkontor.duplicates import marks_of_claim
from kulturkontor.judgement import Settlement
from kulturkontor.records import Key, OpenWork, Put
from tests.rules.claim_factory import RECEIVED_AT, claim, line, night, travel_claim

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
RECEIVED = travel_claim(claim(line("l1"), night("n1")))
ATTESTED = attest(RECEIVED, by="staff-1", now=NOW)
SEALED = seal(ATTESTED, "batch01")
STEPS: dict[str, Callable[[TravelClaim], TravelClaim]] = {
    "attest": lambda claim: attest(claim, by="staff-1", now=NOW),
    "seal": lambda claim: seal(claim, "batch01"),
    "return_to_attested": return_to_attested,
    "mark_paid": mark_paid,
    "mark_bank_rejected": mark_bank_rejected,
    "return_to_municipality": return_to_municipality,
    "mark_netted": mark_netted,
    "settle_outside": lambda claim: settle_outside(claim, voucher="F-1", by="staff-1", now=NOW),
    "take_back_outside": take_back_outside,
    "refuse_account": refuse_account,
    "correct": lambda claim: correct(claim, by="staff-1", now=NOW, reason="Feil."),
}
MOVES = {
    ("received", "attest"): "attested",
    ("received", "return_to_municipality"): "returned",
    ("attested", "seal"): "in_batch",
    ("attested", "return_to_municipality"): "returned",
    ("in_batch", "return_to_attested"): "attested",
    ("in_batch", "mark_paid"): "paid",
    ("in_batch", "mark_bank_rejected"): "bank_rejected",
    ("bank_rejected", "return_to_municipality"): "returned",
    ("received", "refuse_account"): "account_refused",
    ("attested", "refuse_account"): "account_refused",
    ("account_refused", "return_to_municipality"): "returned",
    ("account_refused", "settle_outside"): "settled_outside",
    ("attested", "mark_netted"): "netted",
    ("received", "settle_outside"): "settled_outside",
    ("attested", "settle_outside"): "settled_outside",
    ("bank_rejected", "settle_outside"): "settled_outside",
    ("settled_outside", "take_back_outside"): "received",
    ("paid", "correct"): "received",
    ("closed_without_payment", "correct"): "received",
    ("netted", "correct"): "received",
    ("settled_outside", "correct"): "received",
    ("bank_rejected", "correct"): "received",
}


WANTED = {
    "attest": "attested",
    "seal": "put in a batch",
    "return_to_attested": "taken out of its batch",
    "mark_paid": "marked paid",
    "mark_bank_rejected": "marked rejected by the bank",
    "return_to_municipality": "returned",
    "mark_netted": "netted",
    "settle_outside": "settled outside",
    "take_back_outside": "taken back",
    "refuse_account": "asked for its account",
    "correct": "corrected",
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", ClaimState)
def test_claim_moves_only_along_its_states(state: ClaimState, step: str) -> None:
    before = RECEIVED.but(state=state)
    if wanted := MOVES.get((state.value, step)):
        assert STEPS[step](before).state == wanted
    else:
        with pytest.raises(ClaimStateError) as refused:
            STEPS[step](before)
        assert refused.value.state is state
        assert str(refused.value) == (
            f"the claim is {state}; it can be {WANTED[step]} from another state only"
        )


def test_attesting_keeps_who_and_when() -> None:
    assert attest(RECEIVED, by="staff-1", now=NOW) == RECEIVED.but(
        state=ClaimState.ATTESTED, attested_by="staff-1", attested_at=NOW
    )


def test_refused_batch_leaves_no_trace_on_the_claim() -> None:
    sealed = seal(ATTESTED, "batch01")
    assert sealed == ATTESTED.but(state=ClaimState.IN_BATCH, batch_id="batch01")
    assert return_to_attested(sealed) == ATTESTED


def test_settled_outside_keeps_voucher_who_and_when_and_loses_them_when_taken_back() -> None:
    settled = settle_outside(RECEIVED, voucher="F-1", by="staff-1", now=NOW)
    assert settled == RECEIVED.but(
        state=ClaimState.SETTLED_OUTSIDE, voucher="F-1", attested_by="staff-1", attested_at=NOW
    )
    assert take_back_outside(settled) == RECEIVED


def test_claim_whose_account_was_refused_is_vouched_for_by_nobody() -> None:
    assert refuse_account(ATTESTED) == RECEIVED.but(state=ClaimState.ACCOUNT_REFUSED)


def test_one_ore_can_be_settled_outside() -> None:
    judged = RECEIVED.judgement.model_copy(update={"council_ore": 1})
    one = RECEIVED.but(judgement=judged)
    assert settle_outside(one, voucher="F-1", by="staff-1", now=NOW).voucher == "F-1"


def test_nothing_to_settle_outside_is_told_with_the_claim() -> None:
    with pytest.raises(NothingToPayError, match="KFK2-2026-4601-S1"):
        settle_outside(RECEIVED.but(paid_ore=9_999_99), voucher="F-1", by="staff-1", now=NOW)


def test_correction_begins_anew_with_the_same_lines() -> None:
    paid = mark_paid(SEALED).but(revision=7, voucher="F-1")
    assert correct(paid, by="staff-2", now=NOW, reason="Feil.") == RECEIVED.but(
        id="app01-S1-2",
        version=2,
        received_at=NOW,
        correction=Correction(by="staff-2", at=NOW, reason="Feil."),
    )


@pytest.mark.parametrize(
    ("council_ore", "paid_ore", "state"),
    [
        pytest.param(1, 0, ClaimState.ATTESTED, id="one øre to pay"),
        pytest.param(0, 0, ClaimState.CLOSED_WITHOUT_PAYMENT, id="no cost"),
        pytest.param(500, 500, ClaimState.CLOSED_WITHOUT_PAYMENT, id="paid already"),
        pytest.param(400, 500, ClaimState.CLOSED_WITHOUT_PAYMENT, id="too much paid already"),
    ],
)
def test_claim_with_nothing_to_pay_is_closed_when_attested(
    council_ore: int, paid_ore: int, state: ClaimState
) -> None:
    judged = RECEIVED.judgement.model_copy(update={"council_ore": council_ore})
    before = RECEIVED.but(judgement=judged, paid_ore=paid_ore)
    assert attest(before, by="staff-1", now=NOW).state is state


def test_later_version_pays_the_difference_to_what_is_paid() -> None:
    first = SEALED
    rejected = mark_bank_rejected(SEALED.but(version=2))
    made = claim(line("l1"), night("n1"), line("l2", kind="bus", amount="612,00"))
    third = travel_claim(made, version=3, paid_ore=settled_by([first, rejected]).ore)
    assert settled_by([first, rejected]) == settled_by([mark_paid(first)])
    assert settled_by([first]).ore == 249_00 + 1_595_00
    assert third.settlement == Settlement(pay_ore=306_00, owed_ore=0)


def test_a_claim_settled_outside_keeps_its_voucher_until_it_is_taken_back() -> None:
    settled = settle_outside(ATTESTED, voucher="F-1", by="staff-2", now=NOW)
    assert settled == ATTESTED.but(
        state=ClaimState.SETTLED_OUTSIDE, voucher="F-1", attested_by="staff-2"
    )
    assert take_back_outside(settled) == RECEIVED


def test_a_claim_that_pays_nothing_is_not_settled_outside() -> None:
    with pytest.raises(NothingToPayError):
        settle_outside(RECEIVED.but(paid_ore=99_999_99), voucher="F-1", by="x", now=NOW)


def test_a_correction_by_staff_is_a_new_version_with_the_same_lines() -> None:
    paid = mark_paid(SEALED)
    assert correct(paid, by="staff-2", now=NOW, reason="Feil takst.") == RECEIVED.but(
        id="app01-S1-2",
        version=2,
        received_at=NOW,
        correction=Correction(by="staff-2", at=NOW, reason="Feil takst."),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[TravelClaim]:
    """Versions one after the other: each entitled to something else, and brought to some end."""
    versions: list[TravelClaim] = []
    ends = [*SETTLED, ClaimState.RETURNED, ClaimState.BANK_REJECTED]
    for number in range(1, draw(st.integers(2, 8))):
        before = settled_by(versions)
        nights, travel = draw(st.integers(0, 9_000)), draw(st.integers(0, 9_000))
        person = RECEIVED.judgement.participants[0].model_copy(
            update={"overnight_council_ore": nights, "travel_council_ore": travel}
        )
        judged = RECEIVED.judgement.model_copy(
            update={"participants": (person,), "council_ore": nights + travel}
        )
        made = RECEIVED.but(
            version=number,
            judgement=judged,
            paid_ore=before.ore,
            paid_overnight_ore=before.overnight_ore,
            state=draw(st.sampled_from(ends)),
        )
        versions.append(made)
    return versions


@given(histories())
def test_what_the_versions_move_adds_up_to_what_the_last_settled_one_is_entitled_to(
    versions: list[TravelClaim],
) -> None:
    settled = [each for each in versions if each.state in SETTLED]
    entitled = (settled[-1].judgement.council_ore, settled[-1].overnight_ore) if settled else (0, 0)
    assert tuple(settled_by(versions)) == entitled


@pytest.mark.parametrize(
    ("stored", "work"),
    [
        pytest.param(RECEIVED, OpenWork(TO_ATTEST, RECEIVED_AT), id="received"),
        pytest.param(ATTESTED, OpenWork(TO_BATCH, NOW), id="attested"),
        pytest.param(SEALED, None, id="in a batch"),
        pytest.param(mark_paid(SEALED), None, id="paid"),
        pytest.param(mark_bank_rejected(SEALED), OpenWork(TO_MEND, RECEIVED_AT), id="rejected"),
    ],
)
def test_claim_waits_for_whoever_comes_next(stored: TravelClaim, work: OpenWork | None) -> None:
    assert stored.open_work == work


def test_claim_lies_with_its_application_and_its_row_with_the_programme() -> None:
    row = claim_row(RECEIVED, revision=3)
    assert RECEIVED.key == Key("APPLICATION#app01", "CLAIM#S1#001")
    assert RECEIVED.claim_number == "KFK2-2026-4601-S1"
    assert row.key == Key("PROGRAMME#kifk2", "CLAIM#S1#KFK2-2026-4601")
    assert put_claim(RECEIVED, row_revision=3) == [Put(RECEIVED), Put(row)]
    assert row == ClaimRow(
        revision=3,
        programme="kifk2",
        gathering="S1",
        reference="KFK2-2026-4601",
        application_id="app01",
        version=1,
        state=ClaimState.RECEIVED,
        late=False,
        actual_ore=2_093_00,
        council_ore=1_844_00,
        overnight_ore=1_595_00,
        held_ore=0,
        paid_ore=0,
        has_held=False,
        marks=marks_of_claim(RECEIVED.claim, RECEIVED.judgement),
    )


def test_row_follows_its_claim_through_batch_and_payment() -> None:
    later = SEALED.but(paid_ore=30_00, paid_overnight_ore=20_00, is_late=True, version=2)
    row = claim_row(later, revision=5)
    assert (row.state, row.version, row.late) == (ClaimState.IN_BATCH, 2, True)
    assert (row.attested_by, row.batch_id) == ("staff-1", "batch01")
    assert (row.paid_ore, row.paid_overnight_ore, row.revision) == (30_00, 20_00, 5)
    assert row.claim_number == later.claim_number


def test_claim_row_stays_slim() -> None:
    row = claim_row(SEALED, revision=1).but(
        application_id="a" * 20, attested_by="b" * 20, batch_id="c" * 16, actual_ore=99_999_99
    )
    assert len(row.model_dump_json(exclude={"revision", "marks"})) <= 360
    assert {len(mark) for mark in row.marks} == {8}


def test_claim_record_reads_the_same_after_it_was_stored() -> None:
    assert TravelClaim.model_validate_json(ATTESTED.model_dump_json()) == ATTESTED
