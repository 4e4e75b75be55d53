"""The people of a municipality: who has a link of their own, and the group that takes part."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kulturkontor.application_form import Email, Line, Sector, required


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
    bed_name: str = ""
    """The name that the hotel has for the bed, where that is not the participant's own: another is
    asked for, and staff have not said yes.
    """
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
