"""The costs of a travel claim: an overview, and for each traveller one form, by sum or by line."""

from collections.abc import Mapping, Sequence

from kulturkontor.actions.claim_drafts import DraftChangedError
from kulturkontor.claim_drafts import ClaimDraft, DraftPerson
from kulturkontor.claim_fields import LineKind
from kulturkontor.programme import Gathering
from kulturkontor.received_files import ReceivedFile
from kulturkontor.uploads import PDF
from kulturkontor.web.answers import Answer, redirect
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
    LINE_KINDS,
    WAYS,
    add_line,
    copy_from,
    copy_line,
    cost_fields,
    has_room,
    remove_line,
    with_costs,
)
from kulturkontor.web.claim_visit import (
    ClaimVisit,
    own_case_of,
    to_claim,
    visit_claim,
    visit_of,
)
from kulturkontor.web.files_section import files_section, send_to
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request

NEW_KIND = "new-kind"
COPY_FROM = "copy-from"


def show_costs(request: Request) -> Answer:
    visit = visit_claim(request)
    if not visit.can_write:
        return to_claim(visit)
    fields = {"no_cost": "on"} if visit.draft.no_cost else {}
    return _costs(visit, fields, is_checked=bool(request.query.get(CHECK)))


def receive_costs(request: Request) -> Answer:
    fields = request.read_form()
    action = fields.get(ACTION, "next")

    def change(draft: ClaimDraft) -> ClaimDraft:
        return draft.model_copy(update={"no_cost": "no_cost" in fields})

    try:
        saved = save(request, fields, change, part="costs")
    except DraftChangedError as fault:
        visit = changed_by_other(request, fault)
        return _costs(visit, fields, problem="claim_draft_changed")
    visit = visit_of(request, saved.file, saved.draft)
    if action == AUTOSAVE:
        return told_to_script(visit, "costs")
    if action == "next" and faults_of(visit, "costs"):
        return _costs(visit, fields, is_checked=True)
    onward = "/kontroll" if visit.draft.no_cost else "/konto"
    return after(request, visit, action, here="/kostnader", onward=onward)


def _costs(
    visit: ClaimVisit,
    fields: Mapping[str, str],
    *,
    is_checked: bool = False,
    problem: str = "",
) -> Answer:
    """Faults of a person lead to that person's own form."""
    request, found = visit.request, faults_of(visit, "costs")
    return show(
        visit,
        "claim_costs.html",
        fields,
        part="costs",
        faults=found if is_checked else (),
        problem=problem,
        wrong={each.person for each in found if each.field != "way"},
        send_to=send_to(request),
        files=files_section(
            request, own_case_of(visit.file), "receipts", back=f"{visit.within}/kostnader"
        ),
    )


def show_person(request: Request) -> Answer:
    visit = visit_claim(request)
    if not visit.can_write:
        return to_claim(visit)
    person = _person(visit.draft, request)
    is_checked = bool(request.query.get(CHECK))
    fields = {"total.night": visit.gathering.night.isoformat(), **cost_fields(person)}
    return _person_page(visit, person, fields, is_checked=is_checked)


def receive_person(request: Request) -> Answer:
    """Every button keeps what stands in the form first; then it does what it says."""
    fields = request.read_form()
    action, _, argument = fields.get(ACTION, "next").partition(".")
    focus: list[str] = []

    def change(draft: ClaimDraft) -> ClaimDraft:
        person = _person(draft, request)
        typed = with_costs(draft, person, fields, _gathering(request))
        changed, place = _do(typed, _person(typed, request), fields, action, argument, request)
        focus[:] = [place]
        return changed

    what = f"costs.{request.path['person']}"
    try:
        saved = save(request, fields, change, part="costs", what=what)
    except DraftChangedError as fault:
        visit = changed_by_other(request, fault)
        person = _person(visit.draft, request)
        return _person_page(visit, person, fields, problem="claim_draft_changed")
    visit = visit_of(request, saved.file, saved.draft)
    if action == AUTOSAVE:
        return told_to_script(visit, what)
    person = _person(visit.draft, request)
    here = f"/kostnader/{person.id}"
    if action == "next" and any(each.person == person.id for each in faults_of(visit, "costs")):
        return _person_page(visit, person, fields, is_checked=True)
    if action == "next":
        return redirect(request, f"{visit.base}/kostnader", gjort="kostnader")
    return after(request, visit, action, here=here, onward="", focus=next(iter(focus), ""))


