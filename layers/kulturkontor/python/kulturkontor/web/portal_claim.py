"""The travel claims of a municipality: all gatherings, and the claim of each with its result."""

from collections.abc import Mapping

from aws_lambda_powertools.event_handler import Response

from kulturkontor.claims import ClaimState
from kulturkontor.participation import has_given_up, has_taken_part
from kulturkontor.people import Right
from kulturkontor.programme import OSLO
from kulturkontor.web.answers import Answer, page
from kulturkontor.web.claim_faults import find_faults
from kulturkontor.web.claim_form_page import claim_route
from kulturkontor.web.claim_result import (
    as_judged_now,
    find_payment_day,
    history,
    result_values,
    steps,
)
from kulturkontor.web.claim_visit import ClaimVisit, read_own_claims, visit_claim, visit_of
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.portal_link import own_path
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route
from kulturkontor.wording import programme_values

VERSION = "versjon"
DONE = frozenset({"sendt", "lagret", "forkastet", "svart", "kostnader"})
"""What a claim's page may be asked to say was done; its text is `claim_done.<name>`."""
STATE_COLOURS: Mapping[str, str] = {
    "before": "neutral",
    "not_sent": "warning",
    "begun": "info",
    "overdue": "danger",
    ClaimState.RECEIVED: "info",
    ClaimState.ATTESTED: "success",
    ClaimState.IN_BATCH: "success",
    ClaimState.PAID: "success",
    ClaimState.BANK_REJECTED: "danger",
    ClaimState.ACCOUNT_REFUSED: "danger",
    ClaimState.RETURNED: "warning",
}


def show_claims(request: Request) -> Answer:
    """Every gathering with where its claim stands."""
    file = read_own_claims(request, by_cookie(request))
    visits = []
    for each in request.programme.gatherings:
        request.path = {**request.path, "gathering": each.id}
        visits.append(visit_of(request, file))
    return page(
        request,
        "claims.html",
        base=own_path(request),
        may_claim=has_taken_part(file.application),
        says=programme_values(request.programme, request.language),
        rows=[(each, standing_of(each)) for each in visits],
        colours=STATE_COLOURS,
        claims=[each.last for each in visits if each.last],
    )


def show_claim_page(request: Request) -> Answer:
    visit = visit_claim(request, to_judge=True)
    claim = as_judged_now(visit, visit.last) if visit.last else None
    done = request.query.get("gjort")
    records = by_cookie(request)
    return page(
        request,
        "claim.html",
        base=visit.base,
        case=own_path(request),
        visit=visit,
        gathering=visit.gathering,
        deadline=request.programme.claim_deadline(visit.gathering),
        is_overdue=_is_overdue(visit),
        may_claim=has_taken_part(visit.file.application),
        has_given_up=has_given_up(visit.file.application),
        standing=standing_of(visit),
        colours=STATE_COLOURS,
        done=done if done in DONE else None,
        parts=_parts(visit) if visit.can_write and (visit.has_draft or not claim) else (),
        claim=claim,
        steps=steps(claim) if claim else (),
        paid_on=find_payment_day(claim, records) if claim else None,
        versions=history(visit.versions),
        **(result_values(visit, claim) if claim else {}),
    )


def show_calculation(request: Request) -> Answer:
    """The calculation of the last version, or of the one that is asked for, as PDF."""
    # typst is a layer of its own and slow to load: only this page needs it.
    from kulturkontor.claim_print import print_calculation

    visit = visit_claim(request, to_judge=True)
    asked = request.query.get(VERSION, "")
    found = [each for each in visit.versions if not asked or str(each.version) == asked]
    if not found:
        raise ProblemError("not_found")
    claim = as_judged_now(visit, found[-1]) if found[-1] is visit.last else found[-1]
    name = f"{claim.claim_number}-{claim.version}.pdf"
    return Response(
        200,
        "application/pdf",
        print_calculation(claim, request.programme, request.language),
        {"Content-Disposition": f'inline; filename="{name}"'},
    )


def standing_of(visit: ClaimVisit) -> str:
    """Where the claim of a gathering stands: its state, or why there is none."""
    if visit.last is not None:
        return str(visit.last.state)
    if not visit.is_open:
        return "before"
    if visit.has_draft:
        return "begun"
    return "overdue" if _is_overdue(visit) else "not_sent"


def _is_overdue(visit: ClaimVisit) -> bool:
    deadline = visit.request.programme.claim_deadline(visit.gathering)
    return visit.request.at.astimezone(OSLO).date() > deadline


def _parts(visit: ClaimVisit) -> list[tuple[str, str, str]]:
    """The parts of the draft, each with its path and how far it has come."""
    request = visit.request
    faults = find_faults(visit.draft, request.programme, request.language)
    wrong = {each.part for each in faults}
    said = [
        ("travellers", "/reisende"),
        ("costs", "/kostnader"),
        ("account", "/konto"),
    ]
    parts = [
        (name, path, _progress(name in visit.draft.saved, name in wrong)) for name, path in said
    ]
    is_ready = visit.has_draft and not faults
    return [*parts, ("check", "/kontroll", "ready" if is_ready else "later")]


def _progress(is_saved: bool, is_wrong: bool) -> str:
    if not is_saved:
        return "untouched"
    return "begun" if is_wrong else "complete"


ROUTES = (
    Route(
        method="GET",
        path="/sak/<application_id>/reisekrav",
        answer=show_claims,
        right=Right.CLAIMS,
    ),
    claim_route("GET", "", show_claim_page),
    claim_route("GET", "/utregning.pdf", show_calculation),
)
