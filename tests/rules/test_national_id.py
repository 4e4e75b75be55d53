"""Numbers of people who cannot exist: born in 2039, or the test numbers of Tenor and NAV."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.national_id import contains_national_id

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def with_control_digits(nine: str) -> str | None:
    digits = [int(each) for each in nine]
    for weights in (FIRST, SECOND):
        control = -sum(a * b for a, b in zip(digits, weights, strict=True)) % 11
        if control == 10:
            return None
        digits.append(control)
    return "".join(str(each) for each in digits)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("31123999188", id="together"),
        pytest.param("311239 99188", id="in two groups"),
        pytest.param("31.12.39 991 88", id="as a date and groups"),
        pytest.param("311239\u00a099188", id="with a hard space"),
        pytest.param("311239-99188", id="with a hyphen"),
        pytest.param("fnr:31123999188, ring meg", id="within a sentence"),
        pytest.param("71123999090", id="D-number"),
        pytest.param("01819012012", id="synthetic of Tenor"),
        pytest.param("55856740012", id="synthetic D-number of Tenor"),
        pytest.param("15489021185", id="synthetic of NAV"),
    ],
)
def test_a_national_id_is_found(text: str) -> None:
    assert contains_national_id(text) is True


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("31123999187", id="second control digit wrong"),
        pytest.param("31123999198", id="first control digit wrong"),
        pytest.param("3112399918", id="ten digits"),
        pytest.param("311239991880", id="twelve digits"),
        pytest.param("131123999188", id="within a longer number"),
        pytest.param("00000000000", id="no such day"),
        pytest.param("12345678903", id="account number"),
        pytest.param("Tog Oslo–Gardermoen 24.09.2026, 1 234,50 kr", id="ordinary text"),
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert contains_national_id(text) is False


@given(
    day=st.integers(1, 28),
    month=st.integers(1, 12),
    year=st.integers(0, 99),
    individual=st.integers(0, 999),
    is_d_number=st.booleans(),
)
def test_any_valid_number_is_found_and_its_neighbour_is_not(
    day: int, month: int, year: int, individual: int, is_d_number: bool
) -> None:
    stem = f"{day + 40 * is_d_number:02d}{month + 80:02d}{year:02d}{individual:03d}"
    number = with_control_digits(stem)
    if number is not None:
        assert contains_national_id(f"se {number}.") is True
        assert contains_national_id(number[:-1] + str((int(number[-1]) + 1) % 10)) is False