def _do(
    draft: ClaimDraft,
    person: DraftPerson,
    fields: Mapping[str, str],
    action: str,
    argument: str,
    request: Request,
) -> tuple[ClaimDraft, str]:
    """What a button changes beside what was typed, and the field to go to afterwards."""
    number = int(argument) if argument.isdigit() and len(argument) < 4 else -1
    match action:
        case "way":
            way = next((each for each in WAYS if each == fields.get("way")), "")
            return draft.with_person(person.model_copy(update={"way": way})), "way"
        case "change-way":
            return draft.with_person(person.model_copy(update={"way": ""})), "way"
        case "add":
            longer = add_line(draft, person, fields.get(NEW_KIND, ""), _gathering(request))
            return longer, f"lines.{len(person.lines)}.date" if longer != draft else NEW_KIND
        case "copy":
            return copy_line(draft, person, number), f"lines.{number + 1}.date"
        case "remove" if 0 <= number < len(person.lines):
            return remove_line(draft, person, number), "lines"
        case "copy-from":
            other = draft.person(fields.get(COPY_FROM, ""))
            return (copy_from(draft, person, other) if other else draft), "lines"
        case _:
            return draft, ""


def _person_page(
    visit: ClaimVisit,
    person: DraftPerson,
    fields: Mapping[str, str],
    *,
    is_checked: bool = False,
    problem: str = "",
) -> Answer:
    request, draft = visit.request, visit.draft
    own = [each for each in faults_of(visit, "costs") if each.person == person.id]
    others = [each for each in draft.travellers if each.id != person.id]
    with_lines = [each for each in others if each.way == "lines" and each.lines]
    return show(
        visit,
        "claim_person.html",
        fields,
        part=f"costs.{person.id}",
        faults=own if is_checked else (),
        problem=problem,
        person=person,
        others=others,
        others_with_lines=[(each.id, each.name) for each in with_lines],
        kinds=_kinds(visit),
        has_room=has_room(draft, person),
        nights_paid=request.programme.overnight.mode == "refund",
        receipts=visit.receipts,
        bills=_bills(visit.receipts, person),
        send_to=send_to(request),
        files=files_section(
            request,
            own_case_of(visit.file),
            "receipts",
            back=f"{visit.within}/kostnader/{person.id}",
        ),
    )


def _kinds(visit: ClaimVisit) -> Sequence[LineKind]:
    is_central = visit.request.programme.overnight.mode == "central"
    return [each for each in LINE_KINDS if not (is_central and each is LineKind.OVERNIGHT)]


def _bills(receipts: Sequence[ReceivedFile], person: DraftPerson) -> list[ReceivedFile]:
    """What can be a travel bill: a PDF, also one that is not looked at yet, and what was chosen."""
    chosen = {each for line in person.total for each in line.receipt_ids}
    return [each for each in receipts if each.media_type in ("", PDF) or each.id in chosen]


def _person(draft: ClaimDraft, request: Request) -> DraftPerson:
    """The traveller of the path; raises ProblemError."""
    person = draft.person(request.path["person"])
    if person is None or not person.travelled:
        raise ProblemError("not_found")
    return person


def _gathering(request: Request) -> Gathering:
    gathering = request.programme.gathering(request.path["gathering"])
    if gathering is None:
        raise ProblemError("not_found")
    return gathering


ROUTES = (
    claim_route("GET", "/kostnader", show_costs),
    claim_route("POST", "/kostnader", receive_costs),
    claim_route("GET", "/kostnader/<person>", show_person),
    claim_route("POST", "/kostnader/<person>", receive_person),
)
