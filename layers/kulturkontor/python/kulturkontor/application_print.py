"""The application as PDF, for the leader who must approve it: every question with its answer.

As the letters it is PDF/A-2a and PDF/UA-1, the same answers give the same bytes, and what people
wrote is data to the template, never source. A character that the letters' font lacks is printed as
a sign that says so, with a note: a draft may hold anything. Loaded only when a PDF is asked for.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kulturkontor.application_words import answers_in_words
from kulturkontor.applications import Application
from kulturkontor.days import format_moment
from kulturkontor.letters import TEMPLATE_FOLDER
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import phrase
from kulturkontor.typesetting import with_line_breaks

REPLACED = "\N{CURRENCY SIGN}"
"""A sign that nobody writes, and that the font has."""
_PACKAGE = Path(__file__).parent
_TEMPLATE = _PACKAGE / "application_template" / "application.typ"


class PrintError(RuntimeError):
    """The template did not make a clean document: mend the template, the answers are not at fault.
    """


def print_application(
    application: Application, programme: Programme, language: Language, *, as_sent: bool = False
) -> bytes:
    """The PDF of what is written now, or of what was sent last."""
    data = application_data(application, programme, language, as_sent=as_sent)
    at = (application.received_at if as_sent else None) or application.saved_at
    return _typeset(data, at)


def application_data(
    application: Application, programme: Programme, language: Language, *, as_sent: bool = False
) -> dict[str, Any]:
    """What the template reads, every text printable."""
    answers = application.answers if as_sent else application.working_answers
    parts = [
        {"title": part.title, "answers": [each._asdict() for each in part.answers]}
        for part in answers_in_words(answers, programme, language)
    ]
    place = _place(answers.municipality)
    data: dict[str, Any] = {
        "language": language,
        "organiser": programme.organiser,
        "title": phrase(language, "print_title", municipality=place)
        if place
        else phrase(language, "print_untitled"),
        "facts": _facts(application, programme, language, as_sent=as_sent),
        "parts": parts,
        "footer": f"{programme.name[language]} · {_called(application, language, as_sent)}",
        "page_label": phrase(language, "letter_page", page="{page}", pages="{pages}"),
    }
    lacks = sorted(set(_unprintable(json.dumps(data, ensure_ascii=False))))
    codes = ", ".join(f"U+{ord(each):04X}" for each in lacks)
    note = phrase(language, "print_replaced", sign=REPLACED, codes=codes)
    printable: dict[str, Any] = _printable({**data, "notes": [note] if lacks else []}, lacks)
    return printable


def _facts(
    application: Application, programme: Programme, language: Language, *, as_sent: bool
) -> list[list[str]]:
    moment = (application.received_at if as_sent else None) or application.saved_at
    told = [
        ("print_programme", programme.name[language]),
        ("letter_reference", _called(application, language, as_sent)),
        ("print_sent" if as_sent else "print_saved", format_moment(moment, language)),
    ]
    return [[phrase(language, key), value] for key, value in told]


def _called(application: Application, language: Language, as_sent: bool) -> str:
    if application.reference is None:
        return phrase(language, "print_draft")
    if application.pending and not as_sent:
        return phrase(language, "print_corrected", reference=application.reference)
    return application.reference


def _place(kommunenummer: str) -> str:
    try:
        return municipality(kommunenummer).letter_name
    except UnknownMunicipalityError:
        return kommunenummer


def _unprintable(text: str) -> list[str]:
    return [each for each in set(text) if find_unprintable(each) is not None]


def _printable(value: Any, lacks: list[str]) -> Any:
    match value:
        case str():
            table = {ord(each): REPLACED for each in lacks}
            return value.translate(table)
        case list():
            return [_printable(each, lacks) for each in value]
        case dict():
            return {key: _printable(each, lacks) for key, each in value.items()}
        case _:
            return value


def _typeset(data: dict[str, Any], at: datetime) -> bytes:
    pdf, warnings = _compiler().compile_with_warnings(
        sys_inputs={"application": json.dumps(with_line_breaks(data), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    if warnings or not isinstance(pdf, bytes):
        raise PrintError("; ".join(warning.message for warning in warnings))
    return pdf


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_PACKAGE / TEMPLATE_FOLDER / "fonts"],
    )
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts)
