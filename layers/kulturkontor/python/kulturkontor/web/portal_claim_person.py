"""The costs of one traveller in a travel claim: a form, by sum or by line."""

from collections.abc import Mapping, Sequence

from kulturkontor.actions.claim_drafts import Changed
from kulturkontor.claim_drafts import (
    ClaimDraft,
    DraftLine,
    DraftPerson,
    fit,
    has_room,
)
from kulturkontor.claim_fields import LineKind
from kulturkontor.edits import Merged
from kulturkontor.programme import Gathering
from kulturkontor.received_files import ReceivedFile
from kulturkontor.uploads import PDF
from kulturkontor.web.answers import Answer, redirect
from kulturkontor.web.claim_edits import (
    Fields,
    TheOther,
    lines_of,
    merge_costs,
    no_room,
    placed,
    shown,
)
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
    LINE_KINDS,
    WAYS,
    add_line,
    copy_from,
    copy_line,
    cost_fields,
    every_cost_field,
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


def show_person(request: Request) -> Answer:
    visit = visit_claim(request)
    if not visit.can_write:
        return to_claim(visit)
    person = _person(visit.draft, request)
    is_checked = bool(request.query.get(CHECK))
    fields = cost_fields(person, visit.gathering)
    return _person_page(visit, person, fields, is_checked=is_checked)


def receive_person(request: Request) -> Answer:
    """Every button keeps what stands in the form first; then it does what it says."""
    fields = request.read_form()
    action, _, argument = fields.get(ACTION, "next").partition(".")
    focus = ""
    merged = Merged({}, {})
    left_out: tuple[DraftLine, ...] = ()

    def change(draft: ClaimDraft) -> Changed:
        nonlocal focus, merged, left_out
        person, gathering = _person(draft, request), _gathering(request)
        merged = merge_costs(
            every_cost_field(person, gathering),
            fields,
            seen=fields.get(SEEN, ""),
            removing=argument if action == "remove" else "",
            leaving=argument if action == THEIRS else "",
        )
        changed = with_costs(draft, person, _placed(merged.fields, person), gathering)
        if not merged.conflicts:
            typed = _person(changed, request)
            changed, focus = _do(changed, typed, fields, action, argument, request)
        changed, left_out = fit(changed, person)
        return Changed(changed, is_whole=not merged.conflicts and not left_out)

    saved = save(request, fields, change, part="costs", piece=f"costs.{request.path['person']}")
    visit = visit_of(request, saved.file, saved.draft)
    person = _person(visit.draft, request)
    others = others_of(request, saved, merged, merged.conflicts, person)
    if action == AUTOSAVE:
        kept, full = cost_fields(person, visit.gathering), no_room(visit, person, left_out)
        return told_to_script(visit, kept, fields, others, full.values())
    here = f"/kostnader/{person.id}"
    is_wrong = any(each.person == person.id for each in faults_of(visit, "costs"))
    if others or left_out or (action == "next" and is_wrong):
        stands = _longer(person, left_out)
        typed = _placed(shown(merged), stands) if others else cost_fields(stands, visit.gathering)
        checked = not others and not left_out
        return _person_page(
            visit, person, typed, is_checked=checked, others=others, left_out=left_out
        )
    if action == "next":
        return redirect(request, f"{visit.base}/kostnader", gjort="kostnader")
    return after(request, visit, action, here=here, onward="", focus=focus)


def _placed(fields: Fields, person: DraftPerson) -> Fields:
    """The fields of a form by their rows: the person's lines, then what came with the form."""
    known = [line.id for line in person.lines]
    return placed(fields, list(dict.fromkeys([*known, *lines_of(fields)])))


def _do(
    draft: ClaimDraft,
    person: DraftPerson,
    fields: Mapping[str, str],
    action: str,
    argument: str,
    request: Request,
) -> tuple[ClaimDraft, str]:
    """What a button changes beside what was typed, and the field to go to afterwards."""
    line = fields.get(f"lines.{argument}.id", "")
    number = next((n for n, each in enumerate(person.lines) if each.id == line), -1)
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
    others: Sequence[TheOther] = (),
    left_out: tuple[DraftLine, ...] = (),
) -> Answer:
    """`left_out`: lines that are shown as typed, and not kept."""
    request, draft = visit.request, visit.draft
    own = [each for each in faults_of(visit, "costs") if each.person == person.id]
    beside = [each for each in draft.travellers if each.id != person.id]
    with_lines = [each for each in beside if each.way == "lines" and each.lines]
    return show(
        visit,
        "claim_person.html",
        fields,
        kept=cost_fields(person, visit.gathering),
        faults=own if is_checked else (),
        others=others,
        errors=no_room(visit, person, left_out),
        problem="claim_lines_full" if left_out else "",
        person=_longer(person, left_out),
        beside=beside,
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


def _longer(person: DraftPerson, left_out: tuple[DraftLine, ...]) -> DraftPerson:
    return person.model_copy(update={"lines": (*person.lines, *left_out)})


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
    claim_route("GET", "/kostnader/<person>", show_person),
    claim_route("POST", "/kostnader/<person>", receive_person),
)
