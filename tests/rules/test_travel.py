"""The travel rule against the worked examples, each of its parts, and its equations."""

from datetime import date
from typing import Any

import pytest

from kulturkontor.claim_case import UnknownLineError
from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn
from kulturkontor.duplicates import marks_of_claim
from kulturkontor.judgement import (
    JudgedLine,
    Judgement,
    LineRuling,
    LineState,
    ReasonCode,
    Settlement,
    settle,
)
from kulturkontor.programme import Programme
from tests.rules.claim_cases import ruling, with_overnight, with_travel
from tests.rules.claim_factory import (
    KIFK2,
    another_programme,
    car,
    claim,
    gathering,
    judge,
    line,
    night,
    person,
    receipt,
    receipts_of,
)


def total(kind: str, *amounts: str) -> list[dict[str, object]]:
    return [
        line(f"{kind}-{number}", f"p{number}", kind=kind, amount=amount)
        for number, amount in enumerate(amounts, start=1)
    ]


def outcomes(judgement: Judgement) -> dict[str, tuple[str, str]]:
    return {each.line_id: (each.state.value, each.reason.value) for each in judgement.lines}


FOUR = total("travel_total", "2345,00", "1890,50", "3120,00", "412,00")
FOUR_NIGHTS = total("overnight", *["1595,00"] * 4)
FIVE = [*total("travel_total", *["1000,00"] * 5), *total("overnight", *["1595,00"] * 5)]


@pytest.mark.parametrize(
    ("lines", "programme", "council_ore", "municipality_ore"),
    [
        pytest.param([*FOUR, *FOUR_NIGHTS], KIFK2, 10_263_75, 3_883_75, id="base, four persons"),
        pytest.param(FIVE, KIFK2, 8_880_00, 4_095_00, id="fifth participant"),
        pytest.param(FIVE, with_travel(max_persons=4), 8_380_00, 4_595_00, id="travel limited too"),
        pytest.param([], KIFK2, 0, 0, id="zero cost, no lines"),
        pytest.param(total("travel_total", "0,00"), KIFK2, 0, 0, id="zero cost, one line"),
        pytest.param(total("train", *["333,33"] * 3), KIFK2, 500_01, 499_98, id="odd øre"),
        pytest.param(total("train", "0,01"), KIFK2, 1, 0, id="one øre"),
        pytest.param(
            [*total("train", "0,01"), *total("bus", "0,01")],
            KIFK2,
            1,
            1,
            id="rounded once a person",
        ),
    ],
)
def test_worked_example_comes_out_to_the_ore(
    lines: list[dict[str, object]], programme: Programme, council_ore: int, municipality_ore: int
) -> None:
    judged = judge(claim(*lines, persons=5), programme=programme)
    assert (judged.council_ore, judged.municipality_ore, judged.held_ore) == (
        council_ore,
        municipality_ore,
        0,
    )


def test_line_without_receipt_waits_and_is_paid_as_a_difference_when_it_comes() -> None:
    made = claim(line("train"), line("taxi", kind="taxi", amount="612,00"))
    facts = dict(receipts_of(made))
    taxi_receipt = facts.pop("r-taxi")

    now = judge(made, receipts=facts)
    later = judge(made, receipts=facts | {"r-taxi": taxi_receipt})

    assert outcomes(now)["taxi"] == ("held", "receipt_missing")
    assert (now.actual_ore, now.council_ore, now.municipality_ore) == (498_00, 249_00, 249_00)
    assert now.held_ore == 612_00
    assert (later.council_ore, later.municipality_ore) == (555_00, 555_00)
    assert settle(later.council_ore, now.council_ore) == Settlement(pay_ore=306_00, owed_ore=0)


@pytest.mark.parametrize(
    ("entitlement", "paid", "settlement"),
    [
        pytest.param(100, 0, Settlement(100, 0), id="first payment"),
        pytest.param(100, 100, Settlement(0, 0), id="nothing more"),
        pytest.param(60, 100, Settlement(0, 40), id="too much was paid"),
    ],
)
def test_settlement_is_the_difference(entitlement: int, paid: int, settlement: Settlement) -> None:
    assert settle(entitlement, paid) == settlement


