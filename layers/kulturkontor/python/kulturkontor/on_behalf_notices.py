"""The receipt to the contact of a step that staff registered for the municipality."""

from datetime import datetime

from kulturkontor.applications import Application
from kulturkontor.mails import Mail, Value
from kulturkontor.notices import own_page, to_contact
from kulturkontor.on_behalf import Step
from kulturkontor.people_notices import about
from kulturkontor.programme import Programme
from kulturkontor.texts import phrase


def registered(application: Application, step: Step, programme: Programme, at: datetime) -> Mail:
    """`application`: with the revision that was read: each step has a receipt of its own."""
    language = application.mail_language
    values: dict[str, Value] = {
        "about": about(application),
        "step": phrase(language, f"registered_{step}"),
    }
    pages = {"application_link": own_page(application, "application_link")}
    return to_contact(
        application,
        programme,
        at,
        "registered_on_behalf",
        values,
        pages,
        step,
        application.revision,
    )
