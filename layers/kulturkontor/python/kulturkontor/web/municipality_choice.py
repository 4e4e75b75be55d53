"""Choosing a municipality: the list to choose from, and what is known of the chosen one."""

from functools import cache

from kulturkontor.municipalities import (
    Municipality,
    UnknownMunicipalityError,
    WrittenForm,
    all_municipalities,
    municipality,
)
from kulturkontor.programme import Language
from kulturkontor.web.answers import text

WRITTEN_FORMS: dict[WrittenForm, str] = {"bokmål": "nb", "nynorsk": "nn", "nøytral": "neutral"}
"""The key of each form's words."""


@cache
def listed_names() -> tuple[str, ...]:
    """Every municipality as it stands in a list to search, in Norwegian order."""
    return tuple(each.listed_name for each in all_municipalities())


@cache
def _known() -> tuple[tuple[str, str], ...]:
    return tuple((each.kommunenummer, each.listed_name) for each in all_municipalities())


def municipality_options(chosen: str) -> tuple[tuple[str, str], ...]:
    """Every municipality by name and county, and what was chosen if it is none of them."""
    known = _known()
    if not chosen or any(number == chosen for number, _ in known):
        return known
    return ((chosen, chosen), *known)


def known_municipality(text: str) -> Municipality | None:
    """The municipality of that number; a draft may say something else, or nothing yet."""
    try:
        return municipality(text)
    except UnknownMunicipalityError:
        return None


def place_in_words(kommunenummer: str, language: Language) -> str:
    """Organisation number, county and written form; empty for what is no municipality."""
    place = known_municipality(kommunenummer)
    if place is None:
        return ""
    number = place.organisation_number
    return text(
        language,
        "apply.place",
        name=place.letter_name,
        orgnr="\N{NO-BREAK SPACE}".join((number[:3], number[3:6], number[6:])),
        county=place.county,
        form=text(language, f"written_form.{WRITTEN_FORMS[place.written_form]}"),
    )
