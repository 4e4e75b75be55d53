"""What the pages of the gatherings show: when and where, who comes, who needs a bed, until when."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kulturkontor.application_form import Sector
from kulturkontor.applications import Application
from kulturkontor.attendance import has_beds, is_frozen, is_over, last_bed_day
from kulturkontor.days import format_days
from kulturkontor.groups import regular_members
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Participant
from kulturkontor.programme import OSLO, Gathering
from kulturkontor.texts import counted, phrase
from kulturkontor.web.answers import link, text
from kulturkontor.web.case_parts import Part, standing_of
from kulturkontor.web.portal_link import own_path
from kulturkontor.web.request import Request


class Shown(NamedTuple):
    """One of those registered for a gathering, with what has been said of them."""

    id: str
    name: str
    presence: str
    """A Presence, or `unsaid`."""
    has_bed: bool
    bed_waits: bool
    is_substitute: bool
    instead_of: str
    """The name of whom a substitute comes for."""


def gathering_values(
    request: Request, application: Application, where: Gathering
) -> Mapping[str, Any]:
    deadline = request.programme.claim_deadline(where)
    people = participants_at(application, where.id)
    today = request.at.astimezone(OSLO).date()
    return {
        "gathering": where,
        "deadline": deadline,
        "is_over": is_over(where, request.at),
        "can_drop_out": not where.is_cancelled and today <= deadline,
        "people": [_shown(application, where, each) for each in people],
        "regular": [(each.id, each.name) for each in regular_members(application)],
        "sectors": [(str(each), phrase(request.language, f"sector_{each}")) for each in Sector],
        "beds": _beds(request, where),
    }


def listed(request: Request, application: Application, where: Gathering) -> Part:
    """A gathering in the list of all, with where its answers stand."""
    language = request.language
    words, colour = standing_of(request, application, where)
    days = format_days(where.first_day, where.last_day, language)
    return Part(
        text(language, "gatherings.one", number=where.number),
        link(language, f"{own_path(request)}/samlinger/{where.id}"),
        words,
        colour,
        text(language, "gatherings.where", days=days, place=where.place),
    )


def _shown(application: Application, where: Gathering, each: Participant) -> Shown:
    said = attendance_at(application, where.id).get(each.id)
    names = {other.id: other.name for other in application.participants}
    return Shown(
        id=each.id,
        name=each.name,
        presence=said.presence if said else "unsaid",
        has_bed=bool(said and said.bed),
        bed_waits=said is not None and said.bed_asked is not None,
        is_substitute=where.id in each.only,
        instead_of=names.get(each.instead_of, ""),
    )


def _beds(request: Request, where: Gathering) -> Mapping[str, Any] | None:
    """Until when the municipality changes its beds by itself; None where it books them itself."""
    if not has_beds(request.programme):
        return None
    limit = request.programme.overnight.max_persons
    return {
        "until": last_bed_day(request.programme, where),
        "is_frozen": is_frozen(request.programme, where, request.at),
        "count": counted(request.language, "persons", limit),
    }
