"""Why a line waits: each reason by itself, and what settles it."""

from typing import Any

import pytest

from kulturkontor.judgement import ReasonCode
from kulturkontor.reasons import reason_text
from tests.rules.claim_cases import cancelled, ruling, with_overnight, with_travel
from tests.rules.claim_factory import car, claim, judge, line, night, person, receipt, receipts_of

SEK = {
    "amount": None,
    "currency": "SEK",
    "foreign_amount": "845,00",
    "rate_date": "2026-09-20",
    "rate_source": "Norges Bank",
}
JPEG = {"r-x": receipt("r-x", media_type="image/jpeg")}


def extra(line_id: str, participant: str = "p1", **changes: object) -> dict[str, object]:
    """The supplement for a passenger as a line of its own, unless said otherwise."""
    usual = {"kind": "passenger", "passengers": ["p2"]}
    return car(line_id, participant, **(usual | changes))


def reasons(*lines: dict[str, object], **facts: Any) -> dict[str, list[str]]:
    return {
        each.line_id: [each.state.value, each.reason.value, *map(str, each.also)]
        for each in judge(claim(*lines), **facts).lines
    }


@pytest.mark.parametrize(
    ("given_line", "facts", "told"),
    [
        pytest.param(
            line("x"), {"gathering": cancelled()}, ["gathering_cancelled"], id="cancelled gathering"
        ),
        pytest.param(
            night("x"), {"withdrawn": True}, ["municipality_withdrawn"], id="withdrawn municipality"
        ),
        pytest.param(
            line("x"), {"absent": ["p1"]}, ["participant_dropped_out"], id="dropped out, by id"
        ),
        pytest.param(
            line("x"),
            {"absent": ["prøve person  1"]},
            ["participant_dropped_out"],
            id="dropped out, by name",
        ),
        pytest.param(
            line("x"),
            {"gathering": cancelled(), "withdrawn": True, "absent": ["p1"], "registered": []},
            [
                "gathering_cancelled",
                "municipality_withdrawn",
                "participant_dropped_out",
                "not_registered",
            ],
            id="everything at once",
        ),
        pytest.param(
            line("x", kind="travel_total"),
            {"receipts": JPEG},
            ["bill_not_pdf"],
            id="the bill is a picture",
        ),
        pytest.param(
            line("x", kind="travel_total", receipt_ids=[]),
            {},
            ["receipt_missing"],
            id="no bill",
        ),
        pytest.param(
            line("x", kind="taxi"),
            {"programme": with_travel(taxi_needs_reason=True)},
            ["taxi_without_reason"],
            id="taxi without a reason, where one is needed",
        ),
        pytest.param(line("x", **SEK, rate="98,71"), {}, ["rate_per_hundred"], id="per 100 units"),
        pytest.param(
            line("x", **SEK, rate="10,00000001"), {}, ["rate_per_hundred"], id="just above"
        ),
        pytest.param(extra("x"), {}, ["supplement_without_car"], id="supplement without a car"),
        pytest.param(
            extra("x", date="2027-01-02"), {}, ["rate_unknown"], id="supplement of a day to come"
        ),
    ],
)
def test_line_is_held_and_an_approval_lifts_all_but_an_unknown_rate(
    given_line: dict[str, object], facts: dict[str, Any], told: list[str]
) -> None:
    assert reasons(given_line, **facts) == {"x": ["held", *told]}
    ruled = reasons(given_line, **facts, rulings=[ruling("x", "approve")])
    is_lifted = told != ["rate_unknown"]
    assert ruled == {"x": ["approved", "approved_by_staff"] if is_lifted else ["held", *told]}


