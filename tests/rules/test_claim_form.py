"""What a claim may look like when it comes in, and the words for its faults and its outcomes."""

from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kulturkontor.claim_fields import NOT_COVERED, ClaimFault, LineKind
from kulturkontor.claim_form import PYDANTIC_FAULTS, ClaimIn, FieldError, field_errors
from kulturkontor.judgement import JudgedLine, LineState, ReasonCode
from kulturkontor.programme import Language
from kulturkontor.reasons import reason_text
from kulturkontor.word_lists import word_list
from tests.rules.claim_factory import (
    ACCOUNT,
    body,
    car,
    claim,
    judge,
    line,
    person,
)

NATIONAL_ID = "311239 99188"
FOREIGN = {
    "amount": "",
    "currency": "SEK",
    "foreign_amount": "1 234,50",
    "rate": "0,9871",
    "rate_date": "2026-09-24",
    "rate_source": "Norges Bank",
}


def faults(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        ClaimIn.model_validate(body(*_lines(changes), **changes))
    return [(each.path, each.code) for each in field_errors(refused.value)]


def _lines(changes: dict[str, Any]) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = changes.pop("lines", [line("x")])
    return lines


def line_faults(**changes: object) -> list[tuple[str, str]]:
    return faults(lines=[line("x") | changes])


def test_claim_comes_in_as_people_type_it() -> None:
    made = claim(
        line("l1", amount=" 1 234,50 ", route="Oslo S –  Gardermoen", note="\ttur/\nretur "),
        car("l2", kilometres="120,5", passengers=["Prøve Person 2"]),
        line("l3", **FOREIGN),
        account_number="1234.56.78903",
        kid=" ",
    )
    first, second, third = made.lines
    assert (first.route, first.note) == ("Oslo S – Gardermoen", "tur/ retur")
    assert second.kilometres == Decimal("120.5")
    assert (third.amount, third.rate, third.rate_date) == (None, "0.9871", date(2026, 9, 24))
    assert (made.account_number, made.kid) == (ACCOUNT, None)


@pytest.mark.parametrize("kilometres", ["120,5", "120.5", " 120,5 km", 120.5, Decimal("120.5")])
def test_kilometres_are_read_in_any_form(kilometres: object) -> None:
    assert claim(car("x", kilometres=kilometres)).lines[0].kilometres == Decimal("120.5")


def test_claim_without_costs_needs_no_account() -> None:
    made = claim(account_number="")
    assert (made.lines, made.account_number, made.no_cost) == ((), "", True)


def test_claim_reads_the_same_after_it_was_stored() -> None:
    made = claim(line("l1"), car("l2", passengers=["p2"]), line("l3", **FOREIGN))
    assert ClaimIn.model_validate_json(made.model_dump_json()) == made
    assert ClaimIn.model_validate(made.model_dump()) == made


def test_everything_wrong_with_the_fields_is_told_at_once() -> None:
    assert faults(
        lines=[line("x", kind="meals", amount="1.234", date="2026-02-30"), line("y", amount="-5")],
        account_number="1234567",
        kid="12345",
        vat="perhaps",
        declared=False,
        colour="red",
    ) == [
        ("lines.0.kind", "line_kind_not_covered"),
        ("lines.0.date", "day"),
        ("lines.0.amount", "amount_ambiguous"),
        ("lines.1.amount", "amount_negative"),
        ("account_number", "account_number"),
        ("kid", "kid"),
        ("vat", "literal_error"),
        ("declared", "not_declared"),
        ("colour", "extra_forbidden"),
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"amount": ""}, ("amount", "amount_empty"), id="no amount"),
        pytest.param({"amount": "kr"}, ("amount", "amount_not_a_number"), id="no sum"),
        pytest.param({"amount": "gratis"}, ("amount", "amount_not_a_number"), id="words"),
        pytest.param({"amount": "1,234"}, ("amount", "amount_too_many_decimals"), id="decimals"),
        pytest.param({"amount": "100 000 000"}, ("amount", "amount_too_large"), id="too large"),
        pytest.param({"amount": 498}, ("amount", "string_type"), id="a number, not text"),
        pytest.param({"kind": "rocket"}, ("kind", "line_kind"), id="unknown kind"),
        pytest.param({"date": 20260924}, ("date", "day"), id="a day as a number"),
        pytest.param({"date": "2026-W39-4"}, ("date", "day"), id="a day as a week"),
        pytest.param({"id": "a b"}, ("id", "string_pattern_mismatch"), id="id with a space"),
        pytest.param({"participant": "p9"}, ("participant", "unknown_participant"), id="nobody"),
        pytest.param({"route": "x" * 201}, ("route", "string_too_long"), id="long route"),
        pytest.param({"note": NATIONAL_ID}, ("note", "national_id"), id="national id in a note"),
        pytest.param({"kilometres": "10"}, ("kilometres", "only_for_car"), id="km by train"),
        pytest.param({"passengers": ["p2"]}, ("passengers", "only_for_car"), id="train passenger"),
        pytest.param({"receipt_ids": ["r"] * 11}, ("receipt_ids", "too_long"), id="11 receipts"),
        pytest.param({"receipt_ids": "r"}, ("receipt_ids", "tuple_type"), id="not a list"),
        pytest.param(
            FOREIGN | {"currency": "NOK"}, ("currency", "currency"), id="NOK is not foreign"
        ),
        pytest.param(FOREIGN | {"currency": "kr"}, ("currency", "currency"), id="no ISO code"),
        pytest.param(FOREIGN | {"rate": "0,0"}, ("rate", "rate"), id="rate of nothing"),
        pytest.param(FOREIGN | {"rate": ""}, ("rate", "currency_incomplete"), id="no rate"),
        pytest.param(
            FOREIGN | {"rate_source": None}, ("rate_source", "currency_incomplete"), id="no source"
        ),
        pytest.param(
            FOREIGN | {"foreign_amount": "1.234"},
            ("foreign_amount", "amount_ambiguous"),
            id="foreign amount to be read in two ways",
        ),
        pytest.param(FOREIGN | {"amount": "10"}, ("rate", "amount_and_rate"), id="both ways"),
    ],
)
def test_faulty_line_is_refused_at_its_field(
    changes: dict[str, object], told: tuple[str, str]
) -> None:
    field, code = told
    assert line_faults(**changes) == [(f"lines.0.{field}", code)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"kilometres": ""}, ("kilometres", "kilometres"), id="no kilometres"),
        pytest.param({"kilometres": "0"}, ("kilometres", "kilometres"), id="no distance"),
        pytest.param({"kilometres": "1,25"}, ("kilometres", "kilometres"), id="two decimals"),
        pytest.param({"kilometres": "5001"}, ("kilometres", "kilometres"), id="too far"),
        pytest.param({"amount": "10"}, ("amount", "amount_of_car"), id="an amount of its own"),
        pytest.param(
            {"passengers": ["p2", "p1"]}, ("passengers.1", "passenger_is_driver"), id="self"
        ),
        pytest.param(
            {"passengers": ["p2", "prøve  PERSON 1"]},
            ("passengers.1", "passenger_is_driver"),
            id="self, by another spelling",
        ),
        pytest.param(
            {"kind": "passenger"}, ("passengers", "passengers_missing"), id="supplement for nobody"
        ),
        pytest.param(
            {"kind": "passenger", "passengers": ["p2"], "amount": "10"},
            ("amount", "amount_of_car"),
            id="supplement with an amount of its own",
        ),
        pytest.param(
            {"kind": "passenger", "passengers": ["p2"], "kilometres": None},
            ("kilometres", "kilometres"),
            id="supplement without kilometres",
        ),
    ],
)
def test_faulty_car_line_is_refused_at_its_field(
    changes: dict[str, object], told: tuple[str, str]
) -> None:
    field, code = told
    assert faults(lines=[car("x") | changes]) == [(f"lines.0.{field}", code)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"lines": [], "no_cost": False}, ("lines", "no_lines"), id="no lines"),
        pytest.param(
            {"no_cost": True}, ("no_cost", "lines_despite_no_cost"), id="free, with lines"
        ),
        pytest.param({"no_cost": "nei"}, ("no_cost", "bool_parsing"), id="neither yes nor no"),
        pytest.param({"no_cost": []}, ("no_cost", "bool_type"), id="a list for yes or no"),
        pytest.param({"account_number": ""}, ("account_number", "account_number"), id="no account"),
        pytest.param({"account_number": 1}, ("account_number", "string_type"), id="not text"),
        pytest.param(
            {"participants": [person(1, id="\ud800")]},
            ("participants.0.id", "string_unicode"),
            id="half a character",
        ),
        pytest.param({"participants": 1}, ("participants", "tuple_type"), id="no list"),
        pytest.param({"participants": [1]}, ("participants.0", "model_type"), id="no participant"),
        pytest.param(
            {"participants": [person(1, name=" ")]},
            ("participants.0.name", "string_too_short"),
            id="no name",
        ),
        pytest.param(
            {"participants": [person(1, name=f"Prøve {NATIONAL_ID}")]},
            ("participants.0.name", "national_id"),
            id="national id in a name",
        ),
        pytest.param(
            {"participants": [{"id": "p1"}]}, ("participants.0.name", "missing"), id="name missing"
        ),
        pytest.param(
            {"participants": [person(1), person(1)]},
            ("participants.1.id", "id_twice"),
            id="same id",
        ),
        pytest.param(
            {"participants": [person(n) for n in range(41)]}, ("participants", "too_long"), id="41"
        ),
        pytest.param({"lines": [line("x"), line("x")]}, ("lines.1.id", "id_twice"), id="same line"),
    ],
)
def test_faulty_claim_is_refused_at_its_field(
    changes: dict[str, object], told: tuple[str, str]
) -> None:
    assert faults(**changes) == [told]


