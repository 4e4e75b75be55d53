"""The gatherings of a municipality that takes part: dates, calendar, and who comes to each."""

from collections.abc import Callable

from pydantic import ValidationError

from kulturkontor.actions import attend
from kulturkontor.actions.answer import read_accepted
from kulturkontor.applications import Application, rights_of
from kulturkontor.attendance import AttendanceError, has_beds
from kulturkontor.claim_form import FieldError, field_errors
from kulturkontor.days import format_hours
from kulturkontor.groups import GroupError
from kulturkontor.links import make_feed_token
from kulturkontor.people import Right
from kulturkontor.programme import Gathering
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.gathering_form import read_attendance, read_substitute, write_fields
from kulturkontor.web.gathering_page import gathering_values, listed
from kulturkontor.web.linked import LinkedRecords, by_cookie
from kulturkontor.web.portal_link import own_path
from kulturkontor.web.problems import ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

DONE = frozenset({"lagret", "frafall", "likevel", "likevel_seng", "vikar", "avmeldt"})
_ID_LENGTH = 12
_FIELD_OF = {
    "group_unknown_person": "substitute.instead_of",
    "group_too_many": "substitute.name",
}


def show_gatherings(request: Request) -> Answer:
    linked = by_cookie(request)
    application = _read(request, linked)
    token = make_feed_token(request.doors.link_key(), linked.link)
    return page(
        request,
        "gatherings.html",
        base=own_path(request),
        meetings=[
            (each, format_hours(each.starts_at, each.ends_at, request.language))
            for each in sorted(request.programme.coordinator_meetings, key=lambda it: it.starts)
        ],
        gatherings=[listed(request, application, each) for each in request.programme.gatherings],
        feed=f"{request.doors.public_url}/kalender/{token}.ics?lang={request.language}",
    )


def show_gathering(request: Request) -> Answer:
    return _show(request, by_cookie(request))


def receive_attendance(request: Request) -> Answer:
    linked = by_cookie(request)
    where, fields = _gathering(request), request.read_form()
    said = read_attendance(fields, _read(request, linked), where.id)
    try:
        attend.say_who_comes(
            linked.link.application_id,
            where.id,
            said,
            by=linked.link.by,
            at=request.at,
            programme=request.programme,
            records=linked,
        )
    except AttendanceError as fault:
        return _show(request, linked, fields=fields, problem=problem_of(fault))
    return _done(request, where, "lagret")


def receive_drop_out(request: Request) -> Answer:
    linked, where = by_cookie(request), _gathering(request)
    attend.drop_out(
        linked.link.application_id,
        where.id,
        request.read_form().get("person", ""),
        by=linked.link.by,
        at=request.at,
        programme=request.programme,
        records=linked,
    )
    return _done(request, where, "frafall")


def receive_undo(request: Request) -> Answer:
    linked, where = by_cookie(request), _gathering(request)
    attend.come_after_all(
        linked.link.application_id,
        where.id,
        request.read_form().get("person", ""),
        by=linked.link.by,
        at=request.at,
        programme=request.programme,
        records=linked,
    )
    return _done(request, where, "likevel_seng" if has_beds(request.programme) else "likevel")


def receive_substitute(request: Request) -> Answer:
    linked, where = by_cookie(request), _gathering(request)
    fields = request.read_form()
    try:
        attend.add_substitute(
            linked.link.application_id,
            where.id,
            read_substitute(fields).at(where.id),
            by=linked.link.by,
            at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        errors = [
            FieldError(f"substitute.{each.path}", each.code, each.values)
            for each in field_errors(fault)
        ]
        problem = ProblemError("fields_invalid", errors=errors)
        return _show(request, linked, fields=fields, problem=problem)
    except GroupError as fault:
        return _show(request, linked, fields=fields, problem=problem_of(fault))
    return _done(request, where, "vikar")


def remove_substitute(request: Request) -> Answer:
    linked, where = by_cookie(request), _gathering(request)
    attend.remove_substitute(
        linked.link.application_id,
        where.id,
        request.read_form().get("person", ""),
        by=linked.link.by,
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
    )
    return _done(request, where, "avmeldt")


def _show(
    request: Request,
    linked: LinkedRecords,
    *,
    fields: dict[str, str] | None = None,
    problem: ProblemError | None = None,
) -> Answer:
    where, application = _gathering(request), _read(request, linked)
    shown = write_fields(application, where.id)
    if fields is not None:
        shown |= fields
    shown.setdefault("substitute.id", f"p{request.doors.new_id()[:_ID_LENGTH]}")
    done = request.query.get("gjort")
    return page(
        request,
        "gathering.html",
        status=problem.status if problem else 200,
        base=own_path(request),
        done=done if done in DONE and not problem else None,
        may_claim=Right.CLAIMS in rights_of(application, linked.link),
        **gathering_values(request, application, where),
        fields=shown,
        problem=problem,
        errors=_errors(request, problem),
    )


def _errors(request: Request, problem: ProblemError | None) -> dict[str, str]:
    if problem is None:
        return {}
    if problem.errors:
        return problem.messages(request.language)
    return {_FIELD_OF.get(problem.code, "who"): problem.detail(request.language)}


def _done(request: Request, where: Gathering, what: str) -> Answer:
    return redirect(request, f"{own_path(request)}/samlinger/{where.id}", gjort=what)


def _read(request: Request, linked: LinkedRecords) -> Application:
    application = read_accepted(linked.link.application_id, linked)
    request.prefers = application.language
    return application


def _gathering(request: Request) -> Gathering:
    found = request.programme.gathering(request.path["gathering"])
    if found is None:
        raise ProblemError("not_found")
    return found


_ALL = "/sak/<application_id>/samlinger"
_ONE = f"{_ALL}/<gathering>"


def _route(method: str, path: str, answer: Callable[[Request], Answer]) -> Route:
    return Route(method=method, path=path, answer=answer, right=Right.MEMBERS)


ROUTES = (
    _route("GET", _ALL, show_gatherings),
    _route("GET", _ONE, show_gathering),
    _route("POST", _ONE, receive_attendance),
    _route("POST", f"{_ONE}/frafall", receive_drop_out),
    _route("POST", f"{_ONE}/angre", receive_undo),
    _route("POST", f"{_ONE}/vikar", receive_substitute),
    _route("POST", f"{_ONE}/vikar/fjern", remove_substitute),
)
