"""The municipalities of today, and finding one by what people type.

Source: `registers/municipalities.csv` (357 rows, SSB Klass 131 at 2026-01-01); old numbers from
`registers/old_numbers.csv`. A name is not a key: two are called Herøy and two Våler.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kulturkontor.days import alphabetical

WrittenForm = Literal["bokmål", "nynorsk", "nøytral"]

_NUMBER = re.compile(r"(NO)?([0-9]{4}|[0-9]{9})(MVA)?", re.IGNORECASE)


class Municipality(BaseModel):
    """One municipality. `official_name` is unique; `letter_name` is how a letter addresses it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kommunenummer: str
    name: str
    official_name: str
    letter_name: str
    county_number: str
    county: str
    organisation_number: str
    written_form: WrittenForm
    population: int
    mail_domain: str
    mailbox: str

    @property
    def listed_name(self) -> str:
        """With its county, as it stands in lists to choose from; no two are the same."""
        county = f" ({self.county})"
        return f"{self.official_name.removesuffix(county)}{county}"


class UnknownMunicipality(StrEnum):
    """Why a text names no municipality; the pages have a sentence for each."""

    NOT_FOUND = "not_found"
    OLD_NUMBER = "old_number"
    AMBIGUOUS_NAME = "ambiguous_name"


class UnknownMunicipalityError(ValueError):
    """The text names no single municipality of today.

    `hint` lists the candidates as "3203 Asker" (comma between several), or is empty.
    """

    def __init__(self, code: UnknownMunicipality, hint: str = "") -> None:
        super().__init__(
            f"choose a municipality from the list ({code}{': ' + hint if hint else ''})"
        )
        self.code = code
        self.hint = hint


@cache
def all_municipalities() -> tuple[Municipality, ...]:
    """Every municipality of today in the order of the Norwegian alphabet."""
    found = (_municipality_of(row) for row in _rows("municipalities.csv"))
    return tuple(sorted(found, key=lambda each: alphabetical(each.official_name)))


def municipality(kommunenummer: str) -> Municipality:
    """The municipality of that number, as stored in a record; raises UnknownMunicipalityError."""
    found = _by_number().get(kommunenummer)
    if found is None:
        raise UnknownMunicipalityError(UnknownMunicipality.NOT_FOUND)
    return found


def find_municipality(text: str) -> Municipality:
    """By kommunenummer, organisation number or unambiguous name, as typed.

    Spaces, a leading "NO" and a trailing "MVA" are accepted. Raises UnknownMunicipalityError.
    """
    number = _NUMBER.fullmatch("".join(text.split()))
    return _find_by_number(number[2]) if number else _find_by_name(text)


def _find_by_number(number: str) -> Municipality:
    if found := _by_number().get(number):
        return found
    successors = _successors().get(number, ())
    code = UnknownMunicipality.OLD_NUMBER if successors else UnknownMunicipality.NOT_FOUND
    raise UnknownMunicipalityError(code, _list(successors))


def _find_by_name(text: str) -> Municipality:
    candidates = _by_name().get(_name_key(text), ())
    if len(candidates) == 1:
        return candidates[0]
    code = UnknownMunicipality.AMBIGUOUS_NAME if candidates else UnknownMunicipality.NOT_FOUND
    raise UnknownMunicipalityError(code, _list(candidates))


def _list(candidates: Iterable[Municipality]) -> str:
    return ", ".join(f"{each.kommunenummer} {each.official_name}" for each in candidates)


@cache
def _by_number() -> Mapping[str, Municipality]:
    return {
        number: each
        for each in all_municipalities()
        for number in (each.kommunenummer, each.organisation_number)
    }


@cache
def _by_name() -> Mapping[str, tuple[Municipality, ...]]:
    names = defaultdict[str, tuple[Municipality, ...]](tuple)
    for each in all_municipalities():
        known_by = (each.name, each.official_name, each.letter_name, each.listed_name)
        for name in {_name_key(text) for text in (*known_by, f"{each.name} ({each.county})")}:
            names[name] += (each,)
    return names


@cache
def _successors() -> Mapping[str, tuple[Municipality, ...]]:
    """What became of each old number, most often one; where it was split, all of them."""
    successors = defaultdict[str, tuple[Municipality, ...]](tuple)
    for row in _rows("old_numbers.csv"):
        successors[row["old_number"]] += (municipality(row["present_number"]),)
    return successors


def _name_key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _municipality_of(row: Mapping[str, str]) -> Municipality:
    return Municipality.model_validate(
        {
            "kommunenummer": row["kommunenummer"],
            "name": row["navn"],
            "official_name": row["navn_ssb_2026"],
            "letter_name": row["brevnavn"],
            "county_number": row["fylkesnummer"],
            "county": row["fylke"],
            "organisation_number": row["organisasjonsnummer"],
            "written_form": row["malform"],
            "population": row["folketall_2024_01_01"],
            "mail_domain": row["epost_domene"],
            "mailbox": row["epost_postmottak"],
        }
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("kulturkontor") / "registers" / name).read_text("utf-8")
    return csv.DictReader(text.splitlines())