def test_claim_without_participants_is_refused() -> None:
    assert faults(participants=[], lines=[], no_cost=True) == [("participants", "no_participants")]


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        pytest.param({}, [("lines.1.kind", "supplement_twice")], id="same person and day"),
        pytest.param({"date": "2026-09-25"}, [], id="another day"),
        pytest.param({"participant": "p3"}, [], id="another driver"),
    ],
)
def test_supplement_is_claimed_once(extra: dict[str, object], told: list[tuple[str, str]]) -> None:
    lines = [car("a", passengers=["p2"]), car("b", kind="passenger", passengers=["p2"]) | extra]
    if told:
        assert faults(lines=lines) == told
    else:
        assert len(claim(*lines).lines) == 2


@pytest.mark.parametrize(
    "kind", [*sorted(NOT_COVERED), "Per-diem", "HOTEL EXTRAS", "Ma\u030altid", " Lønn "]
)
def test_what_the_municipality_pays_itself_gets_an_answer_of_its_own(kind: str) -> None:
    assert line_faults(kind=kind) == [("lines.0.kind", "line_kind_not_covered")]


def say(error: FieldError, language: Language) -> str:
    template: str = word_list(language, "claim_errors")[error.code]
    return template.format_map(error.values)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    st.sampled_from([*ClaimIn.model_fields, *(f"line.{each}" for each in line("x") | FOREIGN)]),
    JUNK,
)
def test_every_fault_of_whatever_comes_in_has_its_words(field: str, junk: object) -> None:
    where, _, of_line = field.rpartition(".")
    changed = body(line("x") | {of_line: junk}) if where else body(line("x")) | {field: junk}
    try:
        ClaimIn.model_validate(changed)
    except ValidationError as refused:
        for each in field_errors(refused):
            assert say(each, "nb").endswith(".")
            assert say(each, "nn").endswith(".")


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


