"""The cast is what the season promises: its numbers, its oddities, nobody real, the same for a
seed.
"""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256

import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from kulturkontor.application_form import Answers, Submission, find_missing
from kulturkontor.claim_form import ClaimIn
from kulturkontor.duplicates import marks_of_claim
from kulturkontor.judgement import Judgement, LineRuling, ReasonCode, ReceiptFact
from kulturkontor.programme import load_programme
from kulturkontor.travel import judge_claim
from local.cast import Applicant, Cast, Part, make_cast
from local.cast_claims import Claim, Sending, make_claims
from local.cast_decisions import Decisions, decide
from local.cast_expected import Expected
from local.cast_files import RENAMED_PROGRAM, write_pdf
from local.cast_groups import Group, make_groups
from local.cast_oddities import STRANGER
from local.cast_parts import ClaimPart, cancelled_gathering

PROGRAMME = load_programme("kifk2")


@cache
def cast(seed: int = 1) -> Cast:
    return make_cast(PROGRAMME, seed)


@cache
def decisions(seed: int = 1) -> Decisions:
    return decide(cast(seed), PROGRAMME, seed)


@cache
def groups(seed: int = 1) -> tuple[Group, ...]:
    return make_groups(cast(seed), decisions(seed), seed)


@cache
def claims(seed: int = 1) -> tuple[Claim, ...]:
    return make_claims(PROGRAMME, groups(seed), seed)


def judged(
    claim: Claim,
    sending: Sending,
    elsewhere: Mapping[str, str] | None = None,
    rulings: Sequence[LineRuling] = (),
) -> Judgement:
    """As the system should judge it when it comes, its receipts looked at before."""
    gathering = PROGRAMME.gathering(claim.gathering)
    assert gathering is not None
    is_cancelled = gathering == cancelled_gathering(PROGRAMME)
    ill = sending.body["participants"][-1]["id"]
    is_corrected = sending is not claim.sendings[0]
    people = [each["id"] for each in sending.body["participants"]]
    return judge_claim(
        ClaimIn.model_validate(sending.body),
        programme=PROGRAMME,
        gathering=gathering.model_copy(update={"is_cancelled": is_cancelled}),
        absent=[ill] if claim.part is ClaimPart.DROPPED_OUT else [],
        withdrawn=claim.part is ClaimPart.WITHDRAWN,
        rulings=rulings,
        registered=[each for each in people if each != STRANGER or is_corrected],
        receipts={
            name: ReceiptFact(
                id=name,
                state="accepted",
                sha256=sha256(content).hexdigest(),
                media_type="application/pdf",
            )
            for name, content in sending.receipts.items()
        },
        elsewhere=elsewhere,
    )


def the(part: ClaimPart) -> list[Judgement]:
    claim = next(each for each in claims() if each.part is part)
    return [judged(claim, sending) for sending in claim.sendings]


@pytest.mark.parametrize("seed", [1, 2, 3, 77])
def test_cast_has_fifty_five_applications_from_fifty_three_municipalities(seed: int) -> None:
    numbers = Counter(each.municipality.kommunenummer for each in cast(seed).applicants)
    assert (len(cast(seed).applicants), len(numbers)) == (55, 53)
    assert sorted(numbers.values())[-3:] == [1, 2, 2]


def test_cast_comes_from_every_county_and_written_form() -> None:
    assert len({each.municipality.county for each in cast().applicants}) == 15
    forms = {each.municipality.written_form for each in cast().applicants}
    assert forms == {"bokmål", "nynorsk", "nøytral"}


@pytest.mark.parametrize("seed", [1, 2, 3, 77])
def test_first_answers_can_be_received_and_four_are_incomplete(seed: int) -> None:
    lacking = {each.part for each in cast(seed).applicants if _missing(each)}
    assert lacking == {
        Part.MENDED,
        Part.MENDED_TOO,
        Part.INCOMPLETE,
        Part.COMPETING_INCOMPLETE,
        Part.DRAFT_FIRST,
    }


def test_mended_answers_are_complete() -> None:
    for each in cast().applicants:
        if each.mending is not None:
            mended = Submission.model_validate(each.answers | each.mending)
            assert find_missing(mended, PROGRAMME) == ()
            assert each.mended_at is not None
            assert each.sent_at < each.mended_at < PROGRAMME.closes_at


