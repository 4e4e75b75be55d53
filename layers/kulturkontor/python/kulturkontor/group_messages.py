"""Messages of staff's own words to a group of recipients: who they are, and the record of each.

A message names its recipients once, when it is sent; each gets one mail, whose id is the message's
and the recipient's, so that however often the sending is taken up again nobody gets two.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import Application
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.mails import Mail, Value, mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.notices import own_page
from kulturkontor.own_words import GROUP_MESSAGE
from kulturkontor.participation import attendance_at, has_said_who_comes, participants_at
from kulturkontor.people import Participant, Presence
from kulturkontor.people_notices import about
from kulturkontor.programme import Language, Programme
from kulturkontor.records import Key, OpenWork, Record
from kulturkontor.refusals import Refusal

TO_WRITE: Final = "group-message"
MOST: Final = 2_500
"""Recipients of one message: more than six from each municipality. Each takes at most 85 bytes of
its record, which must be less than the 400 kB of one item.
"""
_CONTACT: Final = "contact"


class Group(StrEnum):
    CONTACTS = "contacts"
    TAKING_PART = "taking_part"
    NOT_ANSWERED = "not_answered"
    WAITING_LIST = "waiting_list"
    NO_GROUP = "no_group"
    COORDINATORS = "coordinators"
    PARTICIPANTS = "participants"
    SILENT = "silent"
    """Who takes part and has not said of everybody whether they come to a gathering."""
    NO_CLAIM = "no_claim"


OF_A_GATHERING: Final = frozenset({Group.PARTICIPANTS, Group.SILENT, Group.NO_CLAIM})
"""Groups that a gathering must be named for."""


class MessageError(Refusal):
    """The message cannot be sent; `args[0]` says why: `unknown`, `nobody`, `too_many`,
    `count_changed`, `language_missing`, `key_reused`, `no_gathering`.
    """

    codes_begin = "message_"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Part):
    """The same message in one written form."""

    subject: str
    text: str


class Recipient(_Part):
    """`person`: a participant's id; empty for the contact."""

    application: str
    person: str = ""


class Addressed(NamedTuple):
    """A recipient as they are now."""

    recipient: Recipient
    municipality: str
    reference: str
    name: str
    address: str
    language: Language


class GroupMessage(Record):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]{8,40}$")]
    programme: str
    group: Group
    gathering: str = ""
    words: dict[Language, Words]
    by: str
    at: datetime
    recipients: tuple[Recipient, ...]
    written: int = 0
    """For how many of the recipients, in their order, the mails have been written."""

    @property
    def key(self) -> Key:
        return message_key(self.programme, self.id)

    @property
    def is_written(self) -> bool:
        return self.written >= len(self.recipients)

    @property
    def open_work(self) -> OpenWork | None:
        return None if self.is_written else OpenWork(TO_WRITE, self.at)


def message_key(programme_id: str, message_id: str) -> Key:
    return Key(programme_partition(programme_id), f"MESSAGE#{message_id}")


def may_concern(row: ApplicationRow, group: Group, claimed: frozenset[str]) -> bool:
    """Whether the application has recipients of that group, as far as its slim row tells. Nobody is
    written to as decided before the letter has told it. `claimed`: the ids of applications with a
    claim for the gathering.
    """
    if not row.is_live or row.reference is None:
        return False
    is_told = bool(row.letters) and row.letters[-1].is_told
    match group:
        case Group.CONTACTS:
            return True
        case Group.NOT_ANSWERED:
            return is_told and row.place == PlaceState.OFFERED
        case Group.WAITING_LIST:
            return is_told and row.outcome == Outcome.WAITLISTED
        case Group.NO_GROUP:
            return row.place == PlaceState.ACCEPTED and row.group == 0
        case Group.NO_CLAIM:
            return row.place == PlaceState.ACCEPTED and row.id not in claimed
        case _:
            return row.place == PlaceState.ACCEPTED


def recipients_of(application: Application, group: Group, gathering: str) -> list[Addressed]:
    """Each address of the application once, in order of what it has."""
    if group is Group.COORDINATORS:
        people = [each for each in application.participants if each.coordinator]
    elif group is Group.PARTICIPANTS:
        people = list(_coming(application, gathering))
    elif group is Group.SILENT and has_said_who_comes(application, gathering):
        return []
    else:
        return [each for each in (addressed(application, ""),) if each]
    found = {each.email.casefold(): each for each in reversed(people) if each.email}
    in_order = [each for each in people if found.get(each.email.casefold()) is each]
    return [each for person in in_order if (each := addressed(application, person.id))]


def _coming(application: Application, gathering: str) -> Iterator[Participant]:
    """Who is registered for it and has not said that they stay away."""
    said = attendance_at(application, gathering)
    for person in participants_at(application, gathering):
        presence = said[person.id].presence if person.id in said else Presence.COMES
        if presence is Presence.COMES:
            yield person


def addressed(application: Application, person: str) -> Addressed | None:
    """The recipient as they are kept now; None if they are gone or have no address."""
    contact = application.answers.contact
    name, address = contact.name, contact.email
    if person:
        known = {each.id: each for each in application.participants}
        if person not in known:
            return None
        name, address = known[person].name, known[person].email
    if not address:
        return None
    return Addressed(
        Recipient(application=application.id, person=person),
        municipality(application.kommunenummer).letter_name,
        application.reference or "",
        name,
        address,
        application.mail_language,
    )


def languages_of(recipients: Iterable[Addressed]) -> frozenset[Language]:
    return frozenset(each.language for each in recipients)


def mail_of(
    message: GroupMessage,
    application: Application,
    to: Addressed,
    programme: Programme,
    at: datetime,
) -> Mail:
    """The words are kept as they were written; what stands in braces is filled in when it is
    sent. Only the contact gets the contact's link.
    """
    words = message.words[to.language]
    values: dict[str, Value] = {
        "subject": words.subject,
        "words": words.text,
        "name": to.name,
        "municipality": to.municipality,
        "reference": to.reference,
        "about": about(application),
    }
    pages = {"application_link": own_page(application, "application_link")}
    if to.recipient.person:
        values, pages = {**values, "application_link": None}, {}
    return Mail(
        id=mail_id_of(message.id, to.recipient),
        programme=programme.id,
        to=to.address,
        language=to.language,
        text=GROUP_MESSAGE,
        values=values,
        pages=pages,
        queued_at=at,
    )


def mail_id_of(message_id: str, recipient: Recipient) -> str:
    return mail_id(recipient.application, "message", message_id, recipient.person or _CONTACT)
