"""One decision: propose it, see what is proposed, and correct what a letter told."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kulturkontor.actions.decide import (
    DecisionStateError,
    own_language,
    read_rows,
    read_to_decide,
)
from kulturkontor.actions.offer_places import is_droppable
from kulturkontor.actions.propose import (
    WordingError,
    Written,
    is_correction,
    propose_decision,
    require_decidable,
)
from kulturkontor.actions.read_known import made_known
from kulturkontor.application_form import tidy
from kulturkontor.applications import LIVE, Application
from kulturkontor.decisions import (
    Decision,
    DecisionKind,
    Outcome,
    answer_day,
    decision_digest,
    state_of,
)
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Language, Programme
from kulturkontor.proposals import WordingFault
from kulturkontor.waiting_order import next_rank
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.written_forms import has_other_form

_Typed = Annotated[str, BeforeValidator(tidy), Field(max_length=20_000)]


class ProposalIn(BaseModel):
    """The form as it was sent. `phrase`: a reason chosen instead of written; `seen`: the digest of
    the decision that the page showed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Outcome | Literal[""] = ""
    rank: _Typed = ""
    phrase: _Typed = ""
    reason: _Typed = ""
    conditions: _Typed = ""
    language: Language | Literal[""] = ""
    language_reason: _Typed = ""
    correction_reason: _Typed = ""
    seen: _Typed = ""


def show_decision(visit: Visit) -> Answer:
    application = _read(visit)
    return _page(visit, application, _as_form(application, visit.programme))


def _read(visit: Visit) -> Application:
    application = read_to_decide(visit.params["application_id"], visit.records)
    if not application.reference:
        raise OfficeError(404, "unknown")
    return application


def _as_form(application: Application, programme: Programme) -> ProposalIn:
    """The form as it stands before anybody writes in it; a correction starts from what was told."""
    last = application.decision
    if last is None:
        return ProposalIn()
    own = own_language(application, programme)
    return ProposalIn(
        outcome=last.outcome,
        rank=str(last.rank or ""),
        reason=last.reason,
        conditions=last.conditions,
        language=last.language if last.language != own else "",
        language_reason=last.language_reason,
        correction_reason="" if last.is_told else last.correction_reason,
        seen=decision_digest(last),
    )


def _page(
    visit: Visit,
    application: Application,
    form: ProposalIn,
    faults: tuple[WordingFault, ...] = (),
) -> Answer:
    programme = visit.programme
    own = own_language(application, programme)
    last = application.decision
    is_kept_back = application.state in LIVE and not made_known([application], visit.records)
    shown: dict[str, Any] = {
        "application": application,
        "municipality": municipality(application.kommunenummer),
        "decision": last,
        "state": state_of(last),
        "earlier": [each for each in application.decisions if each.is_told],
        "is_kept_back": is_kept_back,
        "digest": decision_digest(last),
        "is_droppable": is_droppable(last),
        "is_own": last is not None and last.is_by(visit.by),
        "is_correction": is_correction(last),
        "is_mixed": last is not None and not last.is_told and has_other_form(last),
        "hindrance": "letter_kept_back" if is_kept_back else _hindrance(application),
        "form": form,
        "faults": faults,
        "own_language": own,
        "languages": programme.languages,
        "outcomes": list(Outcome),
        "phrases": _phrases(programme, form, own),
        "next_rank": next_rank(read_rows(programme, visit.records), but=application.id),
        "answer_by": _answer_day(visit, last),
    }
    return page(visit, "decision", status=422 if faults else 200, **shown)


def _answer_day(visit: Visit, last: Decision | None) -> date:
    """The last day to accept, if it is told on the day of the letters, or today after that."""
    is_told = last is not None and last.is_told
    kind = DecisionKind.CORRECTION if is_told or last is None else last.kind
    told_on = max(visit.programme.released_at, visit.now).astimezone(OSLO).date()
    return answer_day(kind, told_on, visit.programme)


def _hindrance(application: Application) -> str:
    """Why it cannot be decided whatever is written, as the code of the words; empty if it can."""
    try:
        require_decidable(application, Outcome.ADMITTED)
    except DecisionStateError as fault:
        return str(fault.args[0])
    return ""


def _phrases(
    programme: Programme, form: ProposalIn, own: Language
) -> dict[str, list[tuple[str, str]]]:
    """The reasons to choose among, by outcome, in the letter's language."""
    language = form.language or own
    found: dict[str, list[tuple[str, str]]] = {}
    for each in programme.decision.reason_phrases:
        found.setdefault(each.outcome, []).append((each.id, each[language]))
    return found


def propose(visit: Visit) -> Answer:
    application = _read(visit)
    form = visit.sent(ProposalIn)
    try:
        changed = propose_decision(
            application.id,
            _written(form, application, visit.programme),
            seen=form.seen,
            by=visit.by,
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
        )
    except WordingError as fault:
        if visit.is_api:
            errors = tuple(FieldFault(each.column, each.code) for each in fault.faults)
            raise OfficeError(422, "proposal", errors=errors) from fault
        return _page(visit, application, form, fault.faults)
    return _done(visit, changed)


def _written(form: ProposalIn, application: Application, programme: Programme) -> Written:
    """A chosen reason counts where none is written, in the language of the letter."""
    language = form.language or own_language(application, programme)
    chosen = [each for each in programme.decision.reason_phrases if each.id == form.phrase]
    return Written(
        outcome=form.outcome or None,
        rank=form.rank,
        reason=form.reason or (chosen[0][language] if chosen else ""),
        conditions=form.conditions,
        language=form.language or None,
        language_reason=form.language_reason,
        correction_reason=form.correction_reason,
    )


def _done(visit: Visit, changed: Application) -> Answer:
    return as_json(standing(changed.decision)) if visit.is_api else redirect("/decisions")


def standing(decision: Decision | None) -> dict[str, Any]:
    """How a decision stands now, as JSON tells it."""
    return {
        "state": state_of(decision),
        "digest": decision_digest(decision),
        "decision": decision,
    }


_ONE: Final = "/decisions/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_ONE}": show_decision,
    f"POST {_ONE}": propose,
    f"POST /api{_ONE}": propose,
}
