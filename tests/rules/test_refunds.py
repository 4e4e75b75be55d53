"""What is given back of a cost: typed as a line below zero, judged with the line it names."""

from typing import Any

import pytest
from pydantic import ValidationError

from kulturkontor.claim_form import field_errors
from kulturkontor.judgement import JudgedLine, LineState, ReasonCode
from tests.rules.claim_cases import ruling, with_overnight
from tests.rules.claim_factory import KIFK2, car, claim, judge, line, night

FOREIGN = {
    "amount": None,
    "currency": "SEK",
    "rate": "0,9871",
    "rate_date": "2026-09-24",
    "rate_source": "Norges Bank",
}


def back(line_id: str, of: str, amount: str = "-198,00", **changes: object) -> dict[str, object]:
    return line(line_id, **({"amount": amount, "refunds": of, "receipt_ids": []} | changes))


def amounts(*lines: dict[str, object], **facts: Any) -> dict[str, tuple[str, str, int, int]]:
    judged = judge(claim(*lines), **facts)
    return {
        each.line_id: (each.state, each.reason, each.actual_ore, each.counted_ore)
        for each in judged.lines
    }


def test_refund_is_taken_off_the_cost_it_names() -> None:
    judged = judge(claim(line("train"), back("credit", "train")))
    assert judged.lines[1] == JudgedLine(
        line_id="credit",
        participant="p1",
        kind=judged.lines[0].kind,
        state=LineState.APPROVED,
        reason=ReasonCode.GIVEN_BACK,
        refunds="train",
        actual_ore=-198_00,
        counted_ore=-198_00,
    )
    assert (judged.actual_ore, judged.council_ore, judged.municipality_ore) == (
        300_00,
        150_00,
        150_00,
    )


def test_what_people_decided_about_a_refund_is_shown_with_it() -> None:
    decided = ruling("credit", "approve", internal="Ringte hotellet")
    judged = judge(claim(line("train"), back("credit", "train")), rulings=[decided])
    assert judged.lines[1].ruling == decided.model_copy(update={"internal": ""})


def test_refund_needs_no_receipt_and_no_day_of_the_gathering() -> None:
    found = amounts(line("train"), back("credit", "train", date="2026-12-01"))
    assert found["credit"] == ("approved", "given_back", -198_00, -198_00)


def test_rounding_comes_after_what_was_given_back() -> None:
    judged = judge(claim(line("a", amount="333,33"), back("b", "a", "-0,02")))
    assert (judged.council_ore, judged.municipality_ore) == (166_66, 166_65)


@pytest.mark.parametrize(
    ("facts", "train", "credit"),
    [
        pytest.param(
            {"receipts": {}},
            ("held", "receipt_missing", 498_00, 0),
            ("held", "waits_with_line", -198_00, 0),
            id="the cost is held",
        ),
        pytest.param(
            {"rulings": [ruling("train", "ask")]},
            ("held", "asked_by_staff", 498_00, 0),
            ("held", "waits_with_line", -198_00, 0),
            id="the cost is asked about",
        ),
        pytest.param(
            {"rulings": [ruling("credit", "ask")]},
            ("held", "waits_with_line", 498_00, 0),
            ("held", "asked_by_staff", -198_00, 0),
            id="the refund is asked about",
        ),
        pytest.param(
            {"rulings": [ruling("credit", "ask"), ruling("train", "approve")]},
            ("held", "waits_with_line", 498_00, 0),
            ("held", "asked_by_staff", -198_00, 0),
            id="the cost approved, the refund asked about",
        ),
        pytest.param(
            {"receipts": {}, "rulings": [ruling("credit", "approve")]},
            ("held", "receipt_missing", 498_00, 0),
            ("held", "waits_with_line", -198_00, 0),
            id="the refund approved, the cost held",
        ),
        pytest.param(
            {"rulings": [ruling("train", "reject")]},
            ("rejected", "rejected_by_staff", 498_00, 0),
            ("rejected", "given_back_uncovered", -198_00, 0),
            id="the cost is the municipality's",
        ),
        pytest.param(
            {"rulings": [ruling("credit", "reject")]},
            ("approved", "travel_covered", 498_00, 498_00),
            ("rejected", "rejected_by_staff", 0, 0),
            id="no refund at all",
        ),
        pytest.param(
            {"rulings": [ruling("train", "approve", approved_ore=250_00)]},
            ("reduced", "reduced_by_staff", 498_00, 250_00),
            ("approved", "given_back", -198_00, 0),
            id="less was approved than was spent in the end",
        ),
        pytest.param(
            {"rulings": [ruling("train", "approve", approved_ore=400_00)]},
            ("reduced", "reduced_by_staff", 498_00, 400_00),
            ("approved", "given_back", -198_00, -100_00),
            id="more was approved than was spent in the end",
        ),
    ],
)
def test_refund_shares_the_fate_of_its_cost(
    facts: dict[str, Any], train: tuple[str, str, int, int], credit: tuple[str, str, int, int]
) -> None:
    assert amounts(line("train"), back("credit", "train"), **facts) == {
        "train": train,
        "credit": credit,
    }


