from datetime import UTC, date, datetime, timedelta
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.days import (
    add_bank_days,
    add_working_days,
    alphabetical,
    format_date,
    format_days,
    format_moment,
    format_weekday_date,
    holidays,
    is_bank_day,
    is_working_day,
    next_bank_day,
)
from kulturkontor.programme import OSLO

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (
            2026,
            "01-01 04-02 04-03 04-05 04-06 05-01 05-14 05-17 05-24 05-25 12-25 12-26",
        ),
        (
            2027,
            "01-01 03-25 03-26 03-28 03-29 05-01 05-06 05-16 05-17 12-25 12-26",
        ),
    ],
)
def test_holidays_are_those_of_the_calendar(year: int, expected: str) -> None:
    assert holidays(year) == {date.fromisoformat(f"{year}-{day}") for day in expected.split()}


@pytest.mark.parametrize(
    "easter",
    [
        *("1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20"),
        *("2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25", "2049-04-18", "2076-04-19"),
    ],
)
def test_movable_holidays_follow_easter_sunday(easter: str) -> None:
    sunday = date.fromisoformat(easter)
    around = {sunday + timedelta(days=offset) for offset in (-3, -2, 0, 1, 39, 49, 50)}
    fixed = {date(sunday.year, *day) for day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    assert holidays(sunday.year) == fixed | around


@pytest.mark.parametrize(
    ("day", "working", "bank"),
    [
        pytest.param("2026-04-01", True, True, id="Wednesday before Maundy Thursday"),
        pytest.param("2026-04-02", False, False, id="Maundy Thursday"),
        pytest.param("2026-04-04", False, False, id="Saturday"),
        pytest.param("2026-04-05", False, False, id="Sunday"),
        pytest.param("2026-05-15", True, True, id="squeezed Friday"),
        pytest.param("2026-12-23", True, True, id="23 December"),
        pytest.param("2026-12-24", True, False, id="Christmas Eve"),
        pytest.param("2026-12-31", True, False, id="New Year's Eve"),
        pytest.param("2027-05-17", False, False, id="Whit Monday and 17 May"),
    ],
)
def test_day_is_a_working_day_and_a_bank_day(day: str, working: bool, bank: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is working
    assert is_bank_day(date.fromisoformat(day)) is bank


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-12", "2026-10-12"),
        ("2026-10-10", "2026-10-12"),
        ("2026-04-02", "2026-04-07"),
        ("2026-12-24", "2026-12-28"),
        ("2026-12-31", "2027-01-04"),
    ],
)
def test_next_bank_day_is_the_day_itself_or_the_first_after(day: str, expected: str) -> None:
    assert next_bank_day(date.fromisoformat(day)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        pytest.param("2026-10-12", 2, "2026-10-14", id="inside a week"),
        pytest.param("2026-10-15", 2, "2026-10-19", id="over a weekend"),
        pytest.param("2026-10-17", 1, "2026-10-19", id="from a Saturday"),
        pytest.param("2026-10-17", 0, "2026-10-19", id="none from a Saturday"),
        pytest.param("2026-10-16", 0, "2026-10-16", id="none from a Friday"),
        pytest.param("2026-03-31", 2, "2026-04-07", id="over Easter"),
        pytest.param("2026-05-13", 1, "2026-05-15", id="over Ascension Day"),
        pytest.param("2028-05-16", 1, "2028-05-18", id="over 17 May"),
        pytest.param("2026-12-23", 2, "2026-12-29", id="over Christmas"),
        pytest.param("2026-12-30", 1, "2027-01-04", id="over New Year"),
    ],
)
def test_bank_days_are_counted_from_the_day_after(day: str, n: int, expected: str) -> None:
    assert add_bank_days(date.fromisoformat(day), n) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "n", "skip_july", "expected"),
    [
        pytest.param("2026-06-29", 5, False, "2026-07-06", id="July counts"),
        pytest.param("2026-06-29", 5, True, "2026-08-06", id="July does not count"),
        pytest.param("2026-06-30", 1, True, "2026-08-03", id="last day of June"),
        pytest.param("2026-07-10", 0, True, "2026-08-03", id="none from within July"),
        pytest.param("2026-12-23", 1, False, "2026-12-24", id="Christmas Eve is a working day"),
        pytest.param("2026-05-13", 2, False, "2026-05-18", id="over Ascension"),
    ],
)
def test_working_days_are_counted_with_or_without_july(
    day: str, n: int, skip_july: bool, expected: str
) -> None:
    counted = add_working_days(date.fromisoformat(day), n, skip_july=skip_july)
    assert counted == date.fromisoformat(expected)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_bank_days(date(2026, 10, 12), -1)


