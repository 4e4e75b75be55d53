"""The application as parts and questions: what is asked where, and how far a part has come.

The announcement's demands in the order of the task list. Everything that shows, saves or writes out
an application goes through these lists: a page for each part, the check before sending, the
receipt, the PDF. A question's `label`, `hint` and a group's words are keys of the table `form` of
the page texts.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from kulturkontor.application_form import Answers, Missing, find_missing
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.programme import Programme


class Part(StrEnum):
    """The parts; their values stand in addresses."""

    MUNICIPALITY = "kommune"
    ANCHORING = "forankring"
    TEAM = "gruppe"
    CAPACITY = "kapasitet"
    SEND = "send"


class Kind(StrEnum):
    LINE = "line"
    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    """Free text of several lines, up to the programme's limit."""
    BOX = "box"
    MUNICIPALITY = "municipality"
    LANGUAGE = "language"
    MEMBERS = "members"
    """The group: rows that can be added and removed."""


class Question(NamedTuple):
    field: str
    """Its place in Answers: `contact.email`."""
    kind: Kind
    label: str
    hint: str = ""
    is_must: bool = False
    """An application without it is incomplete, or cannot be sent."""
    autocomplete: str = "off"
    rows: int = 6


class Group(NamedTuple):
    """Questions under one heading."""

    heading: str
    questions: tuple[Question, ...]
    intro: str = ""


PARTS: Mapping[Part, tuple[Group, ...]] = {
    Part.MUNICIPALITY: (
        Group(
            "part_municipality",
            (
                Question("municipality", Kind.MUNICIPALITY, "municipality", is_must=True),
                Question("language", Kind.LANGUAGE, "language", "language_hint", is_must=True),
            ),
        ),
        Group(
            "part_contact",
            (
                Question("contact.name", Kind.LINE, "name", "", True, "name"),
                Question("contact.role", Kind.LINE, "role", "", False, "organization-title"),
                Question("contact.email", Kind.EMAIL, "email", "contact_email_hint", True, "email"),
                Question("contact.phone", Kind.PHONE, "phone", "", False, "tel"),
            ),
            "contact_intro",
        ),
    ),
    Part.ANCHORING: (
        Group(
            "part_anchoring",
            (
                Question(
                    "anchoring_plans", Kind.TEXT, "anchoring_plans", "anchoring_plans_hint", True
                ),
                Question(
                    "anchoring_organisation", Kind.TEXT, "anchoring_organisation", is_must=True
                ),
            ),
        ),
        Group(
            "part_leader",
            (
                Question("leader.name", Kind.LINE, "name", is_must=True),
                Question("leader.role", Kind.LINE, "role", "leader_role_hint"),
                Question("leader.email", Kind.EMAIL, "email", "leader_email_hint"),
                Question("leader.approved", Kind.BOX, "leader_approved", is_must=True),
            ),
            "leader_intro",
        ),
    ),
    Part.TEAM: (
        Group(
            "part_members",
            (Question("members", Kind.MEMBERS, "part_members", is_must=True),),
            "members_intro",
        ),
    ),
    Part.CAPACITY: (
        Group(
            "part_motivation",
            (
                Question("motivation", Kind.TEXT, "motivation", "", True, rows=8),
                Question("partners", Kind.TEXT, "partners", "partners_hint", rows=3),
                Question("earlier_participation", Kind.TEXT, "earlier", "earlier_hint", rows=3),
            ),
        ),
        Group(
            "part_capacity",
            (
                Question("capacity.working_time", Kind.BOX, "working_time", is_must=True),
                Question("capacity.all_gatherings", Kind.BOX, "all_gatherings", is_must=True),
                Question("capacity.text", Kind.TEXT, "capacity_text", "capacity_hint", rows=4),
            ),
        ),
        Group(
            "part_sharing",
            (Question("capacity.sharing", Kind.BOX, "sharing", is_must=True),),
        ),
    ),
    Part.SEND: (
        Group(
            "part_terms",
            (
                Question("accepts_cost_split", Kind.BOX, "cost_split", is_must=True),
                Question("privacy_notice_read", Kind.BOX, "privacy_read", is_must=True),
            ),
        ),
    ),
}
MEMBER = (
    Question("role", Kind.LINE, "role", is_must=True),
    Question("sector", Kind.LINE, "sector", is_must=True),
    Question("name", Kind.LINE, "name"),
    Question("email", Kind.EMAIL, "email"),
)
"""What is asked of each in the group; a field is `members.0.role`."""


class Status(StrEnum):
    NOT_STARTED = "not_started"
    BEGUN = "begun"
    DONE = "done"


def questions_of(part: Part) -> Iterator[Question]:
    return (question for group in PARTS[part] for question in group.questions)


def part_of(field: str) -> Part:
    """The part that asks for the field; `members.2.email` belongs to the group's."""
    name = "members" if field.startswith("members") else field
    return next(
        (part for part in Part if any(each.field == name for each in questions_of(part))),
        Part.MUNICIPALITY,
    )


def find_gaps(answers: Answers, programme: Programme) -> tuple[Missing, ...]:
    """Everything that is lacking: what an application cannot be sent without, and then what makes
    it incomplete.
    """
    needed = (
        (not _is_known(answers.municipality), "municipality", "municipality"),
        (not answers.contact.name, "contact.name", "contact_name"),
        (not answers.contact.email, "contact.email", "contact_email"),
    )
    lacking = tuple(Missing(field=field, code=code) for lacks, field, code in needed if lacks)
    return lacking + find_missing(answers, programme)


def status_of(part: Part, answers: Answers, programme: Programme) -> Status:
    """Done when nothing of it is lacking. Of the last part this tells of the terms only."""
    if all(_value(answers, each.field) == _value(_NOTHING, each.field) for each in _told(part)):
        return Status.NOT_STARTED
    lacks = any(part_of(gap.field) is part for gap in find_gaps(answers, programme))
    return Status.BEGUN if lacks else Status.DONE


def _told(part: Part) -> Iterator[Question]:
    """The written form is chosen for people before they have written anything."""
    return (each for each in questions_of(part) if each.kind is not Kind.LANGUAGE)


def _is_known(kommunenummer: str) -> bool:
    try:
        municipality(kommunenummer)
    except UnknownMunicipalityError:
        return False
    return True


def _value(answers: Answers, field: str) -> object:
    found: object = answers
    for name in field.split("."):
        found = getattr(found, name)
    return found


_NOTHING = Answers()
