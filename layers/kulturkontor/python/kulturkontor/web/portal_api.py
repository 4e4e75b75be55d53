"""The JSON API of the application period: the programme, and an application from draft to
withdrawal.
"""

from pydantic import ValidationError

from kulturkontor.actions.apply import start
from kulturkontor.actions.save import save
from kulturkontor.actions.withdraw import withdraw
from kulturkontor.application_period import phase
from kulturkontor.claim_form import field_errors
from kulturkontor.links import BY_LINK
from kulturkontor.people import Right
from kulturkontor.receipts import Receipt
from kulturkontor.web.answers import Answer, as_json
from kulturkontor.web.api_models import (
    ApplicationOut,
    ChangedApplication,
    NewApplication,
    ProgrammeOut,
    application_out,
    programme_out,
)
from kulturkontor.web.limits import START, count_request
from kulturkontor.web.linked import by_bearer
from kulturkontor.web.own_case import file_out, read_own_case
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import MAX_BODY, Request
from kulturkontor.web.routes import Route

KEY_LENGTH = range(8, 201)


def show_programme(request: Request) -> Answer:
    now = phase(request.programme, request.at)
    return as_json(programme_out(request.programme, now, MAX_BODY))


def start_application(request: Request) -> Answer:
    key = request.headers.get("idempotency-key", "")
    if len(key) not in KEY_LENGTH:
        raise ProblemError("idempotency_key_missing")
    body = request.read_json(NewApplication)
    count_request(request, START)
    try:
        receipt = start(
            body.answers,
            key=key,
            submit=body.submit,
            received_at=request.at,
            suspect=False,
            programme=request.programme,
            records=request.doors.records,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        raise answers_problem(fault) from fault
    return as_json(receipt, 201)


def show_application(request: Request) -> Answer:
    case = read_own_case(by_bearer(request))
    request.prefers = case.application.language
    return as_json(
        application_out(
            case.application,
            tuple(file_out(each, request.language) for each in case.files),
            tuple(case.claims.values()),
            programme=request.programme,
            language=request.language,
        )
    )


def change_application(request: Request) -> Answer:
    linked = by_bearer(request)
    body = request.read_json(ChangedApplication)
    try:
        receipt = save(
            linked.link.application_id,
            body.answers,
            submit=body.submit,
            expected_version=body.version,
            received_at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
            person=linked.link.person,
        )
    except ValidationError as fault:
        raise answers_problem(fault) from fault
    return as_json(receipt)


def withdraw_application(request: Request) -> Answer:
    linked = by_bearer(request)
    receipt = withdraw(
        linked.link.application_id,
        by=BY_LINK,
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
    )
    return as_json(receipt)


def answers_problem(fault: ValidationError) -> ProblemError:
    """What is wrong with the answers; a record of ours that cannot be read stays a fault."""
    if fault.title not in ("Answers", "Submission"):
        raise fault
    return ProblemError("fields_invalid", errors=field_errors(fault))


ROUTES = (
    Route(
        method="GET",
        path="/api/programme",
        answer=show_programme,
        summary="The programme in public: dates, limits, gatherings, shares",
        gives={200: ProgrammeOut},
    ),
    Route(
        method="POST",
        path="/api/applications",
        answer=start_application,
        summary="Start an application as a draft, or send it at once",
        takes=NewApplication,
        gives={201: Receipt},
        refuses=(400, 403, 409, 413, 415, 422, 429),
        headers={
            "Idempotency-Key": "8 to 200 characters; the same key and body get the same answer"
        },
    ),
    Route(
        method="GET",
        path="/api/applications/<application_id>",
        answer=show_application,
        right=Right.APPLY,
        summary="The application with its files, decision, place, group and claims",
        gives={200: ApplicationOut},
        refuses=(401, 404, 410),
        needs_link=True,
    ),
    Route(
        method="PATCH",
        path="/api/applications/<application_id>",
        answer=change_application,
        right=Right.APPLY,
        summary="Change fields, and send the application",
        takes=ChangedApplication,
        gives={200: Receipt},
        refuses=(400, 401, 403, 404, 409, 410, 413, 415, 422),
        needs_link=True,
    ),
    Route(
        method="DELETE",
        path="/api/applications/<application_id>",
        answer=withdraw_application,
        summary="Withdraw the application",
        gives={200: Receipt},
        refuses=(401, 404, 410),
        needs_link=True,
    ),
)
