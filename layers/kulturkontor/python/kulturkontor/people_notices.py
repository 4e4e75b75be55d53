"""The mails about who may do what for a municipality: links given, handed over, extended."""

from datetime import datetime

from kulturkontor.applications import Application
from kulturkontor.days import format_moment
from kulturkontor.mails import Mail, Page, Value, mail_id
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.notices import own_page, privacy_page, to_contact, whose
from kulturkontor.people import LinkHolder, Right
from kulturkontor.programme import OSLO, Programme
from kulturkontor.texts import phrase


def link_given(
    application: Application, holder: LinkHolder, programme: Programme, at: datetime
) -> Mail:
    """The person's own link; one for each version of it."""
    return _link(application, holder, programme, at, holder.link_version)


def link_again(
    application: Application, holder: LinkHolder, programme: Programme, at: datetime
) -> Mail:
    """The same link to somebody who lost the mail; at most one an hour."""
    return _link(application, holder, programme, at, at.astimezone(OSLO).strftime("%Y%m%d%H"))


def _link(
    application: Application,
    holder: LinkHolder,
    programme: Programme,
    at: datetime,
    which: object,
) -> Mail:
    language = application.mail_language
    values: dict[str, Value] = {
        "person": holder.name,
        "contact": application.answers.contact.name or application.answers.contact.email,
        "about": about(application),
        "rights": [phrase(language, f"right_{each}") for each in sorted(holder.rights)],
    }
    page = Page(
        path="",
        label="person_link",
        application_id=application.id,
        link_version=holder.link_version,
        person=holder.id,
    )
    return Mail(
        id=mail_id(application.id, "link_given", holder.id, which),
        programme=programme.id,
        to=holder.email,
        language=language,
        text="link_given",
        values=values,
        pages={"person_link": page, "privacy_link": privacy_page()},
        queued_at=at,
    )


def handed_over(
    before: Application, after: Application, programme: Programme, at: datetime
) -> list[Mail]:
    """To the new contact with the link, and to the one before without it."""
    contact = after.answers.contact
    values: dict[str, Value] = {"about": about(after), "contact": contact.name}
    pages = {"application_link": own_page(after, "application_link")}
    mails = [to_contact(after, programme, at, "contact_new", values, pages, after.link_version)]
    earlier = before.answers.contact.email
    if earlier and earlier.casefold() != contact.email.casefold():
        told = {"about": values["about"], "new_contact": f"{contact.name} ({contact.email})"}
        mails.append(
            to_contact(before, programme, at, "contact_before", told, None, after.link_version)
        )
    return mails


def extension_given(application: Application, programme: Programme, at: datetime) -> Mail:
    if application.extension is None:
        raise ValueError("the application has no extension to tell of")
    until = application.extension.until
    values: dict[str, Value] = {
        "about": about(application),
        "until": format_moment(until, application.mail_language),
    }
    pages = {"application_link": own_page(application, "application_link")}
    stamp = application.extension.given_at.strftime("%Y%m%d%H%M%S")
    return to_contact(application, programme, at, "extension_given", values, pages, stamp)


def competition_settled(
    application: Application, counts: Application, programme: Programme, at: datetime
) -> Mail:
    """To each contact of a municipality with several applications: which one counts now."""
    outcome = "counts" if application.id == counts.id else "superseded"
    values: dict[str, Value] = {
        **whose(application),
        "counting": counts.reference or "",
        "outcome": phrase(application.mail_language, f"competition_{outcome}"),
    }
    pages = {"application_link": own_page(application, "application_link")}
    return to_contact(
        application,
        programme,
        at,
        "competition_settled",
        values,
        pages,
        counts.id[:12],
        counts.revision,
    )


def about(application: Application) -> str:
    """Which case it is, in words: the municipality and reference, or that it is a draft."""
    language = application.mail_language
    try:
        place = municipality(application.kommunenummer).letter_name
    except UnknownMunicipalityError:
        place = ""
    if place and application.reference:
        return phrase(
            language, "application_about", municipality=place, reference=application.reference
        )
    if place:
        return phrase(language, "draft_about", municipality=place)
    return phrase(language, "draft_saved", saved=format_moment(application.saved_at, language))


RIGHTS_TO_GIVE = (Right.APPLY, Right.MEMBERS, Right.CLAIMS)
"""What the contact may let others do; the rest stays with the contact."""
