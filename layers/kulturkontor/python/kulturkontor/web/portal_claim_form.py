"""The travel claim as a few forms: who travelled, and where the money goes. Costs, and the look at
the sum before it is sent, have modules of their own.
"""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from kulturkontor.actions.claim_drafts import Changed
from kulturkontor.claim_drafts import MAX_PEOPLE, ClaimDraft, DraftPerson, next_person_id
from kulturkontor.claim_form import FieldError, ParticipantIn, field_errors
from kulturkontor.edits import Merged
from kulturkontor.participation import attendance_at
from kulturkontor.texts import counted
from kulturkontor.web.answers import Answer
from kulturkontor.web.claim_edits import TheOther, merge_form
from kulturkontor.web.claim_faults import Fault
from kulturkontor.web.claim_form_page import (
    ACTION,
    AUTOSAVE,
    CHECK,
    SEEN,
    THEIRS,
    after,
    claim_route,
    faults_of,
    others_of,
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

    def change(draft: ClaimDraft) -> Changed:
        """Boxes alone: two who change the same one have done the same."""
        errors.clear()
        merged = merge_form(traveller_fields(draft), fields, fields.get(SEEN, ""))
        changed = with_travellers(draft, merged.fields)
        if action == "add":
            added, faults = _add_person(changed, fields, request)
            errors.update(faults)
            return Changed(added)
        if action == "remove":
            left = tuple(each for each in changed.people if each.id != argument)
            gone = changed.gone | {argument} if len(left) < len(changed.people) else changed.gone
            return Changed(changed.model_copy(update={"people": left, "gone": gone}))
        return Changed(changed)

    saved = save(request, fields, change, part="travellers")
    visit = visit_of(request, saved.file, saved.draft)
    kept = traveller_fields(visit.draft)
    if action == AUTOSAVE:
        return told_to_script(visit, kept, fields)
    faults = faults_of(visit, "travellers") if action == "next" else ()
    if errors or faults:
        typed = {name: value for name, value in fields.items() if name.startswith("new.")}
        return _travellers(visit, kept | typed, errors=errors, faults=faults)
    focus = {"add": "new.name", "remove": "people"}.get(action, "")
    return after(request, visit, action, here="/reisende", onward="/kostnader", focus=focus)


def _travellers(
    visit: ClaimVisit,
    fields: Mapping[str, str],
    *,
    faults: Sequence[Fault] = (),
    errors: Mapping[str, str] | None = None,
) -> Answer:
    said = attendance_at(visit.file.application, visit.gathering.id)
    return show(
        visit,
        "claim_travellers.html",
        fields,
        kept=traveller_fields(visit.draft),
        faults=faults,
        errors=errors,
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
    action, _, argument = fields.get(ACTION, "next").partition(".")
    merged = Merged({}, {})

    def change(draft: ClaimDraft) -> Changed:
        nonlocal merged
        leaving = argument if action == THEIRS else ""
        merged = merge_form(account_fields(draft), fields, fields.get(SEEN, ""), leaving=leaving)
        return Changed(with_account(draft, merged.fields), is_whole=not merged.conflicts)

    saved = save(request, fields, change, part="account")
    visit = visit_of(request, saved.file, saved.draft)
    others = others_of(request, saved, merged, merged.conflicts)
    kept = account_fields(visit.draft)
    if action == AUTOSAVE:
        return told_to_script(visit, kept, fields, others)
    faults = faults_of(visit, "account") if action == "next" and not others else ()
    if others or faults:
        mine = {each.field: fields.get(each.field, "") for each in others}
        return _account(visit, kept | mine, faults=faults, others=others)
    return after(request, visit, action, here="/konto", onward="/kontroll")


def _account(
    visit: ClaimVisit,
    fields: Mapping[str, str],
    *,
    faults: Sequence[Fault] = (),
    others: Sequence[TheOther] = (),
) -> Answer:
    kept = account_fields(visit.draft)
    return show(visit, "claim_account.html", fields, kept=kept, faults=faults, others=others)


ROUTES = (
    claim_route("GET", "/reisende", show_travellers),
    claim_route("POST", "/reisende", receive_travellers),
    claim_route("GET", "/konto", show_account),
    claim_route("POST", "/konto", receive_account),
)
