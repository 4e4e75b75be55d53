"""The mail that says an application was received: reference, time, all answers, what is next."""

from datetime import datetime

from kulturkontor.application_words import answers_in_words
from kulturkontor.applications import Application
from kulturkontor.days import format_date, format_moment
from kulturkontor.mails import Mail, Value
from kulturkontor.notices import missing_words, own_page, privacy_page, to_contact, whose
from kulturkontor.programme import Programme
from kulturkontor.texts import phrase


def receipt(
    application: Application, attachments: list[str], programme: Programme, at: datetime
) -> Mail:
    """One for each time the application is sent, with all that was sent."""
    language = application.mail_language
    lacking = missing_words(application, programme)
    late = application.is_late
    state = ("late" if late else "") + ("_incomplete" if lacking else "")
    deadline = format_date(programme.last_application_day, language)
    values: dict[str, Value] = {
        **whose(application),
        "received": format_moment(application.received_at or at, language, seconds=True),
        "status": phrase(language, f"status_{state.strip('_') or 'complete'}"),
        "lacking": lacking or None,
        "change_note": None if late else phrase(language, "change_until", deadline=deadline),
        "answer_email": application.answers.contact.email,
        "answers": [
            f"{each.question}{'' if each.question.endswith('?') else ':'} {each.answer}"
            for part in answers_in_words(application.answers, programme, language)
            for each in part.answers
        ],
        "attachments": attachments or None,
    }
    pages = {
        "application_link": own_page(application, "application_link"),
        "privacy_link": privacy_page(),
    }
    return to_contact(application, programme, at, "receipt", values, pages, application.version)
