"""The mails about an application until it is decided.

Each function makes one mail from records: its text's name, the values that the programme does not
give by itself, and the pages it links to. The id says what and whom, so the same notice twice is
the same mail.
"""

from datetime import datetime, timedelta

from kulturkontor.application_form import find_missing
from kulturkontor.applications import Application
from kulturkontor.closing import PAUSE
from kulturkontor.days import format_date, format_moment
from kulturkontor.mails import Mail, Page, Value, mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Programme
from kulturkontor.received_files import ReceivedFile
from kulturkontor.texts import counted, phrase
from kulturkontor.upload_reasons import refusal_texts

_LONGEST_ANSWER = 2_000


def draft_link(application: Application, programme: Programme, at: datetime, *changes: int) -> Mail:
    """`changes`: the revision at which the address was changed; nothing for the first address."""
    pages = {"draft_link": draft_page(application), "privacy_link": privacy_page()}
    return to_contact(application, programme, at, "draft_link", {}, pages, *changes)


def new_link(application: Application, programme: Programme, at: datetime) -> Mail:
    """At most one an hour: the id holds the hour it was asked for."""
    hour = at.astimezone(OSLO).strftime("%Y%m%d%H")
    about = _about(application) if application.reference else _draft_about(application)
    pages = {"application_link": own_page(application, "application_link")}
    return to_contact(application, programme, at, "new_link", {"about": about}, pages, hour)


def draft_reminder(
    application: Application, programme: Programme, at: datetime, days_left: int
) -> Mail:
    lacking = missing_words(application, programme)
    values: dict[str, Value] = {
        "saved": format_moment(application.saved_at, application.mail_language),
        "lacking_intro": phrase(application.mail_language, "lacking_intro") if lacking else None,
        "lacking": lacking or None,
    }
    pages = {"draft_link": draft_page(application)}
    return to_contact(application, programme, at, "draft_reminder", values, pages, days_left)


def draft_after_deadline(application: Application, programme: Programme, at: datetime) -> Mail:
    """«Unfinished drafts get their own answers back.»"""
    kept = timedelta(days=programme.retention.draft_days)
    values: dict[str, Value] = {
        "answers": written_answers(application) or None,
        "erased_on": format_date(
            (programme.closes_at + PAUSE + kept).astimezone(OSLO).date(), application.mail_language
        ),
    }
    pages = {"draft_link": draft_page(application)}
    return to_contact(application, programme, at, "draft_after_deadline", values, pages)


def withdrawn(application: Application, programme: Programme, at: datetime) -> Mail:
    language = application.mail_language
    open_still = at < programme.closes_at
    deadline = format_date(programme.last_application_day, language)
    values: dict[str, Value] = {
        **whose(application),
        "withdrawn_at": format_moment(at, language),
        "again_note": phrase(language, "withdrawn_again", deadline=deadline)
        if open_still
        else None,
    }
    return to_contact(application, programme, at, "withdrawn", values)


def withdrawal_received(application: Application, programme: Programme, at: datetime) -> Mail:
    values: dict[str, Value] = {
        **whose(application),
        "withdrawn_at": format_moment(at, application.mail_language),
    }
    once = str(application.revision)  # it may be asked for again after it was kept
    return to_contact(application, programme, at, "withdrawal_received", values, None, once)


def withdrawal_taken_back(application: Application, programme: Programme, at: datetime) -> Mail:
    """It stands after all; `application` as it is kept."""
    pages = {"application_link": own_page(application, "application_link")}
    once = str(application.revision)
    return to_contact(
        application, programme, at, "withdrawal_taken_back", whose(application), pages, once
    )


def competing(
    application: Application, newcomer: Application, programme: Programme, at: datetime
) -> Mail:
    """To each contact of a municipality with two applications: that the other is there too."""
    values: dict[str, Value] = {
        **whose(application),
        "applications": [_about(application)]
        if application.id == newcomer.id
        else [_about(application), _about(newcomer)],
    }
    page = own_page(application, "choice_link").model_copy(update={"path": "/valg"})
    pages = {"application_link": page}
    return to_contact(
        application, programme, at, "competing_applications", values, pages, newcomer.id[:12]
    )


def file_refused(
    application: Application, file: ReceivedFile, programme: Programme, at: datetime
) -> Mail:
    refusal, remedy = refusal_texts(file.reason, application.mail_language)
    values: dict[str, Value] = {
        "reference": application.reference or "",
        "contact": application.answers.contact.name,
        "file_name": file.name,
        "refusal": refusal,
        "remedy": remedy,
    }
    pages = {"upload_link": own_page(application, "upload_link")}
    return to_contact(application, programme, at, "attachment_refused", values, pages, file.id)


def missing_words(application: Application, programme: Programme) -> list[str]:
    """What the application lacked when it was sent, or a draft lacks now, as items of a list in its
    language; each thing once.
    """
    language = application.mail_language
    gaps = (
        application.missing
        if application.reference
        else find_missing(application.answers, programme)
    )
    persons = counted(language, "persons", programme.application.min_members)
    words = [
        phrase(language, f"missing_{gap.code}", persons=persons)
        if gap.code == "members_too_few"
        else phrase(language, f"missing_{gap.code}")
        for gap in gaps
    ]
    return list(dict.fromkeys(words))


def written_answers(application: Application) -> list[str]:
    """What was written in the fields of free text, to give it back."""
    answers = application.answers
    texts = (
        answers.anchoring_plans,
        answers.anchoring_organisation,
        answers.motivation,
        answers.capacity.text,
        answers.partners,
        answers.earlier_participation,
    )
    return [text[:_LONGEST_ANSWER] for text in texts if text]


def whose(application: Application) -> dict[str, Value]:
    return {
        "municipality": municipality(application.kommunenummer).letter_name,
        "reference": application.reference or "",
        "contact": application.answers.contact.name,
    }


def _about(application: Application) -> str:
    return phrase(
        application.mail_language,
        "application_about",
        municipality=municipality(application.kommunenummer).letter_name,
        reference=application.reference or "",
    )


def _draft_about(application: Application) -> str:
    saved = format_moment(application.saved_at, application.mail_language)
    return phrase(application.mail_language, "draft_saved", saved=saved)


def own_page(application: Application, label: str, path: str = "") -> Page:
    """A page of the case, behind the contact's own link."""
    return Page(
        path=path,
        label=label,
        application_id=application.id,
        link_version=application.link_version,
    )


def draft_page(application: Application) -> Page:
    """The task list."""
    return own_page(application, "draft_link").model_copy(update={"path": "/soknad"})


def privacy_page() -> Page:
    return Page(path="/personvern", label="privacy_link")


def to_contact(
    application: Application,
    programme: Programme,
    at: datetime,
    text: str,
    values: dict[str, Value],
    pages: dict[str, Page] | None = None,
    *parts: object,
) -> Mail:
    return Mail(
        id=mail_id(application.id, text, *parts),
        programme=programme.id,
        to=application.answers.contact.email,
        language=application.mail_language,
        text=text,
        values=values,
        pages=pages or {},
        queued_at=at,
    )
