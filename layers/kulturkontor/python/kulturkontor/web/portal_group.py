"""Register the municipality's group by a form: whole list in, whole list kept."""

from pydantic import ValidationError

from kulturkontor.actions.answer import group_digest, read_accepted, register_members
from kulturkontor.application_form import Sector
from kulturkontor.applications import Application
from kulturkontor.claim_form import field_errors
from kulturkontor.groups import GroupError, regular_members
from kulturkontor.next_steps import group_by
from kulturkontor.people import Participants, Right
from kulturkontor.programme import OSLO
from kulturkontor.texts import counted, phrase
from kulturkontor.web.answers import Answer, page, redirect, text
from kulturkontor.web.group_form import (
    Fields,
    add_row,
    count_rows,
    read_people,
    remove_row,
    with_rows,
    without_blank_rows,
    write_fields,
)
from kulturkontor.web.linked import LinkedRecords, by_cookie
from kulturkontor.web.portal_link import own_path
from kulturkontor.web.problems import ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

SEEN = "seen"


def show_group_form(request: Request) -> Answer:
    application = _read(request, by_cookie(request))
    fields = write_fields(regular_members(application))
    return _form(request, application, fields, seen=group_digest(application))


def receive_group(request: Request) -> Answer:
    """A button that stores nothing shows the form again, longer, shorter or in another language."""
    linked = by_cookie(request)
    sent = request.read_form()
    action, _, number = sent.get("action", "save").partition(".")
    seen = sent.get(SEEN, "")
    if action == "add":
        longer = add_row(sent)
        focus = f"participants.{count_rows(longer) - 1}.name"
        return _form(request, _read(request, linked), longer, seen=seen, focus=focus)
    if action == "remove" and number.isdigit() and len(number) < 3:
        shorter = remove_row(sent, int(number))
        return _form(request, _read(request, linked), shorter, seen=seen, focus="participants")
    if action != "save":
        focus = "language-link" if action == "language" else ""
        return _form(request, _read(request, linked), sent, seen=seen, focus=focus)
    return _save(request, linked, without_blank_rows(sent, request.doors.new_id), seen)


def _save(request: Request, linked: LinkedRecords, typed: Fields, seen: str) -> Answer:
    try:
        group = Participants.model_validate({"participants": read_people(typed)})
        register_members(
            linked.link.application_id,
            group.participants,
            seen=seen,
            by=linked.link.by,
            at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        problem = ProblemError("fields_invalid", errors=field_errors(fault))
    except GroupError as fault:
        problem = problem_of(fault)
    else:
        return redirect(request, own_path(request), gjort="gruppe")
    application = _read(request, linked)
    if problem.code == "group_changed":
        seen = group_digest(application)
    return _form(request, application, typed, seen=seen, problem=problem)


def _form(
    request: Request,
    application: Application,
    fields: Fields,
    *,
    seen: str,
    problem: ProblemError | None = None,
    focus: str = "",
) -> Answer:
    language, programme = request.language, request.programme
    shown = with_rows(fields, programme.application.min_members, request.doors.new_id)
    started = programme.gatherings[0].first_day <= request.at.astimezone(OSLO).date()
    return page(
        request,
        "group.html",
        status=problem.status if problem else 200,
        other_language=f"{own_path(request)}/gruppe",
        base=own_path(request),
        due=group_by(application.place, programme) if application.place else None,
        is_due=not application.participants,
        has_started=started,
        persons=counted(language, "persons", programme.application.min_members),
        people=application.participants,
        gathering_names={
            each.id: phrase(language, "calendar_gathering", number=each.number)
            for each in programme.gatherings
        },
        sectors=[(str(each), phrase(language, f"sector_{each}")) for each in Sector],
        rows=range(count_rows(shown)),
        fields=shown,
        seen=seen,
        problem=problem,
        errors=_errors(request, problem),
        focus=focus,
    )


def _errors(request: Request, problem: ProblemError | None) -> dict[str, str]:
    """The messages by field; what is wrong with the whole leads to where it is mended."""
    if problem is None:
        return {}
    if problem.errors:
        return problem.messages(request.language)
    language, rules = request.language, request.programme.application
    if problem.code == "group_coordinators":
        return {"participants.0.coordinator": text(language, "group.coordinators")}
    if problem.code == "group_too_few":
        persons = counted(language, "persons", rules.min_members)
        return {"participants": text(language, "group.too_few", persons=persons)}
    return {"participants": problem.detail(language)}


def _read(request: Request, linked: LinkedRecords) -> Application:
    application = read_accepted(linked.link.application_id, linked)
    request.prefers = application.language
    return application


_PATH = "/sak/<application_id>/gruppe"
ROUTES = (
    Route(method="GET", path=_PATH, answer=show_group_form, right=Right.MEMBERS),
    Route(method="POST", path=_PATH, answer=receive_group, right=Right.MEMBERS),
)
