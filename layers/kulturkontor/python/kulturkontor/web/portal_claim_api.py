"""The JSON API of travel claims: send, look, try out without sending, answer a question."""

from typing import Any

from pydantic import RootModel, ValidationError

from kulturkontor.actions.claim import answer_question, preview_claim, submit_claim
from kulturkontor.actions.review_claims import read_for_review
from kulturkontor.claim_form import ClaimIn, field_errors
from kulturkontor.claims import TravelClaim
from kulturkontor.people import Right
from kulturkontor.web.answers import Answer, as_json
from kulturkontor.web.api_claims import ClaimOut, ClaimReceipt, LineAnswer, claim_out, claim_receipt
from kulturkontor.web.linked import by_bearer
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route


class AnyObject(RootModel[dict[str, Any]]):
    """A JSON object; the action that takes it reads it."""


def send_claim(request: Request) -> Answer:
    """201 for a new version, 200 when the same claim is there already."""
    linked = by_bearer(request)
    body = request.read_json(AnyObject)
    try:
        claim = submit_claim(
            linked.link.application_id,
            request.path["gathering"],
            body.root,
            received_at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        raise _claim_problem(fault) from fault
    return _told(request, claim)


def show_preview(request: Request) -> Answer:
    """The claim as it would be judged; nothing is kept, and it is no version."""
    linked = by_bearer(request)
    body = request.read_json(AnyObject)
    try:
        claim = preview_claim(
            linked.link.application_id,
            request.path["gathering"],
            body.root,
            at=request.at,
            programme=request.programme,
            records=linked,
        )
    except ValidationError as fault:
        raise _claim_problem(fault) from fault
    request.prefers = claim.language
    return as_json(claim_receipt(claim, language=request.language))


def send_answer(request: Request) -> Answer:
    """201 for the new version that the answer makes, 200 for an answer that is there already."""
    linked = by_bearer(request)
    body = request.read_json(LineAnswer)
    try:
        claim = answer_question(
            linked.link.application_id,
            request.path["gathering"],
            request.path["line"],
            body.changes,
            body.reply,
            received_at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        raise _claim_problem(fault) from fault
    return _told(request, claim)


def show_claim(request: Request) -> Answer:
    """Until the council has vouched for it, as it would be judged now."""
    linked = by_bearer(request)
    claim = read_for_review(
        linked.link.application_id,
        request.path["gathering"],
        programme=request.programme,
        records=linked,
    ).claim
    request.prefers = claim.language
    return as_json(claim_out(claim, language=request.language))


def _told(request: Request, claim: TravelClaim) -> Answer:
    request.prefers = claim.language
    receipt = claim_receipt(claim, language=request.language)
    return as_json(receipt, 201 if claim.revision == 0 else 200)


def _claim_problem(fault: ValidationError) -> ProblemError:
    if fault.title != ClaimIn.__name__:
        raise fault
    return ProblemError("fields_invalid", errors=field_errors(fault), wording="claim_errors")


_CLAIM = "/api/applications/<application_id>/claims/<gathering>"
_REFUSES = (400, 401, 403, 404, 409, 410, 413, 415, 422)

ROUTES = (
    Route(
        method="POST",
        path=_CLAIM,
        answer=send_claim,
        right=Right.CLAIMS,
        summary="Send the travel claim of a gathering, or correct it",
        takes=ClaimIn,
        gives={201: ClaimReceipt, 200: ClaimReceipt},
        refuses=_REFUSES,
        needs_link=True,
    ),
    Route(
        method="GET",
        path=_CLAIM,
        answer=show_claim,
        right=Right.CLAIMS,
        summary="The last version of the claim of a gathering",
        gives={200: ClaimOut},
        refuses=(401, 403, 404, 410),
        needs_link=True,
    ),
    Route(
        method="POST",
        path=f"{_CLAIM}/preview",
        answer=show_preview,
        right=Right.CLAIMS,
        summary="See how a claim would be judged, without sending it",
        takes=ClaimIn,
        gives={200: ClaimReceipt},
        refuses=_REFUSES,
        needs_link=True,
    ),
    Route(
        method="POST",
        path=f"{_CLAIM}/lines/<line>/answer",
        answer=send_answer,
        right=Right.CLAIMS,
        summary="Answer a question about one line; the others stay as they are",
        takes=LineAnswer,
        gives={201: ClaimReceipt, 200: ClaimReceipt},
        refuses=_REFUSES,
        needs_link=True,
    ),
)
