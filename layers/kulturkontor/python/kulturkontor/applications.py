"""An application and the states it goes through, from draft to the municipality's group."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kulturkontor.application_form import Answers, Email, Line, Missing, Sector, required
from kulturkontor.decisions import Decision, LetterState, Place
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

    @property
    def key(self) -> Key:
        return application_key(self.id)

    @property
    def decision(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def mail_language(self) -> Language:
        """The letter's written form once a letter has told it, before that the form's."""
        told = self.decision if self.decision and self.decision.is_told else None
        return told.language if told else self.language

    @property
    def is_complete(self) -> bool:
        return self.reference is not None and not self.missing

    @property
    def kommunenummer(self) -> str:
        """Of a draft only if a known number was chosen; what was received always has one."""
        typed = self.answers.municipality
        return typed if len(typed) == 4 and typed.isdigit() else ""


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

    @property
    def key(self) -> Key:
        return Key(f"APPLICATION#{self.application_id}", f"VERSION#{self.version:04d}")


class LetterMark(_Part):
    """What a list of applications shows of one decision and its letter."""

    n: int
    o: str
    s: LetterState


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

    @property
    def key(self) -> Key:
        return Key(programme_partition(self.programme), f"APPLICATION#{self.id}")

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

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
            LetterMark(n=each.serial, o=each.outcome, s=each.letter_state)
            for each in application.decisions
        ),
        rank=decision.rank if decision else None,
        place=application.place.state if application.place else None,
        group=len(application.participants),
    )


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