@pytest.mark.parametrize(
    ("given_line", "facts"),
    [
        pytest.param(line("x", kind="travel_total"), {}, id="the bill is a PDF"),
        pytest.param(
            line("x", kind="travel_total", receipt_ids=["r-x", "pdf"]),
            {"receipts": JPEG | {"pdf": receipt("pdf")}},
            id="one of the bill's files is a PDF",
        ),
        pytest.param(night("x"), {"receipts": JPEG}, id="a picture of the hotel's bill"),
        pytest.param(line("x", kind="taxi"), {}, id="taxi where no reason is needed"),
        pytest.param(
            line("x", kind="taxi", note="Siste buss var gått"),
            {"programme": with_travel(taxi_needs_reason=True)},
            id="taxi with its reason",
        ),
        pytest.param(line("x", **SEK, rate="10"), {}, id="rate at the limit"),
        pytest.param(
            line("x", **(SEK | {"currency": "EUR"}), rate="11,43"), {}, id="currency without limit"
        ),
        pytest.param(
            line("x", **(SEK | {"amount": "834,10"})), {}, id="as charged, so no rate to doubt"
        ),
        pytest.param(line("x", kind="parking"), {"absent": ["p2"]}, id="another dropped out"),
        pytest.param(line("x", kind="travel_total", amount="0", receipt_ids=[]), {}, id="free"),
    ],
)
def test_line_in_order_is_approved(given_line: dict[str, object], facts: dict[str, Any]) -> None:
    kind = "night" if given_line["kind"] == "overnight" else "travel"
    assert reasons(given_line, **facts) == {"x": ["approved", f"{kind}_covered"]}


@pytest.mark.parametrize(
    ("kind", "is_free"),
    [
        ("train", True),
        ("bus", True),
        ("boat", True),
        ("parking", True),
        ("toll", True),
        ("taxi", False),
        ("flight", False),
        ("travel_total", False),
        ("overnight", False),
    ],
)
def test_small_fares_alone_may_go_without_a_receipt(kind: str, is_free: bool) -> None:
    lenient = with_travel(receipt_free_up_to_ore=100_00)
    small = line("x", kind=kind, amount="100,00", receipt_ids=[])
    (state, *_) = reasons(small, programme=lenient)["x"]
    assert state == ("approved" if is_free else "held")


def test_small_fares_are_looked_at_one_by_one() -> None:
    lenient = with_travel(receipt_free_up_to_ore=100_00)
    fares = [line(f"b{n}", kind="bus", amount=f"9{n},00", receipt_ids=[]) for n in range(5)]
    assert {state for state, *_ in reasons(*fares, programme=lenient).values()} == {"approved"}


def test_supplement_of_its_own_costs_as_much_as_one_in_the_car() -> None:
    apart = judge(claim(car("a"), extra("b", passengers=["p2", "p3"])))
    together = judge(claim(car("a", passengers=["p2", "p3"])))
    assert [each.ore_per_km for each in apart.lines] == [530, 100]
    assert apart.council_ore == together.council_ore == 378_00


def test_supplement_counts_for_passengers_of_ours_only() -> None:
    judged = judge(claim(car("a"), extra("b", passengers=["Ukjent Person"])))
    extra_line = judged.lines[1]
    assert (extra_line.state, extra_line.reason) == ("reduced", "passenger_not_registered")
    assert (extra_line.actual_ore, extra_line.counted_ore) == (120_00, 0)
    assert judged.municipality_ore == 318_00 + 120_00


@pytest.mark.parametrize(
    ("kilometres", "told"),
    [
        pytest.param("120", ["approved", "travel_covered"], id="as far as the car went"),
        pytest.param("120,1", ["held", "supplement_without_car"], id="farther than the car went"),
    ],
)
def test_supplement_goes_no_farther_than_the_car(kilometres: str, told: list[str]) -> None:
    assert reasons(car("a"), extra("b", kilometres=kilometres))["b"] == told


def test_supplements_of_a_day_are_taken_together() -> None:
    found = reasons(
        car("out", kilometres="70"),
        car("home", kilometres="50,5"),
        extra("b", kilometres="70"),
        extra("c", kilometres="51"),
        extra("other-day", date="2026-09-25", kilometres="1"),
    )
    assert [found[each][1] for each in ("b", "c", "other-day")] == ["supplement_without_car"] * 3


def test_struck_car_takes_its_supplement_with_it() -> None:
    ruled = reasons(car("a"), extra("b"), rulings=[ruling("a", "reject")])
    assert ruled["b"] == ["held", "supplement_without_car"]


def test_passenger_named_on_a_line_of_its_own_drives_nowhere_else_that_day() -> None:
    found = reasons(car("a"), extra("b"), car("c", "p2", kilometres="40"))
    assert found["c"] == ["held", "passenger_claims_car"]


def test_price_above_the_limit_is_split_and_the_rest_is_the_municipalitys() -> None:
    capped = with_overnight(max_ore_per_night=1_500_00)
    judged = judge(claim(night("dear"), night("cheap", "p2", amount="1500,00")), programme=capped)
    dear, cheap = judged.lines
    assert (dear.state, dear.reason, dear.counted_ore) == ("reduced", "over_night_price", 1_500_00)
    assert (cheap.state, cheap.reason, cheap.counted_ore) == (
        "approved",
        "night_covered",
        1_500_00,
    )
    assert (judged.council_ore, judged.municipality_ore) == (3_000_00, 95_00)
    assert "1\u00a0500,00\u00a0kr" in reason_text(dear, language="nb", rules=judged.rules)


