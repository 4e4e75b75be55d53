"""An application and the states it goes through, from draft to the municipality's group."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kulturkontor.application_form import Answers, Email, Line, Missing, Sector, required
from kulturkontor.application_parts import Part
from kulturkontor.decisions import TOLD, Decision, LetterState, Place, PlaceState
from kulturkontor.links import DeadLinkError, SecretLink
from kulturkontor.programme import Language, Programme
from kulturkontor.records import Change, Key, Put, Record


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMPETING = "competing"
    SUPERSEDED = "superseded"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    WITHDRAWN = "withdrawn"


LIVE = frozenset(
    {
        ApplicationState.SUBMITTED,
        ApplicationState.COMPETING,
        ApplicationState.WITHDRAWAL_ASKED,
    }
)


class Participant(_Part):
    """One of the municipality's group, registered after it accepted."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]
    name: Annotated[Line, AfterValidator(required)]
    sector: Sector
    email: Email = ""
    coordinator: bool = False
    only: tuple[str, ...] = ()
    """The gatherings a substitute comes to; empty for one who is of the group throughout."""
    instead_of: Annotated[str, Field(max_length=20)] = ""
    """The id of the one whom a substitute comes for, if it is said."""


class Right(StrEnum):
    """What somebody with a link of their own may do for the municipality."""

    CONTACT = "contact"
    """Withdraw, answer the offer, let others in, hand over: the contact alone."""
    APPLY = "apply"
    MEMBERS = "members"
    CLAIMS = "claims"


class LinkHolder(_Part):
    """A further person with a link of their own; a new version makes the earlier one dead."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]{8,40}$")]
    name: Line
    email: Email
    rights: frozenset[Right]
    link_version: int = 1
    added_at: datetime


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


class FieldEdit(_Part):
    """Who changed a field last, and when; `by` is empty for the contact's link."""

    by: str
    at: datetime


class Presence(StrEnum):
    COMES = "comes"
    STAYS_AWAY = "stays_away"
    DROPPED_OUT = "dropped_out"
    """Said to come, and cannot: ill, or hindered. What was paid already is staff's to judge."""


class Attendance(_Part):
    """Whether one of the group comes to a gathering; `bed` only where the council books."""

    gathering: str
    participant: str
    presence: Presence
    bed: bool | None = None
    bed_asked: bool | None = None
    """What was asked for after the hotel's date, until staff have said yes or no."""
    at: datetime


class CheckIn(_Part):
    """What staff noted at the door of a gathering: whether one of the group was there."""

    gathering: str
    participant: str
    came: bool
    at: datetime