def test_whole_judgement_explains_itself() -> None:
    made = claim(line("train", amount="333,33"), night("hotel"), persons=1)
    judged = judge(made)
    assert judged.lines == (
        JudgedLine(
            line_id="train",
            participant="p1",
            kind=LineKind.TRAIN,
            state=LineState.APPROVED,
            reason=ReasonCode.TRAVEL_COVERED,
            actual_ore=333_33,
            counted_ore=333_33,
        ),
        JudgedLine(
            line_id="hotel",
            participant="p1",
            kind=LineKind.OVERNIGHT,
            state=LineState.APPROVED,
            reason=ReasonCode.NIGHT_COVERED,
            actual_ore=1_595_00,
            counted_ore=1_595_00,
        ),
    )
    assert judged.participants[0].model_dump() == {
        "participant": "p1",
        "travel_actual_ore": 333_33,
        "travel_counted_ore": 333_33,
        "travel_council_ore": 166_67,
        "overnight_actual_ore": 1_595_00,
        "overnight_council_ore": 1_595_00,
        "held_ore": 0,
    }
    assert (judged.rule_version, judged.share_percent, judged.municipality_ore) == ("2", 50, 166_66)


@pytest.mark.parametrize(
    ("given_line", "changes", "outcome"),
    [
        pytest.param(line("x"), {}, ("approved", "travel_covered"), id="in order"),
        pytest.param(
            line("x", date="2026-09-22"), {}, ("approved", "travel_covered"), id="first day around"
        ),
        pytest.param(
            line("x", date="2026-09-21"), {}, ("held", "outside_dates"), id="a day too early"
        ),
        pytest.param(
            line("x", date="2026-09-27"), {}, ("approved", "travel_covered"), id="last day around"
        ),
        pytest.param(
            line("x", date="2026-09-28"), {}, ("held", "outside_dates"), id="a day too late"
        ),
        pytest.param(line("x", receipt_ids=[]), {}, ("held", "receipt_missing"), id="no receipt"),
        pytest.param(
            line("x"), {"receipts": {}}, ("held", "receipt_missing"), id="unknown receipt"
        ),
        pytest.param(
            line("x"),
            {"receipts": {"r-x": receipt("r-x", "waiting")}},
            ("held", "receipt_waiting"),
            id="receipt not inspected yet",
        ),
        pytest.param(
            line("x", receipt_ids=["a", "b"]),
            {"receipts": {"a": receipt("a"), "b": receipt("b", "refused")}},
            ("held", "receipt_refused"),
            id="one of two receipts refused",
        ),
        pytest.param(
            line("x", kind="toll", receipt_ids=[]),
            {},
            ("approved", "travel_covered"),
            id="toll needs no receipt",
        ),
        pytest.param(car("x"), {}, ("approved", "travel_covered"), id="car needs no receipt"),
        pytest.param(
            car("x", date="2027-01-01"),
            {"gathering": gathering("S3")},
            ("held", "rate_unknown"),
            id="no car rate for the day",
        ),
        pytest.param(
            car("x", date="2026-12-31"),
            {"gathering": gathering("S3")},
            ("held", "outside_dates"),
            id="last day of the car rate",
        ),
        pytest.param(line("x"), {"registered": ["p2"]}, ("held", "not_registered"), id="stranger"),
        pytest.param(
            line("x"),
            {"registered": ["prøve  PERSON 1"]},
            ("approved", "travel_covered"),
            id="registered by name",
        ),
        pytest.param(night("x"), {}, ("approved", "night_covered"), id="night between the days"),
        pytest.param(
            night("x", date="2026-09-23"), {}, ("approved", "night_covered"), id="evening before"
        ),
        pytest.param(
            night("x", date="2026-09-25"), {}, ("approved", "night_covered"), id="morning after"
        ),
        pytest.param(
            night("x", date="2026-09-22"), {}, ("held", "night_not_adjoining"), id="night too early"
        ),
        pytest.param(
            night("x", date="2026-09-26"), {}, ("held", "night_not_adjoining"), id="night too late"
        ),
        pytest.param(
            night("x"),
            {"programme": with_overnight(mode="central")},
            ("rejected", "night_booked_by_council"),
            id="council books the hotel",
        ),
    ],
)
def test_line_is_judged(
    given_line: dict[str, object], changes: dict[str, Any], outcome: tuple[str, str]
) -> None:
    assert outcomes(judge(claim(given_line), **changes)) == {"x": outcome}


