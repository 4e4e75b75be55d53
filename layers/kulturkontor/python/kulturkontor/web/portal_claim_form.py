"""The travel claim as a few forms: who travelled, and where the money goes. Costs, and the look at
the sum before it is sent, have modules of their own.
"""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from kulturkontor.actions.claim_drafts import DraftChangedError
from kulturkontor.applications import attendance_at
from kulturkontor.claim_drafts import MAX_PEOPLE, ClaimDraft, DraftPerson, next_person_id
from kulturkontor.claim_form import FieldError, ParticipantIn, field_errors
from kulturkontor.texts import counted
from kulturkontor.web.answers import Answer
from kulturkontor.web.claim_faults import Fault
from kulturkontor.web.claim_form_page import (
    ACTION,
    AUTOSAVE,
    CHECK,
    after,
    changed_by_other,
    claim_route,
    faults_of,
    save,
    show,
    told_to_script,
)
from kulturkontor.web.claim_forms import (
    Fields,
    account_fields,
    traveller_fields,
    with_account,
    with_travellers,
)
from kulturkontor.web.claim_visit import ClaimVisit, to_claim, visit_claim, visit_of
from kulturkontor.web.problems import explain
from kulturkontor.web.request import Request


def show_travellers(request: Request) -> Answer:
    visit = visit_claim(request)
    if not visit.can_write:
        return to_claim(visit)
    faults = faults_of(visit, "travellers") if request.query.get(CHECK) else ()
    return _travellers(visit, traveller_fields(visit.draft), faults=faults)


def receive_travellers(request: Request) -> Answer:
    fields = request.read_form()
    action, _, argument = fields.get(ACTION, "next").partition(".")
    errors: Fields = {}

    def change(draft: ClaimDraft) -> ClaimDraft:
        errors.clear()
        changed = with_travellers(draft, fields)
        if action == "add":
            added, faults = _add_person(changed, fields, request)
            errors.update(faults)
            return added
        if action == "remove":
            left = tuple(each for each in changed.people if each.id != argument)
            return changed.model_copy(update={"people": left})
        return changed

    try:
        saved = save(request, fields, change, part="travellers")
    except DraftChangedError as fault:
        visit = changed_by_other(request, fault)
        return _travellers(visit, fields, problem="claim_draft_changed")
    visit = visit_of(request, saved.file, saved.draft)
    if action == AUTOSAVE:
        return told_to_script(visit, "travellers")
    faults = faults_of(visit, "travellers") if action == "next" else ()
    if errors or faults:
        return _travellers(visit, fields, errors=errors, faults=faults)
    focus = {"add": "new.name", "remove": "people"}.get(action, "")
    return after(request, visit, action, here="/reisende", onward="/kostnader", focus=focus)


def _travellers(
    visit: ClaimVisit,
    fields: Mapping[str, str],
    *,
    faults: Sequence[Fault] = (),
    errors: Mapping[str, str] | None = None,
    problem: str = "",
) -> Answer:
    said = attendance_at(visit.file.application, visit.gathering.id)
    return show(
        visit,
        "claim_travellers.html",
        fields,
        part="travellers",
        faults=faults,
        errors=errors,
        problem=problem,
        registered={each.id for each in visit.file.application.participants},
        presence={each: str(told.presence) for each, told in said.items()},
        marks_nights=visit.request.programme.overnight.mode == "refund",
        persons_paid=counted(
            visit.request.language, "persons", visit.request.programme.overnight.max_persons
        ),
    )


def _add_person(
    draft: ClaimDraft, fields: Mapping[str, str], request: Request
) -> tuple[ClaimDraft, Fields]:
    """The draft with one more, or the faults of the name and role that were typed."""
    new_id = next_person_id(draft)
    typed = {"name": fields.get("new.name", ""), "role": fields.get("new.role", "")}
    try:
        person = ParticipantIn.model_validate({"id": new_id, **typed})
    except ValidationError as fault:
        told = [(f"new.{each.path}", each) for each in field_errors(fault)]
        words = {name: explain(each, request.language, "claim_errors") for name, each in told}
        return draft, words
    if len(draft.people) >= MAX_PEOPLE:
        full = FieldError("participants", "too_long", {"max_length": str(MAX_PEOPLE)})
        return draft, {"new.name": explain(full, request.language, "claim_errors")}
    added = DraftPerson(id=new_id, name=person.name, role=person.role or "")
    return draft.model_copy(update={"people": (*draft.people, added)}), {}


def show_account(request: Request) -> Answer:
    visit = visit_claim(request)
    if not visit.can_write:
        return to_claim(visit)
    faults = faults_of(visit, "account") if request.query.get(CHECK) else ()
    return _account(visit, account_fields(visit.draft), faults=faults)


def receive_account(request: Request) -> Answer:
    fields = request.read_form()
    action = fields.get(ACTION, "next")
    try:
        saved = save(request, fields, lambda draft: with_account(draft, fields), part="account")
    except DraftChangedError as fault:
        visit = changed_by_other(request, fault)
        return _account(visit, fields, problem="claim_draft_changed")
    visit = visit_of(request, saved.file, saved.draft)
    if action == AUTOSAVE:
        return told_to_script(visit, "account")
    faults = faults_of(visit, "account") if action == "next" else ()
    if faults:
        return _account(visit, fields, faults=faults)
    return after(request, visit, action, here="/konto", onward="/kontroll")


def _account(
    visit: ClaimVisit,
    fields: Mapping[str, str],
    *,
    faults: Sequence[Fault] = (),
    problem: str = "",
) -> Answer:
    return show(visit, "claim_account.html", fields, part="account", faults=faults, problem=problem)


ROUTES = (
    claim_route("GET", "/reisende", show_travellers),
    claim_route("POST", "/reisende", receive_travellers),
    claim_route("GET", "/konto", show_account),
    claim_route("POST", "/konto", receive_account),
)
