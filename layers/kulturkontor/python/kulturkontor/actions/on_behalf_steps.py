"""The steps of a municipality's that staff can register for it, each done by its own action. What
its application says is in `on_behalf_application`.
"""

from collections.abc import Mapping, Sequence

from kulturkontor.actions import answer, attend, people, withdraw
from kulturkontor.actions.on_behalf import Registrar
from kulturkontor.actions.people import NewPerson
from kulturkontor.application_form import SubmittedContact
from kulturkontor.applications import Application
from kulturkontor.attendance import Coming
from kulturkontor.people import LinkHolder, Participant
from kulturkontor.receipts import Receipt


def register_answer(by: Registrar, *, accept: bool) -> Application:
    return by.register(
        "answer",
        lambda means: answer.answer_offer(
            by.application_id,
            accept=accept,
            by=by.said.by,
            mail_queue=by.mail_queue,
            **means,
        ),
    )


def register_withdrawal(by: Registrar) -> Receipt:
    """After the deadline staff confirm it as any other."""
    return by.register(
        "withdraw",
        lambda means: withdraw.withdraw(
            by.application_id, by=by.said.by, mail_queue=by.mail_queue, **means
        ),
    )


def register_contact(by: Registrar, contact: SubmittedContact) -> Application:
    """The new contact gets the link, the one before is told and theirs is dead."""
    return by.register(
        "contact",
        lambda means: people.hand_over(
            by.application_id, contact, by=by.said.by, mail_queue=by.mail_queue, **means
        ),
    )


def register_person(by: Registrar, person: NewPerson, *, person_id: str) -> LinkHolder:
    """Somebody gets a link of their own. Raises PeopleError."""
    return by.register(
        "access",
        lambda means: people.let_in(
            by.application_id,
            person,
            person_id=person_id,
            by=by.said.by,
            mail_queue=by.mail_queue,
            **means,
        ),
    )


def register_new_link(by: Registrar, person_id: str) -> None:
    """To somebody who lost theirs; the one before is dead. Raises PeopleError."""
    by.register(
        "access_renewed",
        lambda means: people.send_person_link(
            by.application_id, person_id, by=by.said.by, mail_queue=by.mail_queue, **means
        ),
    )


def register_link_taken_back(by: Registrar, person_id: str) -> None:
    by.register(
        "access_removed",
        lambda means: people.take_back(
            by.application_id, person_id, by=by.said.by, at=by.at, records=means["records"]
        ),
    )


def register_group(by: Registrar, members: Sequence[Participant], *, seen: str) -> Application:
    """Raises GroupError, PlaceStateError."""
    return by.register(
        "group",
        lambda means: answer.register_members(
            by.application_id, members, seen=seen, by=by.said.by, mail_queue=by.mail_queue, **means
        ),
    )


def register_attendance(
    by: Registrar, gathering_id: str, said: Mapping[str, Coming]
) -> Application:
    """Raises AttendanceError, PlaceStateError; so do the next two."""
    return by.register(
        "attendance",
        lambda means: attend.say_who_comes(
            by.application_id, gathering_id, said, by=by.said.by, **means
        ),
    )


def register_drop_out(by: Registrar, gathering_id: str, participant: str) -> Application:
    return by.register(
        "drop_out",
        lambda means: attend.drop_out(
            by.application_id, gathering_id, participant, by=by.said.by, **means
        ),
    )


def register_undo(by: Registrar, gathering_id: str, participant: str) -> Application:
    return by.register(
        "undo",
        lambda means: attend.come_after_all(
            by.application_id, gathering_id, participant, by=by.said.by, **means
        ),
    )


def register_substitute(by: Registrar, gathering_id: str, substitute: Participant) -> Application:
    """Somebody comes to that gathering only. Raises AttendanceError, GroupError, PlaceStateError;
    so does the next one.
    """
    return by.register(
        "substitute",
        lambda means: attend.add_substitute(
            by.application_id,
            gathering_id,
            substitute,
            by=by.said.by,
            mail_queue=by.mail_queue,
            **means,
        ),
    )


def register_substitute_removed(by: Registrar, gathering_id: str, participant: str) -> Application:
    return by.register(
        "substitute_removed",
        lambda means: attend.remove_substitute(
            by.application_id,
            gathering_id,
            participant,
            by=by.said.by,
            mail_queue=by.mail_queue,
            **means,
        ),
    )
