"""The municipality's group: what makes it whole, who comes instead of whom, who is told of it.

«Etablering av en tverrfaglig kommunegruppe (min. 4 personer)», with one or two coordinators
(«1-2 deltakere fra hver kommune»). A substitute comes to named gatherings only, and does not count.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from kulturkontor.applications import Application
from kulturkontor.attendance import is_hotel_told, with_attendance, with_bed_name
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Attendance, Participant, Presence
from kulturkontor.programme import OSLO, Gathering, Programme
from kulturkontor.refusals import Refusal

MAX_PEOPLE = 40


class GroupError(Refusal):
    """The group cannot be registered as given; `args[0]` is the code of what is wrong."""

    codes_begin = "group_"


class Told(NamedTuple):
    """Somebody who is to be told what is kept of them now, or that it is kept no more."""

    what: Literal["registered", "changed", "removed"]
    person: Participant


def require_group(people: Sequence[Participant], programme: Programme) -> None:
    """Raises GroupError unless these people can be the group."""
    ids = {each.id for each in people}
    regular = [each for each in people if not each.only]
    gatherings = {each.id for each in programme.gatherings}
    faults = {
        "too_few": len(regular) < programme.application.min_members,
        "too_many": len(people) > MAX_PEOPLE,
        "same_id_twice": len(ids) != len(people),
        "coordinators": not 1 <= sum(each.coordinator for each in regular) <= 2,
        "unknown_gathering": any(not gatherings.issuperset(each.only) for each in people),
        "unknown_person": any(each.instead_of and each.instead_of not in ids for each in people),
    }
    if code := next((code for code, is_so in faults.items() if is_so), None):
        raise GroupError(code)


def regular_members(application: Application) -> list[Participant]:
    """Those who are of the group throughout, without substitutes."""
    return [each for each in application.participants if not each.only]


def with_regular_members(
    application: Application,
    members: Iterable[Participant],
    *,
    programme: Programme,
    at: datetime,
) -> list[Participant]:
    """The whole group when these are its regular members. Substitutes stay, and whoever leaves
    stays registered for the gatherings that have begun, or their travel could not be claimed.
    """
    new = list(members)
    ids = {each.id for each in new}
    today = at.astimezone(OSLO).date()
    begun = tuple(each.id for each in programme.gatherings if each.first_day <= today)
    left = [
        each.model_copy(update={"only": begun, "coordinator": False})
        for each in regular_members(application)
        if each.id not in ids and begun
    ]
    substitutes = [each for each in application.participants if each.only]
    every = [*new, *left, *substitutes]
    known = {each.id for each in every}
    return [
        each if each.instead_of in known else each.model_copy(update={"instead_of": ""})
        for each in every
    ]


def with_group(
    application: Application, group: Iterable[Participant], *, programme: Programme, at: datetime
) -> Application:
    """The application with that group. What was said of somebody who is no longer in it stays for
    the gatherings that have begun; a bed that is booked for them is for staff to cancel, and one
    that the hotel has been told of for staff to have in another name.
    """
    becomes = application.but(participants=tuple(group))
    found = (
        _kept(each, gathering, application, becomes, programme, at)
        for each in application.attendance
        if (gathering := programme.gathering(each.gathering))
    )
    return becomes.but(attendance=tuple(each for each in found if each))


def _kept(
    said: Attendance,
    gathering: Gathering,
    before: Application,
    becomes: Application,
    programme: Programme,
    at: datetime,
) -> Attendance | None:
    was = {each.id: each.name for each in before.participants}.get(said.participant, "")
    coming = {each.id: each.name for each in participants_at(becomes, gathering.id)}
    is_told = is_hotel_told(said, gathering, programme, at)
    has_begun = gathering.first_day <= at.astimezone(OSLO).date()
    if said.participant in coming:
        name = coming[said.participant]
        return with_bed_name(said, was, name, at=at) if is_told else said
    if not is_told:
        return said if has_begun else None
    left: dict[str, object] = {"bed_name": said.bed_name or was, "at": at}
    if not has_begun:
        left |= {"presence": Presence.STAYS_AWAY, "bed_asked": False}
    return said.model_copy(update=left)


def with_substitute(
    application: Application,
    gathering: Gathering,
    substitute: Participant,
    *,
    programme: Programme,
    at: datetime,
) -> Application:
    """Somebody comes to one gathering, as a rule instead of one of the group, who then stays away;
    a bed booked for the one is the other's, in the one's name until staff say yes where the hotel
    has been told of it. Raises GroupError.
    """
    if substitute.id in {each.id for each in application.participants}:
        return application
    coming = substitute.model_copy(update={"only": (gathering.id,), "coordinator": False})
    people = (*application.participants, coming)
    require_group(people, programme)
    before = attendance_at(application, gathering.id).get(substitute.instead_of)
    has_bed = before.bed if before else None
    comes = Attendance(
        gathering=gathering.id,
        participant=coming.id,
        presence=Presence.COMES,
        bed=has_bed,
        bed_name=before.bed_name if before and has_bed else "",
        at=at,
    )
    if is_hotel_told(comes, gathering, programme, at):
        was = {each.id: each.name for each in application.participants}
        comes = with_bed_name(comes, was.get(substitute.instead_of, ""), coming.name, at=at)
    said = [comes]
    if substitute.instead_of:
        dropped = before is not None and before.presence is Presence.DROPPED_OUT
        said.append(
            Attendance(
                gathering=gathering.id,
                participant=substitute.instead_of,
                presence=Presence.DROPPED_OUT if dropped else Presence.STAYS_AWAY,
                bed=None if has_bed is None else False,
                at=at,
            )
        )
    return with_attendance(application.but(participants=people), said)


def without_substitute(
    application: Application,
    gathering: Gathering,
    participant: str,
    *,
    programme: Programme,
    at: datetime,
) -> Application:
    """The substitute does not come to that gathering; to no other either: out of the group."""
    people = []
    for each in application.participants:
        if each.id == participant and gathering.id in each.only:
            rest = tuple(other for other in each.only if other != gathering.id)
            if not rest:
                continue
            people.append(each.model_copy(update={"only": rest}))
        else:
            people.append(each)
    return with_group(application, people, programme=programme, at=at)


def who_is_told(before: Iterable[Participant], after: Iterable[Participant]) -> list[Told]:
    """Who is to be told when the one group replaces the other: each address of what is new."""
    old, new = list(before), list(after)
    kept = {_data(each) for each in old}
    addresses = {_address(each) for each in old}
    told = [
        Told("changed" if _address(each) in addresses else "registered", each)
        for each in new
        if each.email and _data(each) not in kept
    ]
    remaining = {_address(each) for each in new}
    gone = [each for each in old if each.email and _address(each) not in remaining]
    return [*told, *(Told("removed", each) for each in gone)]


def _address(person: Participant) -> str:
    return person.email.casefold()


def _data(person: Participant) -> tuple[object, ...]:
    """What is kept of somebody that they would want to know; the id is ours."""
    return (_address(person), person.name, person.sector, person.coordinator, person.only)
