"""Assessing one application: to read it, and to give it points."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import Field, ValidationError

from kulturkontor.actions.assess import save_scores
from kulturkontor.actions.read_assessments import Round, read_round
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.application_words import answers_in_words
from kulturkontor.applications import Application, application_key
from kulturkontor.assessments import (
    Assessment,
    AssessmentError,
    Gap,
    Score,
    Scores,
    find_gaps,
    is_open,
    shows_others,
)
from kulturkontor.municipalities import municipality
from kulturkontor.office_users import person_id
from kulturkontor.received_files import ReceivedFile
from kulturkontor.records import Conflict
from kulturkontor.sessions import Role
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import is_mine
from kulturkontor.web.office_faults import OfficeError, field_faults
from kulturkontor.web.office_visit import Handler, Visit


class ScoresIn(Scores):
    """`seen`: the revision of the scores that the page showed."""

    submit: bool = False
    seen: int = Field(default=0, ge=0)


def show_case(visit: Visit) -> Answer:
    return _case(visit)


def show_case_json(visit: Visit) -> Answer:
    found, row = _row(visit)
    return as_json({"own": _own(visit, found, row), "others": _others(visit, found, row)})


def give_scores(visit: Visit) -> Answer:
    """What was typed is shown again when it cannot be kept."""
    if visit.is_api:
        body = visit.sent(ScoresIn)
        return as_json(_save(visit, body))
    typed = _typed(visit)
    try:
        body = ScoresIn.model_validate(typed)
    except ValidationError as fault:
        faults = [each.field for each in field_faults(fault)]
        return _case(visit, typed=typed, status=422, faults=faults)
    if body.submit and (gaps := find_gaps(body, visit.programme)):
        return _case(visit, typed=typed, status=422, gaps=gaps)
    try:
        _save(visit, body)
    except Conflict:
        return _case(visit, typed=typed, status=409)
    except AssessmentError as fault:
        if fault.args != ("lacking",):
            raise
        return _case(visit, typed=typed, status=422, gaps=find_gaps(body, visit.programme))
    kept = "submitted" if body.submit else "draft"
    return redirect(f"/assessment/{visit.params['application_id']}?kept={kept}")


def _save(visit: Visit, body: ScoresIn) -> Assessment:
    return save_scores(
        visit.params["application_id"],
        Scores(scores=body.scores, comment=body.comment),
        submit=body.submit,
        seen=body.seen,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )


def _typed(visit: Visit) -> dict[str, Any]:
    """The form's fields in the shape of `ScoresIn`: `points-k1`, `reason-k1`, …"""
    form = visit.form
    return {
        "scores": {
            each.id: {
                "points": form.get(f"points-{each.id}") or None,
                "reason": form.get(f"reason-{each.id}", ""),
            }
            for each in visit.programme.decision.criteria
        },
        "comment": form.get("comment", ""),
        "submit": form.get("step") == "submit",
        "seen": form.get("seen", "0"),
    }


def _case(
    visit: Visit,
    *,
    typed: dict[str, Any] | None = None,
    status: int = 200,
    gaps: Iterable[Gap] = (),
    faults: Iterable[str] = (),
) -> Answer:
    found, row = _row(visit)
    own = _own(visit, found, row)
    application, files = _read(visit, row.id)
    me = found.reviewer(person_id(visit.by))
    mine = is_mine(visit, row.id)
    return page(
        visit,
        "assessment_case",
        status=status,
        row=row,
        called=municipality(row.kommunenummer).official_name,
        parts_of_it=answers_in_words(application.answers, visit.programme, visit.language),
        files=files,
        rules=visit.programme.assessment,
        criteria=visit.programme.decision.criteria,
        values=typed or _shown(visit, own),
        own=own,
        may_score=mine and is_open(visit.programme, visit.now),
        is_mine=mine,
        is_done=me is not None and found.is_done(row, me),
        others=_others(visit, found, row),
        gaps=list(gaps),
        faults=list(faults),
        is_stale=status == 409,
        closes=visit.programme.assessment_closes_at,
    )


def _shown(visit: Visit, own: Assessment | None) -> dict[str, Any]:
    """What is kept, in the shape of what is typed."""
    given = own.given if own else Scores()
    scores = {
        each.id: given.scores.get(each.id, Score()).model_dump()
        for each in visit.programme.decision.criteria
    }
    return {"scores": scores, "comment": given.comment}


def _row(visit: Visit) -> tuple[Round, ApplicationRow]:
    found = read_round(visit.programme, visit.records)
    row = found.row(visit.params["application_id"])
    if row is None:
        raise OfficeError(404, "unknown")
    return found, row


def _own(visit: Visit, found: Round, row: ApplicationRow) -> Assessment | None:
    return found.assessments.get((row.id, person_id(visit.by)))


def _others(visit: Visit, found: Round, row: ApplicationRow) -> list[Assessment] | None:
    """What the other reviewers submitted; None as long as the visitor is not to see it."""
    me = found.reviewer(person_id(visit.by))
    may_see = shows_others(
        visit.programme,
        is_mine=is_mine(visit, row.id),
        is_done=me is not None and found.is_done(row, me),
        is_staff=visit.may(Role.STAFF, Role.ADMIN),
    )
    if not may_see:
        return None
    return [each for each in found.counting(row) if each.person != person_id(visit.by)]


def _read(visit: Visit, application_id: str) -> tuple[Application, list[ReceivedFile]]:
    found = visit.records.list_partition(
        application_key(application_id).partition,
        {"APPLICATION": Application, "FILE": ReceivedFile},
    )
    application = next(each for each in found if isinstance(each, Application))
    files = [
        each for each in found if isinstance(each, ReceivedFile) and each.purpose == "attachments"
    ]
    return application, files


_ONE: Final = "/assessment/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_ONE}": show_case,
    f"POST {_ONE}/scores": give_scores,
    f"GET /api{_ONE}": show_case_json,
    f"POST /api{_ONE}/scores": give_scores,
}