@pytest.mark.parametrize(
    ("decided", "reason", "counted_ore"),
    [
        pytest.param(
            ruling("x", "approve"), "over_night_price", 1_500_00, id="approved: within the limit"
        ),
        pytest.param(
            ruling("x", "approve", approved_ore=1_595_00),
            *("approved_by_staff", 1_595_00),
            id="approved with its amount: the limit is lifted",
        ),
        pytest.param(
            ruling("x", "approve", approved_ore=1_000_00),
            *("reduced_by_staff", 1_000_00),
            id="approved with less",
        ),
    ],
)
def test_limit_of_a_night_holds_until_people_name_an_amount(
    decided: object, reason: str, counted_ore: int
) -> None:
    capped = with_overnight(max_ore_per_night=1_500_00)
    judged = judge(claim(night("x")), programme=capped, rulings=[decided])
    assert (judged.lines[0].reason, judged.council_ore) == (reason, counted_ore)


@pytest.mark.parametrize(
    ("given_line", "facts", "told"),
    [
        pytest.param(line("x"), {}, [], id="in order"),
        pytest.param(line("x", receipt_ids=[]), {}, ["receipt_missing"], id="held anyway"),
        pytest.param(car("x", date="2027-01-02"), {}, ["rate_unknown"], id="rate unknown"),
        pytest.param(
            night("x"), {"programme": with_overnight(mode="central")}, [], id="not the council's"
        ),
    ],
)
def test_question_holds_the_line_with_what_else_speaks_against_it(
    given_line: dict[str, object], facts: dict[str, Any], told: list[str]
) -> None:
    asked = ruling("x", "ask", reason="Hvilken dag reiste dere?")
    judged = judge(claim(given_line, line("y", "p2")), rulings=[asked], **facts)
    question = judged.lines[0]
    assert [question.reason, *question.also] == ["asked_by_staff", *told]
    assert question.ruling == asked
    assert judged.council_ore == 249_00
    said = reason_text(question, language="nb", rules=judged.rules)
    assert said.endswith(" Hvilken dag reiste dere?")


def test_comment_for_the_council_never_reaches_the_result() -> None:
    decided = ruling("x", "reject", internal="Ringte hotellet, se sak 7")
    judged = judge(claim(line("x")), rulings=[decided])
    assert judged.lines[0].ruling == decided.model_copy(update={"internal": ""})
    assert "sak 7" not in judged.model_dump_json()


def test_what_others_claim_is_not_shown_to_the_municipality() -> None:
    shown = judge(claim(line("x"))).shown()
    assert not {"known", "elsewhere"} & type(shown).model_fields.keys()
    assert shown.council_ore == 249_00


@pytest.mark.parametrize(
    ("people", "registered", "held"),
    [
        pytest.param(["Kari Hansen", "kari  hansen"], ["Kari Hansen"], ["p2"], id="by name, once"),
        pytest.param(["Kari Hansen", "Kari Hansen"], ["p2", "Kari Hansen"], ["p1"], id="by id"),
        pytest.param(["Kari Hansen", "Kari Hansen"], ["p1", "p2"], [], id="two of that name"),
        pytest.param(["Kari Hansen", "Kari"], ["Kari Hansen"], ["p2"], id="half a name"),
    ],
)
def test_one_registration_is_one_person(
    people: list[str], registered: list[str], held: list[str]
) -> None:
    made = claim(
        line("x1", "p1"),
        line("x2", "p2", kind="bus"),
        participants=[person(n, name=name) for n, name in enumerate(people, start=1)],
    )
    judged = judge(made, registered=registered)
    assert [
        each.participant for each in judged.lines if each.reason is ReasonCode.NOT_REGISTERED
    ] == held


def test_same_person_entered_twice_is_seen_as_one() -> None:
    made = claim(
        line("a", "p1"),
        line("b", "p2", receipt_ids=["r-b"]),
        participants=[person(1, name="Kari Hansen"), person(2, name="Hansen, KARI")],
    )
    judged = judge(made, receipts=receipts_of(made))
    assert [each.like for each in judged.lines] == [None, "a"]
