"""The beds that the council books for a gathering (mode `central`), as the hotel has been told.

On the first day that a municipality can no longer change its beds, the list is kept as it stands,
with its hash; what staff approve later is a difference to it. A gathering that is moved gets a list
of its own when its new date nears.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_rows import programme_partition
from kulturkontor.applications import Application
from kulturkontor.attendance import has_beds, is_frozen, is_over
from kulturkontor.days import alphabetical
from kulturkontor.municipalities import municipality
from kulturkontor.participation import attendance_at
from kulturkontor.programme import Gathering, Programme
from kulturkontor.records import Key, Record

ROOMING = "ROOMING#"
"""Where a programme's lists lie in its partition."""


class Bed(BaseModel):
    """One booked bed. The name is empty for somebody who has left the group since."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application_id: str
    municipality: str
    participant: str
    name: str


class RoomingList(Record):
    """What the hotel was told, and when it was settled; never changed, but by erasure."""

    programme: str
    gathering: str
    first_day: date
    frozen_at: datetime
    frozen_by: str
    """A person, or the function that keeps the days."""
    beds: tuple[Bed, ...]
    sha256: str

    @property
    def key(self) -> Key:
        return rooming_key(self.programme, self.gathering, self.first_day)


class Differences(NamedTuple):
    """What has changed since the list was frozen; somebody with a new name is in both."""

    added: list[Bed]
    removed: list[Bed]


class Count(NamedTuple):
    municipality: str
    beds: int


def rooming_key(programme_id: str, gathering: str, first_day: date) -> Key:
    return Key(programme_partition(programme_id), f"{ROOMING}{gathering}#{first_day}")


def booked_beds(applications: Iterable[Application], gathering: Gathering) -> list[Bed]:
    """The beds as they are now, by municipality and name in Norwegian order; each in the name that
    the hotel has, until staff have said yes to another.
    """
    found = []
    for application in applications:
        names = {each.id: each.name for each in application.participants}
        here = municipality(application.kommunenummer).official_name
        found += [
            Bed(
                application_id=application.id,
                municipality=here,
                participant=participant,
                name=said.bed_name or names.get(participant, ""),
            )
            for participant, said in attendance_at(application, gathering.id).items()
            if said.bed
        ]
    return sorted(
        found, key=lambda each: (alphabetical(each.municipality), alphabetical(each.name))
    )


def is_due(programme: Programme, gathering: Gathering, at: datetime) -> bool:
    """Whether the list of that gathering is to be frozen, if it is not."""
    is_open = not gathering.is_cancelled and not is_over(gathering, at)
    return has_beds(programme) and is_open and is_frozen(programme, gathering, at)


def freeze(
    programme: Programme, gathering: Gathering, beds: Iterable[Bed], *, by: str, at: datetime
) -> RoomingList:
    kept = tuple(beds)
    return RoomingList(
        programme=programme.id,
        gathering=gathering.id,
        first_day=gathering.first_day,
        frozen_at=at,
        frozen_by=by,
        beds=kept,
        sha256=digest_of(kept),
    )


def digest_of(beds: Iterable[Bed]) -> str:
    said = [[each.municipality, each.participant, each.name] for each in beds]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def compare(frozen: Iterable[Bed], now: Iterable[Bed]) -> Differences:
    before, after = list(frozen), list(now)
    return Differences(
        added=[each for each in after if each not in before],
        removed=[each for each in before if each not in after],
    )


def count_beds(beds: Iterable[Bed]) -> list[Count]:
    """How many each municipality has, in the order of the list."""
    counts: dict[str, int] = {}
    for each in beds:
        counts[each.municipality] = counts.get(each.municipality, 0) + 1
    return [Count(name, beds) for name, beds in counts.items()]


def without_persons(rooming: RoomingList, application_id: str) -> RoomingList:
    """The list without the names of one municipality's group; its hash stays as it was."""
    beds = tuple(
        each.model_copy(update={"name": ""}) if each.application_id == application_id else each
        for each in rooming.beds
    )
    return rooming.but(beds=beds)
