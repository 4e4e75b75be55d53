"""What the forms of a travel claim have in common: each button saves, then leads somewhere, and a
fault is told only when somebody goes on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from kulturkontor.actions.claim_drafts import Changed, SavedDraft, save_claim_draft
from kulturkontor.claim_drafts import (
    ClaimDraft,
    DraftPerson,
    DraftTooLargeError,
    Part,
    digest_of,
)
from kulturkontor.days import format_moment
from kulturkontor.edits import Merged
from kulturkontor.people import Right
from kulturkontor.programme import Language
from kulturkontor.web.answers import Answer, as_json, page, redirect, text
from kulturkontor.web.claim_edits import TheOther, seen_by_script, the_others, write_seen
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
THEIRS = "theirs"
"""A button, with the field that is left as another has it."""
CHECK = "kontroll"
"""In an address: show what is wrong with the page's part."""
FOCUS = "fokus"


def save(
    request: Request,
    fields: Mapping[str, str],
    change: Callable[[ClaimDraft], Changed],
    *,
    part: Part,
    piece: str = "",
) -> SavedDraft:
    """Keeps what a form says. `piece`: what of the part it shows, where that is not all.

    Raises ProblemError.
    """
    linked = by_cookie(request)
    said = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    try:
        return save_claim_draft(
            linked.link.application_id,
            request.path["gathering"],
            change,
            part=part,
            piece=piece or part,
            person=linked.link.person,
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
    kept: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
    errors: Mapping[str, str] | None = None,
    others: Sequence[TheOther] = (),
    problem: str = "",
    has_fields: bool = True,
    send_to: str | Sequence[str] = (),
    **values: object,
) -> Answer:
    """A form of the claim. `kept`: its fields as they are kept; `errors`: by field, beside those of
    `faults`; `others`: what somebody else has changed as well; `problem`: a code; `has_fields`:
    changing the language must not lose what was typed.
    """
    request = visit.request
    told = {**{each.field: each.message for each in reversed(faults)}, **(errors or {})}
    told |= {each.field: _changed_by_other(each, request.language) for each in others}
    code = "claim_fields_changed" if others else problem or "fields_invalid"
    trouble = ProblemError(code) if told or problem else None
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
        others={each.field: each for each in others},
        problem=trouble,
        seen=write_seen(kept or {}),
        saved=saved_words(visit),
        focus=request.query.get(FOCUS, ""),
        done=request.query.get("gjort", ""),
        **values,
    )


def others_of(
    request: Request,
    saved: SavedDraft,
    merged: Merged,
    conflicts: Sequence[str],
    person: DraftPerson | None = None,
) -> tuple[TheOther, ...]:
    """What somebody else has changed of the form that was sent; `person`: whose costs it asks."""
    visit = visit_of(request, saved.file, saved.draft)
    return the_others(visit, merged, conflicts, saved.before, person)


def _changed_by_other(other: TheOther, language: Language) -> str:
    return text(language, "claim_form.changed_by_other", field=other.label)


def told_to_script(
    visit: ClaimVisit,
    kept: Mapping[str, str],
    sent: Mapping[str, str],
    others: Sequence[TheOther] = (),
    problems: Iterable[str] = (),
) -> Answer:
    """What the script is told when it has saved; `kept` and `sent`: the fields of its page."""
    language = visit.request.language
    return as_json(
        {
            "saved": saved_words(visit),
            "seen": {SEEN.removeprefix("seen."): seen_by_script(kept, sent, sent.get(SEEN, ""))},
            "problems": [*(_changed_by_other(each, language) for each in others), *problems],
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
