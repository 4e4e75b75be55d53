from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.money import (
    LARGEST_ORE,
    AmountError,
    AmountFault,
    decimal_comma,
    decimal_point,
    format_kroner,
    parse_kroner,
    share,
    to_ore,
)

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
amounts = st.integers(min_value=0, max_value=LARGEST_ORE)


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("0", 0),
        ("0,01", 1),
        ("1234,5", 123450),
        ("1 234,50", 123450),
        (f"1{NBSP}234,50", 123450),
        (f"1{NARROW_NBSP}234,50{NBSP}kr", 123450),
        ("1.234,50", 123450),
        ("1234.50", 123450),
        ("1234.5", 123450),
        ("kr 1 234,-", 123400),
        ("kr. 1 234,50", 123450),
        ("1.234,-", 123400),
        ("1234,\u2013", 123400),
        ("1234 kr", 123400),
        ("NOK 1234", 123400),
        ("KR 12", 1200),
        ("  7  ", 700),
        ("1.234.567", 123456700),
        ("1.234.567,89", 123456789),
        ("1 234 567,8", 123456780),
        ("0000000000012", 1200),
        ("99 999 999,99", LARGEST_ORE),
    ],
)
def test_amount_is_read_as_people_type_it(text: str, ore: int) -> None:
    assert parse_kroner(text) == ore


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", AmountFault.EMPTY),
        (f" {NBSP}\t", AmountFault.EMPTY),
        ("kr", AmountFault.NOT_A_NUMBER),
        ("tolv", AmountFault.NOT_A_NUMBER),
        ("12,5,0", AmountFault.NOT_A_NUMBER),
        ("12 34", AmountFault.NOT_A_NUMBER),
        ("1 2345", AmountFault.NOT_A_NUMBER),
        ("1,234.50", AmountFault.NOT_A_NUMBER),
        ("12,", AmountFault.NOT_A_NUMBER),
        (",50", AmountFault.NOT_A_NUMBER),
        ("1e3", AmountFault.NOT_A_NUMBER),
        ("\u0661\u0662", AmountFault.NOT_A_NUMBER),
        ("=1+1", AmountFault.NOT_A_NUMBER),
        ("1.234", AmountFault.AMBIGUOUS),
        ("kr 12.345", AmountFault.AMBIGUOUS),
        ("999.999", AmountFault.AMBIGUOUS),
        ("1,234", AmountFault.TOO_MANY_DECIMALS),
        ("0.123", AmountFault.TOO_MANY_DECIMALS),
        ("1234.567", AmountFault.TOO_MANY_DECIMALS),
        ("1.234,567", AmountFault.TOO_MANY_DECIMALS),
        ("-1", AmountFault.NEGATIVE),
        ("\u2212 12,50", AmountFault.NEGATIVE),
        ("kr -12,50", AmountFault.NEGATIVE),
        ("100 000 000", AmountFault.TOO_LARGE),
        ("9" * 5000, AmountFault.TOO_LARGE),
    ],
)
def test_amount_that_cannot_be_read_is_refused_with_its_reason(
    text: str, code: AmountFault
) -> None:
    with pytest.raises(AmountError) as refused:
        parse_kroner(text)
    assert refused.value.code == code


def test_refusal_says_what_to_write() -> None:
    assert {str(AmountError(code)) for code in AmountFault} == {
        "write an amount, such as 1234,50",
        "write the amount in digits, such as 1234,50",
        "a point and three digits can be kroner or øre: write 1234 or 1,23",
        "write at most two digits after the decimal comma",
        "write an amount that is not below zero",
        "write an amount of at most 99999999 kroner",
    }


@given(amounts)
def test_amount_survives_being_written_and_read(ore: int) -> None:
    assert parse_kroner(format_kroner(ore)) == ore
    assert parse_kroner(decimal_comma(ore)) == ore
    assert parse_kroner(decimal_point(ore)) == ore


@given(st.text(alphabet="0123456789., -kr\u00a0'"))
def test_whatever_is_typed_gives_an_amount_in_bounds_or_a_refusal(text: str) -> None:
    with suppress(AmountError):
        assert 0 <= parse_kroner(text) <= LARGEST_ORE


@pytest.mark.parametrize(
    ("ore", "shown", "comma", "point"),
    [
        (0, "0,00 kr", "0,00", "0.00"),
        (5, "0,05 kr", "0,05", "0.05"),
        (-5, "-0,05 kr", "-0,05", "-0.05"),
        (123450, "1 234,50 kr", "1234,50", "1234.50"),
        (-123450, "-1 234,50 kr", "-1234,50", "-1234.50"),
        (100000000, "1 000 000,00 kr", "1000000,00", "1000000.00"),
    ],
)
def test_amount_is_written_for_people_spreadsheets_and_banks(
    ore: int, shown: str, comma: str, point: str
) -> None:
    assert format_kroner(ore) == shown.replace(" ", NBSP)
    assert decimal_comma(ore) == comma
    assert decimal_point(ore) == point


@pytest.mark.parametrize(
    ("ore", "percent", "expected"),
    [
        pytest.param(33333, 50, 16667, id="half an øre goes up"),
        pytest.param(1, 50, 1, id="one øre halved is one øre"),
        pytest.param(2, 50, 1, id="exact"),
        pytest.param(234500, 50, 117250, id="worked example 1, first traveller"),
        pytest.param(189050, 50, 94525, id="worked example 1, second traveller"),
        pytest.param(49800, 50, 24900, id="worked example 3, first payout"),
        pytest.param(111000, 50, 55500, id="worked example 3, entitlement"),
        pytest.param(149, 33, 49, id="below the half goes down"),
        pytest.param(150, 33, 50, id="at the half goes up"),
        pytest.param(33333, 0, 0, id="no share"),
        pytest.param(33333, 100, 33333, id="the whole"),
        pytest.param(-1, 50, 0, id="minus half an øre goes up to zero"),
        pytest.param(-33333, 50, -16666, id="a credit rounds up too"),
    ],
)
def test_share_is_rounded_half_up(ore: int, percent: int, expected: int) -> None:
    assert share(ore, percent) == expected


def test_share_of_three_travellers_is_rounded_for_each_and_not_for_the_sum() -> None:
    assert sum(share(33333, 50) for _ in range(3)) == 50001


@given(amounts, st.integers(min_value=0, max_value=100))
def test_share_agrees_with_decimal_arithmetic(ore: int, percent: int) -> None:
    exact = Decimal(ore) * percent / 100
    assert share(ore, percent) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(min_value=-LARGEST_ORE, max_value=LARGEST_ORE), st.integers(0, 100))
def test_share_is_at_most_half_an_ore_off_and_never_below_the_exact_half(
    ore: int, percent: int
) -> None:
    excess = share(ore, percent) - Fraction(ore * percent, 100)
    assert Fraction(-1, 2) < excess <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "rate", "ore"),
    [
        ("100", "11.4325", 114325),
        ("10.01", "11.25", 11261),
        ("0.01", "0.5", 1),
        ("0.01", "0.499999999999999999999999999999", 0),
        ("250", "1.0355", 25888),
        ("0", "11.4325", 0),
    ],
)
def test_foreign_amount_becomes_ore_half_up(amount: str, rate: str, ore: int) -> None:
    assert to_ore(Decimal(amount), Decimal(rate)) == ore
