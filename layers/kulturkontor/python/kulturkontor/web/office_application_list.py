"""The list of applications: chosen and sorted by its address, shown page by page, and carried out
as a file. A row has no personal data.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from kulturkontor.actions.decide import read_rows
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
from kulturkontor.applications import ApplicationState
from kulturkontor.days import format_moment
from kulturkontor.decisions import Outcome
from kulturkontor.paging import page_of
from kulturkontor.web.office_answers import Answer, as_json, file, page
from kulturkontor.web.office_bars import open_rows
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.reviewers_view import only_assesses

_YES_NO: Final = ("yes", "no")
_COLUMNS: Final = (
    "reference",
    "municipality",
    "number",
    "county",
    "population",
    "language",
    "state",
    "gaps",
    "late",
    "suspect",
    "asked",
    "received",
    "outcome",
    "rank",
    "place",
    "group",
)
_OF_DECISIONS: Final = frozenset({"asked", "outcome", "rank", "place", "group"})
"""Columns that only those who decide have."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_list(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    every = listed(open_rows(visit, rows))
    wanted = _wanted(visit)
    number = visit.query("page")
    shown = page_of(choose(every, wanted), int(number) if number.isdigit() else 1)
    return page(
        visit,
        "applications",
        wanted=wanted,
        shown=shown,
        count_of_all=len(every),
        count_of_closed=len(rows) - len(every),
        only_assesses=only_assesses(visit),
        is_chosen=wanted != Wanted(sort=wanted.sort, order=wanted.order),
        choices={
            "state": list(ApplicationState),
            "outcome": [*Outcome, "none"],
            "size": list(SizeBand),
            "language": ("nb", "nn"),
            "complete": _YES_NO,
            "late": _YES_NO,
            "suspect": _YES_NO,
            "asked": ("waiting", "answered"),
        },
        counties=counties_of(every),
        sorts=list(Sort),
        query=lambda **changes: _query(wanted, changes),
    )


def show_list_json(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    shown = open_rows(visit, rows)
    told = [_as_told(each) for each in choose(listed(shown), _wanted(visit))]
    return as_json(told, closed=len(rows) - len(shown))


def export_list(visit: Visit) -> Answer:
    """What is shown, all its pages; `as`: `csv` or `xlsx`."""
    kind = visit.query("as")
    if kind not in ("csv", "xlsx"):
        raise OfficeError(404, "unknown")
    # Here, not above: only who carries the list out needs them.
    from kulturkontor.finance_csv import write_csv
    from kulturkontor.plain_sheet import write_sheet

    hidden = _OF_DECISIONS if only_assesses(visit) else frozenset[str]()
    headings = {name: _say(visit, f"column.{name}") for name in _COLUMNS if name not in hidden}
    cells = (_as_cells(visit, each) for each in _chosen(visit))
    rows = [{name: each[name] for name in headings} for each in cells]
    name = f"{visit.programme.id}-{visit.now:%Y-%m-%d}.{kind}"
    if kind == "csv":
        said = [{column: str(cell) for column, cell in row.items()} for row in rows]
        return file(write_csv(headings, said), name=name, media_type="text/csv; charset=utf-8")
    title = say(visit.language, "menu.applications")
    data = write_sheet(headings, rows, title=title, made_at=visit.now)
    return file(data, name=name, media_type=_XLSX)


def _wanted(visit: Visit) -> Wanted:
    said = {name: visit.query(name) for name in Wanted._fields}
    return Wanted(**{name: value for name, value in said.items() if value})


def _chosen(visit: Visit) -> list[Listed]:
    rows = open_rows(visit, read_rows(visit.programme, visit.records))
    return choose(listed(rows), _wanted(visit))


def _query(wanted: Wanted, changes: Mapping[str, Any]) -> str:
    """The address of the same list with something else asked for."""
    defaults = Wanted()._asdict()
    said = {**wanted._asdict(), **{name: str(value) for name, value in changes.items()}}
    return urlencode({name: each for name, each in said.items() if each != defaults.get(name, "")})


def _as_told(each: Listed) -> dict[str, Any]:
    place = each.municipality
    return {
        **each.row.model_dump(mode="json", exclude={"mails"}),
        "municipality": place.official_name if place else None,
        "county": place.county if place else None,
        "population": place.population if place else None,
        "size": size_band(place.population) if place else None,
    }


def _as_cells(visit: Visit, each: Listed) -> dict[str, str | int]:
    row, place, language = each.row, each.municipality, visit.language
    return {
        "reference": row.reference or "",
        "municipality": place.official_name if place else "",
        "number": row.kommunenummer,
        "county": place.county if place else "",
        "population": place.population if place else "",
        "language": say(language, f"languages.{row.language}"),
        "state": say(language, f"states.{row.state}"),
        "gaps": row.gaps if row.reference else "",
        "late": _yes(visit, row.late),
        "suspect": _yes(visit, row.suspect),
        "asked": say(language, f"asked_states.{row.asked}") if row.asked else "",
        "received": _moment(row.received, visit),
        "outcome": say(language, f"outcomes.{row.outcome or 'none'}"),
        "rank": row.rank or "",
        "place": say(language, f"places.{row.place}") if row.place else "",
        "group": row.group or "",
    }


def _yes(visit: Visit, is_so: bool) -> str:
    return say(visit.language, "base.yes") if is_so else ""


def _moment(at: datetime | None, visit: Visit) -> str:
    return format_moment(at, visit.language) if at else ""


def _say(visit: Visit, key: str) -> str:
    return say(visit.language, f"list.{key}")


ROUTES: Final[dict[str, Handler]] = {
    "GET /applications": show_list,
    "GET /applications/export": export_list,
    "GET /api/applications": show_list_json,
}
