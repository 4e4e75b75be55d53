"""The costs of a travel claim: an overview of whose are told. A traveller's own form is in
`portal_claim_person`.
"""

from kulturkontor.actions.claim_drafts import Changed
from kulturkontor.claim_drafts import ClaimDraft
from kulturkontor.web.answers import Answer
from kulturkontor.web.claim_edits import Fields, merge_form
from kulturkontor.web.claim_form_page import (
    ACTION,
    AUTOSAVE,
    CHECK,
    SEEN,
    after,
    claim_route,
    faults_of,
    save,
    show,
    told_to_script,
)
from kulturkontor.web.claim_visit import (
    ClaimVisit,
    own_case_of,
    to_claim,
    visit_claim,
    visit_of,
)
from kulturkontor.web.files_section import files_section, send_to
from kulturkontor.web.request import Request


def show_costs(request: Request) -> Answer:
    visit = visit_claim(request)
    if not visit.can_write:
        return to_claim(visit)
    return _costs(visit, is_checked=bool(request.query.get(CHECK)))


def receive_costs(request: Request) -> Answer:
    fields = request.read_form()
    action = fields.get(ACTION, "next")

    def change(draft: ClaimDraft) -> Changed:
        merged = merge_form(_no_cost(draft), fields, fields.get(SEEN, ""))
        return Changed(draft.model_copy(update={"no_cost": "no_cost" in merged.fields}))

    saved = save(request, fields, change, part="costs")
    visit = visit_of(request, saved.file, saved.draft)
    if action == AUTOSAVE:
        return told_to_script(visit, _no_cost(visit.draft), fields)
    if action == "next" and faults_of(visit, "costs"):
        return _costs(visit, is_checked=True)
    onward = "/kontroll" if visit.draft.no_cost else "/konto"
    return after(request, visit, action, here="/kostnader", onward=onward)


def _no_cost(draft: ClaimDraft) -> Fields:
    return {"no_cost": "on"} if draft.no_cost else {}


def _costs(visit: ClaimVisit, *, is_checked: bool = False) -> Answer:
    """Faults of a person lead to that person's own form."""
    request, found = visit.request, faults_of(visit, "costs")
    return show(
        visit,
        "claim_costs.html",
        _no_cost(visit.draft),
        kept=_no_cost(visit.draft),
        faults=found if is_checked else (),
        wrong={each.person for each in found if each.field != "way"},
        send_to=send_to(request),
        files=files_section(
            request, own_case_of(visit.file), "receipts", back=f"{visit.within}/kostnader"
        ),
    )


ROUTES = (
    claim_route("GET", "/kostnader", show_costs),
    claim_route("POST", "/kostnader", receive_costs),
)