def test_refund_of_a_struck_copy_is_gone_with_it() -> None:
    lines = [line("a"), line("b"), back("c", "b")]
    judged = judge(claim(*lines), rulings=[ruling("b", "reject")])
    assert [(each.reason, each.actual_ore) for each in judged.lines] == [
        (ReasonCode.TRAVEL_COVERED, 498_00),
        (ReasonCode.DUPLICATE, 0),
        (ReasonCode.GIVEN_BACK_UNCOVERED, 0),
    ]


def test_refunds_of_one_cost_are_taken_one_after_the_other() -> None:
    lines = [line("hotel", kind="overnight", amount="1500,00")]
    lines += [back(each, "hotel", "-200,00", kind="overnight") for each in ("b1", "b2", "b3")]
    capped = with_overnight(max_ore_per_night=1_150_00)
    assert [each.counted_ore for each in judge(claim(*lines), programme=capped).lines] == [
        1_150_00,
        0,
        -50_00,
        -200_00,
    ]
    judged = judge(claim(*lines), programme=capped)
    assert (judged.actual_ore, judged.council_ore) == (900_00, 900_00)


def test_night_that_was_given_back_whole_leaves_its_place_to_another() -> None:
    lines = [
        night("between"),
        back("credit", "between", "-1595,00", kind="overnight"),
        night("before", date="2026-09-23", amount="1000,00"),
    ]
    found = amounts(*lines)
    assert found["before"] == ("approved", "night_covered", 1_000_00, 1_000_00)
    assert judge(claim(*lines)).council_ore == 1_000_00


def test_night_that_was_given_back_whole_leaves_its_place_to_another_person() -> None:
    nights = [night(f"n{n}", f"p{n}") for n in range(1, 6)]
    given = {**back("credit", "n1", "-1595,00", kind="overnight"), "participant": "p1"}
    judged = judge(claim(*nights, given, persons=5))
    assert judged.council_ore == 4 * 1_595_00
    assert judged.municipality_ore == 0


def test_refund_of_a_night_the_council_books_is_the_municipalitys() -> None:
    central = with_overnight(mode="central")
    found = amounts(night("n"), back("c", "n", "-1595,00", kind="overnight"), programme=central)
    assert found["c"] == ("rejected", "given_back_uncovered", -1_595_00, 0)


def test_ticket_that_was_given_back_and_bought_again_is_no_copy() -> None:
    lines = [line("old"), back("credit", "old", "-498,00"), line("new")]
    judged = judge(claim(*lines))
    assert {each.state for each in judged.lines} == {LineState.APPROVED}
    assert judged.council_ore == 249_00


