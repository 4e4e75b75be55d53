"""The pages that everybody may see, and the form that starts an application."""

from aws_lambda_powertools.event_handler import Response
from pydantic import ValidationError

from kulturkontor.actions.apply import start
from kulturkontor.applications import Application, ApplicationState, application_key, phase
from kulturkontor.claim_form import FieldError
from kulturkontor.texts import counted
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.assets import assets
from kulturkontor.web.form_keys import KEY_FIELD, make_form_key, read_form_key
from kulturkontor.web.form_page import (
    ACTION_FIELD,
    FormPage,
    municipality_options,
    reshape,
    show_form,
)
from kulturkontor.web.forms import Fields, empty_fields, read_answers, without_blank_rows
from kulturkontor.web.limits import NEW_LINK, START, count_request
from kulturkontor.web.portal_api import answers_problem, send_link_to
from kulturkontor.web.problems import REFUSALS, ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route
from kulturkontor.wording import programme_values

FOREVER = "public, max-age=31536000, immutable"
UNTIL_LEFT = "private, no-cache"
"""The empty form: the back button shows the same one again, with its key and what was typed, so
that sending it once more is not another application. It is sent to another address than its own,
for a browser forgets what it kept of an address that something is sent to.
"""


def show_front(request: Request) -> Answer:
    return page(
        request,
        "front.html",
        phase=phase(request.programme, request.at),
        says=programme_values(request.programme, request.language),
    )


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


def show_privacy(request: Request) -> Answer:
    terms = request.programme.retention
    language = request.language
    return page(
        request,
        "privacy.html",
        says=programme_values(request.programme, language),
        attempts=counted(language, "days", terms.draft_days),
        not_admitted=counted(language, "months", terms.not_admitted_months),
        after_end=counted(language, "months", terms.admitted_months_after_end),
        accounting=terms.accounting_years,
    )


def show_accessibility(request: Request) -> Answer:
    return page(request, "accessibility.html")


def show_link_form(request: Request) -> Answer:
    return _link_form(request, "", None)


def receive_link_form(request: Request) -> Answer:
    """The same answer for every municipality, whether it has applied or not."""
    chosen = request.read_form().get("municipality", "")
    try:
        count_request(request, NEW_LINK)
        send_link_to(request, chosen)
    except ProblemError as problem:
        return _link_form(request, chosen, problem)
    return redirect(request, "/ny-lenke", sendt="ja")


def _link_form(request: Request, chosen: str, problem: ProblemError | None) -> Answer:
    return page(
        request,
        "new_link.html",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        is_sent=request.query.get("sendt") == "ja",
        chosen=chosen,
        problem=problem,
        errors=problem.messages(request.language) if problem else {},
        municipalities=municipality_options(chosen),
    )


def show_asset(request: Request) -> Answer:
    asset = assets().get(request.path["name"])
    if asset is None:
        raise ProblemError("not_found")
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(200, asset.media_type, asset.compressed, headers)
    return Response(200, asset.media_type, asset.data, headers)


ROUTES = (
    Route(method="GET", path="/", answer=show_front),
    Route(method="GET", path="/soknad", answer=show_empty_form),
    Route(method="POST", path="/soknad", answer=receive_form),
    Route(method="GET", path="/soknad/kvittering", answer=show_receipt),
    Route(method="GET", path="/personvern", answer=show_privacy),
    Route(method="GET", path="/tilgjengelighet", answer=show_accessibility),
    Route(method="GET", path="/ny-lenke", answer=show_link_form),
    Route(method="POST", path="/ny-lenke", answer=receive_link_form),
    Route(method="GET", path="/assets/<name>", answer=show_asset),
)
