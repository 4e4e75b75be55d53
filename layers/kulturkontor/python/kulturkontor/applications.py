"""An application: what is asked, what makes it complete, and the states it goes through.

The announcement asks for «tydelig forankring i eget planverk og egen organisasjon», «et tverrfaglig
team», «kapasitet» and being «villige til å prioritere tid og aktiv deltakelse gjennom hele
programperioden»: one part of the form each. Code checks that each is answered; people judge the
answers.
"""

import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kulturkontor.decisions import Decision, LetterState, Place
from kulturkontor.municipalities import UnknownMunicipalityError, find_municipality
from kulturkontor.national_id import contains_national_id
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Language, Programme
from kulturkontor.records import Change, Key, Put, Record

MAX_TEXT = 10_000
_CONTROL = {c: None for c in range(32) if c not in (9, 10, 13)} | dict.fromkeys(range(127, 160))
_EMAIL = re.compile(
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$"
)


def tidy(value: Any) -> Any:
    """Text as people mean it: NFC, no control characters, no space around, LF line ends."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_CONTROL).strip()


def _no_national_id(text: str) -> str:
    if contains_national_id(text):
        raise PydanticCustomError("national_id", "contains a national identity number")
    return text


def _email(text: str) -> str:
    if text and not _EMAIL.match(text):
        raise PydanticCustomError("email", "not an e-mail address")
    return text


Line = Annotated[str, Field(max_length=200), BeforeValidator(tidy), AfterValidator(_no_national_id)]
Text = Annotated[
    str, Field(max_length=MAX_TEXT), BeforeValidator(tidy), AfterValidator(_no_national_id)
]
Email = Annotated[str, Field(max_length=254), BeforeValidator(tidy), AfterValidator(_email)]


class Sector(StrEnum):
    KULTURSKOLE = "kulturskole"
    OPPVEKST = "oppvekst"
    KULTUR = "kultur"
    HELSE = "helse"
    FRIVILLIGHET = "frivillighet"
    POLITIKK = "politikk"
    ANNET = "annet"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(_Part):
    name: Line = ""
    role: Line = ""
    email: Email = ""
    phone: Line = ""


class Leader(_Part):
    """The leader (kommunedirektør, kommunalsjef) who stands behind the application."""

    name: Line = ""
    role: Line = ""
    email: Email = ""
    approved: bool = False


class Member(_Part):
    role: Line = ""
    sector: Sector | None = None
    name: Line = ""
    email: Email = ""


class Capacity(_Part):
    working_time: bool = False
    all_gatherings: bool = False
    sharing: bool = False
    text: Text = ""


class Answers(_Part):
    """A draft: accepts anything that can be kept. What is missing is told, never refused."""

    municipality: Line = ""
    language: Language = "nb"
    contact: Contact = Contact()
    leader: Leader = Leader()
    anchoring_plans: Text = ""
    anchoring_organisation: Text = ""
    members: Annotated[tuple[Member, ...], Field(max_length=40)] = ()
    motivation: Text = ""
    capacity: Capacity = Capacity()
    partners: Text = ""
    earlier_participation: Text = ""
    accepts_cost_split: bool = False
    privacy_notice_read: bool = False


def _known_municipality(text: str) -> str:
    if not text:
        raise PydanticCustomError("required", "must be given")
    try:
        return find_municipality(text).kommunenummer
    except UnknownMunicipalityError as fault:
        raise PydanticCustomError(
            f"municipality_{fault.code}",
            "not a municipality of today",
            {"hint": fault.hint or ""},
        ) from fault


def _required(text: str) -> str:
    if not text:
        raise PydanticCustomError("required", "must be given")
    return text


def _printable(text: str) -> str:
    character = find_unprintable(text)
    if character is not None:
        raise PydanticCustomError(
            "unprintable", "cannot be printed in a letter", {"character": character}
        )
    return text


Printed = Annotated[Line, AfterValidator(_printable)]


class SubmittedContact(Contact):
    name: Annotated[Printed, AfterValidator(_required)]
    role: Printed = ""
    email: Annotated[Email, AfterValidator(_required)]


class SubmittedLeader(Leader):
    name: Printed = ""
    role: Printed = ""


class Submission(Answers):
    """What can be received: a municipality of today and somebody to answer. The rest may be
    missing.
    """

    municipality: Annotated[Line, AfterValidator(_known_municipality)]
    contact: SubmittedContact
    leader: SubmittedLeader = SubmittedLeader()


class Missing(_Part):
    """One thing that makes an application incomplete: the field, and the code of its text."""

    field: str
    code: str


def find_missing(answers: Answers, programme: Programme) -> tuple[Missing, ...]:
    """What the application lacks, in the order of the form. Empty means complete."""
    rules = programme.application
    found = [
        (not answers.leader.name, "leader.name", "leader_name"),
        (not answers.leader.approved, "leader.approved", "leader_approved"),
        (not answers.anchoring_plans, "anchoring_plans", "anchoring_plans"),
        (not answers.anchoring_organisation, "anchoring_organisation", "anchoring_organisation"),
        (len(answers.members) < rules.min_members, "members", "members_too_few"),
        *(
            (not (member.role and member.sector), f"members.{number}", "member_role_and_sector")
            for number, member in enumerate(answers.members)
        ),
        (not answers.motivation, "motivation", "motivation"),
        (not answers.capacity.working_time, "capacity.working_time", "capacity_working_time"),
        (not answers.capacity.all_gatherings, "capacity.all_gatherings", "capacity_gatherings"),
        (not answers.capacity.sharing, "capacity.sharing", "capacity_sharing"),
        (not answers.accepts_cost_split, "accepts_cost_split", "cost_split"),
        (not answers.privacy_notice_read, "privacy_notice_read", "privacy_notice"),
        (_too_long(answers, rules.max_text), "motivation", "text_too_long"),
    ]
    return tuple(Missing(field=field, code=code) for lacks, field, code in found if lacks)


def find_warnings(answers: Answers, programme: Programme) -> tuple[Missing, ...]:
    """What staff and the applicant should look at; never makes an application incomplete."""
    sectors = {member.sector for member in answers.members if member.sector}
    found = [
        (len(sectors) < programme.application.min_sectors, "sectors_too_few"),
        (Sector.KULTURSKOLE not in sectors, "nobody_from_kulturskolen"),
    ]
    return tuple(Missing(field="members", code=code) for warns, code in found if warns)


def _too_long(answers: Answers, limit: int) -> bool:
    texts = (answers.motivation, answers.anchoring_plans, answers.anchoring_organisation)
    return any(len(text) > limit for text in (*texts, answers.capacity.text))


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
    name: Annotated[Line, AfterValidator(_required)]
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
