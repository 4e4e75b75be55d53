"""One programme as data: every date, limit, share, place and name, from `programmes/<id>.toml`.

Wall-clock times in the file are Europe/Oslo; `opens_at` and friends give aware instants.
Source: the announcement; a value it leaves open is marked in the file.
"""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    ValidationError,
    model_validator,
)

from kulturkontor.programme_rules import (
    ApplicationRules,
    Contact,
    DecisionRules,
    OvernightRules,
    Part,
    PaymentRules,
    RetentionRules,
    Signature,
    TravelRules,
    Words,
)

OSLO = ZoneInfo("Europe/Oslo")

Language = Literal["nb", "nn"]


class ProgrammeError(ValueError):
    """The programme file cannot be used; the message names each field and what is wrong with it."""


class Gathering(Part):
    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$")]
    first_day: date
    last_day: date
    place: str
    is_cancelled: bool = False
    sequence: Annotated[int, Field(ge=0)] = 0
    """How often staff have changed it: a calendar's SEQUENCE."""
    changed_at: datetime | None = None
    """When staff changed it last; None as long as it stands as announced."""

    @property
    def number(self) -> str:
        return self.id.lstrip("S")

    @property
    def night(self) -> date:
        """The evening of the night between the days."""
        return self.first_day


class CoordinatorMeeting(Part):
    """A digital meeting of the coordinators between the gatherings; times are Oslo wall-clock."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$")]
    starts: datetime
    ends: datetime
    address: str = ""
    """Where it takes place: the meeting's web address, once it is known."""
    is_cancelled: bool = False
    sequence: Annotated[int, Field(ge=0)] = 0
    changed_at: datetime | None = None

    @property
    def starts_at(self) -> datetime:
        return _oslo(self.starts)

    @property
    def ends_at(self) -> datetime:
        return _oslo(self.ends)

    @property
    def number(self) -> str:
        return self.id.lstrip("M")


class Programme(Part):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]{1,20}$")]
    reference_prefix: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}-\d{4}$")]
    organiser: str
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    starts: date
    ends: date
    name: Words
    contact: Contact
    signature: Signature
    application: ApplicationRules
    decision: DecisionRules
    travel: TravelRules
    overnight: OvernightRules
    payment: PaymentRules
    retention: RetentionRules
    gatherings: Annotated[tuple[Gathering, ...], Field(min_length=1)]
    coordinator_meetings: tuple[CoordinatorMeeting, ...] = ()

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        decision, application = self.decision, self.application
        wanted = [
            (application.opens < application.closes, "application.opens before closes"),
            (application.closes < decision.released, "application.closes before decision.released"),
            (decision.released.date() < decision.answer_by, "decision.released before answer_by"),
            (
                decision.answer_by <= decision.waiting_list_ends,
                "decision.answer_by not after waiting_list_ends",
            ),
            *(
                (
                    self.starts <= each.first_day <= each.last_day <= self.ends,
                    f"gathering {each.id} in order and within the period",
                )
                for each in self.gatherings
            ),
            *(
                (each.starts < each.ends, f"coordinator meeting {each.id} starts before it ends")
                for each in self.coordinator_meetings
            ),
            (
                len({*self._event_ids}) == len(self._event_ids),
                "ids of gatherings and coordinator meetings used once each",
            ),
        ]
        if faults := [wish for is_so, wish in wanted if not is_so]:
            raise ValueError("; ".join(f"must be so: {fault}" for fault in faults))
        return self

    @property
    def _event_ids(self) -> list[str]:
        return [each.id for each in self.gatherings] + [
            each.id for each in self.coordinator_meetings
        ]

    @property
    def opens_at(self) -> datetime:
        return _oslo(self.application.opens)

    @property
    def closes_at(self) -> datetime:
        """The first instant that is too late."""
        return _oslo(self.application.closes)

    @property
    def released_at(self) -> datetime:
        return _oslo(self.decision.released)

    @property
    def last_application_day(self) -> date:
        """The day people call the deadline: a deadline at midnight belongs to the day before."""
        return (self.application.closes - timedelta(microseconds=1)).date()

    def gathering(self, gathering_id: str) -> Gathering | None:
        return next((g for g in self.gatherings if g.id == gathering_id), None)

    def coordinator_meeting(self, meeting_id: str) -> CoordinatorMeeting | None:
        return next((each for each in self.coordinator_meetings if each.id == meeting_id), None)

    def claim_deadline(self, gathering: Gathering) -> date:
        return gathering.last_day + timedelta(days=self.travel.window_days)

    def language(self, wanted: str | None) -> Language:
        """The wanted written form if the programme has it, else its first."""
        return next((each for each in self.languages if each == wanted), self.languages[0])


def _oslo(wall_clock: datetime) -> datetime:
    return wall_clock.replace(tzinfo=OSLO)


def parse_programme(text: str) -> Programme:
    """A programme from TOML text; raises ProgrammeError that names each faulty field."""
    try:
        return Programme.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise ProgrammeError(f"not valid TOML: {fault}") from fault
    except ValidationError as fault:
        problems = [
            f"{'.'.join(str(part) for part in each['loc']) or 'programme'}: {each['msg']}"
            for each in fault.errors()
        ]
        raise ProgrammeError("; ".join(problems)) from fault


@cache
def load_programme(programme_id: str) -> Programme:
    """The shipped programme of that id."""
    if not programme_id.isalnum():
        raise ProgrammeError(f"not a programme id: {programme_id!r}")
    file = files("kulturkontor") / "programmes" / f"{programme_id}.toml"
    if not file.is_file():
        raise ProgrammeError(f"no programme file {programme_id}.toml")
    return parse_programme(file.read_text("utf-8"))