def test_one_is_sent_a_second_before_the_deadline_and_one_a_second_after() -> None:
    late = [each for each in cast().applicants if each.sent_at >= PROGRAMME.closes_at]
    last = max(each.sent_at for each in cast().applicants if each not in late)
    seconds = [(each.sent_at - PROGRAMME.closes_at).total_seconds() for each in late]
    assert (seconds, (last - PROGRAMME.closes_at).total_seconds()) == ([1.0], -1.0)


def test_two_withdraw_one_of_them_after_the_deadline() -> None:
    moments = sorted(each.withdrawn_at for each in cast().applicants if each.withdrawn_at)
    assert [moment < PROGRAMME.closes_at for moment in moments] == [True, False]


def test_old_number_is_refused_with_a_hint() -> None:
    with pytest.raises(ValidationError) as refusal:
        Submission.model_validate(cast().old_number.answers)
    assert [fault["type"] for fault in refusal.value.errors()] == ["municipality_old_number"]


def test_nobody_has_an_address_that_could_be_real() -> None:
    addresses = [
        address
        for each in (*cast().applicants, cast().forgotten_draft, cast().too_early)
        for address in (each.answers["contact"]["email"], each.answers["leader"]["email"])
    ] + [person["email"] for group in groups() for person in group.participants]
    domains = {address.rpartition("@")[2] for address in addresses}
    assert {d for d in domains if not d.endswith(".test")} == {"example.org", "example.com"}
    assert len(set(addresses)) == len(addresses)


def test_seed_alone_decides_the_cast() -> None:
    again = make_cast(PROGRAMME, 1)
    assert again == cast()
    assert make_claims(PROGRAMME, make_groups(again, decide(again, PROGRAMME, 1), 1), 1) == claims()
    assert cast(2) != cast()


@pytest.mark.parametrize("seed", [1, 2, 3, 77])
def test_staff_decide_everything_that_gets_an_answer(seed: int) -> None:
    verdicts = decisions(seed).verdicts
    outcomes = Counter(each.outcome for each in verdicts.values())
    assert outcomes == {"admitted": 16, "waitlisted": 6, "rejected": 29}
    ranks = [each.rank for each in verdicts.values() if each.rank]
    assert ranks == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("seed", [1, 2, 3, 77])
def test_sixteen_take_part_after_three_declined_and_one_never_answered(seed: int) -> None:
    here = decisions(seed)
    assert len(set(here.participating)) == 16
    assert here.declining_offer not in here.participating
    assert {here.verdicts[each].outcome for each in (*here.declining, here.silent)} == {"admitted"}
    assert [here.verdicts[each].rank for each in here.offered] == [1, 2, 3, 4]
    odd = {*here.bouncing, here.uncertain, here.unprintable, here.corrected, here.by_phone}
    assert len(odd) == 6


def test_groups_are_four_to_six_with_valid_accounts_of_their_own() -> None:
    sizes = {len(group.participants) for group in groups()}
    accounts = {account for group in groups() for account in (group.account, group.other_account)}
    assert (sizes, len(accounts)) == ({4, 5, 6}, 32)


def test_every_claim_can_be_received() -> None:
    sent = [ClaimIn.model_validate(each.body) for claim in claims() for each in claim.sendings]
    assert len(sent) == 88
    unsent = Counter(claim.part for claim in claims() if not claim.sendings)
    assert unsent == {ClaimPart.NEVER_SENT: 1, ClaimPart.NOTHING_BOUGHT: 14}


def test_claims_name_exactly_the_receipts_they_bring() -> None:
    for claim in claims():
        for sending in claim.sendings:
            named = {name for line in sending.body["lines"] for name in line["receipt_ids"]}
            assert named == sending.receipts.keys()


def test_no_two_receipts_are_the_same_file_but_the_one_that_was_copied() -> None:
    files = Counter(
        content
        for claim in claims()
        for sending in claim.sendings[:1]
        for content in sending.receipts.values()
    )
    assert sorted(files.values())[-2:] == [1, 2]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (ClaimPart.FIFTH_BED, ReasonCode.OVER_NIGHT_PERSONS),
        (ClaimPart.MISSING_RECEIPT, ReasonCode.RECEIPT_MISSING),
        (ClaimPart.CAR_WITHOUT_RATE, ReasonCode.RATE_UNKNOWN),
    ],
    ids=str,
)
def test_part_of_a_claim_shows_in_its_judgement(part: ClaimPart, reason: ReasonCode) -> None:
    assert reason in {line.reason for line in the(part)[0].lines}