def test_small_line_needs_no_receipt_where_the_programme_says_so() -> None:
    lenient = KIFK2.travel.model_copy(update={"receipt_free_up_to_ore": 100_00})
    made = claim(
        line("bus", kind="bus", amount="100,00", receipt_ids=[]),
        line("taxi", kind="taxi", amount="100,01", receipt_ids=[]),
    )
    assert outcomes(judge(made, programme=KIFK2.model_copy(update={"travel": lenient}))) == {
        "bus": ("approved", "travel_covered"),
        "taxi": ("held", "receipt_missing"),
    }


def test_line_tells_everything_it_is_held_for() -> None:
    made = claim(line("x", date="2026-09-10", receipt_ids=[]))
    judged = judge(made, registered=[]).lines[0]
    assert (judged.reason, judged.also) == (
        ReasonCode.NOT_REGISTERED,
        (ReasonCode.OUTSIDE_DATES, ReasonCode.RECEIPT_MISSING),
    )


@pytest.mark.parametrize(
    ("changes", "actual_ore", "counted_ore", "ore_per_km"),
    [
        pytest.param({"kilometres": "120"}, 636_00, 636_00, 530, id="alone"),
        pytest.param({"kilometres": "120,5"}, 638_65, 638_65, 530, id="one decimal"),
        pytest.param({"kilometres": "0,1"}, 53, 53, 530, id="shortest"),
        pytest.param({"passengers": ["Prøve Person 2"]}, 756_00, 756_00, 630, id="one passenger"),
        pytest.param(
            {"passengers": ["p2", "Prøve Person 3", "Prøve Person 4"]},
            *(756_00, 756_00, 630),
            id="three passengers count once",
        ),
        pytest.param({"passengers": ["Ukjent Person"]}, 756_00, 636_00, 530, id="not registered"),
        pytest.param(
            {"passengers": ["Ukjent Person", "p2"]}, 756_00, 756_00, 630, id="one of two registered"
        ),
    ],
)
def test_car_costs_kilometres_at_the_rate_of_the_day(
    changes: dict[str, Any], actual_ore: int, counted_ore: int, ore_per_km: int
) -> None:
    judged = judge(claim(car("x", **changes))).lines[0]
    assert (judged.actual_ore, judged.counted_ore, judged.ore_per_km) == (
        actual_ore,
        counted_ore,
        ore_per_km,
    )
    reduced = counted_ore < actual_ore
    assert judged.state is (LineState.REDUCED if reduced else LineState.APPROVED)


def test_passenger_who_claims_a_car_of_the_same_day_is_held() -> None:
    made = claim(
        car("driver", passengers=["p2"]),
        car("same-day", "p2", kilometres="40"),
        car("next-day", "p2", kilometres="40", date="2026-09-25"),
    )
    assert outcomes(judge(made)) == {
        "driver": ("approved", "travel_covered"),
        "same-day": ("held", "passenger_claims_car"),
        "next-day": ("approved", "travel_covered"),
    }


@pytest.mark.parametrize(
    ("changes", "actual_ore"),
    [
        pytest.param({"foreign_amount": "100,00", "rate": "11,4325"}, 1_143_25, id="exact"),
        pytest.param({"foreign_amount": "0,50", "rate": "0,01"}, 1, id="half an øre goes up"),
        pytest.param({"foreign_amount": "1 234,56", "rate": "0.9871"}, 1_218_63, id="rounded"),
        pytest.param({"amount": "1150,00", "foreign_amount": "100,00"}, 1_150_00, id="as charged"),
    ],
)
def test_foreign_currency_becomes_kroner_line_by_line(
    changes: dict[str, Any], actual_ore: int
) -> None:
    source: dict[str, Any] = (
        {"rate_date": "2026-09-24", "rate_source": "Norges Bank"} if "rate" in changes else {}
    )
    made = claim(line("x", **({"amount": None, "currency": "EUR"} | source | changes)))
    assert judge(made).actual_ore == actual_ore


