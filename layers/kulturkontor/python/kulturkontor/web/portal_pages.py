"""The form that starts an application, and its receipt."""

from pydantic import ValidationError

from kulturkontor.actions.apply import start
from kulturkontor.applications import Application, ApplicationState, application_key, phase
from kulturkontor.claim_form import FieldError
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.form_keys import KEY_FIELD, make_form_key, read_form_key
from kulturkontor.web.form_page import (
    ACTION_FIELD,
    FormPage,
    reshape,
    show_form,
)
from kulturkontor.application_fields import Fields, empty_fields, read_answers, without_blank_rows
from kulturkontor.web.limits import START, count_request
from kulturkontor.web.portal_api import answers_problem
from kulturkontor.web.problems import REFUSALS, ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

UNTIL_LEFT = "private, no-cache"
"""The empty form: the back button shows the same one again, with its key and what was typed, so
that sending it once more is not another application. It is sent to another address than its own,
for a browser forgets what it kept of an address that something is sent to.
"""


def show_empty_form(request: Request) -> Answer:
    now = phase(request.programme, request.at)
    if now in ("before", "closed"):
        raise ProblemError(f"period_{now}")
    key = make_form_key(request.doors.link_key(), request.doors.new_id(), request.at)
    answer = show_form(request, _new_form(key), empty_fields(request.language))
    answer.headers["Cache-Control"] = UNTIL_LEFT
    return answer


def receive_form(request: Request) -> Answer:
    fields = request.read_form()
    form = _new_form(fields.get(KEY_FIELD, ""))
    action = fields.get(ACTION_FIELD, "send")
    if show := reshape(fields, action):
        return show(request, form)
    typed = without_blank_rows(fields)
    try:
        count_request(request, START)
        application_id = _start(request, fields, typed, submit=action == "send")
    except ProblemError as problem:
        return show_form(request, form, typed, problem=problem)
    return redirect(request, "/soknad/kvittering", id=application_id)


def _start(request: Request, fields: Fields, typed: Fields, *, submit: bool) -> str:
    if not submit and not typed.get("contact.email", "").strip():
        error = FieldError("contact.email", "email_for_draft", {})
        raise ProblemError("fields_invalid", errors=[error])
    key = read_form_key(request.doors.link_key(), fields, request.at)
    try:
        receipt = start(
            read_answers(typed),
            key=key.key,
            submit=submit,
            received_at=request.at,
            suspect=key.is_suspect,
            programme=request.programme,
            records=request.doors.records,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        raise answers_problem(fault) from fault
    except REFUSALS as fault:
        raise problem_of(fault) from fault
    return receipt.id


def _new_form(key: str) -> FormPage:
    return FormPage(send_to="/soknad", save_to="/soknad", is_new=True, hidden={KEY_FIELD: key})


def show_receipt(request: Request) -> Answer:
    """Only for what is stored; the reference, the answers and the link come by mail."""
    application_id = request.query.get("id", "")
    found = request.doors.records.read(Application, application_key(application_id[:40]))
    if found is None or found.state is ApplicationState.WITHDRAWN:
        raise ProblemError("not_found")
    return page(request, "receipt.html", application=found)


ROUTES = (
    Route(method="GET", path="/soknad", answer=show_empty_form),
    Route(method="POST", path="/soknad", answer=receive_form),
    Route(method="GET", path="/soknad/kvittering", answer=show_receipt),
)
