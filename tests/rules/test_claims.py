"""The states of a travel claim, what each step keeps, and its place in the table."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kulturkontor.claim_steps import (
    ClaimStateError,
    attest,
    mark_bank_rejected,
    mark_paid,
    return_to_attested,
    return_to_municipality,
    seal,
    settled_by,
)
from kulturkontor.claims import (
    TO_ATTEST,
    TO_BATCH,
    TO_MEND,
    ClaimRow,
    ClaimState,
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


def test_attesting_keeps_who_and_when() -> None:
    assert (
        RECEIVED.but(state=ClaimState.ATTESTED, attested_by="staff-1", attested_at=NOW) == ATTESTED
    )


def test_refused_batch_leaves_no_trace_on_the_claim() -> None:
    assert (SEALED.state, SEALED.batch_id) == (ClaimState.IN_BATCH, "batch01")
    assert return_to_attested(SEALED) == ATTESTED


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


def test_claim_row_stays_slim() -> None:
    row = claim_row(SEALED, revision=1).but(
        application_id="a" * 20, attested_by="b" * 20, batch_id="c" * 16, actual_ore=99_999_99
    )
    assert len(row.model_dump_json(exclude={"revision", "marks"})) <= 360
    assert {len(mark) for mark in row.marks} == {8}


def test_claim_record_reads_the_same_after_it_was_stored() -> None:
    assert TravelClaim.model_validate_json(ATTESTED.model_dump_json()) == ATTESTED
