"""Looking over the answers and sending them, and the receipt."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from kulturkontor.actions.apply import StaleVersionError
from kulturkontor.actions.edit import digest_of_shown, send
from kulturkontor.application_fields import Fields, write_fields
from kulturkontor.application_parts import PARTS, Part, questions_of
from kulturkontor.application_period import as_sendable, is_supplement, reopened_parts
from kulturkontor.application_words import answers_in_words, gaps_in_words
from kulturkontor.applications import Application
from kulturkontor.links import InvalidLinkError
from kulturkontor.people import Right
from kulturkontor.received_files import FileState, unchecked
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.own_case import OwnCase, read_own_case
from kulturkontor.web.portal_api import answers_problem
from kulturkontor.web.portal_link import own_path
from kulturkontor.web.problems import REFUSALS, ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route
from kulturkontor.web.task_list import frame_values, lacking_values

SHOWN_FIELD = "shown"
_TERMS = tuple(each.field for each in questions_of(Part.SEND))


def show_check(request: Request) -> Answer:
    case = read_own_case(by_cookie(request))
    request.prefers = case.application.language
    return _check_page(request, case, write_fields(case.application.working_answers))


def receive_sent(request: Request) -> Answer:
    linked = by_cookie(request)
    fields = request.read_form()
    if fields.get("action") != "send":
        return _again(request, read_own_case(linked), fields)
    try:
        send(
            linked.link.application_id,
            {name: fields[name] for name in _TERMS if name in fields},
            shown=fields.get(SHOWN_FIELD, ""),
            person=linked.link.person,
            at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        problem = answers_problem(fault)
    except StaleVersionError:
        problem = ProblemError("answers_changed")
    except InvalidLinkError:
        raise
    except REFUSALS as fault:
        problem = problem_of(fault)
    else:
        return redirect(request, f"{own_path(request)}/kvittering")
    return _again(request, read_own_case(linked), fields, problem)


def show_receipt(request: Request) -> Answer:
    """Only for what is stored, and to who has the link."""
    case = read_own_case(by_cookie(request))
    application = case.application
    request.prefers = application.language
    if application.reference is None:
        return redirect(request, f"{own_path(request)}/soknad")
    return page(
        request,
        "receipt.html",
        **frame_values(request, application),
        sections=answers_in_words(application.answers, request.programme, request.language),
        attachments=_attachments(case),
        gaps=[
            words
            for _, words in gaps_in_words(application.missing, request.programme, request.language)
        ],
    )


def _again(
    request: Request, case: OwnCase, fields: Fields, problem: ProblemError | None = None
) -> Answer:
    request.prefers = case.application.language
    return _check_page(request, case, fields, problem)


def _check_page(
    request: Request, case: OwnCase, fields: Mapping[str, str], problem: ProblemError | None = None
) -> Answer:
    application = as_sendable(case.application, request.programme, request.at)
    answers = application.working_answers
    here = f"{own_path(request)}/soknad/send"
    sections = answers_in_words(answers, request.programme, request.language)
    values: dict[str, Any] = {
        **frame_values(request, application),
        **lacking_values(request, application, besides=Part.SEND),
    }
    return page(
        request,
        "check.html",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        other_language=here if values["can_send"] else None,
        sections=[each for each in sections if each.part is not Part.SEND],
        terms=PARTS[Part.SEND] if _has_terms(request, application) else (),
        fields=fields,
        shown=digest_of_shown(answers),
        problem=problem,
        errors=problem.messages(request.language) if problem else {},
        attachments=[each for each in case.files if each.purpose == "attachments"],
        waits=bool(unchecked((e for e in case.files if e.purpose == "attachments"), request.at)),
        is_sent=application.reference is not None,
        **values,
    )


def _has_terms(request: Request, application: Application) -> bool:
    """A supplement that staff asked for has the terms only if they asked for those."""
    adds = is_supplement(application, request.programme, request.at)
    return not adds or Part.SEND in reopened_parts(application, request.at)


def _attachments(case: OwnCase) -> list[str]:
    return [
        each.name
        for each in case.files
        if each.purpose == "attachments" and each.state is FileState.ACCEPTED
    ]


ROUTES = (
    Route(
        method="GET", path="/sak/<application_id>/soknad/send", answer=show_check, right=Right.APPLY
    ),
    Route(
        method="POST",
        path="/sak/<application_id>/soknad/send",
        answer=receive_sent,
        right=Right.APPLY,
    ),
    Route(
        method="GET",
        path="/sak/<application_id>/kvittering",
        answer=show_receipt,
        right=Right.APPLY,
    ),
)
