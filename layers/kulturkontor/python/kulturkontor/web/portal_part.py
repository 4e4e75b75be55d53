"""The pages of an application's parts: shown, and saved by each of their buttons.

A page is kept before anything else a button does; what cannot be kept is shown again as it was
typed. The script saves in the same way, by the same address, and is told in JSON.
"""

from kulturkontor.actions.application_checks import (
    ApplicationStateError,
    ContactFixedError,
    PeriodError,
)
from kulturkontor.actions.edit import CONTACT_ADDRESS, Edited, edit
from kulturkontor.application_fields import (
    MAX_MEMBERS,
    Fields,
    find_municipality_fault,
    rows_of,
    write_fields,
)
from kulturkontor.application_parts import Part, questions_of
from kulturkontor.claim_form import FieldError
from kulturkontor.people import Right
from kulturkontor.web.answers import Answer, redirect
from kulturkontor.web.autosave import told_to_script
from kulturkontor.web.linked import LinkedRecords, by_cookie
from kulturkontor.web.own_case import OwnCase, read_own_case
from kulturkontor.web.part_page import SEEN, Shown, show_part
from kulturkontor.web.portal_files import start_upload
from kulturkontor.web.portal_link import own_path, read_own
from kulturkontor.web.problems import ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route
from kulturkontor.web.task_list import part_path

AUTOSAVE = "autosave"
PAGES = {str(each): each for each in Part if each is not Part.SEND}
ROWS, SAVED, REMOVED = "rader", "lagret", "fjernet"


def show_page(request: Request) -> Answer:
    part = _part(request)
    linked = by_cookie(request)
    case = read_own_case(linked)
    request.prefers = case.application.language
    rows, removed = _number(request.query.get(ROWS)) or 0, _number(request.query.get(REMOVED))
    done = "removed" if removed else "kept" if SAVED in request.query else ""
    shown = Shown(
        rows=rows,
        focus=f"members.{rows - 1}.role" if rows else "",
        done=done,
        values={"number": removed} if removed else {},
    )
    return show_part(request, case, part, linked.link.person, shown)


def receive_page(request: Request) -> Answer:
    part = _part(request)
    linked = by_cookie(request)
    fields = request.read_form()
    action, _, argument = fields.get("action", "").partition(".")
    try:
        edited = _keep(request, linked, part, fields, action, argument)
    except (PeriodError, ApplicationStateError, ContactFixedError) as fault:
        return _show_refused(request, linked, part, fields, problem_of(fault))
    request.prefers = edited.application.language
    problem = _problem(part, fields, edited)
    if action == AUTOSAVE:
        return told_to_script(request, part, fields, edited, problem)
    if problem:
        shown = Shown(fields=edited.shown, problem=problem, conflicts=edited.conflicts)
        return show_part(request, read_own_case(linked), part, linked.link.person, shown)
    return _go_on(request, part, fields, action, argument)


def _keep(
    request: Request,
    linked: LinkedRecords,
    part: Part,
    fields: Fields,
    action: str,
    argument: str,
) -> Edited:
    by_script = action == AUTOSAVE
    leaving = {CONTACT_ADDRESS} if by_script else {argument} if action == "theirs" else set()
    return edit(
        linked.link.application_id,
        part,
        {name: value for name, value in fields.items() if not name.startswith(SEEN)},
        seen={name[len(SEEN) :]: each for name, each in fields.items() if name.startswith(SEEN)},
        person=linked.link.person,
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
        without_row=_number(argument) if action == "remove" else None,
        leaving=frozenset(leaving),
        rows_stay=by_script,
    )


def _problem(part: Part, fields: Fields, edited: Edited) -> ProblemError | None:
    """What was not kept, or was kept and names no municipality."""
    errors = {each.path: each for each in edited.errors}
    errors |= {name: FieldError(name, "changed_by_other", {}) for name in edited.conflicts}
    if part is Part.MUNICIPALITY and not edited.application.reference:
        fault = find_municipality_fault(fields.get("municipality", ""))
        errors |= {"municipality": fault} if fault else {}
    if not errors:
        return None
    order = [*(each.field for each in questions_of(part)), *errors]
    found = [errors[name] for name in dict.fromkeys(order) if name in errors]
    return ProblemError("fields_changed" if edited.conflicts else "fields_invalid", errors=found)


def _go_on(request: Request, part: Part, fields: Fields, action: str, argument: str) -> Answer:
    here = part_path(request.path["application_id"], part)
    rows = len(rows_of(fields))
    match action:
        case "next":
            following = list(Part)[list(Part).index(part) + 1]
            return redirect(request, part_path(request.path["application_id"], following))
        case "add":
            return redirect(request, here, **{ROWS: str(min(rows + 1, MAX_MEMBERS))})
        case "remove":
            return redirect(request, here, **{REMOVED: str((_number(argument) or 0) + 1)})
        case "attach":
            return start_upload(request, "attachments", name="", back=f"/soknad/{part}")
        case "overview":
            return redirect(request, f"{own_path(request)}/soknad")
        case _:
            return redirect(request, here, **{SAVED: "ja"})


def _show_refused(
    request: Request, linked: LinkedRecords, part: Part, fields: Fields, problem: ProblemError
) -> Answer:
    """Nothing is kept, and nothing that was typed is lost."""
    application = read_own(request, linked)
    if request.wants_json:
        raise problem
    typed = write_fields(application.working_answers) | {
        name: value for name, value in fields.items() if not name.startswith(SEEN)
    }
    case = OwnCase(application=application, files=(), claims={}, receipts_used=frozenset())
    return show_part(request, case, part, linked.link.person, Shown(fields=typed, problem=problem))


def _part(request: Request) -> Part:
    part = PAGES.get(request.path["part"])
    if part is None:
        raise ProblemError("not_found")
    return part


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 3 else None


ROUTES = (
    Route(
        method="GET",
        path="/sak/<application_id>/soknad/<part>",
        answer=show_page,
        right=Right.APPLY,
    ),
    Route(
        method="POST",
        path="/sak/<application_id>/soknad/<part>",
        answer=receive_page,
        right=Right.APPLY,
    ),
)
