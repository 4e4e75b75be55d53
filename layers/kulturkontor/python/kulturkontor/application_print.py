"""The application as PDF, for the leader who must approve it: every question with its answer.

The same answers give the same bytes; a draft may hold anything, also what the font lacks.
"""

from typing import Any

from kulturkontor.application_words import answers_in_words
from kulturkontor.applications import Application
from kulturkontor.days import format_moment
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.printing import as_printable, set_pdf
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import phrase


def print_application(
    application: Application, programme: Programme, language: Language, *, as_sent: bool = False
) -> bytes:
    """The PDF of what is written now, or of what was sent last."""
    data = application_data(application, programme, language, as_sent=as_sent)
    at = (application.received_at if as_sent else None) or application.saved_at
    return set_pdf("application_template/application.typ", "application", data, at=at)


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
    return as_printable(data, language)


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