class Participants(_Part):
    """The municipality's group: whole list in, whole list kept."""

    participants: Annotated[tuple[Participant, ...], Field(max_length=40)]


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
    place: Place | None = None
    participants: tuple[Participant, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    people: tuple[LinkHolder, ...] = ()
    extension: Extension | None = None
    reopened: Reopened | None = None
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


def participants_at(application: Application, gathering_id: str) -> list[Participant]:
    """Who is registered for that gathering: the group, and the substitutes for just that one."""
    return [each for each in application.participants if not each.only or gathering_id in each.only]


def attendance_at(application: Application, gathering_id: str) -> dict[str, Attendance]:
    """What the municipality said of each participant (by id) for that gathering, if anything."""
    return {
        each.participant: each for each in application.attendance if each.gathering == gathering_id
    }


def check_ins_at(application: Application, gathering_id: str) -> dict[str, bool]:
    """Whether each participant (by id) was there, of those whom staff have noted it of."""
    return {
        each.participant: each.came
        for each in application.check_ins
        if each.gathering == gathering_id
    }


def is_away(application: Application, gathering_id: str, participant: str) -> bool:
    """Whether somebody did not come: what was noted at the door, else what was said before."""
    came = check_ins_at(application, gathering_id).get(participant)
    if came is not None:
        return not came
    said = attendance_at(application, gathering_id).get(participant)
    return said is not None and said.presence is not Presence.COMES


def has_taken_part(application: Application) -> bool:
    """Whether the municipality has had its place, also if it has given it up since: only one that
    accepted can register a group.
    """
    place = application.place
    is_accepted = place is not None and place.state is PlaceState.ACCEPTED
    return is_accepted or (place is not None and bool(application.participants))


def has_given_up(application: Application) -> bool:
    """Whether the municipality has given its place up again, or asked to."""
    place = application.place
    is_gone = application.state in (ApplicationState.WITHDRAWAL_ASKED, ApplicationState.WITHDRAWN)
    return is_gone or place is None or place.state is not PlaceState.ACCEPTED


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


class LetterMark(_Part):
    """What a list of applications shows of one decision and its letter."""

    n: int
    o: str
    s: LetterState
    c: bool = False
    """Whether a second person has confirmed it."""

    @property
    def is_told(self) -> bool:
        return self.s in TOLD


class ApplicationRow(Record):
    """The slim row of an application in its programme's list (about 300 bytes): counted and sorted
    in memory.
    """

    id: str
    programme: str
    reference: str | None = None
    kommunenummer: str
    state: ApplicationState
    late: bool
    gaps: int
    received: datetime | None = None
    saved: datetime
    language: Language
    letters: tuple[LetterMark, ...] = ()
    rank: int | None = None
    place: str | None = None
    group: int = 0
    beds: int = 0
    """How many changes of beds wait for staff's answer."""
    mails: tuple[str, ...] = ()
    """Digests of the addresses that have a link, the contact's first: to find who lost theirs."""
    suspect: bool = False
    asked: Literal["waiting", "answered", ""] = ""
    """Whether staff have asked the applicant for more, and whom that waits for."""

    @property
    def key(self) -> Key:
        return Key(programme_partition(self.programme), f"APPLICATION#{self.id}")

    def as_kept(self) -> str:
        """Without what is as it begins: a list of hundreds is read by one query."""
        return self.model_dump_json(exclude={"revision"}, exclude_defaults=True)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_imported(self) -> bool:
        """It came from a sheet of staff's, decided and answered by hand before."""
        return bool(self.letters) and self.letters[0].s is LetterState.OUTSIDE

    @property
    def outcome(self) -> str | None:
        return self.letters[-1].o if self.letters else None


def programme_partition(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"


def row_of(application: Application) -> ApplicationRow:
    """The slim row of an application; written in the same transaction, so at the same revision."""
    decision = application.decision
    return ApplicationRow(
        revision=application.revision,
        id=application.id,
        programme=application.programme,
        reference=application.reference,
        kommunenummer=application.kommunenummer,
        state=application.state,
        late=application.is_late,
        gaps=len(application.missing),
        received=application.received_at,
        saved=application.saved_at,
        language=application.language,
        letters=tuple(
            LetterMark(n=each.serial, o=each.outcome, s=each.letter_state, c=each.is_confirmed)
            for each in application.decisions
        ),
        rank=decision.rank if decision else None,
        place=application.place.state if application.place else None,
        group=len(application.participants),
        beds=sum(each.bed_asked is not None for each in application.attendance),
        mails=tuple(
            mail_digest(each)
            for each in (
                application.answers.contact.email,
                *(holder.email for holder in application.people),
            )
        ),
        suspect=application.suspect,
        asked=application.reopened.standing if application.reopened else "",
    )


def mail_digest(address: str) -> str:
    """What an address is found by in a list that shall not hold it; empty for none."""
    tidied = address.strip().casefold()
    return hashlib.sha256(tidied.encode()).hexdigest()[:12] if tidied else ""


def put(application: Application) -> list[Change]:
    """An application as it should become, with its row."""
    return [Put(application), Put(row_of(application))]


class MunicipalityGuard(Record):
    """One per municipality and programme: makes «one live application» a conditional write."""

    programme: str
    kommunenummer: str
    applications: tuple[str, ...]
    """Ids in the order they were sent; the first is the one that counts until staff or the deadline
    say otherwise.
    """

    @property
    def key(self) -> Key:
        return guard_key(self.programme, self.kommunenummer)


def guard_key(programme_id: str, kommunenummer: str) -> Key:
    return Key(f"MUNICIPALITY#{programme_id}#{kommunenummer}", "GUARD")


def reference_of(programme: Programme, kommunenummer: str, place_in_line: int) -> str:
    """`KFK2-2026-4601`; the second application of a municipality gets `-B`, the third `-C`."""
    suffix = "" if place_in_line == 0 else f"-{chr(ord('A') + place_in_line)}"
    return f"{programme.reference_prefix}-{kommunenummer}{suffix}"


Phase = Literal["before", "open", "late", "closed"]


def phase(programme: Programme, at: datetime) -> Phase:
    """Where the application period stands: late ones are kept until the answers go out."""
    if at < programme.opens_at:
        return "before"
    if at < programme.closes_at:
        return "open"
    return "late" if at < programme.released_at else "closed"
