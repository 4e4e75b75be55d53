import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.accounts import (
    AccountNumberError,
    NumberFault,
    OrganisationNumberError,
    format_account_number,
    is_kid,
    mask_account_number,
    parse_account_number,
    parse_organisation_number,
)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("12345678903", "12345678903"),
        ("1234.56.78903", "12345678903"),
        ("1234 56 78903", "12345678903"),
        (" 1234\u00a056\u202f78903\n", "12345678903"),
        ("9999 00 12349", "99990012349"),
    ],
)
def test_account_number_is_read_with_or_without_separators(text: str, digits: str) -> None:
    assert parse_account_number(text) == digits


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", NumberFault.EMPTY),
        (" . ", NumberFault.EMPTY),
        ("1234.56.7890x", NumberFault.NOT_DIGITS),
        ("NO9386011117947", NumberFault.NOT_DIGITS),
        ("\u0661" * 11, NumberFault.NOT_DIGITS),
        ("1234567890", NumberFault.WRONG_LENGTH),
        ("123456789031", NumberFault.WRONG_LENGTH),
        ("1234567", NumberFault.OLD_POSTAL_ACCOUNT),
        ("00000000000", NumberFault.OLD_POSTAL_ACCOUNT),
        ("12345678904", NumberFault.WRONG_CHECK_DIGIT),
        ("21345678903", NumberFault.WRONG_CHECK_DIGIT),
        ("12345600010", NumberFault.WRONG_CHECK_DIGIT),
    ],
)
def test_account_number_is_refused_with_its_reason(text: str, code: NumberFault) -> None:
    with pytest.raises(AccountNumberError) as refused:
        parse_account_number(text)
    assert refused.value.code == code
    assert "11 digits" in str(refused.value)


def test_account_number_is_shown_grouped_or_masked() -> None:
    assert format_account_number("12345678903") == "1234.56.78903"
    assert mask_account_number("12345678903") == "•••• •• •8903"


@pytest.mark.parametrize(
    "text",
    ["958935420", "958 935 420", "958\u00a0935\u00a0420", "NO 958 935 420 MVA", "no958935420mva"],
)
def test_organisation_number_is_read_as_people_write_it(text: str) -> None:
    assert parse_organisation_number(text) == "958935420"


@pytest.mark.parametrize("number", ["999999999", "310000000", "920817521", "829912252"])
def test_organisation_number_with_a_right_check_digit_is_kept(number: str) -> None:
    assert parse_organisation_number(number) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", NumberFault.EMPTY),
        ("NO MVA", NumberFault.EMPTY),
        ("Oslo kommune", NumberFault.NOT_DIGITS),
        ("95893542", NumberFault.WRONG_LENGTH),
        ("9589354200", NumberFault.WRONG_LENGTH),
        ("958935421", NumberFault.WRONG_CHECK_DIGIT),
    ],
)
def test_organisation_number_is_refused_with_its_reason(text: str, code: NumberFault) -> None:
    with pytest.raises(OrganisationNumberError) as refused:
        parse_organisation_number(text)
    assert refused.value.code == code
    assert "9 digits" in str(refused.value)


@given(st.from_regex(r"[1-9][0-9]{9}", fullmatch=True))
def test_at_most_one_check_digit_makes_an_account_number(stem: str) -> None:
    weighted = sum(int(d) * w for d, w in zip(stem, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    accepted = [digit for digit in "0123456789" if is_account(stem + digit)]
    assert accepted == {0: ["0"], 1: []}.get(weighted % 11, [str(11 - weighted % 11)])


@given(st.from_regex(r"[1-9][0-9]{9}", fullmatch=True), st.integers(0, 8))
def test_swapping_two_neighbouring_digits_breaks_an_account_number(stem: str, at: int) -> None:
    for digit in "0123456789":
        number = stem + digit
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        if number != swapped and is_account(number):
            assert not is_account(swapped)


def is_account(text: str) -> bool:
    try:
        return parse_account_number(text) == text
    except AccountNumberError:
        return False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1234567897", True, id="mod 10"),
        pytest.param("2345676", True, id="mod 10, odd length"),
        pytest.param("12345678903", True, id="mod 11"),
        pytest.param("1-", False, id="mod 11 of 1 is 9"),
        pytest.param("19", True, id="mod 11, two digits"),
        pytest.param("6-", True, id="mod 11 of 6 is ten, written as a dash"),
        pytest.param("1234567890", False, id="neither"),
        pytest.param("0" * 23 + "18", True, id="25 digits"),
        pytest.param("0" * 24 + "18", False, id="26 digits"),
        pytest.param("0", False, id="one digit"),
        pytest.param("", False, id="empty"),
        pytest.param("-6", False, id="dash first"),
        pytest.param("12 34567897", False, id="space"),
        pytest.param("1234567897\n", False, id="line end"),
        pytest.param("\u0661\u0669", False, id="digits of another script"),
    ],
)
def test_kid_is_judged_under_both_checks(text: str, expected: bool) -> None:
    assert is_kid(text) is expected


@given(st.from_regex(r"[0-9]{1,24}", fullmatch=True))
def test_each_stem_has_one_or_two_kids(stem: str) -> None:
    assert 1 <= sum(is_kid(stem + check) for check in "0123456789-") <= 2
