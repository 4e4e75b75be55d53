"""The last page of a travel claim before it is sent: calculation, declaration, one button."""

from pydantic import ValidationError

from kulturkontor.actions.claim import send_draft
from kulturkontor.actions.claim_drafts import discard_claim_draft
from kulturkontor.actions.claim_files import ClaimRefusedError
from kulturkontor.actions.prepare_claim import prepare_claim
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_layout import lay_out
from kulturkontor.claims import TravelClaim
from kulturkontor.web.answers import Answer, redirect
from kulturkontor.web.claim_faults import Fault, find_faults
from kulturkontor.web.claim_form_page import SEEN, claim_route, show
from kulturkontor.web.claim_result import result_values
from kulturkontor.web.claim_visit import ClaimVisit, to_claim, visit_claim
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.request import Request


def show_check(request: Request) -> Answer:
    visit = visit_claim(request, to_judge=True)
    return _check(visit) if visit.can_write else to_claim(visit)


def receive_check(request: Request) -> Answer:
    """Sends the draft as it was shown; twice is once."""
    linked, fields = by_cookie(request), request.read_form()
    seen = fields.get(SEEN, "")
    try:
        claim = send_draft(
            linked.link.application_id,
            request.path["gathering"],
            seen_revision=int(seen) if seen.isdigit() and len(seen) < 9 else 0,
            declared="declared" in fields,
            received_at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ValidationError as fault:
        if fault.title != ClaimIn.__name__:
            raise
        return _check(
            visit_claim(request, to_judge=True), declared="declared" in fields, is_sent=True
        )
    except ClaimRefusedError as refusal:
        visit = visit_claim(request, to_judge=True)
        if refusal.args[0] == "draft_changed" and visit.can_write:
            return _check(visit, problem="claim_draft_changed")
        raise
    request.prefers = claim.language
    path = f"/sak/{claim.application_id}/reisekrav/{claim.gathering}"
    return redirect(request, path, gjort="sendt")


def _check(
    visit: ClaimVisit, *, declared: bool = True, is_sent: bool = False, problem: str = ""
) -> Answer:
    """The claim as it would be judged now, or what keeps it from being one."""
    request = visit.request
    faults = find_faults(visit.draft, request.programme, request.language)
    claim = None if faults else _preview(visit)
    undeclared = () if declared else _undeclared(visit)
    return show(
        visit,
        "claim_check.html",
        {},
        faults=undeclared if not faults else faults if is_sent else (),
        problem=problem,
        has_fields=False,
        lacking=faults,
        revision=visit.draft.revision,
        claim=claim,
        outdated=visit.has_draft and visit.draft.based_on != len(visit.versions),
        **(result_values(visit, claim) if claim else {}),
    )


def _preview(visit: ClaimVisit) -> TravelClaim:
    claim_in = ClaimIn.model_validate(lay_out(visit.draft, declared=True).body)
    request = visit.request
    return prepare_claim(visit.file, visit.gathering.id, claim_in, request.at, request.programme)


def _undeclared(visit: ClaimVisit) -> tuple[Fault, ...]:
    request = visit.request
    found = find_faults(visit.draft, request.programme, request.language, declared=False)
    return tuple(each for each in found if each.field == "declared")


def discard(request: Request) -> Answer:
    linked = by_cookie(request)
    visit = visit_claim(request)
    discard_claim_draft(linked.link.application_id, visit.gathering.id, records=linked)
    return redirect(request, visit.base, gjort="forkastet")


ROUTES = (
    claim_route("GET", "/kontroll", show_check),
    claim_route("POST", "/kontroll", receive_check),
    claim_route("POST", "/forkast", discard),
)
