"""The mails about an application, from its draft to the end of the waiting list.

Each function makes one mail from records: its text's name, the values that the programme does not
give by itself, and the pages it links to. The id says what and whom, so the same notice twice is
the same mail.
"""

from datetime import date, datetime, timedelta

from kulturkontor.applications import Application, Participant
from kulturkontor.closing import PAUSE
from kulturkontor.days import format_date, format_moment
from kulturkontor.decisions import DecisionLetter, Outcome, PlaceState
from kulturkontor.mails import Enclosure, Mail, Page, Value, mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Programme
from kulturkontor.received_files import ReceivedFile
from kulturkontor.texts import counted, phrase
from kulturkontor.upload_reasons import refusal_texts

_LONGEST_ANSWER = 2_000


def draft_link(application: Application, programme: Programme, at: datetime) -> Mail:
    pages = {"draft_link": _own_page(application, "draft_link"), "privacy_link": _privacy()}
    return _mail(application, programme, at, "draft_link", {}, pages)


def new_link(application: Application, programme: Programme, at: datetime) -> Mail:
    """At most one an hour: the id holds the hour it was asked for."""
    hour = at.astimezone(OSLO).strftime("%Y%m%d%H")
    about = _about(application) if application.reference else _draft_about(application)
    pages = {"application_link": _own_page(application, "application_link")}
    return _mail(application, programme, at, "new_link", {"about": about}, pages, hour)


def draft_reminder(
    application: Application, programme: Programme, at: datetime, days_left: int
) -> Mail:
    lacking = missing_words(application, programme)
    values: dict[str, Value] = {
        "saved": format_moment(application.saved_at, application.mail_language),
        "lacking_intro": phrase(application.mail_language, "lacking_intro") if lacking else None,
        "lacking": lacking or None,
    }
    pages = {"draft_link": _own_page(application, "draft_link")}
    return _mail(application, programme, at, "draft_reminder", values, pages, days_left)


def draft_after_deadline(application: Application, programme: Programme, at: datetime) -> Mail:
    """«Unfinished drafts get their own answers back.»"""
    kept = timedelta(days=programme.retention.refused_attempts_days)
    values: dict[str, Value] = {
        "answers": written_answers(application) or None,
        "erased_on": format_date(
            (programme.closes_at + PAUSE + kept).astimezone(OSLO).date(), application.mail_language
        ),
    }
    pages = {"draft_link": _own_page(application, "draft_link")}
    return _mail(application, programme, at, "draft_after_deadline", values, pages)


def receipt(application: Application, programme: Programme, at: datetime) -> Mail:
    """One for each time the application is sent."""
    language = application.mail_language
    lacking = missing_words(application, programme)
    late = application.is_late
    state = ("late" if late else "") + ("_incomplete" if lacking else "")
    deadline = format_date(programme.last_application_day, language)
    values: dict[str, Value] = {
        **_whose(application),
        "received": format_moment(application.received_at or at, language, seconds=True),
        "status": phrase(language, f"status_{state.strip('_') or 'complete'}"),
        "lacking": lacking or None,
        "change_note": None if late else phrase(language, "change_until", deadline=deadline),
        "answer_email": application.answers.contact.email,
    }
    pages = {
        "application_link": _own_page(application, "application_link"),
        "privacy_link": _privacy(),
    }
    return _mail(application, programme, at, "receipt", values, pages, application.version)


def withdrawn(application: Application, programme: Programme, at: datetime) -> Mail:
    language = application.mail_language
    open_still = at < programme.closes_at
    deadline = format_date(programme.last_application_day, language)
    values: dict[str, Value] = {
        **_whose(application),
        "withdrawn_at": format_moment(at, language),
        "again_note": phrase(language, "withdrawn_again", deadline=deadline)
        if open_still
        else None,
    }
    return _mail(application, programme, at, "withdrawn", values)


def withdrawal_received(application: Application, programme: Programme, at: datetime) -> Mail:
    values: dict[str, Value] = {
        **_whose(application),
        "withdrawn_at": format_moment(at, application.mail_language),
    }
    return _mail(application, programme, at, "withdrawal_received", values)


