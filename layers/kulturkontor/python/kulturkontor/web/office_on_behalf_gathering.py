"""Who comes to a gathering, who fell ill and who comes instead, registered for the municipality by
staff.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.answer import read_accepted
from kulturkontor.actions.on_behalf import Registrar
from kulturkontor.actions.on_behalf_steps import (
    register_attendance,
    register_drop_out,
    register_substitute,
    register_substitute_removed,
    register_undo,
)
from kulturkontor.application_form import Sector
from kulturkontor.applications import Application
from kulturkontor.attendance import Coming, has_beds, is_over
from kulturkontor.groups import MAX_PEOPLE, regular_members
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Presence
from kulturkontor.programme import Gathering
from kulturkontor.web.gathering_form import NewSubstitute, read_attendance, write_fields
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import TOLD, OfficeError, as_office_error
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.source_form import SourceIn, frame_values, read_source, registrar

OfOne = Callable[[Registrar, str, str], Application]

_ID_LENGTH = 12
_OF_ONE: Final[Mapping[str, OfOne]] = {
    "drop": register_drop_out,
    "undo": register_undo,
    "remove": register_substitute_removed,
}
"""What is registered of one person: as the page's buttons and the API call it."""


class ComingIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    comes: bool
    bed: bool = False


class AttendanceIn(SourceIn):
    """`said`: of some or all, by the ids of the group's people."""

    said: Annotated[dict[str, ComingIn], Field(min_length=1, max_length=MAX_PEOPLE)]


class PersonIn(SourceIn):
    person: str


class SubstituteIn(NewSubstitute, SourceIn):
    """The same id twice is one substitute."""


def show_gathering(visit: Visit) -> Answer:
    return _gathering_page(visit)


def receive_attendance(visit: Visit) -> Answer:
    """One button for the whole list, and one for each person who fell ill, comes after all, or does
    not come instead after all.
    """
    action, _, person = visit.form.get("action", "save").partition(".")
    where = _gathering(visit)
    try:
        by = registrar(visit, read_source(visit))
        if action in _OF_ONE:
            _OF_ONE[action](by, where.id, person)
        else:
            known = read_accepted(by.application_id, visit.records)
            register_attendance(by, where.id, read_attendance(visit.form, known, where.id))
    except TOLD as fault:
        return _gathering_page(visit, fields=visit.form, problem=as_office_error(fault))
    return _done(visit, where)


def receive_substitute(visit: Visit) -> Answer:
    where = _gathering(visit)
    try:
        take_substitute(visit)
    except TOLD as fault:
        return _gathering_page(visit, substitute=visit.form, problem=as_office_error(fault))
    return _done(visit, where)


def _done(visit: Visit, where: Gathering) -> Answer:
    one = f"/applications/{visit.params['application_id']}/on-behalf"
    return redirect(f"{one}/gatherings/{where.id}?done=1")


def _gathering_page(
    visit: Visit,
    *,
    fields: Mapping[str, str] | None = None,
    substitute: Mapping[str, str] | None = None,
    problem: OfficeError | None = None,
) -> Answer:
    where = _gathering(visit)
    application = read_accepted(visit.params["application_id"], visit.records)
    return page(
        visit,
        "on_behalf_attendance",
        status=problem.status if problem else 200,
        **frame_values(visit, application),
        gathering=where,
        people=_people(application, where),
        regular=regular_members(application),
        sectors=list(Sector),
        dropped_out=Presence.DROPPED_OUT,
        has_beds=has_beds(visit.programme),
        is_over=is_over(where, visit.now),
        fields={**write_fields(application, where.id), **(fields or {})},
        substitute=substitute or {"id": f"p{visit.doors.new_id()[:_ID_LENGTH]}"},
        is_done=bool(visit.query("done")) and problem is None,
        problem=problem,
    )


def tell_gathering(visit: Visit) -> Answer:
    application = read_accepted(visit.params["application_id"], visit.records)
    return as_json({"people": _people(application, _gathering(visit))})


def _people(application: Application, where: Gathering) -> list[dict[str, Any]]:
    """Who is registered for the gathering, and what was said of each, if anything."""
    said = attendance_at(application, where.id)
    names = {each.id: each.name for each in application.participants}
    return [
        {
            "id": each.id,
            "name": each.name,
            "is_substitute": where.id in each.only,
            "instead_of": names.get(each.instead_of, ""),
            "presence": said[each.id].presence if each.id in said else None,
            "bed": said[each.id].bed if each.id in said else None,
            "bed_asked": said[each.id].bed_asked if each.id in said else None,
        }
        for each in participants_at(application, where.id)
    ]


def take_attendance(visit: Visit) -> Answer:
    body = visit.sent(AttendanceIn)
    said = {person: Coming(each.comes, each.bed) for person, each in body.said.items()}
    return as_json(register_attendance(registrar(visit, body), visit.params["gathering"], said))


def take_substitute(visit: Visit) -> Answer:
    body, gathering = visit.sent(SubstituteIn), visit.params["gathering"]
    return as_json(register_substitute(registrar(visit, body), gathering, body.at(gathering)))


def _take_of_one(does: OfOne) -> Handler:
    def take(visit: Visit) -> Answer:
        body = visit.sent(PersonIn)
        return as_json(does(registrar(visit, body), visit.params["gathering"], body.person))

    return take


def _gathering(visit: Visit) -> Gathering:
    found = visit.programme.gathering(visit.params["gathering"])
    if found is None:
        raise OfficeError(404, "unknown")
    return found


_HERE: Final = "/applications/<application_id>/on-behalf/gatherings/<gathering>"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_HERE}": show_gathering,
    f"POST {_HERE}": receive_attendance,
    f"POST {_HERE}/substitutes": receive_substitute,
    f"GET /api{_HERE}": tell_gathering,
    f"POST /api{_HERE}": take_attendance,
    f"POST /api{_HERE}/substitutes": take_substitute,
    **{f"POST /api{_HERE}/{action}": _take_of_one(does) for action, does in _OF_ONE.items()},
}
