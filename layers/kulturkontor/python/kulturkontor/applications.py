"""An application and the states it goes through, from draft to the municipality's group."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.application_form import Answers, Missing
from kulturkontor.application_parts import Part
from kulturkontor.decisions import Decision, Place
from kulturkontor.links import DeadLinkError, SecretLink
from kulturkontor.people import Attendance, CheckIn, LinkHolder, Participant, Right
from kulturkontor.programme import Language
from kulturkontor.records import Key, Record


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMPETING = "competing"
    SUPERSEDED = "superseded"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    WITHDRAWN = "withdrawn"


STANDING = frozenset({ApplicationState.SUBMITTED, ApplicationState.COMPETING})
"""Sent, and gets an answer: who has asked to withdraw is sent none."""

LIVE = STANDING | {ApplicationState.WITHDRAWAL_ASKED}


class Extension(_Part):
    """Leave that staff gave one municipality to send its application after the deadline, once."""

    until: datetime
    given_by: str
    given_at: datetime
    reason: str
    used_at: datetime | None = None


class Reopened(_Part):
    """Parts of a sent application that staff have asked the applicant to add to, until a set time,
    also after the deadline.
    """

    parts: tuple[Part, ...]
    until: datetime
    by: str
    at: datetime
    message: str
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    """When staff took the question back, or were done with the answer."""

    @property
    def standing(self) -> Literal["waiting", "answered", ""]:
        """Whom it waits for: the applicant, or staff; nobody once it is closed."""
        if self.closed_at is not None:
            return ""
        return "answered" if self.answered_at else "waiting"


class Withdrawal(_Part):
    """The municipality withdraws after the deadline, and how the application stood before it."""

    at: datetime
    stood: ApplicationState
    is_released: bool
    """The letters had begun to go out: a place it was to have is the next one's."""


class FieldEdit(_Part):
    """Who changed a field last, and when; `by` is empty for the contact's link."""

    by: str
    at: datetime


class Application(Record):
    """Everything of one application: answers, state, decisions with their letters, the place, the
    group.
    """

    id: str
    programme: str
    state: ApplicationState
    answers: Answers
    language: Language
    created_at: datetime
    saved_at: datetime
    saved_by: str = ""
    """Name of whoever saved it last; empty for the contact."""
    pending: Answers | None = None
    """What a sent application is to become once it is sent again; until then `answers` counts."""
    edited: dict[str, FieldEdit] = Field(default_factory=dict)
    """By field; `members` is one."""
    reference: str | None = None
    received_at: datetime | None = None
    is_late: bool = False
    version: int = 0
    missing: tuple[Missing, ...] = ()
    link_version: int = 1
    request_digest: str = ""
    first_answer: dict[str, Any] = Field(default_factory=dict)
    """What the sender of the first request was told: the same request again gets the same answer.
    """
    suspect: bool = False
    reminded: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    taken_back: tuple[Decision, ...] = ()
    """Decisions whose letters were written and taken back before anybody was sent them."""
    place: Place | None = None
    participants: tuple[Participant, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    people: tuple[LinkHolder, ...] = ()
    extension: Extension | None = None
    reopened: Reopened | None = None
    withdrawal: Withdrawal | None = None
    choice: str = ""
    """The id of the application that its contact says counts, where the municipality has several.
    """

    @property
    def key(self) -> Key:
        return application_key(self.id)

    @property
    def working_answers(self) -> Answers:
        """What its pages show and change: corrections that are not sent yet, if there are any."""
        return self.pending or self.answers

    @property
    def decision(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def next_serial(self) -> int:
        """Of the next decision: no two letters of an application have the same."""
        return 1 + max((each.serial for each in (*self.decisions, *self.taken_back)), default=0)

    @property
    def mail_language(self) -> Language:
        """The letter's written form once a letter has told it, before that the form's."""
        told = [each for each in self.decisions if each.is_told]
        return told[-1].language if told else self.language

    @property
    def is_complete(self) -> bool:
        return self.reference is not None and not self.missing

    @property
    def kommunenummer(self) -> str:
        """Of a draft only if a known number was chosen; what was received always has one."""
        typed = self.answers.municipality
        return typed if len(typed) == 4 and typed.isdigit() else ""


def rights_of(application: Application, link: SecretLink) -> frozenset[Right]:
    """What the link opens; raises DeadLinkError for one that a newer has replaced, or that was
    taken back.
    """
    if not link.person:
        if link.version != application.link_version:
            raise DeadLinkError
        return frozenset(Right)
    holder = next((each for each in application.people if each.id == link.person), None)
    if holder is None or holder.link_version != link.version:
        raise DeadLinkError
    return holder.rights


def application_key(application_id: str) -> Key:
    return Key(f"APPLICATION#{application_id}", "APPLICATION")


class ApplicationVersion(Record):
    """What was sent, each time it was sent; never changed."""

    application_id: str
    version: int
    answers: Answers
    missing: tuple[Missing, ...]
    received_at: datetime
    digest: str
    is_supplement: bool = False
    """Sent because staff asked for more: the application keeps the time it was first received."""

    @property
    def key(self) -> Key:
        return Key(f"APPLICATION#{self.application_id}", f"VERSION#{self.version:04d}")
