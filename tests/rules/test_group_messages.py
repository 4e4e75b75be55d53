"""Who is of a group: by slim row first, then by the application."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kulturkontor.application_rows import ApplicationRow, LetterMark
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.decisions import LetterState, PlaceState
from kulturkontor.group_messages import (
    Group,
    GroupMessage,
    Recipient,
    Words,
    addressed,
    mail_id_of,
    mail_of,
    may_concern,
    recipients_of,
)
from kulturkontor.mails import Mail
from kulturkontor.message_ledger import ledger_of
from kulturkontor.people import Attendance, Participant, Presence
from kulturkontor.turnout import turnouts
from tests.rules.application_factory import KIFK2, an_application

AT = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)


def row(**changes: Any) -> ApplicationRow:
    usual: dict[str, Any] = {
        "id": "a" * 32,
        "programme": "kifk2",
        "reference": "KFK2-2026-4601",
        "kommunenummer": "4601",
        "state": ApplicationState.SUBMITTED,
        "late": False,
        "gaps": 0,
        "received": AT,
        "saved": AT,
        "language": "nb",
    }
    return ApplicationRow(**usual | changes)


def told(outcome: str, state: LetterState = LetterState.RENDERED) -> tuple[LetterMark, ...]:
    return (LetterMark(n=1, o=outcome, s=state),)


SENT = row()
WAITING = row(letters=told("waitlisted"))
NOT_TOLD = row(letters=told("waitlisted", LetterState.PENDING))
OFFERED = row(letters=told("admitted"), place=PlaceState.OFFERED)
NO_GROUP = row(letters=told("admitted"), place=PlaceState.ACCEPTED)
ACCEPTED = row(letters=told("admitted"), place=PlaceState.ACCEPTED, group=4)
DECLINED = row(letters=told("admitted"), place=PlaceState.DECLINED)
WITHDRAWN = row(state=ApplicationState.WITHDRAWN, place=PlaceState.ACCEPTED)
DRAFT = row(state=ApplicationState.DRAFT, reference=None)
EVERY = (SENT, WAITING, NOT_TOLD, OFFERED, NO_GROUP, ACCEPTED, DECLINED, WITHDRAWN, DRAFT)


@pytest.mark.parametrize(
    ("group", "found"),
    [
        (Group.CONTACTS, [SENT, WAITING, NOT_TOLD, OFFERED, NO_GROUP, ACCEPTED, DECLINED]),
        (Group.TAKING_PART, [NO_GROUP, ACCEPTED]),
        (Group.NOT_ANSWERED, [OFFERED]),
        (Group.WAITING_LIST, [WAITING]),
        (Group.NO_GROUP, [NO_GROUP]),
        (Group.COORDINATORS, [NO_GROUP, ACCEPTED]),
        (Group.PARTICIPANTS, [NO_GROUP, ACCEPTED]),
        (Group.SILENT, [NO_GROUP, ACCEPTED]),
        (Group.NO_CLAIM, [NO_GROUP, ACCEPTED]),
    ],
)
def test_a_group_is_told_by_the_rows_and_nobody_hears_before_the_letter(
    group: Group, found: list[ApplicationRow]
) -> None:
    assert [each for each in EVERY if may_concern(each, group, frozenset())] == found


def test_who_has_a_claim_lacks_none() -> None:
    assert not may_concern(ACCEPTED, Group.NO_CLAIM, frozenset({ACCEPTED.id}))


def person(number: int, **changes: Any) -> Participant:
    usual = {
        "id": f"p{number}",
        "name": f"Prøve {number}",
        "sector": "kultur",
        "email": f"p{number}@example.org",
    }
    return Participant.model_validate(usual | changes)


def with_people(*people: Participant, **changes: Any) -> Application:
    return an_application().but(participants=people, **changes)


def names(application: Application, group: Group) -> list[str]:
    return [each.recipient.person for each in recipients_of(application, group, "S1")]


def test_coordinators_are_those_who_coordinate() -> None:
    application = with_people(person(1, coordinator=True), person(2))
    assert names(application, Group.COORDINATORS) == ["p1"]


def test_participants_are_those_registered_who_have_not_said_no() -> None:
    said = [
        Attendance(gathering="S1", participant=each, presence=presence, at=AT)
        for each, presence in (
            ("p1", Presence.COMES),
            ("p2", Presence.STAYS_AWAY),
            ("p3", Presence.DROPPED_OUT),
        )
    ]
    people = [person(n) for n in range(1, 5)] + [person(5, only=("S2",)), person(6, only=("S1",))]
    application = with_people(*people, attendance=tuple(said))
    assert names(application, Group.PARTICIPANTS) == ["p1", "p4", "p6"]


@pytest.mark.parametrize(
    ("people", "answered", "is_silent"),
    [(0, 0, True), (3, 0, True), (3, 2, True), (3, 3, False)],
)
def test_the_silent_are_those_who_have_not_answered_for_everybody(
    people: int, answered: int, is_silent: bool
) -> None:
    said = [
        Attendance(gathering="S1", participant=f"p{each}", presence=presence, at=AT)
        for each, presence in list(enumerate(Presence, start=1))[:answered]
    ]
    said.append(Attendance(gathering="S2", participant="p1", presence=Presence.COMES, at=AT))
    group = [person(each + 1) for each in range(people)]
    application = with_people(*group, person(9, only=("S2",)), attendance=tuple(said))
    found = [each.recipient.person for each in recipients_of(application, Group.SILENT, "S1")]
    assert found == [""] * is_silent
    (told,) = turnouts([application], KIFK2.gatherings[0])
    assert told.has_answered is not is_silent


def test_an_address_gets_one_and_who_has_none_gets_none() -> None:
    people = person(1), person(2, email="P1@example.org"), person(3, email="")
    assert names(with_people(*people), Group.PARTICIPANTS) == ["p1"]


def test_every_other_group_is_the_contact() -> None:
    application = with_people(person(1))
    (found,) = recipients_of(application, Group.TAKING_PART, "")
    assert found.recipient == Recipient(application=application.id)
    assert found.address == application.answers.contact.email


def message(application: Application, *people: str) -> GroupMessage:
    return GroupMessage(
        id="message00001",
        programme="kifk2",
        group=Group.CONTACTS,
        words={"nb": Words(subject="Hei", text="Tekst"), "nn": Words(subject="Hei", text="Tekst")},
        by="anne@example.org",
        at=AT,
        recipients=tuple(Recipient(application=application.id, person=each) for each in people),
        written=1,
    )


def mail(application: Application, who: str) -> Mail:
    to = addressed(application, who)
    assert to is not None
    return mail_of(message(application), application, to, KIFK2, AT)


def test_the_mails_id_tells_message_and_recipient_and_only_the_contact_gets_the_link() -> None:
    application = with_people(person(1))
    contact, participant = mail(application, ""), mail(application, "p1")
    assert contact.id == f"{application.id}_message_message00001_contact"
    assert participant.id == f"{application.id}_message_message00001_p1"
    assert (list(contact.pages), list(participant.pages)) == (["application_link"], [])
    assert participant.values["application_link"] is None


def test_the_ledger_has_each_recipient_once_with_the_state_of_the_mail() -> None:
    application = with_people(person(1), person(2))
    sent = message(application, "p1", "gone", "p2").but(written=2)
    rows = ledger_of(sent, [mail(application, "p1")])
    assert [(each.name, each.state) for each in rows] == [
        ("Prøve 1", "queued"),
        ("", "gone"),
        ("", "not_yet"),
    ]
    assert rows[0].mail == mail_id_of(sent.id, Recipient(application=application.id, person="p1"))
    assert not sent.is_written
    assert sent.open_work is not None
    assert sent.but(written=3).open_work is None
