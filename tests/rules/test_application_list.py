"""Which applications staff see in the list, and in which order."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.application_list import (
    Listed,
    SizeBand,
    Sort,
    Wanted,
    choose,
    counties_of,
    listed,
    size_band,
)
from kulturkontor.application_rows import ApplicationRow, LetterMark, mail_digest
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import LetterState, PlaceState
from kulturkontor.municipalities import all_municipalities
from kulturkontor.paging import PAGE, page_of

AT = datetime(2026, 4, 1, 10, 0, tzinfo=UTC)
BERGEN, OSLO, TRONDHEIM, AURLAND, AALESUND = "4601", "0301", "5001", "4641", "1508"


def row(number: str, **changes: Any) -> ApplicationRow:
    usual: dict[str, Any] = {
        "id": f"id-of-{number}",
        "programme": "kifk2",
        "reference": f"KFK2-2026-{number}" if number else None,
        "kommunenummer": number,
        "state": ApplicationState.SUBMITTED,
        "late": False,
        "gaps": 0,
        "received": AT,
        "saved": AT,
        "language": "nb",
    }
    return ApplicationRow(**usual | changes)


def numbers(rows: list[Listed]) -> list[str]:
    return [each.row.kommunenummer for each in rows]


ROWS = listed(
    [
        row(BERGEN, mails=(mail_digest("kari@example.org"),)),
        row(OSLO, late=True, gaps=2, received=AT.replace(day=20)),
        row(
            TRONDHEIM,
            letters=(LetterMark(n=1, o="waitlisted", s=LetterState.RENDERED),),
            asked="answered",
        ),
        row(AURLAND, language="nn", suspect=True, place=PlaceState.DECLINED, asked="waiting"),
        row("", state=ApplicationState.DRAFT, received=None, gaps=5),
    ]
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [AURLAND, BERGEN, OSLO, TRONDHEIM, ""]),
        (Wanted(order="desc"), [TRONDHEIM, OSLO, BERGEN, AURLAND, ""]),
        (Wanted(q="tron"), [TRONDHEIM]),
        (Wanted(q="4601"), [BERGEN]),
        (Wanted(q="kfk2-2026-0301"), [OSLO]),
        (Wanted(q=" Kari@EXAMPLE.org"), [BERGEN]),
        (Wanted(q="kari"), []),
        (Wanted(q="per@example.org"), []),
        (Wanted(state="draft"), [""]),
        (Wanted(outcome="waitlisted"), [TRONDHEIM]),
        (Wanted(outcome="none"), [AURLAND, BERGEN, OSLO, ""]),
        (Wanted(county="Vestland"), [AURLAND, BERGEN]),
        (Wanted(size="small"), [AURLAND]),
        (Wanted(size="large"), [BERGEN, OSLO, TRONDHEIM]),
        (Wanted(language="nn"), [AURLAND]),
        (Wanted(complete="yes"), [AURLAND, BERGEN, TRONDHEIM]),
        (Wanted(complete="no"), [OSLO]),
        (Wanted(late="yes"), [OSLO]),
        (Wanted(late="no"), [AURLAND, BERGEN, TRONDHEIM, ""]),
        (Wanted(suspect="yes"), [AURLAND]),
        (Wanted(asked="waiting"), [AURLAND]),
        (Wanted(asked="answered"), [TRONDHEIM]),
        (Wanted(place="free"), [AURLAND]),
        (Wanted(place="declined"), [AURLAND]),
        (Wanted(county="Vestland", late="yes"), []),
        (Wanted(sort=Sort.RECEIVED), ["", AURLAND, BERGEN, TRONDHEIM, OSLO]),
        (Wanted(sort=Sort.RECEIVED, order="desc"), [OSLO, AURLAND, BERGEN, TRONDHEIM, ""]),
        (Wanted(sort=Sort.POPULATION, order="desc"), [OSLO, BERGEN, TRONDHEIM, AURLAND, ""]),
        (Wanted(sort=Sort.STATE), ["", AURLAND, BERGEN, OSLO, TRONDHEIM]),
        (Wanted(sort="nothing we know"), [AURLAND, BERGEN, OSLO, TRONDHEIM, ""]),
        (Wanted(state="nothing we know"), []),
    ],
    ids=str,
)
def test_the_list_holds_what_is_asked_for_in_that_order(wanted: Wanted, found: list[str]) -> None:
    assert numbers(choose(ROWS, wanted)) == found


def test_municipalities_stand_in_the_order_of_the_norwegian_alphabet() -> None:
    rows = listed([row(each) for each in (AALESUND, OSLO, AURLAND, "3240")])
    names = [each.municipality and each.municipality.name for each in choose(rows, Wanted())]
    assert names == ["Aurland", "Eidsvoll", "Oslo", "Ålesund"]


def test_two_applications_of_a_municipality_stand_beside_each_other() -> None:
    second = row(OSLO, id="another", reference="KFK2-2026-0301-B", received=AT.replace(day=2))
    rows = listed([second, row(TRONDHEIM), row(OSLO), row(BERGEN)])
    references = [each.row.reference for each in choose(rows, Wanted())]
    assert references == [
        "KFK2-2026-4601",
        "KFK2-2026-0301",
        "KFK2-2026-0301-B",
        "KFK2-2026-5001",
    ]


def test_counties_are_listed_once_in_norwegian_order() -> None:
    rows = listed([row(each) for each in (AALESUND, OSLO, BERGEN, AURLAND, TRONDHEIM)])
    assert counties_of(rows) == ["Møre og Romsdal", "Oslo", "Trøndelag", "Vestland"]


@pytest.mark.parametrize(
    ("population", "band"),
    [
        (0, SizeBand.SMALL),
        (4_999, SizeBand.SMALL),
        (5_000, SizeBand.MEDIUM),
        (19_999, SizeBand.MEDIUM),
        (20_000, SizeBand.LARGE),
    ],
)
def test_a_municipality_is_small_below_5_000_and_large_from_20_000(
    population: int, band: SizeBand
) -> None:
    assert size_band(population) is band


COUNTRY = listed([row(each.kommunenummer) for each in all_municipalities()])


@given(page=st.integers(-3, 20), sort=st.sampled_from(Sort), order=st.sampled_from(["", "desc"]))
def test_the_pages_hold_every_row_once(page: int, sort: Sort, order: str) -> None:
    rows = choose(COUNTRY, Wanted(sort=sort, order=order))
    first = page_of(rows, 1)
    pages = [page_of(rows, number) for number in range(1, first.pages + 1)]
    assert [each for one in pages for each in one.rows] == rows
    assert {len(one.rows) for one in pages[:-1]} == {PAGE}
    asked = page_of(rows, page)
    assert asked == pages[min(max(page, 1), first.pages) - 1]
    assert asked.total == len(COUNTRY)


def test_an_empty_list_has_one_empty_page() -> None:
    assert page_of([], 7) == ([], 1, 1, 0)