def competing(
    application: Application, newcomer: Application, programme: Programme, at: datetime
) -> Mail:
    """To each contact of a municipality with two applications: that the other is there too."""
    values: dict[str, Value] = {
        **_whose(application),
        "applications": [_about(application)]
        if application.id == newcomer.id
        else [_about(application), _about(newcomer)],
    }
    pages = {"application_link": _own_page(application, "application_link")}
    return _mail(
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
    pages = {"upload_link": _own_page(application, "upload_link")}
    return _mail(application, programme, at, "attachment_refused", values, pages, file.id)


def decision(
    application: Application,
    letter: DecisionLetter,
    programme: Programme,
    at: datetime,
    copy_to_postmottak: bool,
) -> list[Mail]:
    """The letter to the contact; a copy without any link to the leader and, where set, to
    postmottak.
    """
    told = application.decisions[-1]
    language = told.language
    enclosure = Enclosure(
        key=letter.key,
        file_name=f"{application.reference}{'' if told.serial == 1 else f'-{told.serial}'}.pdf",
        sha256=letter.sha256,
    )
    values: dict[str, Value] = _whose(application)
    pages: dict[str, Page] = {}
    if told.outcome is Outcome.ADMITTED:
        answer_by = told.answer_by or programme.decision.answer_by
        values["answer_by"] = format_date(answer_by, language)
        pages["answer_link"] = _own_page(application, "answer_link")
    if told.outcome is Outcome.WAITLISTED:
        values["rank"] = told.rank or 0
        pages["withdraw_link"] = _own_page(application, "withdraw_link")
    text = f"decision_{told.outcome}" if told.serial == 1 else "offer"
    main = Mail(
        id=letter.mail_id,
        programme=programme.id,
        to=application.answers.contact.email,
        language=language,
        text=text,
        values=values,
        pages=pages,
        enclosures=(enclosure,),
        queued_at=at,
    )
    here = municipality(application.kommunenummer)
    copies = {"leader": application.answers.leader.email}
    if copy_to_postmottak:
        copies["postmottak"] = here.mailbox
    outcome = phrase(
        language,
        f"outcome_{told.outcome}",
        municipality=here.letter_name,
        programme=programme.name[language],
    )
    return [
        main,
        *(
            Mail(
                id=f"{letter.mail_id}_copy_{whom}",
                programme=programme.id,
                to=address,
                language=language,
                text="decision_copy",
                values={**_whose(application), "outcome_sentence": outcome},
                enclosures=(enclosure,),
                queued_at=at,
            )
            for whom, address in copies.items()
            if address and address != main.to
        ),
    ]


def answer_reminder(
    application: Application, programme: Programme, at: datetime, days_left: int
) -> Mail:
    values = {**_whose(application), **_answer_by(application)}
    pages = {"answer_link": _own_page(application, "answer_link")}
    serial = len(application.decisions)
    return _mail(application, programme, at, "answer_reminder", values, pages, serial, days_left)


def answer_confirmed(application: Application, programme: Programme, at: datetime) -> Mail:
    language = application.mail_language
    accepted = application.place is not None and application.place.state is PlaceState.ACCEPTED
    names = {
        "municipality": municipality(application.kommunenummer).letter_name,
        "programme": programme.name[language],
    }
    change = phrase(language, "next_change_answer", contact_email=programme.contact.email)
    steps = (
        [
            phrase(
                language,
                "next_group",
                persons=counted(language, "persons", programme.application.min_members),
                group_by=format_date(_group_by(application, programme), language),
            ),
            phrase(
                language,
                "next_pre_gathering",
                pre_gathering=programme.decision.pre_gathering[language],
            ),
        ]
        if accepted
        else [change]
    )
    values: dict[str, Value] = {
        **_whose(application),
        "answer_sentence": phrase(
            language, f"answer_{'accepted' if accepted else 'declined'}", **names
        ),
        "answered_at": format_moment(at, language),
        "next_steps": steps,
        "members_link": None,
    }
    pages = {"members_link": _own_page(application, "members_link")} if accepted else {}
    moment = at.astimezone(OSLO).strftime("%Y%m%dT%H%M%S%f")
    return _mail(application, programme, at, "answer_confirmed", values, pages, moment)


def place_lapsed(application: Application, programme: Programme, at: datetime) -> Mail:
    values = {**_whose(application), **_answer_by(application)}
    serial = len(application.decisions)
    return _mail(application, programme, at, "place_lapsed", values, {}, serial)


def waiting_list_closed(application: Application, programme: Programme, at: datetime) -> Mail:
    return _mail(application, programme, at, "waiting_list_closed", _whose(application))


def member_registered(
    application: Application, person: Participant, programme: Programme, at: datetime
) -> Mail:
    """«Each is told by mail what is stored about them.»"""
    language = application.mail_language
    yes_no = phrase(language, f"coordinator_{'yes' if person.coordinator else 'no'}")
    values: dict[str, Value] = {
        "municipality": municipality(application.kommunenummer).letter_name,
        "reference": application.reference or "",
        "member": person.name,
        "stored": [
            phrase(language, "stored_name", name=person.name),
            phrase(language, "stored_email", email=person.email),
            phrase(language, "stored_sector", sector=phrase(language, f"sector_{person.sector}")),
            phrase(language, "stored_coordinator", coordinator=yes_no),
        ],
        "registered_by": application.answers.contact.name,
    }
    mail = _mail(
        application,
        programme,
        at,
        "member_registered",
        values,
        {"privacy_link": _privacy()},
        person.id,
        at.astimezone(OSLO).strftime("%Y%m%dT%H%M%S"),
    )
    return mail.but(to=person.email)


def missing_words(application: Application, programme: Programme) -> list[str]:
    """What the application lacks, as items of a list in its language; each thing once."""
    language = application.mail_language
    persons = counted(language, "persons", programme.application.min_members)
    words = [
        phrase(language, f"missing_{gap.code}", persons=persons)
        if gap.code == "members_too_few"
        else phrase(language, f"missing_{gap.code}")
        for gap in application.missing
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


def _whose(application: Application) -> dict[str, Value]:
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


def _answer_by(application: Application) -> dict[str, Value]:
    if application.place is None:
        raise ValueError(f"{application.reference}: there is no place to answer for")
    return {"answer_by": format_date(application.place.answer_by, application.mail_language)}


def _group_by(application: Application, programme: Programme) -> date:
    """A place offered late leaves time to answer before the group is due."""
    place = application.place
    return max(programme.decision.group_by, place.answer_by if place else date.min)


def _own_page(application: Application, label: str) -> Page:
    return Page(
        path="",
        label=label,
        application_id=application.id,
        link_version=application.link_version,
    )


def _privacy() -> Page:
    return Page(path="/personvern", label="privacy_link")


def _mail(
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
