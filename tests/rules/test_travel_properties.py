"""What must hold of every claim, whatever is in it, and the same sums reckoned another way."""

import random
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_steps import mark_paid, seal, settled_by
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.judgement import Judgement, LineState
from kulturkontor.travel import judge
from tests.rules.claim_cases import Case, cases
from tests.rules.claim_factory import travel_claim
from tests.rules.claim_oracle import reckon


@given(cases())
def test_sums_are_those_of_an_independent_reckoning(case: Case) -> None:
    judged = case.judged()
    assert (judged.actual_ore, judged.council_ore, judged.held_ore) == reckon(case)


@given(cases())
def test_shares_always_add_up(case: Case) -> None:
    judged = case.judged()
    settled = [each for each in judged.lines if each.state is not LineState.HELD]
    assert judged.council_ore + judged.municipality_ore == judged.actual_ore
    assert judged.actual_ore == sum(each.actual_ore for each in settled)
    assert judged.held_ore == sum(each.actual_ore for each in judged.lines) - judged.actual_ore
    assert [each.line_id for each in judged.lines] == [each.id for each in case.claim.lines]
    for each in judged.lines:
        uncounted = each.state in (LineState.HELD, LineState.REJECTED)
        least, most = sorted((0, 0 if uncounted else each.actual_ore))
        assert least <= each.counted_ore <= most


@given(cases())
def test_council_never_pays_above_the_rule(case: Case) -> None:
    """At most the share of what travel cost, half an øre a person, and one night for each of so
    many persons.
    """
    judged = case.judged()
    share = Fraction(judged.share_percent, 100)
    for each in judged.participants:
        assert 0 <= each.travel_counted_ore <= each.travel_actual_ore
        excess = each.travel_council_ore - each.travel_counted_ore * share
        assert Fraction(-1, 2) < excess <= Fraction(1, 2)
        assert 0 <= each.overnight_council_ore <= each.overnight_actual_ore
    paid = _paid_nights(case.claim, judged)
    assert len(paid) == len({who for who, _ in paid}) <= case.programme.overnight.max_persons


def _paid_nights(claim: ClaimIn, judged: Judgement) -> list[tuple[str, object]]:
    """Whose nights are paid, a person and night with what was given back of it taken together."""
    lines = {each.id: each for each in claim.lines}
    paid: dict[tuple[str, object], int] = {}
    for each in judged.lines:
        if each.kind is LineKind.OVERNIGHT:
            night = (each.participant, lines[each.refunds or each.line_id].date)
            paid[night] = paid.get(night, 0) + each.counted_ore
    return [night for night, ore in paid.items() if ore]


@given(cases(), st.randoms(use_true_random=False))
def test_order_of_the_lines_does_not_matter(case: Case, chance: random.Random) -> None:
    shuffled = list(case.claim.lines)
    chance.shuffle(shuffled)
    judged = case.judged()
    again = case.judged(claim=case.claim.model_copy(update={"lines": tuple(shuffled)}))
    assert again.participants == judged.participants
    assert {each.line_id: each for each in again.lines} == {
        each.line_id: each for each in judged.lines
    }


@given(cases())
def test_what_is_stored_is_enough_to_judge_again_to_the_byte(case: Case) -> None:
    """The record as it lies in the table, and nothing beside it: no programme, no file, no list."""
    stored = travel_claim(case.claim, judgement=case.judged(), rulings=case.rulings)
    read = TravelClaim.model_validate_json(stored.model_dump_json())
    again = judge(
        read.claim,
        rules=read.judgement.rules,
        known=read.judgement.known,
        rulings=read.rulings,
    )
    assert again == read.judgement
    assert again.model_dump_json() == stored.judgement.model_dump_json()


@given(cases(), st.lists(cases(), max_size=4))
def test_moves_of_all_versions_add_up_to_what_the_last_is_entitled_to(
    first: Case, later: list[Case]
) -> None:
    versions: list[TravelClaim] = []
    for number, case in enumerate([first, *later], start=1):
        before = settled_by(versions)
        version = travel_claim(
            case.claim,
            judgement=case.judged(),
            version=number,
            paid_ore=before.ore,
            paid_overnight_ore=before.overnight_ore,
        )
        versions.append(_settled(version, number))
    entitlements = [0, *(each.judgement.council_ore for each in versions)]
    assert settled_by(versions).ore == entitlements[-1]
    assert settled_by(versions).overnight_ore == versions[-1].overnight_ore
    assert [each.settlement.pay_ore - each.settlement.owed_ore for each in versions] == [
        after - before for before, after in pairwise(entitlements)
    ]


def _settled(version: TravelClaim, number: int) -> TravelClaim:
    if version.settlement.pay_ore <= 0:
        return version.but(state=ClaimState.CLOSED_WITHOUT_PAYMENT)
    in_batch = seal(version.but(state=ClaimState.ATTESTED), f"batch{number}")
    return mark_paid(in_batch) if number % 2 else in_batch


@pytest.mark.parametrize(
    "state", [ClaimState.RETURNED, ClaimState.BANK_REJECTED, ClaimState.ATTESTED]
)
@given(case=cases())
def test_version_that_moved_nothing_counts_for_nothing(state: ClaimState, case: Case) -> None:
    version = travel_claim(case.claim, judgement=case.judged(), state=state)
    assert settled_by([version]) == (0, 0)