CODES = {
    "claim_errors": {*map(str, ClaimFault), *PYDANTIC_FAULTS},
    "claim_reasons": set(map(str, ReasonCode)),
}


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_code_has_its_words_and_no_words_are_left_over(name: str, language: Language) -> None:
    assert set(word_list(language, name)) == CODES[name]


@pytest.mark.parametrize("name", CODES)
def test_both_written_forms_mention_the_same_values(name: str) -> None:
    assert {code: slots(text) for code, text in word_list("nb", name).items()} == {
        code: slots(text) for code, text in word_list("nn", name).items()
    }


@pytest.mark.parametrize("reason", ReasonCode)
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_reason_can_be_said(reason: ReasonCode, language: Language) -> None:
    judged = JudgedLine(
        line_id="x",
        participant="p1",
        kind=LineKind.TRAIN,
        state=LineState.HELD,
        reason=reason,
        actual_ore=0,
        counted_ore=0,
    )
    said = reason_text(judged, rules=judge(claim(car("x"))).rules, language=language)
    assert said.endswith(".")
    assert "{" not in said


def test_fault_mentions_its_limit() -> None:
    with pytest.raises(ValidationError) as refused:
        claim(line("x", route="x" * 201))
    (error,) = field_errors(refused.value)
    assert error == FieldError("lines.0.route", "string_too_long", {"max_length": "200"})
    assert say(error, "nb") == "Teksten er for lang. Bruk høyst 200 tegn."
    assert say(error, "nn") == "Teksten er for lang. Bruk høgst 200 teikn."
