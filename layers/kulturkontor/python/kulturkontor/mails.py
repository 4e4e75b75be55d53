"""Mails: one row each from the moment something happened until the recipient's server has answered.

A row holds the text's name and values, never rendered text. What moves it from state to state is in
`mail_states.py`.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.on_behalf import OnBehalf
from kulturkontor.programme import Language
from kulturkontor.records import Key, OpenWork, Record
from kulturkontor.refusals import Refusal

MAIL = "mail"
STAFF = "staff"
COPIES = ("leader", "postmottak")
"""Who besides the contact gets a letter."""
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_-]+")

Value = str | int | list[str] | list[list[str]] | None


class MailState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    STOPPED = "stopped"
    TAKEN_BACK = "taken_back"
    """Of a letter that staff took back before it was handed over: it never goes."""


class MailStateError(Refusal):
    """The mail is not in a state where this can be done to it."""

    code = "mail_on_its_way"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(_Part):
    """A link that the mail shall carry: a page of the portal (`secret`: as this application) or of
    the office.
    """

    path: str
    label: str
    """Key of the phrase that the link is called; empty for an item of a list, whose words the link
    is: its slot is the list's and its number in it, as `problems.0`.
    """
    application_id: str | None = None
    link_version: int | None = None
    person: str = ""
    """The id of a further person whose own link it is; empty for the contact."""
    office: bool = False


class Enclosure(_Part):
    """A file of the archive that goes with the mail."""

    key: str
    file_name: str
    sha256: str


class MailEvent(_Part):
    kind: str
    at: datetime
    detail: str = ""

    @property
    def outcome(self) -> str:
        """Its kind, with the bounces apart that SES had not given up on."""
        transient = self.kind == "Bounce" and self.detail.startswith("Transient")
        return "Transient bounce" if transient else self.kind


class Mail(Record):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,200}$")]
    programme: str
    to: str
    language: Language
    text: str
    values: dict[str, Value]
    pages: dict[str, Page] = Field(default_factory=dict)
    enclosures: tuple[Enclosure, ...] = ()
    state: MailState = MailState.QUEUED
    queued_at: datetime
    claimed_at: datetime | None = None
    not_before: datetime | None = None
    message_id: str | None = None
    copies: int = 0
    """How often staff asked for it to be sent again, knowing that a second copy may arrive."""
    handled_by: str | None = None
    registered: OnBehalf | None = None
    """Of a step that staff registered for the municipality: said before anything else."""
    second_contact: str = ""
    """The id of the mail that tried the municipality's second contact, when this one bounced."""
    events: tuple[MailEvent, ...] = ()

    @property
    def key(self) -> Key:
        return mail_key(self.programme, self.id)

    @property
    def open_work(self) -> OpenWork | None:
        if self.state in (MailState.QUEUED, MailState.CLAIMED):
            return OpenWork(MAIL, self.claimed_at or self.queued_at)
        if self.needs_staff:
            return OpenWork(STAFF, self.queued_at)
        return None

    @property
    def needs_staff(self) -> bool:
        return self.handled_by is None and self.state in (
            MailState.BOUNCED,
            MailState.FAILED,
            MailState.UNCERTAIN,
            MailState.STOPPED,
        )

    @property
    def handed_over_at(self) -> datetime | None:
        """When SES was given it; None as long as nobody knows that it was."""
        return self.claimed_at if self.message_id else None

    @property
    def is_lost(self) -> bool:
        """It bounced for good: that address will not take the next one either."""
        return any(event.outcome == "Bounce" for event in self.events)


def mails_partition(programme_id: str) -> str:
    return f"MAILS#{programme_id}"


def mail_key(programme_id: str, mail_id: str) -> Key:
    return Key(mails_partition(programme_id), mail_id)


def mail_id(owner: str, text: str, *parts: object) -> str:
    """One id per what and whom, so that the same thing happening twice is the same mail."""
    return "_".join(_NOT_IN_ID.sub("-", str(part)) for part in (owner, text, *parts))


def carries_letter(mail_id: str) -> bool:
    """Whether the mail of that id carries a decision letter: the letter's own, a copy, a resend."""
    return mail_id.split("_")[1:2] == ["letter"]


def is_letter_itself(mail_id: str) -> bool:
    """Whether it is the mail that the letter book counts, and not a copy of it."""
    return carries_letter(mail_id) and mail_id.count("_") == 2


def is_letter_of_release(mail: Mail) -> bool:
    """Whether it is a letter that answers an application, or corrects the answer: an offer later,
    and the end of the waiting list, are no part of the release.
    """
    return is_letter_itself(mail.id) and mail.text.startswith("decision_")


def letter_copy_id(letter_mail_id: str, whom: str) -> str:
    """Of the mail that brings a copy of the letter to one of COPIES."""
    return f"{letter_mail_id}_copy_{whom}"


def as_json(mail: Mail) -> dict[str, Any]:
    """The message to the mail queue."""
    return {"programme": mail.programme, "mail": mail.id}
