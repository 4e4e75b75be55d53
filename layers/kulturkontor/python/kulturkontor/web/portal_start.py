"""Starting an application: three questions, a draft, and its link by mail."""

from datetime import timedelta

from kulturkontor.actions.apply import begin
from kulturkontor.actions.edit import edit
from kulturkontor.application_fields import (
    Fields,
    find_municipality_fault,
    keep,
    settle_municipality,
)
from kulturkontor.application_parts import Part, questions_of
from kulturkontor.application_period import phase
from kulturkontor.application_words import needed_in_words
from kulturkontor.applications import Application
from kulturkontor.claim_form import FieldError
from kulturkontor.links import SecretLink, make_token
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.form_keys import KEY_FIELD, FormKey, make_form_key, read_form_key
from kulturkontor.web.limits import START, count_request
from kulturkontor.web.linked import case_path
from kulturkontor.web.municipality_choice import listed_names
from kulturkontor.web.portal_link import case_cookie
from kulturkontor.web.problems import REFUSALS, ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

ASKED = ("municipality", "contact.name", "contact.email")
UNTIL_LEFT = "private, no-cache"
"""The empty form: the back button shows the same one again, with its key and what was typed, so
that sending it once more is not another application. It is sent to another address than its own,
for a browser forgets what it kept of an address that something is sent to.
"""
FIRST_LINK = 1
"""The version that a draft's link begins with; a form never hands out what has replaced it."""
OPENED_BY_FORM = timedelta(hours=1)
"""How long a form that was sent opens its draft again: later, somebody else may sit at the machine,
and the mail's link is asked for.
"""


def show_start(request: Request) -> Answer:
    now = phase(request.programme, request.at)
    if now in ("before", "closed"):
        raise ProblemError(f"period_{now}")
    key = make_form_key(request.doors.link_key(), request.doors.new_id(), request.at)
    answer = _form(request, {KEY_FIELD: key})
    answer.headers["Cache-Control"] = UNTIL_LEFT
    return answer


def receive_start(request: Request) -> Answer:
    fields = request.read_form()
    action = fields.get("action")
    if action == "language":
        return _form(request, fields, focus="language-link")
    if action == "keep":
        return _form(request, fields)
    try:
        count_request(request, START)
        key = read_form_key(request.doors.link_key(), fields, request.at)
        application = _begin(request, fields, key)
    except ProblemError as problem:
        return _form(request, fields, problem=problem)
    answer = redirect(request, f"{case_path(application.id)}/soknad")
    if key.is_ours:
        link = SecretLink(application.id, FIRST_LINK)
        token = make_token(request.doors.link_key(), link)
        answer.cookies = [case_cookie(request, application.id, token)]
    return answer


def _begin(request: Request, fields: Fields, key: FormKey) -> Application:
    typed = {"language": request.language, **{name: fields.get(name, "") for name in ASKED}}
    answers, errors = keep(settle_municipality(typed, {"language": request.language}), {})
    _refuse(_faults(typed, errors))
    try:
        application = begin(
            answers,
            key=key.key,
            at=request.at,
            suspect=key.is_suspect,
            programme=request.programme,
            records=request.doors.records,
            mail_queue=request.doors.mail_queue,
        )
        if application.revision == 0:
            return application
        return _correct(request, application, typed)
    except REFUSALS as fault:
        raise problem_of(fault) from fault


def _correct(request: Request, application: Application, typed: Fields) -> Application:
    """The form once more, with the back button: what was typed otherwise now is put right."""
    is_old = request.at - application.created_at > OPENED_BY_FORM
    if is_old or application.link_version != FIRST_LINK:
        raise ProblemError("link_needed")
    given = {name: text for name, text in typed.items() if text.strip() and name in ASKED}
    edited = edit(
        application.id,
        Part.MUNICIPALITY,
        given,
        seen={},
        person="",
        at=request.at,
        programme=request.programme,
        records=request.doors.records,
        mail_queue=request.doors.mail_queue,
        leaving=frozenset(each.field for each in questions_of(Part.MUNICIPALITY)) - given.keys(),
    )
    return edited.application


def _faults(typed: Fields, errors: tuple[FieldError, ...]) -> list[FieldError]:
    """In the order of the form. A link must have somewhere to go; a name that is no municipality is
    told at once, as it decides what else is filled in.
    """
    found = {each.path: each for each in errors}
    if not typed["contact.email"].strip():
        found["contact.email"] = FieldError("contact.email", "email_for_draft", {})
    if fault := find_municipality_fault(typed["municipality"]):
        found.setdefault("municipality", fault)
    return [found[name] for name in ASKED if name in found]


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise ProblemError("fields_invalid", errors=errors)


def _form(
    request: Request, fields: Fields, *, problem: ProblemError | None = None, focus: str = ""
) -> Answer:
    return page(
        request,
        "start.html",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        other_language="/soknad",
        phase=phase(request.programme, request.at),
        fields=fields,
        key=fields.get(KEY_FIELD, ""),
        problem=problem,
        errors=problem.messages(request.language) if problem else {},
        focus=focus,
        needed=needed_in_words(request.programme, request.language),
        names=listed_names(),
    )


ROUTES = (
    Route(method="GET", path="/soknad", answer=show_start),
    Route(method="POST", path="/soknad", answer=receive_start),
)