def test_whole_refund_in_foreign_currency_leaves_nothing() -> None:
    paid = line("paid", **FOREIGN, foreign_amount="0,50")
    given = back("given", "paid", **FOREIGN, foreign_amount="-0,50")
    judged = judge(claim(paid, given))
    assert [each.actual_ore for each in judged.lines] == [49, -49]
    assert judged.actual_ore == 0


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param(
            [line("a", amount="-198,00")], ("lines.0.amount", "amount_negative"), id="of nothing"
        ),
        pytest.param(
            [line("a"), back("b", "a", "198,00")],
            ("lines.1.amount", "refund_not_negative"),
            id="above zero",
        ),
        pytest.param(
            [line("a"), back("b", "a", "0")],
            ("lines.1.amount", "refund_not_negative"),
            id="of zero",
        ),
        pytest.param(
            [line("a"), back("b", "x")], ("lines.1.refunds", "refund_of_unknown"), id="unknown"
        ),
        pytest.param(
            [line("a"), back("b", "b")], ("lines.1.refunds", "refund_of_unknown"), id="of itself"
        ),
        pytest.param(
            [line("a"), back("b", "a"), back("c", "b", "-1,00")],
            ("lines.2.refunds", "refund_of_unknown"),
            id="of a refund",
        ),
        pytest.param(
            [line("a"), back("b", "a", participant="p2")],
            ("lines.1.refunds", "refund_of_unknown"),
            id="of another person",
        ),
        pytest.param(
            [line("a"), back("b", "a", kind="bus")],
            ("lines.1.refunds", "refund_of_unknown"),
            id="of another kind",
        ),
        pytest.param(
            [line("a"), back("b", "a", "-498,01")],
            ("lines.1.amount", "refund_too_large"),
            id="more than it cost",
        ),
        pytest.param(
            [line("a"), back("b", "a", "-300,00"), back("c", "a", "-198,01")],
            ("lines.2.amount", "refund_too_large"),
            id="more than it cost, together",
        ),
        pytest.param(
            [line("a", **FOREIGN, foreign_amount="-1,00")],
            ("lines.0.foreign_amount", "amount_negative"),
            id="of nothing, in foreign currency",
        ),
        pytest.param(
            [
                line("a", **FOREIGN, foreign_amount="10,00"),
                back("b", "a", **FOREIGN, foreign_amount="-10,01"),
            ],
            ("lines.1.foreign_amount", "refund_too_large"),
            id="more than it cost, in foreign currency",
        ),
        pytest.param(
            [line("a", amount="0"), back("b", "a", "-0,01")],
            ("lines.1.amount", "refund_too_large"),
            id="of what was free",
        ),
        pytest.param(
            [car("a"), {**car("b"), "refunds": "a"}],
            ("lines.1.refunds", "refund_of_kilometres"),
            id="of kilometres",
        ),
    ],
)
def test_refund_that_cannot_be_one_is_refused_at_its_field(
    lines: list[dict[str, object]], told: tuple[str, str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        claim(*lines)
    assert [(each.path, each.code) for each in field_errors(refused.value)] == [told]


def test_every_faulty_refund_is_told() -> None:
    lines = [line("a"), back("b", "x"), back("c", "a", "-498,01"), back("d", "y")]
    with pytest.raises(ValidationError) as refused:
        claim(*lines)
    assert [(each.path, each.code) for each in field_errors(refused.value)] == [
        ("lines.1.refunds", "refund_of_unknown"),
        ("lines.2.amount", "refund_too_large"),
        ("lines.3.refunds", "refund_of_unknown"),
    ]


def test_whole_cost_may_be_given_back_in_parts() -> None:
    judged = judge(claim(line("a"), back("b", "a", "-300,00"), back("c", "a", "-198,00")))
    assert (judged.actual_ore, judged.council_ore) == (0, 0)
    assert judged.rules.share_percent == KIFK2.travel.share_percent