@pytest.mark.parametrize(
    ("part", "rises"),
    [
        (ClaimPart.MISSING_RECEIPT, 1),
        (ClaimPart.CORRECTED_UP, 1),
        (ClaimPart.CORRECTED_DOWN, -1),
        (ClaimPart.SENT_TWICE, 0),
        (ClaimPart.REJECTED_BY_BANK, 0),
        (ClaimPart.ACCOUNT_REFUSED, 0),
    ],
    ids=str,
)
def test_second_version_moves_the_claim_as_its_part_says(part: ClaimPart, rises: int) -> None:
    before, after = (each.council_ore for each in the(part))
    assert (after > before) - (after < before) == rises


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_every_claim_comes_to_what_the_cast_says(seed: int) -> None:
    """In the order in which they are sent, each compared with those that came before."""
    marks: dict[tuple[str, str], tuple[str, ...]] = {}
    sent = sorted(
        ((sending.at, claim, sending) for claim in claims(seed) for sending in claim.sendings),
        key=lambda each: each[0],
    )
    for _, claim, sending in sent:
        own = (claim.key, claim.gathering)
        others = {mark: "other" for key, each in marks.items() if key != own for mark in each}
        found = judged(claim, sending, others)
        reasons = {line.line_id: line.reason.value for line in found.lines}
        assert (reasons, found.council_ore) == (
            sending.expected.reasons,
            sending.expected.council_ore,
        ), claim
        marks[own] = marks_of_claim(ClaimIn.model_validate(sending.body), found)


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_claims_that_wait_come_to_what_the_cast_says_once_staff_have_ruled(seed: int) -> None:
    waiting = [claim for claim in claims(seed) if claim.rulings]
    assert {claim.part for claim in waiting} == {
        ClaimPart.CANCELLED,
        ClaimPart.CANCELLED_IN_VAIN,
        ClaimPart.DROPPED_OUT,
        ClaimPart.WITHDRAWN,
    }
    for claim in waiting:
        rulings = [
            LineRuling.model_validate(
                {"line_id": line, "verdict": verdict, "by": "stab", "reason": "Avklart."}
            )
            for line, verdict in claim.rulings.items()
        ]
        found = judged(claim, claim.sendings[0], rulings=rulings)
        reasons = {line.line_id: line.reason.value for line in found.lines}
        assert claim.ruled == Expected(reasons, found.council_ore), claim
        assert claim.sendings[0].expected.council_ore <= found.council_ore


def test_accounts_are_the_other_ones_after_the_first_was_turned_down() -> None:
    changed = {
        claim.key: claim.gathering
        for claim in claims()
        for group in groups()
        if claim.key == group.key and claim.sendings
        if claim.sendings[-1].body["account_number"] == group.other_account
    }
    parts = (ClaimPart.REJECTED_BY_BANK, ClaimPart.ACCOUNT_REFUSED)
    assert list(changed) == [each.key for each in claims() if each.part in parts]
    assert set(changed.values()) == {PROGRAMME.gatherings[-1].id}


def test_one_draft_is_sent_after_the_deadline_with_leave() -> None:
    extended = cast().of(Part.EXTENDED)
    assert extended.mended_at is not None
    assert extended.sent_at < PROGRAMME.closes_at < extended.mended_at < PROGRAMME.released_at


def test_case_that_is_handed_over_is_one_that_takes_part_and_whose_letter_came() -> None:
    here = decisions()
    assert here.handing_over in here.participating
    assert here.handing_over not in here.bouncing


def test_cast_shows_every_part() -> None:
    assert {each.part for each in claims()} == set(ClaimPart)


def test_claim_without_cost_costs_nothing() -> None:
    assert [each.actual_ore for each in the(ClaimPart.NO_COST)] == [0]


def test_shared_car_pays_the_supplement_once() -> None:
    cars = [line for line in the(ClaimPart.SHARED_CAR)[0].lines if line.kind == "car"]
    assert [line.ore_per_km for line in cars] == [630, 630]


def test_pdf_can_be_read_by_others() -> None:
    content = write_pdf(["Årsbudsjett (utkast)", "sats \\ 50 %"])
    page = PdfReader(io.BytesIO(content), strict=True).pages[0]
    assert page.extract_text().splitlines() == ["Årsbudsjett (utkast)", "sats \\ 50 %"]
    assert RENAMED_PROGRAM.startswith(b"MZ")


def _missing(applicant: Applicant) -> bool:
    """What an applicant first sends lacks something; a draft is never more than that."""
    model = Answers if applicant.part is Part.DRAFT_FIRST else Submission
    return bool(find_missing(model.model_validate(applicant.answers), PROGRAMME))
