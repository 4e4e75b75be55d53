"""What lies on the table when people come: the list they sign, and their badges, as PDF.

Those who may come are in them: whoever said no is not. In Norwegian order, by municipality and
name.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from kulturkontor.applications import Application
from kulturkontor.check_ins import expected
from kulturkontor.days import alphabetical, format_days, format_weekday_date
from kulturkontor.municipalities import municipality
from kulturkontor.people import Participant
from kulturkontor.printing import as_printable, set_pdf
from kulturkontor.programme import Gathering, Language, Programme
from kulturkontor.texts import phrase
from kulturkontor.word_lists import word_list

_FOLDER = "gathering_template"
_SLOT = "gathering"


class Guest(NamedTuple):
    municipality: str
    person: Participant


def guests(applications: Iterable[Application], gathering: Gathering) -> list[Guest]:
    """Who may come, in the order of the papers."""
    found = []
    for application in applications:
        here = municipality(application.kommunenummer).official_name
        ids = set(expected(application, gathering))
        found += [Guest(here, each) for each in application.participants if each.id in ids]
    return sorted(
        found,
        key=lambda each: (alphabetical(each.municipality), alphabetical(each.person.name)),
    )


def print_sign_in(
    coming: Iterable[Guest],
    gathering: Gathering,
    programme: Programme,
    language: Language,
    *,
    at: datetime,
) -> bytes:
    """The list that everybody signs, with room for a signature for each day."""
    data = sign_in_data(coming, gathering, programme, language)
    return set_pdf(f"{_FOLDER}/sign_in.typ", _SLOT, data, at=at)


def print_badges(
    coming: Iterable[Guest],
    gathering: Gathering,
    programme: Programme,
    language: Language,
    *,
    at: datetime,
) -> bytes:
    """Ten badges on each sheet."""
    data = badge_data(coming, gathering, programme, language)
    return set_pdf(f"{_FOLDER}/badges.typ", _SLOT, data, at=at)


def sign_in_data(
    coming: Iterable[Guest], gathering: Gathering, programme: Programme, language: Language
) -> dict[str, Any]:
    words = word_list(language, "gathering_papers")["sign_in"]
    rows = [[each.person.name, each.municipality] for each in coming]
    days = (gathering.last_day - gathering.first_day).days + 1
    dates = [gathering.first_day + timedelta(days=number) for number in range(days)]
    data = {
        "language": language,
        "organiser": programme.organiser,
        "title": words["title"].format(number=gathering.number),
        "about": f"{format_days(gathering.first_day, gathering.last_day, language)}, "
        f"{gathering.place}",
        "count": words["count"].format(count=len(rows)),
        "name": words["name"],
        "municipality": words["municipality"],
        "days": [words["day"].format(day=_short(each, language)) for each in dates],
        "rows": rows,
        "footer": words["footer"].format(
            programme=programme.name[language], number=gathering.number
        ),
        "page_label": phrase(language, "letter_page", page="{page}", pages="{pages}"),
    }
    return as_printable(data, language)


def badge_data(
    coming: Iterable[Guest], gathering: Gathering, programme: Programme, language: Language
) -> dict[str, Any]:
    words = word_list(language, "gathering_papers")["badges"]
    data = {
        "language": language,
        "organiser": programme.organiser,
        "programme": programme.name[language],
        "title": words["title"].format(number=gathering.number),
        "badges": [
            {
                "name": each.person.name,
                "municipality": each.municipality,
                "sector": _capitalised(phrase(language, f"sector_{each.person.sector}")),
            }
            for each in coming
        ],
    }
    return as_printable(data, language)


def _short(day: date, language: Language) -> str:
    """ "torsdag 24. september", without the year."""
    return format_weekday_date(day, language).rpartition(" ")[0]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