@pytest.mark.parametrize(
    ("dates", "covered"),
    [
        pytest.param(["2026-09-23", "2026-09-24", "2026-09-25"], "2026-09-24", id="between wins"),
        pytest.param(["2026-09-25", "2026-09-23"], "2026-09-23", id="else the evening before"),
        pytest.param(["2026-09-20", "2026-09-25"], "2026-09-25", id="adjoining before others"),
    ],
)
def test_one_night_per_person_is_covered(dates: list[str], covered: str) -> None:
    made = claim(*(night(each, date=each) for each in dates))
    assert outcomes(judge(made)) == {
        each: ("approved", "night_covered") if each == covered else ("rejected", "second_night")
        for each in dates
    }


def test_night_that_waits_for_its_receipt_is_not_replaced_by_another() -> None:
    made = claim(night("between", receipt_ids=[]), night("after", date="2026-09-25"))
    assert outcomes(judge(made)) == {
        "between": ("held", "receipt_missing"),
        "after": ("rejected", "second_night"),
    }
    assert outcomes(judge(made, rulings=[ruling("between", "reject")])) == {
        "between": ("rejected", "rejected_by_staff"),
        "after": ("approved", "night_covered"),
    }


@pytest.mark.parametrize(
    ("marks", "covered"),
    [
        pytest.param([None] * 6, [1, 2, 3, 4], id="nothing marked: the order of the claim"),
        pytest.param([None, True, True, True, True, None], [2, 3, 4, 5], id="four marked"),
        pytest.param([None, None, None, None, None, True], [1, 2, 3, 6], id="one marked"),
        pytest.param([False, None, None, None, None, None], [2, 3, 4, 5], id="one marked away"),
        pytest.param([True] * 6, [1, 2, 3, 4], id="too many marked"),
        pytest.param([False] * 6, [1, 2, 3, 4], id="all marked away"),
    ],
)
def test_municipality_says_which_four_persons_are_covered(
    marks: list[bool | None], covered: list[int]
) -> None:
    people = [person(number, covered_night=mark) for number, mark in enumerate(marks, start=1)]
    made = claim(*total("overnight", *["1595,00"] * 6), participants=people)
    judged = judge(made)
    assert [
        number
        for number, each in enumerate(judged.participants, start=1)
        if each.overnight_council_ore
    ] == covered
    assert judged.municipality_ore == 2 * 1_595_00


def test_place_of_a_refused_night_goes_to_the_next_person() -> None:
    made = claim(*total("overnight", *["1595,00"] * 5), persons=5)
    assert outcomes(judge(made))["overnight-5"] == ("rejected", "over_night_persons")
    ruled = judge(made, rulings=[ruling("overnight-1", "reject")])
    assert outcomes(ruled)["overnight-5"] == ("approved", "night_covered")


def test_same_person_day_amount_and_kind_is_held_once() -> None:
    made = claim(line("a"), line("b"), line("other-person", "p2"), line("other-kind", kind="bus"))
    judged = judge(made)
    assert outcomes(judged) == {
        "a": ("approved", "travel_covered"),
        "b": ("held", "possible_duplicate"),
        "other-person": ("approved", "travel_covered"),
        "other-kind": ("approved", "travel_covered"),
    }
    assert [each.like for each in judged.lines] == [None, "a", None, None]


def test_lines_without_a_cost_are_no_duplicates() -> None:
    made = claim(line("a", amount="0"), line("b", amount="0"))
    assert {state for state, _ in outcomes(judge(made)).values()} == {"approved"}


def test_struck_travel_leaves_its_place_to_the_next_person() -> None:
    made = claim(line("a", "p1"), line("b", "p2"))
    limited = with_travel(max_persons=1)
    assert outcomes(judge(made, programme=limited))["b"] == ("rejected", "over_travel_persons")
    ruled = judge(made, programme=limited, rulings=[ruling("a", "reject")])
    assert outcomes(ruled)["b"] == ("approved", "travel_covered")


def test_passenger_of_a_struck_car_may_claim_the_own_one() -> None:
    made = claim(car("a", passengers=["p2"]), car("b", "p2", kilometres="40"))
    ruled = judge(made, rulings=[ruling("a", "reject")])
    assert outcomes(ruled)["b"] == ("approved", "travel_covered")


def test_line_with_a_receipt_is_kept_before_its_copy_without() -> None:
    made = claim(line("a", receipt_ids=[]), line("b"))
    judged = judge(made)
    assert [(each.line_id, each.reason, each.also) for each in judged.lines] == [
        ("a", ReasonCode.RECEIPT_MISSING, (ReasonCode.POSSIBLE_DUPLICATE,)),
        ("b", ReasonCode.TRAVEL_COVERED, ()),
    ]


