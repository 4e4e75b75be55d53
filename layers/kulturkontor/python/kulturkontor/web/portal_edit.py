"""The form behind the secret link: a draft goes on, a sent application is corrected."""

from pydantic import ValidationError

from kulturkontor.actions.apply import StaleVersionError, save
from kulturkontor.applications import Application, ApplicationState, Right
from kulturkontor.web.answers import Answer, redirect
from kulturkontor.web.form_page import ACTION_FIELD, FormPage, reshape, show_form
from kulturkontor.web.forms import read_answers, without_blank_rows, write_fields
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.portal_api import answers_problem
from kulturkontor.web.portal_link import own_path, read_own
from kulturkontor.web.problems import REFUSALS, ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

VERSION_FIELD = "version"


def show_edit_form(request: Request) -> Answer:
    application = read_own(request, by_cookie(request))
    return show_form(
        request,
        _form(request, application, application.revision),
        write_fields(application.answers),
    )


def receive_saved(request: Request) -> Answer:
    return _receive(request, "save")


def receive_sent(request: Request) -> Answer:
    return _receive(request, "send")


def _receive(request: Request, default: str) -> Answer:
    linked = by_cookie(request)
    fields = request.read_form()
    action = fields.get(ACTION_FIELD, default)
    seen = fields.get(VERSION_FIELD, "")
    version = int(seen) if seen.isdigit() and len(seen) < 9 else None
    if show := reshape(fields, action):
        application = read_own(request, linked)
        return show(request, _form(request, application, version))
    typed = without_blank_rows(fields)
    try:
        receipt = save(
            linked.link.application_id,
            read_answers(typed),
            submit=action == "send",
            expected_version=version,
            received_at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        problem = answers_problem(fault)
    except StaleVersionError:
        problem, version = ProblemError("stale_version"), None
    except REFUSALS as fault:
        problem = problem_of(fault)
        if problem.code in ("gone", "link_invalid"):
            raise problem from fault
    else:
        done = "kladd" if receipt.state is ApplicationState.DRAFT else "sendt"
        return redirect(request, own_path(request), gjort=done)
    application = read_own(request, linked)
    shown = _form(request, application, version or application.revision)
    return show_form(request, shown, typed, problem=problem)


def _form(request: Request, application: Application, version: int | None) -> FormPage:
    return FormPage(
        send_to=f"{own_path(request)}/send",
        save_to=f"{own_path(request)}/lagre",
        is_new=False,
        is_draft=application.state is ApplicationState.DRAFT,
        hidden={VERSION_FIELD: "" if version is None else str(version)},
        municipality_fixed=application.reference is not None,
        back_to=own_path(request),
    )


ROUTES = (
    Route(
        method="GET", path="/sak/<application_id>/rett", answer=show_edit_form, right=Right.APPLY
    ),
    Route(
        method="POST", path="/sak/<application_id>/lagre", answer=receive_saved, right=Right.APPLY
    ),
    Route(method="POST", path="/sak/<application_id>/send", answer=receive_sent, right=Right.APPLY),
)
