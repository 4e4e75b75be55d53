"""The mails from the decision on: the letter, the place, the group, the end of the waiting list."""

from datetime import date, datetime

from kulturkontor.applications import Application
from kulturkontor.days import format_date, format_moment
from kulturkontor.decisions import Decision, DecisionKind, DecisionLetter, Outcome, PlaceState
from kulturkontor.mails import COPIES, Enclosure, Mail, Page, Value, letter_copy_id
from kulturkontor.municipalities import Municipality, municipality
from kulturkontor.notices import own_page, to_contact, whose
from kulturkontor.programme import Programme
from kulturkontor.texts import counted, phrase
from kulturkontor.wording import when_pre_gathering


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
    text, values, pages = _covering(application, programme)
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
    outcome = _outcome(told, programme, here)
    leader, postmottak = COPIES
    copies = {leader: application.answers.leader.email}
    if copy_to_postmottak:
        copies[postmottak] = here.mailbox
    return [
        main,
        *(
            Mail(
                id=letter_copy_id(letter.mail_id, whom),
                programme=programme.id,
                to=address,
                language=language,
                text="decision_copy",
                values={**whose(application), "outcome_sentence": outcome},
                enclosures=(enclosure,),
                queued_at=at,
            )
            for whom, address in copies.items()
            if address and address != main.to
        ),
    ]


def _covering(
    application: Application, programme: Programme
) -> tuple[str, dict[str, Value], dict[str, Page]]:
    """The mail that brings the letter: its text, values and pages."""
    told = application.decisions[-1]
    values: dict[str, Value] = whose(application)
    if told.kind is DecisionKind.LIST_CLOSED:
        return "waiting_list_closed", values, {}
    if told.kind is DecisionKind.CORRECTION:
        return "decision_corrected", *_corrected(application, programme)
    pages: dict[str, Page] = {}
    if told.outcome is Outcome.ADMITTED:
        answer_by = told.answer_by or programme.decision.answer_by
        values["answer_by"] = format_date(answer_by, told.language)
        pages["answer_link"] = own_page(application, "answer_link", "/svar")
    if told.outcome is Outcome.WAITLISTED:
        values["rank"] = told.rank or 0
        pages["withdraw_link"] = own_page(application, "withdraw_link", "/trekk")
    is_offer = told.kind is DecisionKind.OFFER
    return "offer" if is_offer else f"decision_{told.outcome}", values, pages


def _corrected(
    application: Application, programme: Programme
) -> tuple[dict[str, Value], dict[str, Page]]:
    """What a new letter says instead, and what can be done now: answer while the place waits for an
    answer, or leave the waiting list.
    """
    told, place = application.decisions[-1], application.place
    here = municipality(application.kommunenummer)
    values: dict[str, Value] = {
        **whose(application),
        "outcome_sentence": _outcome(told, programme, here),
        "next_step": None,
        "answer_link": None,
        "withdraw_link": None,
    }
    if told.outcome is Outcome.ADMITTED and place and place.state is PlaceState.OFFERED:
        answer_by = format_date(place.answer_by, told.language)
        values["next_step"] = phrase(told.language, "corrected_answer", answer_by=answer_by)
        return values, {"answer_link": own_page(application, "answer_link", "/svar")}
    if told.outcome is Outcome.WAITLISTED:
        return values, {"withdraw_link": own_page(application, "withdraw_link", "/trekk")}
    return values, {}


def _outcome(told: Decision, programme: Programme, here: Municipality) -> str:
    kind = "list_closed" if told.kind is DecisionKind.LIST_CLOSED else told.outcome
    return phrase(
        told.language,
        f"outcome_{kind}",
        municipality=here.letter_name,
        programme=programme.name[told.language],
    )


def answer_reminder(
    application: Application, programme: Programme, at: datetime, days_left: int
) -> Mail:
    values = {**whose(application), **_answer_by(application)}
    pages = {"answer_link": own_page(application, "answer_link", "/svar")}
    serial = _offered_by(application)
    return to_contact(
        application, programme, at, "answer_reminder", values, pages, serial, days_left
    )


def answer_confirmed(application: Application, programme: Programme, at: datetime) -> Mail:
    """`application`: with the revision that was read: another answer is another mail."""
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
                pre_gathering=when_pre_gathering(programme, language),
            ),
        ]
        if accepted
        else [change]
    )
    values: dict[str, Value] = {
        **whose(application),
        "answer_sentence": phrase(
            language, f"answer_{'accepted' if accepted else 'declined'}", **names
        ),
        "answered_at": format_moment(at, language),
        "next_steps": steps,
        "members_link": None,
    }
    pages = {"members_link": own_page(application, "members_link", "/gruppe")} if accepted else {}
    revision = application.revision
    return to_contact(application, programme, at, "answer_confirmed", values, pages, revision)


def place_lapsed(application: Application, programme: Programme, at: datetime) -> Mail:
    values = {**whose(application), **_answer_by(application)}
    serial = _offered_by(application)
    return to_contact(application, programme, at, "place_lapsed", values, {}, serial)


def _offered_by(application: Application) -> int:
    """The serial of the letter that gave the place: another letter that gives it is another offer,
    which is reminded of, and lapses, by itself.
    """
    told = (each for each in application.decisions if each.is_told)
    return max(each.serial for each in told if each.outcome is Outcome.ADMITTED)


def _answer_by(application: Application) -> dict[str, Value]:
    if application.place is None:
        raise ValueError(f"{application.reference}: there is no place to answer for")
    return {"answer_by": format_date(application.place.answer_by, application.mail_language)}


def _group_by(application: Application, programme: Programme) -> date:
    """A place offered late leaves time to answer before the group is due."""
    place = application.place
    return max(programme.decision.group_by, place.answer_by if place else date.min)