def test_one_receipt_serves_several_persons_and_lines() -> None:
    shared = {"receipt_ids": ["hotel"]}
    made = claim(
        night("n1", "p1", **shared),
        night("n2", "p2", **shared),
        line("garage", "p1", kind="parking", amount="350,00", **shared),
    )
    assert {state for state, _ in outcomes(judge(made)).values()} == {"approved"}


def test_same_file_for_the_same_person_day_and_amount_is_held() -> None:
    made = claim(line("a", receipt_ids=["r1"]), line("b", kind="bus", receipt_ids=["r2"]))
    copies = {"r1": receipt("r1", file="same"), "r2": receipt("r2", file="same")}
    assert outcomes(judge(made, receipts=copies)) == {
        "a": ("approved", "travel_covered"),
        "b": ("held", "possible_duplicate"),
    }


def test_second_bed_in_the_same_night_is_held_whatever_it_cost() -> None:
    made = claim(night("a"), night("b", amount="200,00"))
    assert outcomes(judge(made))["b"] == ("held", "possible_duplicate")
    both = judge(made, rulings=[ruling("b", "approve")])
    assert both.council_ore == 1_795_00


OTHER_CLAIM = "KFK2-2026-4602-S6"


def marks(claim: ClaimIn, **changes: Any) -> dict[str, str]:
    """What another claim leaves for this one to be compared with."""
    return dict.fromkeys(marks_of_claim(claim, judge(claim, **changes)), OTHER_CLAIM)


def another_name(name: str) -> dict[str, Any]:
    return {"participants": [person(1, name=name)]}


@pytest.mark.parametrize(
    ("there", "is_held"),
    [
        pytest.param(claim(line("y", receipt_ids=["q"])), True, id="person, day, amount, kind"),
        pytest.param(
            claim(line("y", amount="kr 498", receipt_ids=["q"])), True, id="amount typed otherwise"
        ),
        pytest.param(
            claim(line("y", receipt_ids=["q"]), **another_name("PERSON 1, prøve")),
            True,
            id="name written otherwise",
        ),
        pytest.param(
            claim(line("a", "p2"), line("y", receipt_ids=["q"])), True, id="among other lines"
        ),
        pytest.param(
            claim(line("y", receipt_ids=["q"]), **another_name("En Annen")),
            False,
            id="another person",
        ),
        pytest.param(
            claim(line("y", date="2026-09-25", receipt_ids=["q"])), False, id="another day"
        ),
        pytest.param(claim(line("y", amount="497,99", receipt_ids=["q"])), False, id="amount"),
        pytest.param(claim(line("y", kind="bus", receipt_ids=["q"])), False, id="another kind"),
        pytest.param(
            claim(line("y", "p3", kind="bus", amount="7", receipt_ids=["r-x"])),
            True,
            id="the same file",
        ),
        pytest.param(
            claim(line("y", amount="0", receipt_ids=["r-x"])), False, id="it cost nothing"
        ),
    ],
)
@pytest.mark.parametrize("whose", ["earlier", "elsewhere"])
def test_line_that_stands_in_another_claim_is_held(
    there: ClaimIn, is_held: bool, whose: str
) -> None:
    judged = judge(claim(line("x")), **{whose: marks(there)})
    (own,) = judged.lines
    assert own.state is (LineState.HELD if is_held else LineState.APPROVED)
    assert own.like == (OTHER_CLAIM if is_held and whose == "earlier" else None)
    assert judged.elsewhere == ({"x": OTHER_CLAIM} if is_held and whose == "elsewhere" else {})


