"""A question from the council about one line: the line's own form, and an answer in words."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from kulturkontor.actions.claim import answer_question
from kulturkontor.claim_corrections import asked_lines, draft_line, people_of_claim
from kulturkontor.claim_drafts import DraftLine
from kulturkontor.claim_form import ClaimIn, FieldError, field_errors
from kulturkontor.claim_layout import line_body
from kulturkontor.claims import TravelClaim
from kulturkontor.judgement import JudgedLine
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.claim_form_page import ACTION, claim_route
from kulturkontor.web.claim_forms import line_fields, read_line
from kulturkontor.web.claim_visit import (
    ClaimVisit,
    own_case_of,
    to_claim,
    visit_claim,
)
from kulturkontor.web.files_section import files_section, send_to
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.problems import ProblemError, explain
from kulturkontor.web.request import Request

_PREFIX = "lines.0."
_REPLY = "reply"


def show_question(request: Request) -> Answer:
    visit = visit_claim(request)
    claim, judged, line = _asked(visit)
    if judged is None or not visit.can_write:
        return to_claim(visit)
    return _page(visit, claim, judged, line_fields(line, _PREFIX))


def receive_answer(request: Request) -> Answer:
    """Sends the answer; a button that only looks for new receipts shows the form again."""
    fields = request.read_form()
    visit = visit_claim(request)
    claim, judged, line = _asked(visit)
    if judged is None or not visit.can_write:
        return to_claim(visit)
    if fields.get(ACTION) != "send":
        return _page(visit, claim, judged, fields)
    typed = read_line(line, fields, _PREFIX)
    reply = fields.get(_REPLY, "").strip()
    if not reply:
        empty = FieldError(_REPLY, "missing", {})
        errors = {_REPLY: explain(empty, request.language, "claim_errors")}
        return _page(visit, claim, judged, fields, errors=errors)
    linked = by_cookie(request)
    try:
        answer_question(
            claim.application_id,
            claim.gathering,
            judged.line_id,
            _changes(claim, typed),
            reply,
            received_at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        if fault.title != ClaimIn.__name__:
            raise
        return _page(visit, claim, judged, fields, errors=_say(fault, visit))
    return redirect(request, visit.base, gjort="svart")


def _asked(visit: ClaimVisit) -> tuple[TravelClaim, JudgedLine | None, DraftLine]:
    """The claim, the line of the path, and the question if it waits for an answer."""
    claim, line_id = visit.last, visit.request.path["line"]
    line = next((each for each in claim.claim.lines if each.id == line_id), None) if claim else None
    if claim is None or line is None:
        raise ProblemError("claim_unknown_line")
    judged = next(each for each in claim.judgement.lines if each.line_id == line_id)
    is_asked = line_id in asked_lines(claim) and judged.ruling is not None
    return claim, judged if is_asked else None, draft_line(line, claim.claim)


def _changes(claim: TravelClaim, line: DraftLine) -> dict[str, Any]:
    """All that the form says of the line; what was emptied is told as empty."""
    people = people_of_claim(claim.claim)
    owner = next(each.participant for each in claim.claim.lines if each.id == line.id)
    said = line_body(line, next(each for each in people if each.id == owner), people)
    blank: dict[str, Any] = dict.fromkeys(
        ("amount", "kilometres", "currency", "foreign_amount", "rate", "rate_date", "rate_source"),
        None,
    )
    return {**blank, "route": "", "note": "", "refunds": None, **said}


def _say(fault: ValidationError, visit: ClaimVisit) -> dict[str, str]:
    """The faults by the form's own fields: only one line can have any."""
    said: dict[str, str] = {}
    for error in field_errors(fault):
        _, _, path = error.path.partition(".")
        name = path.split(".")[1] if "." in path else "kind"
        field = name if name == _REPLY else f"{_PREFIX}{_FIELDS.get(name, name)}"
        said.setdefault(field, explain(error, visit.request.language, "claim_errors"))
    return said


_FIELDS = {"receipt_ids": "receipts"}


def _page(
    visit: ClaimVisit,
    claim: TravelClaim,
    judged: JudgedLine,
    fields: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
) -> Answer:
    request = visit.request
    problem = ProblemError("fields_invalid") if errors else None
    own = [each for each in claim.claim.lines if each.participant == judged.participant]
    return page(
        request,
        "claim_answer.html",
        status=problem.status if problem else 200,
        other_language=request.event["rawPath"],
        send_to=send_to(request),
        base=visit.base,
        gathering=visit.gathering,
        claim=claim,
        judged=judged,
        name=claim.claim.participant(judged.participant).name,
        fields=fields,
        errors=errors or {},
        problem=problem,
        receipts=visit.receipts,
        others=[each for each in claim.claim.participants if each.id != judged.participant],
        same_kind=[
            (each.id, each.amount or each.foreign_amount or "")
            for each in own
            if each.kind is judged.kind and each.id != judged.line_id and each.refunds is None
        ],
        files=files_section(
            request,
            own_case_of(visit.file),
            "receipts",
            back=f"{visit.within}/linje/{judged.line_id}",
        ),
    )


ROUTES = (
    claim_route("GET", "/linje/<line>", show_question),
    claim_route("POST", "/linje/<line>", receive_answer),
)
