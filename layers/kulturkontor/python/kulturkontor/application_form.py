"""What is asked of an applicant, and what makes an application complete.

The announcement asks for «tydelig forankring i eget planverk og egen organisasjon», «et
tverrfaglig team», «kapasitet» and being «villige til å prioritere tid og aktiv deltakelse gjennom
hele programperioden»: one part of the form each. Code checks that each is answered; people judge
the answers.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kulturkontor.municipalities import UnknownMunicipalityError, find_municipality
from kulturkontor.national_id import contains_national_id
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Language, Programme

MAX_LINE = 200
MAX_TEXT = 10_000
MAX_EMAIL = 254
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


def is_email(text: str) -> bool:
    return len(text) <= MAX_EMAIL and _EMAIL.match(text) is not None


def _email(text: str) -> str:
    if text and not _EMAIL.match(text):
        raise PydanticCustomError("email", "not an e-mail address")
    return text


def _no_heavier(text: str, most: int) -> str:
    """Letters of four bytes weigh as two: an application with its corrections must fit in one
    record.
    """
    if len(text.encode()) > 2 * most:
        raise PydanticCustomError("string_too_long", "too many bytes", {"max_length": most // 2})
    return text


def _light_line(text: str) -> str:
    return _no_heavier(_no_national_id(text), MAX_LINE)


def _light_text(text: str) -> str:
    return _no_heavier(_no_national_id(text), MAX_TEXT)


Line = Annotated[
    str, Field(max_length=MAX_LINE), BeforeValidator(tidy), AfterValidator(_light_line)
]
Text = Annotated[
    str, Field(max_length=MAX_TEXT), BeforeValidator(tidy), AfterValidator(_light_text)
]
Email = Annotated[str, Field(max_length=MAX_EMAIL), BeforeValidator(tidy), AfterValidator(_email)]


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


def required(text: str) -> str:
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
    name: Annotated[Printed, AfterValidator(required)]
    role: Printed = ""
    email: Annotated[Email, AfterValidator(required)]


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
    members = [each for each in enumerate(answers.members) if each[1] != Member()]
    found = [
        (not answers.leader.name, "leader.name", "leader_name"),
        (not answers.leader.approved, "leader.approved", "leader_approved"),
        (not answers.anchoring_plans, "anchoring_plans", "anchoring_plans"),
        (not answers.anchoring_organisation, "anchoring_organisation", "anchoring_organisation"),
        (len(members) < rules.min_members, "members", "members_too_few"),
        *(
            (not (member.role and member.sector), f"members.{number}", "member_role_and_sector")
            for number, member in members
        ),
        (not answers.motivation, "motivation", "motivation"),
        (not answers.capacity.working_time, "capacity.working_time", "capacity_working_time"),
        (not answers.capacity.all_gatherings, "capacity.all_gatherings", "capacity_gatherings"),
        (not answers.capacity.sharing, "capacity.sharing", "capacity_sharing"),
        (not answers.accepts_cost_split, "accepts_cost_split", "cost_split"),
        (not answers.privacy_notice_read, "privacy_notice_read", "privacy_notice"),
        *(
            (len(text) > rules.max_text, field, "text_too_long")
            for field, text in _texts(answers).items()
        ),
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


def _texts(answers: Answers) -> dict[str, str]:
    """The fields of free text."""
    return {
        "anchoring_plans": answers.anchoring_plans,
        "anchoring_organisation": answers.anchoring_organisation,
        "motivation": answers.motivation,
        "partners": answers.partners,
        "earlier_participation": answers.earlier_participation,
        "capacity.text": answers.capacity.text,
    }
