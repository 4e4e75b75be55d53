"""The mails about what staff ask an applicant for: the question, and that it is answered."""

from datetime import datetime

from kulturkontor.application_words import part_title
from kulturkontor.applications import Application
from kulturkontor.days import format_moment
from kulturkontor.mails import Mail, Value
from kulturkontor.municipalities import municipality
from kulturkontor.notices import own_page, to_contact, whose
from kulturkontor.own_phrases import phrase_of
from kulturkontor.programme import OSLO, Programme
from kulturkontor.staff_mail import notice


def asked(application: Application, programme: Programme, at: datetime) -> Mail:
    """Staff's own words, the parts that are open for it, and until when."""
    question = application.reopened
    if question is None:
        raise ValueError("the application has nothing that it is asked for")
    language = application.mail_language
    values: dict[str, Value] = {
        **whose(application),
        "message": question.message,
        "parts": [part_title(each, language) for each in question.parts],
        "until": format_moment(question.until, language),
    }
    pages = {"more_link": own_page(application, "more_link", "/soknad")}
    return to_contact(application, programme, at, "ask_more", values, pages, _moment(at))


def answered(application: Application, programme: Programme, at: datetime) -> list[Mail]:
    """To the one who asked; nobody is told of what nobody asked for."""
    question = application.reopened
    if question is None or question.closed_at is not None:
        return []
    return [
        notice(
            programme,
            at,
            question.by,
            ("more", application.id, application.version),
            phrase_of(programme, "nb", "staff_more_title", reference=application.reference or ""),
            phrase_of(
                programme,
                "nb",
                "staff_more",
                municipality=municipality(application.kommunenummer).letter_name,
            ),
            [],
            [phrase_of(programme, "nb", "staff_more_action")],
        )
    ]


def _moment(at: datetime) -> str:
    return at.astimezone(OSLO).strftime("%Y%m%dT%H%M%S%f")
