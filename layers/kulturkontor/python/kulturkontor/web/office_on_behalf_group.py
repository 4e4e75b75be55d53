"""The municipality's group, registered for it by staff."""

from typing import Final

from pydantic import ValidationError

from kulturkontor.actions.answer import group_digest, read_accepted
from kulturkontor.actions.on_behalf_steps import register_group
from kulturkontor.application_form import Sector
from kulturkontor.applications import Application
from kulturkontor.groups import regular_members
from kulturkontor.people import Participants
from kulturkontor.web.group_form import (
    Fields,
    add_row,
    count_rows,
    read_people,
    with_rows,
    without_blank_rows,
    write_fields,
)
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import (
    TOLD,
    FieldFault,
    OfficeError,
    as_office_error,
    field_faults,
)
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.source_form import SourceIn, frame_values, read_source, registrar


class GroupIn(Participants, SourceIn):
    """The group without substitutes; `seen`: as it was told with the group that it replaces."""

    seen: str = ""


def show_group(visit: Visit) -> Answer:
    application = read_accepted(visit.params["application_id"], visit.records)
    fields = write_fields(regular_members(application))
    return _group_page(visit, application, fields, seen=group_digest(application))


def receive_group(visit: Visit) -> Answer:
    """A button that stores nothing shows the form again with one more person."""
    application_id, sent = visit.params["application_id"], dict(visit.form)
    seen = sent.get("seen", "")
    if sent.get("action") == "add":
        application = read_accepted(application_id, visit.records)
        return _group_page(visit, application, add_row(sent), seen=seen)
    typed = without_blank_rows(sent, visit.doors.new_id)
    try:
        by = registrar(visit, read_source(visit))
        group = Participants.model_validate({"participants": read_people(typed)})
        register_group(by, group.participants, seen=seen)
    except ValidationError as fault:
        problem = OfficeError(422, "invalid", errors=field_faults(fault))
    except TOLD as fault:
        problem = as_office_error(fault)
    else:
        return redirect(f"/applications/{application_id}#participants")
    application = read_accepted(application_id, visit.records)
    if problem.code == "group_changed":
        seen = group_digest(application)
    return _group_page(visit, application, typed, seen=seen, problem=problem)


def _group_page(
    visit: Visit,
    application: Application,
    fields: Fields,
    *,
    seen: str,
    problem: OfficeError | None = None,
) -> Answer:
    shown = with_rows(fields, visit.programme.application.min_members, visit.doors.new_id)
    return page(
        visit,
        "on_behalf_group",
        status=problem.status if problem else 200,
        **frame_values(visit, application),
        fields=shown,
        rows=range(count_rows(shown)),
        sectors=list(Sector),
        people=application.participants,
        seen=seen,
        problem=problem,
        rows_at_fault=_rows_of(problem.errors if problem else ()),
    )


def _rows_of(errors: tuple[FieldFault, ...]) -> list[int]:
    """The numbers of the persons, from 1, in whose fields something is wrong."""
    parts = [each.field.split(".") for each in errors]
    return sorted({int(each[1]) + 1 for each in parts if len(each) > 1 and each[1].isdigit()})


def tell_group(visit: Visit) -> Answer:
    application = read_accepted(visit.params["application_id"], visit.records)
    members = regular_members(application)
    return as_json({"participants": members, "seen": group_digest(application)})


def take_group(visit: Visit) -> Answer:
    body = visit.sent(GroupIn)
    return as_json(register_group(registrar(visit, body), body.participants, seen=body.seen))


_GROUP: Final = "/applications/<application_id>/on-behalf/group"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_GROUP}": show_group,
    f"POST {_GROUP}": receive_group,
    f"GET /api{_GROUP}": tell_group,
    f"POST /api{_GROUP}": take_group,
}
