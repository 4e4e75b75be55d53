"""The mail that brings a municipality into the office when the programme has begun without it."""

from datetime import datetime

from kulturkontor.applications import Application
from kulturkontor.mails import Mail, Value, mail_id
from kulturkontor.notices import own_page, privacy_page, to_contact, whose
from kulturkontor.programme import Programme

_TEXT = "start_link"


def link_id(application: Application) -> str:
    """One for each municipality: it is sent once."""
    return mail_id(application.id, _TEXT)


def start_link(application: Application, programme: Programme, at: datetime) -> Mail:
    values: dict[str, Value] = whose(application)
    pages = {
        "application_link": own_page(application, "case_link"),
        "privacy_link": privacy_page(),
    }
    return to_contact(application, programme, at, _TEXT, values, pages)
