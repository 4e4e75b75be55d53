"""Staff give reviewers their applications, one by one or all at once, and see who must not read
what.
"""

from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.assign import assign, lift_conflict, unassign
from kulturkontor.actions.deal_out import deal_out, digest_of, plan_distribution, read_dealt
from kulturkontor.actions.read_assessments import Round, read_round
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.assessments import Reason, is_open
from kulturkontor.audit import AuditRow
from kulturkontor.conflicts import Bar, Reviewer, Reviewing
from kulturkontor.distribution import Plan
from kulturkontor.municipalities import municipality
from kulturkontor.office_users import person_id
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_assessment import progress_of
from kulturkontor.web.office_bars import closed_names, require_open
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Handler, Visit


class CaseIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    application_id: str


class LiftIn(CaseIn):
    reason: Reason = Field(min_length=1)


class PlanIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: str


class Dealt(NamedTuple):
    """What dealing out would give one reviewer."""

    reviewer: Reviewer
    before: int
    after: int
    new: list[str]


class Held(NamedTuple):
    """One application of one reviewer's."""

    row: ApplicationRow
    name: str
    bar: Bar | None
    is_done: bool
    is_assigned: bool


def show_plan(visit: Visit) -> Answer:
    found = read_round(visit.programme, visit.records)
    plan = plan_distribution(found)
    shut = closed_names(visit)
    names = {row.id: _name(row) for row in found.rows if row.id not in shut}
    return page(
        visit,
        "distribution",
        closed=len(found.rows) - len(names),
        rules=visit.programme.assessment,
        count=len(found.rows),
        is_open=is_open(visit.programme, visit.now),
        dealt=[
            Dealt(
                each,
                plan.before.get(each.id, 0),
                plan.after.get(each.id, 0),
                [names[one] for one in names if each.id in plan.new.get(one, ())],
            )
            for each in found.reviewers
            if each.is_dealt_to
        ],
        new=sum(len(each) for each in plan.new.values()),
        short=[(names[each], count) for each, count in plan.short.items() if each in names],
        seen=digest_of(plan),
        history=[_without(each, shut) for each in read_dealt(visit.programme, visit.records)],
    )


def _without(dealt: AuditRow, shut: frozenset[str]) -> AuditRow:
    """The references that were dealt out, but for those that are closed to the visitor."""
    named = [each for each in dealt.after.split(", ") if each not in shut]
    return dealt.but(after=", ".join(named))


def show_plan_json(visit: Visit) -> Answer:
    plan = plan_distribution(read_round(visit.programme, visit.records))
    return as_json(_open_plan(plan, closed_names(visit)) | {"seen": digest_of(plan)})


def _open_plan(plan: Plan, shut: frozenset[str]) -> dict[str, Any]:
    """How many each reviewer has stands as it is; which applications, without what is closed."""
    open_ones = {
        name: {each: value for each, value in of.items() if each not in shut}
        for name, of in (("new", plan.new), ("short", plan.short))
    }
    return plan._asdict() | open_ones


def distribute_all(visit: Visit) -> Answer:
    plan = deal_out(
        visit.sent(PlanIn).seen,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    told = _open_plan(plan, closed_names(visit))
    return as_json(told) if visit.is_api else redirect("/assessment")


def show_reviewer(visit: Visit) -> Answer:
    found = read_round(visit.programme, visit.records)
    reviewer = _reviewer(visit, found)
    shut = closed_names(visit) if reviewer.id != person_id(visit.by) else frozenset()
    held = [_held(found, row, reviewer) for row in found.rows if row.id not in shut]
    return page(
        visit,
        "reviewer",
        left_out=len(found.rows) - len(held),
        reviewer=reviewer,
        progress=progress_of(found, reviewer),
        own=_own_municipality(reviewer),
        held=[each for each in held if each.is_assigned],
        closed=[each for each in held if each.bar is not None],
        free=[
            each
            for each in held
            if reviewer.user.may_review and not each.is_assigned and each.bar is None
        ],
        is_open=is_open(visit.programme, visit.now),
        is_me=reviewer.user.email == visit.by,
    )


def _held(found: Round, row: ApplicationRow, reviewer: Reviewer) -> Held:
    return Held(
        row,
        _name(row),
        reviewer.conflict(row.id, row.kommunenummer),
        found.is_done(row, reviewer),
        row.id in reviewer.part.assigned,
    )


def _own_municipality(reviewer: Reviewer) -> str:
    number = reviewer.user.municipality
    return municipality(number).listed_name if number else ""


def _reviewer(visit: Visit, found: Round) -> Reviewer:
    reviewer = found.reviewer(visit.params["person"])
    if reviewer is None:
        raise OfficeError(404, "unknown")
    return reviewer


def _name(row: ApplicationRow) -> str:
    return municipality(row.kommunenummer).official_name


def give(visit: Visit) -> Answer:
    body = visit.sent(CaseIn)
    require_open(visit, body.application_id)
    part = assign(
        visit.params["person"],
        body.application_id,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, part)


def take_back(visit: Visit) -> Answer:
    body = visit.sent(CaseIn)
    require_open(visit, body.application_id)
    part = unassign(
        visit.params["person"],
        body.application_id,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, part)


def lift(visit: Visit) -> Answer:
    body = visit.sent(LiftIn)
    if visit.params["person"] != person_id(visit.by):
        require_open(visit, body.application_id)
    part = lift_conflict(
        visit.params["person"],
        body.application_id,
        body.reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return _done(visit, part)


def _done(visit: Visit, part: Reviewing) -> Answer:
    if visit.is_api:
        return as_json(part)
    return redirect(f"/assessment/reviewers/{visit.params['person']}")


_ONE: Final = "/assessment/reviewers/<person>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /assessment/distribution": show_plan,
    "POST /assessment/distribution": distribute_all,
    f"GET {_ONE}": show_reviewer,
    f"POST {_ONE}/assign": give,
    f"POST {_ONE}/unassign": take_back,
    f"POST {_ONE}/lift": lift,
    "GET /api/assessment/distribution": show_plan_json,
    "POST /api/assessment/distribution": distribute_all,
    f"POST /api{_ONE}/assign": give,
    f"POST /api{_ONE}/unassign": take_back,
    f"POST /api{_ONE}/lift": lift,
}
