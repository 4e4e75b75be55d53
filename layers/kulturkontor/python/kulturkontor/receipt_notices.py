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
    adds = application.received_at is not None and application.received_at < at
    state = ("late" if late else "") + ("_incomplete" if lacking else "")
    deadline = format_date(programme.last_application_day, language)
    values: dict[str, Value] = {
        **whose(application),
        "received": format_moment(application.received_at or at, language, seconds=True),
        "status": _added(application, bool(lacking), at)
        if adds
        else phrase(language, f"status_{state.strip('_') or 'complete'}"),
        "lacking": lacking or None,
        "change_note": None
        if late or adds
        else phrase(language, "change_until", deadline=deadline),
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


def _added(application: Application, is_lacking: bool, at: datetime) -> str:
    """What staff had asked for: when it came, and that the application keeps its own time."""
    language = application.mail_language
    key = "status_added_incomplete" if is_lacking else "status_added"
    return phrase(language, key, added=format_moment(at, language, seconds=True))