@given(days, st.integers(1, 30))
def test_exactly_n_bank_days_lie_after_the_day_and_up_to_the_result(day: date, n: int) -> None:
    result = add_bank_days(day, n)
    passed = [day + timedelta(days=offset) for offset in range(1, (result - day).days + 1)]
    assert is_bank_day(result)
    assert sum(is_bank_day(each) for each in passed) == n


def test_dates_are_written_in_both_written_forms() -> None:
    day = date(2026, 4, 30)
    assert format_date(day, "nb") == format_date(day, "nn") == "30. april 2026"
    assert format_weekday_date(day, "nb") == "torsdag 30. april 2026"
    assert [format_weekday_date(date(2026, 9, each), "nn") for each in (21, 22, 26, 27)] == [
        "måndag 21. september 2026",
        "tysdag 22. september 2026",
        "laurdag 26. september 2026",
        "søndag 27. september 2026",
    ]
    assert format_weekday_date(date(2026, 9, 26), "nb") == "lørdag 26. september 2026"


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_months_have_their_names(language: str) -> None:
    assert " ".join(format_date(date(2026, m, 1), language).split()[1] for m in range(1, 13)) == (
        "januar februar mars april mai juni juli august september oktober november desember"
    )


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-09-24", "2026-09-24", "24. september 2026"),
        ("2026-09-24", "2026-09-25", "24.\u201325. september 2026"),
        ("2026-09-30", "2026-10-01", "30. september \u2013 1. oktober 2026"),
        ("2026-12-31", "2027-01-01", "31. desember 2026 \u2013 1. januar 2027"),
        ("2026-09-24", "2027-09-25", "24. september 2026 \u2013 25. september 2027"),
    ],
)
def test_days_are_written_as_one_range(first: str, last: str, expected: str) -> None:
    written = format_days(date.fromisoformat(first), date.fromisoformat(last), "nb")
    assert written == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2026, 4, 13, 21, 59, 59, tzinfo=UTC), "13. april 2026 kl. 23.59.59"),
        (datetime(2026, 4, 13, 22, 0, tzinfo=UTC), "14. april 2026 kl. 00.00.00"),
        (datetime(2026, 12, 1, 8, 5, 7, tzinfo=OSLO), "1. desember 2026 kl. 08.05.07"),
    ],
)
def test_moment_is_told_in_oslo_time(instant: datetime, expected: str) -> None:
    assert format_moment(instant, "nb", seconds=True) == expected
    assert format_moment(instant, "nn") == expected[:-3]


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        format_moment(datetime(2026, 4, 13, 23, 59), "nb")  # noqa: DTZ001 - the case


def test_names_are_sorted_by_the_norwegian_alphabet() -> None:
    in_order = [
        "Aasen",
        "Alta",
        "Deatnu",
        "Đeatnu x",
        "Herøy",
        "Kárášjohka",
        "Karasjok",
        "Nore og Uvdal",
        "Nøtterøy",
        "Raane",
        "Rana",
        "Šibmi",
        "Stïentje",
        "Stjørdal",
        "Våler",
        "Yykeä",
        "Ås",
    ]
    assert sorted(set(in_order), key=alphabetical) == in_order
    assert sorted(["Ål", "Øyer", "Ærø", "Zed", "ås"], key=alphabetical) == [
        *("Zed", "Ærø", "Øyer", "Ål", "ås"),
    ]


def test_letters_in_two_parts_sort_as_the_whole_letter() -> None:
    assert alphabetical("A\u030as") == alphabetical("\u00c5s")
    assert alphabetical("Kárášjohka") < alphabetical("Karasjok") < alphabetical("Kåfjord")


@given(st.text(max_size=5))
def test_order_does_not_depend_on_how_letters_are_composed(text: str) -> None:
    assert alphabetical(normalize("NFD", text)) == alphabetical(normalize("NFC", text))
