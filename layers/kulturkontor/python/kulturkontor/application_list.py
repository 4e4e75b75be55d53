"""The list of applications as staff look at it: which rows, in which order, and page by page.

A programme's rows are read in one query; they are chosen, sorted and counted in memory. A row holds
no personal data: a contact is found by the digest of an address, never by a name.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from kulturkontor.application_rows import ApplicationRow, mail_digest
from kulturkontor.applications import ApplicationState
from kulturkontor.days import alphabetical
from kulturkontor.municipalities import Municipality, municipality

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class SizeBand(StrEnum):
    """By inhabitants: fewer than 5,000, fewer than 20,000, more.

    Source: Statistics Norway's grouping of municipalities in KOSTRA: små, mellomstore, store.
    """

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Sort(StrEnum):
    MUNICIPALITY = "municipality"
    RECEIVED = "received"
    POPULATION = "population"
    STATE = "state"


class Listed(NamedTuple):
    """A row of the list with its municipality; a draft may not have chosen one."""

    row: ApplicationRow
    municipality: Municipality | None


class Wanted(NamedTuple):
    """What is asked for; an empty text asks for all. Each is a part of the list's address."""

    q: str = ""
    """Reference, municipality or its number, or a whole e-mail address."""
    state: str = ""
    outcome: str = ""
    """`none`: not decided."""
    county: str = ""
    size: str = ""
    language: str = ""
    complete: str = ""
    """`yes` or `no`; a draft is neither."""
    late: str = ""
    suspect: str = ""
    asked: str = ""
    """Whether staff have asked for more: `waiting`, `answered`."""
    place: str = ""
    """`free`: may be offered on."""
    sort: str = Sort.MUNICIPALITY
    order: str = ""
    """`desc` turns it round."""


def size_band(population: int) -> SizeBand:
    if population < 5_000:
        return SizeBand.SMALL
    return SizeBand.MEDIUM if population < 20_000 else SizeBand.LARGE


def listed(rows: Iterable[ApplicationRow]) -> list[Listed]:
    return [
        Listed(row, municipality(row.kommunenummer) if row.kommunenummer else None) for row in rows
    ]


def choose(rows: Iterable[Listed], wanted: Wanted) -> list[Listed]:
    """What is asked for, in the order that is asked for; what has no municipality comes last."""
    found = [each for each in rows if _is_wanted(each, wanted)]
    by_name = sorted(found, key=_name)
    if wanted.sort == Sort.MUNICIPALITY:
        named = [each for each in by_name if each.municipality]
        rest = [each for each in by_name if not each.municipality]
        return [*(reversed(named) if wanted.order == "desc" else named), *rest]
    key = _KEYS.get(wanted.sort)
    return sorted(by_name, key=key, reverse=wanted.order == "desc") if key else by_name


def counties_of(rows: Iterable[Listed]) -> list[str]:
    """In the order of the Norwegian alphabet."""
    return sorted(
        {each.municipality.county for each in rows if each.municipality}, key=alphabetical
    )


def _is_wanted(each: Listed, wanted: Wanted) -> bool:
    row, place = each.row, each.municipality
    said = {
        "state": str(row.state),
        "outcome": row.outcome or "none",
        "county": place.county if place else "",
        "size": size_band(place.population) if place else "",
        "language": row.language,
        "complete": _yes_no(not row.gaps) if row.reference else "",
        "late": _yes_no(row.late),
        "suspect": _yes_no(row.suspect),
        "asked": row.asked,
    }
    asked_for = wanted._asdict()
    return (
        all(asked_for[name] in ("", value) for name, value in said.items())
        and _has_place(row, wanted.place)
        and _is_found(each, wanted.q)
    )


def _has_place(row: ApplicationRow, place: str) -> bool:
    if place == "free":
        return row.has_free_place
    return place in ("", row.place or "")


def _is_found(each: Listed, q: str) -> bool:
    if "@" in q:
        return mail_digest(q) in each.row.mails
    row, place = each.row, each.municipality
    names = (place.official_name, place.kommunenummer) if place else ()
    return q.casefold() in " ".join((row.reference or "", *names)).casefold()


def _yes_no(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _name(each: Listed) -> tuple[bool, tuple[str, str], str]:
    place, row = each.municipality, each.row
    name = place.official_name if place else ""
    return place is None, alphabetical(name), row.reference or row.id


_STATES: Final = list(ApplicationState)
_KEYS: Final[dict[str, Callable[[Listed], Any]]] = {
    Sort.RECEIVED: lambda each: each.row.received or _LONG_AGO,
    Sort.POPULATION: lambda each: each.municipality.population if each.municipality else -1,
    Sort.STATE: lambda each: _STATES.index(each.row.state),
}
