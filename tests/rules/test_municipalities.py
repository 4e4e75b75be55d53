import csv
from collections import Counter
from importlib.resources import files

import pytest

from kulturkontor.accounts import parse_organisation_number
from kulturkontor.municipalities import (
    UnknownMunicipalityError,
    all_municipalities,
    find_municipality,
    municipality,
)


def test_the_register_has_each_municipality_of_2026_once():
    every = all_municipalities()

    assert len(every) == 357
    assert len({each.kommunenummer for each in every}) == 357
    assert len({each.official_name for each in every}) == 357
    assert len({each.organisation_number for each in every}) == 357


def test_every_organisation_number_passes_its_check_digit():
    numbers = [each.organisation_number for each in all_municipalities()]

    assert [parse_organisation_number(number) for number in numbers] == numbers


def test_the_counties_have_as_many_municipalities_as_the_national_register_says():
    assert Counter(each.county for each in all_municipalities()) == {
        "Oslo": 1,
        "Rogaland": 23,
        "Møre og Romsdal": 27,
        "Nordland": 41,
        "Østfold": 12,
        "Akershus": 21,
        "Buskerud": 18,
        "Innlandet": 46,
        "Vestfold": 6,
        "Telemark": 17,
        "Agder": 25,
        "Vestland": 43,
        "Trøndelag": 38,
        "Troms": 21,
        "Finnmark": 18,
    }


def test_the_county_number_begins_the_municipality_number():
    assert [
        each.kommunenummer
        for each in all_municipalities()
        if not each.kommunenummer.startswith(each.county_number)
    ] == []


def test_the_written_forms_add_up_to_the_totals_of_sprakradet():
    assert Counter(each.written_form for each in all_municipalities()) == {
        "bokmål": 119,
        "nynorsk": 88,
        "nøytral": 150,
    }


def test_the_population_adds_up_to_the_national_figure():
    assert sum(each.population for each in all_municipalities()) == 5_550_203


def test_municipalities_stand_in_norwegian_alphabetical_order():
    names = [each.official_name for each in all_municipalities()]

    assert names[:2] == ["Aarborte - Hattfjelldal", "Alstahaug"]
    assert names[-3:] == ["Ås", "Åseral", "Åsnes"]


def test_three_municipalities_are_addressed_as_herad():
    herad = [each for each in all_municipalities() if each.letter_name.endswith(" herad")]

    assert [each.letter_name for each in herad] == ["Kvam herad", "Ulvik herad", "Voss herad"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("4601", "4601", id="number"),
        pytest.param(" 0301 ", "0301", id="leading_zero_and_space"),
        pytest.param("958935420", "0301", id="organisation_number"),
        pytest.param("958 935 420", "0301", id="organisation_number_in_groups"),
        pytest.param("NO 958\u00a0935\u00a0420 MVA", "0301", id="as_on_an_invoice"),
        pytest.param("Bergen", "4601", id="name"),
        pytest.param("bergen kommune", "4601", id="letter_name"),
        pytest.param("A\u030al", "3328", id="decomposed_ring"),
        pytest.param("Kautokeino", "5612", id="norwegian_name"),
        pytest.param("Guovdageaidnu - Kautokeino", "5612", id="official_name"),
        pytest.param("Herøy (Nordland)", "1818", id="official_name_that_tells_them_apart"),
    ],
)
def test_a_municipality_is_found_by_what_people_type(typed: str, number: str):
    assert find_municipality(typed) == municipality(number)


@pytest.mark.parametrize(
    ("typed", "code", "hint"),
    [
        pytest.param("", "not_found", "", id="empty"),
        pytest.param("9999", "not_found", "", id="no_such_number"),
        pytest.param("999999999", "not_found", "", id="no_such_unit"),
        pytest.param("Stockholm", "not_found", "", id="no_such_name"),
        pytest.param("3025", "old_number", "3203 Asker", id="viken"),
        pytest.param("3803", "old_number", "3905 Tønsberg", id="vestfold_og_telemark"),
        pytest.param("5401", "old_number", "5501 Tromsø", id="troms_og_finnmark"),
        pytest.param("0220", "old_number", "3203 Asker", id="before_2020"),
        pytest.param("1201", "old_number", "4601 Bergen", id="hordaland"),
        pytest.param("1601", "old_number", "5001 Trondheim - Tråante", id="before_2018"),
        pytest.param("1507", "old_number", "1508 Ålesund, 1580 Haram", id="split_in_two"),
        pytest.param("944 382 038", "old_number", "3203 Asker", id="dissolved_unit"),
        pytest.param("944020977", "old_number", "1506 Molde", id="another_dissolved_unit"),
        pytest.param(
            "herøy",
            "ambiguous_name",
            "1515 Herøy (Møre og Romsdal), 1818 Herøy (Nordland)",
            id="two_are_called_heroy",
        ),
        pytest.param(
            "Våler kommune",
            "ambiguous_name",
            "3419 Våler (Innlandet), 3114 Våler (Østfold)",
            id="two_are_called_vaaler",
        ),
    ],
)
def test_what_names_no_single_municipality_is_refused_with_a_hint(typed: str, code: str, hint: str):
    with pytest.raises(UnknownMunicipalityError) as refusal:
        find_municipality(typed)

    assert (refusal.value.code, refusal.value.hint) == (code, hint)


def test_a_number_that_is_not_of_today_is_not_a_stored_one():
    with pytest.raises(UnknownMunicipalityError):
        municipality("3025")


def test_each_old_number_is_old_and_its_successor_is_of_today_by_number_and_name():
    text = (files("kulturkontor") / "registers" / "old_numbers.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    today = {each.kommunenummer for each in all_municipalities()}

    assert [row for row in rows if row["old_number"] in today] == []
    assert [municipality(row["present_number"]).name for row in rows] == [
        row["present_name"] for row in rows
    ]
    assert len({row["old_number"] for row in rows}) == 483
