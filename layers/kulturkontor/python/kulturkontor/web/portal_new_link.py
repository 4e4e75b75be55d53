"""«Send lenken på nytt»: the same answer for everybody, whether there is an application or not."""

from collections.abc import Collection

from kulturkontor.actions.withdraw import send_new_links
from kulturkontor.application_form import is_email
from kulturkontor.application_rows import mail_digest
from kulturkontor.claim_form import FieldError
from kulturkontor.municipalities import UnknownMunicipalityError, find_municipality
from kulturkontor.web.answers import Answer, as_json, page, redirect
from kulturkontor.web.api_models import LinkRequest
from kulturkontor.web.limits import NEW_LINK, count_request
from kulturkontor.web.municipality_choice import municipality_options
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route


def show_link_form(request: Request) -> Answer:
    return _form(request, {}, None)


def receive_link_form(request: Request) -> Answer:
    fields = request.read_form()
    try:
        _send(request, fields.get("municipality", ""), fields.get("email", ""))
    except ProblemError as problem:
        return _form(request, fields, problem)
    return redirect(request, "/ny-lenke", sendt="ja")


def ask_for_link(request: Request) -> Answer:
    body = request.read_json(LinkRequest)
    _send(request, body.municipality, body.email)
    return as_json({}, 202)


def _send(request: Request, municipality: str, email: str) -> None:
    """Raises `fields_invalid` and `too_many_requests`."""
    wanted = _wanted(municipality.strip(), email.strip())
    count_request(request, NEW_LINK)
    send_new_links(
        wanted,
        at=request.at,
        programme=request.programme,
        records=request.doors.records,
        mail_queue=request.doors.mail_queue,
    )


def _wanted(typed: str, email: str) -> Collection[str]:
    """What an application is looked for by: its municipality's number, or who has a link to it."""
    if not typed and not email:
        raise _refused("email", "link_nothing_given")
    if email and not is_email(email):
        raise _refused("email", "email")
    wanted = {mail_digest(email)} if email else set()
    if typed:
        try:
            wanted.add(find_municipality(typed).kommunenummer)
        except UnknownMunicipalityError as fault:
            raise _refused("municipality", f"municipality_{fault.code}", fault.hint) from fault
    return wanted


def _refused(field: str, code: str, hint: str = "") -> ProblemError:
    return ProblemError("fields_invalid", errors=[FieldError(field, code, {"hint": hint})])


def _form(request: Request, fields: dict[str, str], problem: ProblemError | None) -> Answer:
    return page(
        request,
        "new_link.html",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        is_sent=request.query.get("sendt") == "ja",
        fields=fields,
        problem=problem,
        errors=problem.messages(request.language) if problem else {},
        municipalities=municipality_options(fields.get("municipality", "")),
    )


ROUTES = (
    Route(method="GET", path="/ny-lenke", answer=show_link_form),
    Route(method="POST", path="/ny-lenke", answer=receive_link_form),
)
API_ROUTES = (
    Route(
        method="POST",
        path="/api/links",
        answer=ask_for_link,
        summary="Send the secret link again to whoever has one for that municipality or address",
        takes=LinkRequest,
        gives={202: None},
        refuses=(400, 413, 415, 422, 429),
    ),
)