@pytest.mark.parametrize(
    ("given_line", "changes", "decided", "outcome", "counted_ore"),
    [
        pytest.param(
            line("x", receipt_ids=[], date="2026-09-10"),
            {},
            ruling("x", "approve"),
            *(("approved", "approved_by_staff"), 498_00),
            id="approved in spite of every hold",
        ),
        pytest.param(
            line("x"),
            {},
            ruling("x", "approve", approved_ore=400_00),
            *(("reduced", "reduced_by_staff"), 400_00),
            id="approved in part",
        ),
        pytest.param(
            line("x"),
            {},
            ruling("x", "approve", approved_ore=0),
            *(("reduced", "reduced_by_staff"), 0),
            id="nothing of it approved",
        ),
        pytest.param(
            line("x"),
            {},
            ruling("x", "approve", approved_ore=500_00),
            *(("approved", "approved_by_staff"), 498_00),
            id="never more than it cost",
        ),
        pytest.param(
            line("x"),
            {},
            ruling("x", "reject"),
            *(("rejected", "rejected_by_staff"), 0),
            id="rejected though in order",
        ),
        pytest.param(
            car("x", passengers=["Ukjent Person"]),
            {},
            ruling("x", "approve"),
            *(("approved", "approved_by_staff"), 756_00),
            id="passenger of another municipality accepted",
        ),
        pytest.param(
            car("x", date="2027-01-02"),
            {},
            ruling("x", "approve"),
            *(("held", "rate_unknown"), 0),
            id="an unknown rate cannot be approved",
        ),
        pytest.param(
            night("x"),
            {"programme": with_overnight(mode="central")},
            ruling("x", "approve"),
            *(("rejected", "night_booked_by_council"), 0),
            id="the rule itself cannot be lifted",
        ),
    ],
)
def test_people_decide_about_a_line(
    given_line: dict[str, object],
    changes: dict[str, Any],
    decided: LineRuling,
    outcome: tuple[str, str],
    counted_ore: int,
) -> None:
    judged = judge(claim(given_line), rulings=[decided], **changes)
    assert outcomes(judged) == {"x": outcome}
    assert (judged.lines[0].counted_ore, judged.lines[0].ruling) == (counted_ore, decided)


def test_duplicate_that_people_struck_is_no_cost_but_another_refusal_is() -> None:
    made = claim(line("a"), line("b"), line("c", amount="100,00"))
    judged = judge(made, rulings=[ruling("b", "reject"), ruling("c", "reject")])
    assert outcomes(judged)["b"] == ("rejected", "duplicate")
    assert outcomes(judged)["c"] == ("rejected", "rejected_by_staff")
    assert (judged.actual_ore, judged.council_ore, judged.municipality_ore) == (
        598_00,
        249_00,
        349_00,
    )


def test_copy_counts_when_the_line_it_repeats_is_struck() -> None:
    judged = judge(claim(line("a"), line("b")), rulings=[ruling("a", "reject")])
    assert outcomes(judged) == {
        "a": ("rejected", "duplicate"),
        "b": ("approved", "travel_covered"),
    }
    assert judged.actual_ore == 498_00


def test_ruling_on_a_line_that_does_not_exist_is_refused() -> None:
    unknown = [ruling("b", "approve"), ruling("a", "approve"), ruling("x", "approve")]
    with pytest.raises(UnknownLineError, match=r"^a, b$"):
        judge(claim(line("x")), rulings=unknown)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2025-12-31", "rate_unknown"),
        ("2026-01-01", "travel_covered"),
        ("2026-12-31", "travel_covered"),
        ("2027-01-01", "rate_unknown"),
    ],
)
def test_rate_holds_from_its_first_day_to_its_last(day: str, reason: str) -> None:
    on = date.fromisoformat(day)
    days = {"first_day": on, "last_day": on}
    judged = judge(claim(car("x", date=day)), gathering=gathering("S1").model_copy(update=days))
    assert outcomes(judged)["x"][1] == reason


def test_another_programme_needs_no_code() -> None:
    programme = another_programme()
    lines = [
        line("train", date="2028-03-06", amount="333,33"),
        car("car", "p2", date="2028-03-08"),
        line("late", "p3", date="2028-03-09"),
        *(night(f"n{n}", f"p{n}", date="2028-03-07") for n in (1, 2, 3)),
        night("n3-before", "p1", date="2028-03-05"),
    ]
    judged = judge(claim(*lines), programme=programme)
    assert outcomes(judged) == {
        "train": ("approved", "travel_covered"),
        "car": ("approved", "travel_covered"),
        "late": ("held", "outside_dates"),
        "n1": ("approved", "night_covered"),
        "n2": ("approved", "night_covered"),
        "n3": ("rejected", "over_night_persons"),
        "n3-before": ("rejected", "second_night"),
    }
    assert judged.share_percent == 60
    assert judged.council_ore == 200_00 + 439_20 + 2 * 1_595_00
    assert judged.actual_ore == 333_33 + 732_00 + 4 * 1_595_00
