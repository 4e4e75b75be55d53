"""Mails: one row each from the moment something happened until the recipient's server has answered.

A row holds the text's name and values, never rendered text. States and what moves them: `design` in
`docs/architecture.md`. SES's events may come twice, late, in any order; a bounce is the last word.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
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


_NEVER_OUT = frozenset({MailState.QUEUED, MailState.STOPPED, MailState.TAKEN_BACK})


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
    """Key of the phrase that the link is called."""
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
        return any(_kind(event) == "Bounce" for event in self.events)


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


def is_kept_back(mail: Mail) -> bool:
    """Whether it has not left us: nobody has claimed it for sending."""
    return mail.state in _NEVER_OUT


def stop(mail: Mail) -> Mail:
    """Keep a mail back that nobody has taken for sending yet. Raises MailStateError."""
    if mail.state is not MailState.QUEUED:
        raise MailStateError(mail.state)
    return mail.but(state=MailState.STOPPED)


def let_go(mail: Mail) -> Mail:
    """A mail that was stopped goes back in the queue. Raises MailStateError."""
    if mail.state is not MailState.STOPPED:
        raise MailStateError(mail.state)
    return mail.but(state=MailState.QUEUED, not_before=None, handled_by=None)


def claim(mail: Mail, now: datetime) -> Mail:
    """Take the mail for sending: from here on nobody else may send it."""
    return mail.but(state=MailState.CLAIMED, claimed_at=now, not_before=None)


def is_due(mail: Mail, now: datetime) -> bool:
    return mail.state is MailState.QUEUED and (mail.not_before is None or mail.not_before <= now)


def release(mail: Mail, *, now: datetime, wait: timedelta) -> Mail:
    """SES would not take it now: back in the queue, not before then."""
    return mail.but(state=MailState.QUEUED, claimed_at=None, not_before=now + wait)


def mark_sent(mail: Mail, message_id: str) -> Mail:
    """SES answered. An event may have been faster; then only the message id is new."""
    told = _told_by(mail.events)
    return mail.but(state=told or MailState.SENT, message_id=message_id)


def mark_failed(mail: Mail, *, code: str, now: datetime) -> Mail:
    refusal = MailEvent(kind="refused", at=now, detail=code)
    events = mail.events if refusal in mail.events else (*mail.events, refusal)
    return mail.but(state=MailState.FAILED, events=events)


def mark_uncertain(mail: Mail) -> Mail:
    """Claimed, and after the grace neither an answer nor an event: a person must decide."""
    if mail.state is not MailState.CLAIMED:
        raise MailStateError(mail.state)
    return mail.but(state=MailState.UNCERTAIN)


def _told_by(events: Iterable[MailEvent]) -> MailState | None:
    """Where SES's events put a mail, in whatever order they came.

    A permanent bounce is the last word, also after a delivery. SES tells of a transient bounce only
    when it has given up, or when somebody's machine answered a mail that was delivered.
    Source: SES developer guide, «Bounce: soft bounces are only included when SES fails to deliver
    the email after retrying for a period of time».
    """
    kinds = {_kind(event) for event in events}
    return next((state for kind, state in _LAST_WORDS if kind in kinds), None)


def _kind(event: MailEvent) -> str:
    transient = event.kind == "Bounce" and event.detail.startswith("Transient")
    return "Transient bounce" if transient else event.kind


_LAST_WORDS = (
    ("Bounce", MailState.BOUNCED),
    ("Delivery", MailState.DELIVERED),
    ("Complaint", MailState.DELIVERED),
    ("Transient bounce", MailState.BOUNCED),
    ("Reject", MailState.FAILED),
    ("Rendering Failure", MailState.FAILED),
    ("Send", MailState.SENT),
    ("DeliveryDelay", MailState.SENT),
)


def record_event(mail: Mail, event: MailEvent, message_id: str) -> Mail:
    """What SES tells of a mail; each event counts once."""
    if event in mail.events:
        return mail
    events = (*mail.events, event)
    return mail.but(
        events=events,
        message_id=mail.message_id or message_id,
        state=_told_by(events) or mail.state,
    )


def send_again(mail: Mail, *, to: str | None, now: datetime) -> Mail:
    """A copy as staff asked: the same text to the same or a corrected address, as a mail of its
    own.
    """
    if mail.state in _NEVER_OUT or mail.state is MailState.CLAIMED:
        raise MailStateError(mail.state)
    return copy_of(mail, _again(mail.copies + 1), to=to or mail.to, now=now)


def copy_id(mail: Mail, number: int) -> str:
    """The id of that copy that staff sent of it."""
    return f"{mail.id}_{_again(number)}"


def _again(number: int) -> str:
    return f"again{number}"


def copy_of(mail: Mail, why: str, *, to: str, now: datetime) -> Mail:
    """The same text and enclosures as a mail of its own; `why` ends its id."""
    return Mail(
        id=f"{mail.id}_{why}",
        programme=mail.programme,
        to=to,
        language=mail.language,
        text=mail.text,
        values=mail.values,
        pages=mail.pages,
        enclosures=mail.enclosures,
        registered=mail.registered,
        queued_at=now,
    )


def as_json(mail: Mail) -> dict[str, Any]:
    """The message to the mail queue."""
    return {"programme": mail.programme, "mail": mail.id}
