"""The receipt to the contact of a step that staff registered for the municipality."""

from datetime import datetime

from kulturkontor.applications import Application
from kulturkontor.mails import Mail, Value
from kulturkontor.notices import own_page, to_contact
from kulturkontor.people_notices import about
from kulturkontor.programme import OSLO, Programme
from kulturkontor.texts import phrase


def registered(application: Application, step: str, programme: Programme, at: datetime) -> Mail:
    language = application.mail_language
    values: dict[str, Value] = {
        "about": about(application),
        "step": phrase(language, f"registered_{step}"),
    }
    pages = {"application_link": own_page(application, "application_link")}
    moment = at.astimezone(OSLO).strftime("%Y%m%dT%H%M%S%f")
    return to_contact(
        application, programme, at, "registered_on_behalf", values, pages, step, moment
    )
