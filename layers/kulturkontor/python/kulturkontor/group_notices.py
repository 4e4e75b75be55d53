"""The mails to those in the municipality's group, and to the contact about what was asked for them.

«Each is told by mail what is stored about them»: when they are registered, when it is changed, and
when they are taken out again.
"""

from datetime import datetime

from kulturkontor.applications import Application
from kulturkontor.groups import Told, who_is_told
from kulturkontor.mails import Mail, Value
from kulturkontor.municipalities import municipality
from kulturkontor.notices import own_page, privacy_page, to_contact, whose
from kulturkontor.people import Attendance, Participant
from kulturkontor.programme import Gathering, Programme
from kulturkontor.texts import phrase


def group_changed(
    before: Application, after: Application, programme: Programme, at: datetime
) -> list[Mail]:
    """To each whose data are new, changed or gone; `before` is as it was read."""
    return [
        member_told(after, told, programme, at)
        for told in who_is_told(before.participants, after.participants)
    ]


def member_told(application: Application, told: Told, programme: Programme, at: datetime) -> Mail:
    """The revision in the id makes two changes two mails, and one change told twice one."""
    person = told.person
    values: dict[str, Value] = {
        "municipality": municipality(application.kommunenummer).letter_name,
        "reference": application.reference or "",
        "member": person.name,
        "registered_by": application.answers.contact.name,
    }
    if told.what != "removed":
        values["stored"] = _stored(application, person, programme)
    mail = to_contact(
        application,
        programme,
        at,
        f"member_{told.what}",
        values,
        {"privacy_link": privacy_page()},
        person.id,
        application.revision,
    )
    return mail.but(to=person.email)


def bed_ruled(
    application: Application,
    gathering: Gathering,
    participant: str,
    *,
    asked: Attendance,
    granted: bool,
    programme: Programme,
    at: datetime,
) -> Mail:
    """Staff's answer to a change of beds that was asked for late."""
    language = application.mail_language
    names = {each.id: each.name for each in application.participants}
    what = "given_up" if not asked.bed_asked else "renamed" if asked.bed_name else "wanted"
    answer = "granted" if granted else "refused"
    values: dict[str, Value] = {
        **whose(application),
        "gathering": phrase(language, "calendar_gathering", number=gathering.number),
        "answer": phrase(
            language,
            f"bed_{what}_{answer}",
            person=names.get(participant) or phrase(language, "bed_of_one_who_left"),
            **({"before": asked.bed_name} if what == "renamed" else {}),
        ),
    }
    pages = {
        "gathering_link": own_page(application, "gathering_link", f"/samlinger/{gathering.id}")
    }
    return to_contact(
        application,
        programme,
        at,
        "bed_ruled",
        values,
        pages,
        gathering.id,
        participant,
        application.revision,
    )


def _stored(application: Application, person: Participant, programme: Programme) -> list[str]:
    language = application.mail_language
    yes_no = phrase(language, f"coordinator_{'yes' if person.coordinator else 'no'}")
    stored = [
        phrase(language, "stored_name", name=person.name),
        phrase(language, "stored_email", email=person.email),
        phrase(language, "stored_sector", sector=phrase(language, f"sector_{person.sector}")),
        phrase(language, "stored_coordinator", coordinator=yes_no),
    ]
    if person.only:
        names = [
            phrase(language, "calendar_gathering", number=each.number)
            for each in programme.gatherings
            if each.id in person.only
        ]
        stored.append(phrase(language, "stored_only", gatherings=", ".join(names)))
    return stored
