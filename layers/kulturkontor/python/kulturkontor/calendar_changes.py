"""A change that staff make to a gathering or a coordinator meeting: what it becomes, whom it
concerns, and whether all of them have been written to.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NaiveDatetime

from kulturkontor.application_form import Line, required
from kulturkontor.application_rows import programme_partition
from kulturkontor.applications import Application
from kulturkontor.mails import Enclosure
from kulturkontor.participation import participants_at
from kulturkontor.people import Participant
from kulturkontor.programme import (
    CoordinatorMeeting,
    Gathering,
    Language,
    Programme,
    WebAddress,
)
from kulturkontor.records import Key, OpenWork, Record
from kulturkontor.refusals import Refusal

TO_TELL = "calendar-change"
NOTHING_SEEN = -1
"""What was seen of a meeting that is not there yet, in place of its SEQUENCE."""
_PREFIX = "CALENDAR#"

Event = Gathering | CoordinatorMeeting


class CalendarError(Refusal):
    """The change cannot be made; `args[0]` is the code of why."""

    codes_begin = "calendar_"


class _Wish(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    is_cancelled: bool = False
    reason: Annotated[Line, AfterValidator(required), Field(max_length=500)]
    """Stands in the mails, and in the audit."""
    seen: Annotated[int, Field(ge=NOTHING_SEEN)]
    """The SEQUENCE of what was changed, as it was shown."""


class GatheringWish(_Wish):
    first_day: date
    last_day: date
    place: Annotated[Line, AfterValidator(required)]
    diet_form: WebAddress | None = None
    """None leaves it as it is."""


class MeetingWish(_Wish):
    """`starts` and `ends` are Oslo wall-clock, as a browser's field for both sends them."""

    starts: NaiveDatetime
    ends: NaiveDatetime
    address: Line = ""


class CalendarChange(Record):
    """Kept with the change itself, so that pressing again writes exactly the mails that lack."""

    programme: str
    before: Event | None
    after: Event
    reason: str
    changed_by: str
    changed_at: datetime
    files: dict[Language, Enclosure]
    """The calendar file that goes with the mails, in each written form."""
    told: int = 0
    """How many have been written to: the first of them, and once all have, all."""
    is_told: bool = False

    @property
    def key(self) -> Key:
        return change_key(self.programme, self.after.id, self.after.sequence)

    @property
    def open_work(self) -> OpenWork | None:
        return None if self.is_told else OpenWork(TO_TELL, self.changed_at)

    @property
    def is_gathering(self) -> bool:
        return isinstance(self.after, Gathering)


class Recipient(NamedTuple):
    """Somebody whom a change concerns; `whom`: a participant's id, or `contact`."""

    application: Application
    whom: str
    name: str
    email: str


def change_key(programme_id: str, about: str, sequence: int) -> Key:
    return Key(programme_partition(programme_id), f"{_PREFIX}{about}#{sequence:04d}")


def changes_prefix() -> str:
    """Where a programme's changes lie in its partition."""
    return _PREFIX


def find_event(programme: Programme, about: str) -> Event | None:
    return programme.gathering(about) or programme.coordinator_meeting(about)


def next_meeting_id(programme: Programme) -> str:
    numbers = [int(each.number) for each in programme.coordinator_meetings if each.number.isdigit()]
    return f"M{max(numbers, default=0) + 1}"


def wished(
    wish: GatheringWish | MeetingWish, before: Event | None, about: str, at: datetime
) -> Event:
    """The gathering or meeting as it becomes."""
    values = wish.model_dump(exclude={"reason", "seen"})
    if isinstance(wish, GatheringWish) and wish.diet_form is None:
        values["diet_form"] = before.diet_form if isinstance(before, Gathering) else ""
    kind = Gathering if isinstance(wish, GatheringWish) else CoordinatorMeeting
    return kind.model_validate({**values, "id": about, "sequence": wish.seen + 1, "changed_at": at})


def is_same(one: Event | None, other: Event) -> bool:
    """Whether they say the same, whenever it was said."""
    stamps = {"sequence": 0, "changed_at": None}
    return one is not None and one.model_copy(update=stamps) == other.model_copy(update=stamps)


def as_settings(event: Event) -> dict[str, object]:
    """In the shape of the programme's file."""
    name = "gatherings" if isinstance(event, Gathering) else "coordinator_meetings"
    return {name: [event.model_dump(mode="json")]}


def recipients(applications: Iterable[Application], event: Event) -> list[Recipient]:
    """The contacts of those who take part; of a gathering its participants, of a meeting the
    coordinators. Each address of a municipality once.
    """
    found: list[Recipient] = []
    for application in applications:
        contact = application.answers.contact
        every = [
            Recipient(application, "contact", contact.name, contact.email),
            *(
                Recipient(application, each.id, each.name, each.email)
                for each in _concerned(application, event)
            ),
        ]
        by_address = {each.email.casefold(): each for each in reversed(every) if each.email}
        found += reversed(by_address.values())
    return found


def _concerned(application: Application, event: Event) -> list[Participant]:
    if isinstance(event, Gathering):
        return participants_at(application, event.id)
    return [each for each in application.participants if each.coordinator and not each.only]
