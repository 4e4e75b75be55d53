"""The municipality's group, and who comes to a gathering, registered for it by staff."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import ValidationError

from kulturkontor.actions import attend
from kulturkontor.actions.answer import group_digest, read_accepted
from kulturkontor.actions.on_behalf import register, register_group
from kulturkontor.application_form import Sector
from kulturkontor.applications import Application
from kulturkontor.attendance import has_beds, is_over
from kulturkontor.groups import regular_members
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Participants, Presence
from kulturkontor.programme import Gathering
from kulturkontor.records import Records
from kulturkontor.web.gathering_form import read_attendance, write_fields
from kulturkontor.web.group_form import (
    Fields,
    add_row,
    count_rows,
    read_people,
    with_rows,
    without_blank_rows,
)
from kulturkontor.web.group_form import write_fields as write_group
from kulturkontor.web.office_answers import Answer, page, redirect
from kulturkontor.web.office_faults import (
    TOLD,
    FieldFault,
    OfficeError,
    as_office_error,
    field_faults,
)
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.source_form import frame_values, read_source

Step = Callable[[Records], Application]


def show_group(visit: Visit) -> Answer:
    application = read_accepted(visit.params["application_id"], visit.records)
    fields = write_group(regular_members(application))
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
        registered = read_source(visit)
        group = Participants.model_validate({"participants": read_people(typed)})
        register_group(
            application_id,
            group.participants,
            seen=seen,
            registered=registered,
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
            mail_queue=visit.doors.mail_queue,
        )
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


def show_attendance(visit: Visit) -> Answer:
    return _attendance_page(visit)


def receive_attendance(visit: Visit) -> Answer:
    """One button for the whole list, and one for each person who fell ill or comes after all."""
    application_id, where = visit.params["application_id"], _gathering(visit)
    action, _, person = visit.form.get("action", "save").partition(".")
    try:
        register(
            application_id,
            "attendance",
            _step(visit, where, action, person),
            registered=read_source(visit),
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
            mail_queue=visit.doors.mail_queue,
        )
    except TOLD as fault:
        return _attendance_page(visit, fields=visit.form, problem=as_office_error(fault))
    return redirect(f"/applications/{application_id}/on-behalf/gatherings/{where.id}?done=1")


def _step(visit: Visit, where: Gathering, action: str, person: str) -> Step:
    application_id = visit.params["application_id"]
    if action in ("drop", "undo"):
        does = attend.drop_out if action == "drop" else attend.come_after_all
        return lambda through: does(
            application_id,
            where.id,
            person,
            at=visit.now,
            programme=visit.programme,
            records=through,
        )
    known = read_accepted(application_id, visit.records)
    said = read_attendance(visit.form, known, where.id)
    return lambda through: attend.say_who_comes(
        application_id,
        where.id,
        said,
        at=visit.now,
        programme=visit.programme,
        records=through,
    )


def _attendance_page(
    visit: Visit,
    *,
    fields: Mapping[str, str] | None = None,
    problem: OfficeError | None = None,
) -> Answer:
    where = _gathering(visit)
    application = read_accepted(visit.params["application_id"], visit.records)
    said = attendance_at(application, where.id)
    return page(
        visit,
        "on_behalf_attendance",
        status=problem.status if problem else 200,
        **frame_values(visit, application),
        gathering=where,
        people=[
            (each, said[each.id].presence if each.id in said else None)
            for each in participants_at(application, where.id)
        ],
        dropped_out=Presence.DROPPED_OUT,
        has_beds=has_beds(visit.programme),
        is_over=is_over(where, visit.now),
        fields={**write_fields(application, where.id), **(fields or {})},
        is_done=bool(visit.query("done")) and problem is None,
        problem=problem,
    )


def _gathering(visit: Visit) -> Gathering:
    found = visit.programme.gathering(visit.params["gathering"])
    if found is None:
        raise OfficeError(404, "unknown")
    return found


_ONE: Final = "/applications/<application_id>/on-behalf"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_ONE}/group": show_group,
    f"POST {_ONE}/group": receive_group,
    f"GET {_ONE}/gatherings/<gathering>": show_attendance,
    f"POST {_ONE}/gatherings/<gathering>": receive_attendance,
}
