"""Conflicts of interest, and which applications are whose to assess.

A conflict is declared by the person, or follows from the municipality that they live or work in. It
binds the person whatever their roles: they neither read that application nor score it, and it
cannot be given to them again. What they scored before no longer counts. Only staff take a mistaken
declaration back.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.office_users import OfficeUser, person_id
from kulturkontor.records import Key, Record
from kulturkontor.refusals import Refusal
from kulturkontor.sessions import Role


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bar(StrEnum):
    """Why an application is closed to somebody."""

    OWN_MUNICIPALITY = "own_municipality"
    DECLARED = "declared"
    NOT_ASSIGNED = "not_assigned"


class Assigned(_Part):
    by: str
    at: datetime
    mail: str = ""
    """The id of the mail that tells of it."""


class DeclaredConflict(_Part):
    reason: str
    at: datetime


class Reviewing(Record):
    """One person's part in the assessment of a programme: what is theirs and what is closed to
    them, by application.
    """

    programme: str
    email: str
    assigned: Mapping[str, Assigned] = Field(default_factory=dict)
    conflicts: Mapping[str, DeclaredConflict] = Field(default_factory=dict)

    @property
    def key(self) -> Key:
        return reviewing_key(self.programme, self.id)

    @property
    def id(self) -> str:
        return person_id(self.email)

    def given(self, applications: Iterable[str], assigned: Assigned) -> Self:
        """These applications added to what is theirs."""
        return self.but(assigned={**self.assigned, **dict.fromkeys(applications, assigned)})

    def without(self, application_id: str) -> Self:
        """Nothing of that application left."""
        return self.but(
            assigned={each: one for each, one in self.assigned.items() if each != application_id},
            conflicts={each: one for each, one in self.conflicts.items() if each != application_id},
        )


class ConflictError(Refusal):
    """It would decide something for an application that is closed to whoever asks for it."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "conflict_of_interest"


class Conflicts(NamedTuple):
    """What one person has a conflict of interest with."""

    municipality: str = ""
    """Where they live or work; empty where none is set."""
    reviewing: Reviewing | None = None

    @property
    def are_any(self) -> bool:
        return bool(self.municipality or (self.reviewing and self.reviewing.conflicts))

    def close(self, application_id: str, kommunenummer: str) -> bool:
        bar = conflict_of(
            application_id,
            kommunenummer,
            municipality=self.municipality,
            reviewing=self.reviewing,
        )
        return bar is not None


class Reviewer(BaseModel):
    """Somebody who may assess: the user, and their part in this programme."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: OfficeUser
    part: Reviewing

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def is_dealt_to(self) -> bool:
        """Staff are given applications by hand only, unless they are reviewers too."""
        return self.user.may_review and Role.REVIEWER in self.user.roles

    def conflict(self, application_id: str, kommunenummer: str) -> Bar | None:
        return conflict_of(
            application_id,
            kommunenummer,
            municipality=self.user.municipality,
            reviewing=self.part,
        )


def conflict_of(
    application_id: str,
    kommunenummer: str,
    *,
    municipality: str,
    reviewing: Reviewing | None,
) -> Bar | None:
    """`municipality`: the person's own, empty where none is set."""
    if municipality and municipality == kommunenummer:
        return Bar.OWN_MUNICIPALITY
    if reviewing is not None and application_id in reviewing.conflicts:
        return Bar.DECLARED
    return None


def reviewing_key(programme_id: str, person: str) -> Key:
    return Key(assessment_partition(programme_id), f"REVIEWER#{person}")


def assessment_partition(programme_id: str) -> str:
    return f"ASSESSMENT#{programme_id}"
