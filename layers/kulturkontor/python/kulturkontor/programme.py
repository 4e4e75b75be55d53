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

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from kulturkontor.programme_rules import (
    OUT_OF_ORDER,
    ApplicationRules,
    AssessmentRules,
    Contact,
    DecisionRules,
    OvernightRules,
    Part,
    PaymentRules,
    RetentionRules,
    Signature,
    SummaryRules,
    TravelRules,
    Words,
)

OSLO = ZoneInfo("Europe/Oslo")

Language = Literal["nb", "nn"]


PRE_GATHERING = "P"

WebAddress = Annotated[str, Field(max_length=500, pattern=r"^$|^https://[^\s<>\"]+$")]


class ProgrammeError(ValueError):
    """The programme file cannot be used; the message names each field and what is wrong with it."""


class Gathering(Part):
    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$")]
    first_day: date
    last_day: date
    place: str
    diet_form: WebAddress = ""
    """The organiser's own form for diet and allergies; nothing that is answered there is kept."""
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
    """A digital meeting of the coordinators between the gatherings; times are Oslo wall-clock. The
    one with the id `PRE_GATHERING` is the «digital presamling for påmeldte» before the first.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$")]
    starts: datetime
    ends: datetime
    address: str = ""
    """Where it takes place: the meeting's web address, once it is known."""
    is_cancelled: bool = False
    sequence: Annotated[int, Field(ge=0)] = 0
    changed_at: datetime | None = None

    @property
    def is_pre_gathering(self) -> bool:
        return self.id == PRE_GATHERING

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
    assessment: AssessmentRules = AssessmentRules()
    decision: DecisionRules
    travel: TravelRules
    overnight: OvernightRules
    payment: PaymentRules
    retention: RetentionRules
    gatherings: Annotated[tuple[Gathering, ...], Field(min_length=1)]
    coordinator_meetings: tuple[CoordinatorMeeting, ...] = ()
    summary: SummaryRules = SummaryRules()
    texts: dict[str, Words] = Field(default_factory=dict)
    """Letters and mails in staff's own words, by name; an empty one is as it was written by us."""
    phrases: dict[str, Words] = Field(default_factory=dict)
    """The same of what is put into letters and mails, by the phrase's key."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        decision, application = self.decision, self.application
        wanted = [
            ("opens_before_closes", application.opens < application.closes),
            ("closes_before_released", application.closes < decision.released),
            ("released_before_answer_by", decision.released.date() < decision.answer_by),
            ("answer_by_in_waiting_list", decision.answer_by <= decision.waiting_list_ends),
            (
                "gatherings_in_period",
                all(
                    self.starts <= each.first_day <= each.last_day <= self.ends
                    for each in self.gatherings
                ),
            ),
            (
                "meetings_in_order",
                all(each.starts < each.ends for each in self.coordinator_meetings),
            ),
            ("events_named_once", len({*self._event_ids}) == len(self._event_ids)),
        ]
        if faults := [code for code, is_so in wanted if not is_so]:
            raise PydanticCustomError(OUT_OF_ORDER, "must be so: {codes}", {"codes": faults})
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
    def assessment_closes_at(self) -> datetime:
        closes = self.assessment.closes
        return min(_oslo(closes), self.released_at) if closes else self.released_at

    @property
    def last_assessment_day(self) -> date:
        """At midnight it closes with the day before, as `last_application_day`."""
        return (self.assessment_closes_at - timedelta(microseconds=1)).astimezone(OSLO).date()

    @property
    def last_application_day(self) -> date:
        """The day people call the deadline: a deadline at midnight belongs to the day before."""
        return (self.application.closes - timedelta(microseconds=1)).date()

    @property
    def planned_gatherings(self) -> tuple[Gathering, ...]:
        """Those that are not cancelled."""
        return tuple(each for each in self.gatherings if not each.is_cancelled)

    def gathering(self, gathering_id: str) -> Gathering | None:
        return next((g for g in self.gatherings if g.id == gathering_id), None)

    @property
    def pre_gathering(self) -> CoordinatorMeeting | None:
        """As staff have set it, if they have."""
        return self.coordinator_meeting(PRE_GATHERING)

    def coordinator_meeting(self, meeting_id: str) -> CoordinatorMeeting | None:
        return next((each for each in self.coordinator_meetings if each.id == meeting_id), None)

    def claim_deadline(self, gathering: Gathering) -> date:
        return gathering.last_day + timedelta(days=self.travel.window_days)

    def own_text(self, name: str, language: Language) -> str:
        """The text that staff have put in the place of the shipped one, else empty."""
        words = self.texts.get(name)
        return getattr(words, language) if words else ""

    def own_phrase(self, key: str, language: Language) -> str:
        """The phrase that staff have put in the place of the shipped one, else empty."""
        words = self.phrases.get(key)
        return getattr(words, language) if words else ""

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
