"""Who comes to a gathering, counted: how many of each municipality, and of whom nobody has said."""

from collections.abc import Iterable
from typing import NamedTuple

from kulturkontor.applications import Application
from kulturkontor.days import alphabetical
from kulturkontor.municipalities import municipality
from kulturkontor.participation import attendance_at, check_ins_at, participants_at
from kulturkontor.people import Presence
from kulturkontor.programme import Gathering


class Turnout(NamedTuple):
    """The registered of one municipality, or of all: as they said, and as was noted at the door."""

    application_id: str
    municipality: str
    registered: int = 0
    comes: int = 0
    away: int = 0
    beds: int = 0
    came: int = 0
    missing: int = 0

    @property
    def unsaid(self) -> int:
        return self.registered - self.comes - self.away

    @property
    def has_answered(self) -> bool:
        """A municipality without a group has not."""
        return self.registered > 0 and self.unsaid == 0


def turnouts(applications: Iterable[Application], gathering: Gathering) -> list[Turnout]:
    """One for each municipality that takes part, in Norwegian order."""
    found = [_turnout(each, gathering) for each in applications]
    return sorted(found, key=lambda each: alphabetical(each.municipality))


def total(found: Iterable[Turnout]) -> Turnout:
    """The same figures for all of them together."""
    whole = Turnout("", "")
    for each in found:
        sums = (one + other for one, other in zip(whole[2:], each[2:], strict=True))
        whole = Turnout("", "", *sums)
    return whole


def _turnout(application: Application, gathering: Gathering) -> Turnout:
    people = participants_at(application, gathering.id)
    known = attendance_at(application, gathering.id)
    said = [known[each.id] for each in people if each.id in known]
    noted = check_ins_at(application, gathering.id)
    comes = sum(each.presence is Presence.COMES for each in said)
    return Turnout(
        application_id=application.id,
        municipality=municipality(application.kommunenummer).official_name,
        registered=len(people),
        comes=comes,
        away=len(said) - comes,
        beds=sum(bool(each.bed) for each in known.values()),
        came=sum(noted.values()),
        missing=len(noted) - sum(noted.values()),
    )
