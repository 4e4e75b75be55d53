"""What the forms of a travel claim have in common: each button saves, then leads somewhere, and a
fault is told only when somebody goes on.
"""

from collections.abc import Callable, Mapping, Sequence

from kulturkontor.actions.claim_drafts import (
    DraftChangedError,
    SavedDraft,
    save_claim_draft,
)
from kulturkontor.applications import Right
from kulturkontor.claim_drafts import ClaimDraft, DraftTooLargeError, Part, digest_of
from kulturkontor.days import format_moment
from kulturkontor.web.answers import Answer, as_json, page, redirect, text
from kulturkontor.web.claim_faults import Fault, find_faults
from kulturkontor.web.claim_visit import ClaimVisit, visit_of
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import MAX_BODY, Request
from kulturkontor.web.routes import Route

ACTION = "action"
SEEN = "seen.part"
"""As the script that saves by itself knows it (assets/autosave.js)."""
AUTOSAVE = "autosave"
CHECK = "kontroll"
"""In an address: show what is wrong with the page's part."""
FOCUS = "fokus"


def save(
    request: Request,
    fields: Mapping[str, str],
    change: Callable[[ClaimDraft], ClaimDraft],
    *,
    part: Part,
    what: str = "",
) -> SavedDraft:
    """Keeps what a form says. `what`: the piece of the draft that it shows; else the whole part.

    Raises DraftChangedError, ProblemError.
    """
    linked = by_cookie(request)
    said = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    try:
        return save_claim_draft(
            linked.link.application_id,
            request.path["gathering"],
            change,
            part=part,
            seen=(what or part, fields.get(SEEN, "")),
            form=digest_of(f"{request.event['rawPath']}\n{said}"),
            at=request.at,
            programme=request.programme,
            records=linked,
        )
    except DraftTooLargeError as fault:
        raise ProblemError("body_too_large", kilobytes=MAX_BODY // 1000) from fault


def show(
    visit: ClaimVisit,
    template: str,
    fields: Mapping[str, str],
    *,
    part: str,
    faults: Sequence[Fault] = (),
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    has_fields: bool = True,
    send_to: str | Sequence[str] = (),
    **values: object,
) -> Answer:
    """A form of the claim. `errors`: by field, beside those of `faults`; `problem`: a code;
    `has_fields`: changing the language must not lose what was typed.
    """
    request = visit.request
    told = {**{each.field: each.message for each in reversed(faults)}, **(errors or {})}
    trouble = ProblemError(problem or "fields_invalid") if told or problem else None
    is_sent = request.method == "POST"
    return page(
        request,
        template,
        status=trouble.status if trouble and is_sent else 200,
        headers=trouble.headers if trouble else None,
        other_language=request.event["rawPath"] if has_fields else None,
        send_to=send_to,
        base=visit.base,
        visit=visit,
        gathering=visit.gathering,
        draft=visit.draft,
        fields=fields,
        errors=told,
        faults=faults,
        problem=trouble,
        seen=visit.draft.digest(part),
        saved=saved_words(visit),
        focus=request.query.get(FOCUS, ""),
        done=request.query.get("gjort", ""),
        **values,
    )


def changed_by_other(request: Request, fault: DraftChangedError) -> ClaimVisit:
    """The draft as somebody else has saved it; a script is told so in words."""
    if request.wants_json:
        raise ProblemError("claim_draft_changed") from fault
    return visit_of(request, fault.file, fault.found)


def told_to_script(visit: ClaimVisit, part: str) -> Answer:
    """What the script is told when it has saved; `part` as `ClaimDraft.digest` has it."""
    return as_json(
        {
            "saved": saved_words(visit),
            "seen": {SEEN.removeprefix("seen."): visit.draft.digest(part)},
            "problems": [],
            "fills": {},
        }
    )


def saved_words(visit: ClaimVisit) -> str:
    """When the draft was saved last; nothing until it was."""
    language, at = visit.request.language, visit.draft.saved_at
    return text(language, "claim_form.saved", moment=format_moment(at, language)) if at else ""


def after(
    request: Request, visit: ClaimVisit, action: str, *, here: str, onward: str, focus: str = ""
) -> Answer:
    """Where a button that saved leads: `here` again, on, or to the claim's own page."""
    told = {FOCUS: focus} if focus else {}
    if action == "save":
        return redirect(request, visit.base, gjort="lagret")
    return redirect(request, f"{visit.base}{onward if action == 'next' else here}", **told)


def faults_of(visit: ClaimVisit, part: Part) -> tuple[Fault, ...]:
    request = visit.request
    found = find_faults(visit.draft, request.programme, request.language)
    return tuple(each for each in found if each.part == part)


def claim_route(method: str, path: str, answer: Callable[[Request], Answer]) -> Route:
    return Route(
        method=method,
        path=f"/sak/<application_id>/reisekrav/<gathering>{path}",
        answer=answer,
        right=Right.CLAIMS,
    )
