"""Staff deal applications out to reviewers, by hand or evenly, and take back a mistaken
declaration of a conflict.

Whoever has a conflict is not given the application: neither by hand nor by the dealing.
"""

import hashlib
import json
from datetime import datetime

from kulturkontor.actions.assess import read_assessed, read_part
from kulturkontor.actions.read_assessments import Round, read_round
from kulturkontor.applications import application_key
from kulturkontor.assessments import AssessmentError, require_open
from kulturkontor.audit import AuditRow, audit
from kulturkontor.conflicts import Assigned, Reviewer, Reviewing, assessment_partition
from kulturkontor.distribution import Plan, distribute
from kulturkontor.office_users import OfficeUser, user_key
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Conflict, Key, Put, Records, Unchanged, decide_again

_AT_A_TIME = 30
"""Reviewers in one transaction: the part of each, the user it rests on, and an audit row."""


def assign(
    person: str,
    application_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Reviewing:
    """Raises AssessmentError: `off`, `closed`, `unknown`, `no_reviewer`, `conflict`."""
    require_open(programme, at)
    row = read_assessed(application_id, programme, records)

    def attempt() -> Reviewing:
        reviewer = _read_reviewer(person, programme, records)
        if not reviewer.user.may_review:
            raise AssessmentError("no_reviewer")
        if reviewer.conflict(row.id, row.kommunenummer) is not None:
            raise AssessmentError("conflict")
        if application_id in reviewer.part.assigned:
            return reviewer.part
        part = _given(reviewer.part, [application_id], by, at)
        key = application_key(row.id)
        note = audit(part, f"assigned#{part.email}", by=by, at=at, subject=key)
        records.write(Put(part), Unchanged(reviewer.user), note)
        return part

    return decide_again(attempt)


def unassign(
    person: str,
    application_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Reviewing:
    """What was scored is kept, and counts no longer; it counts again if it is assigned again."""

    def attempt() -> Reviewing:
        part = _read_reviewer(person, programme, records).part
        if application_id not in part.assigned:
            return part
        rest = {each: given for each, given in part.assigned.items() if each != application_id}
        key = application_key(application_id)
        note = audit(part, f"unassigned#{part.email}", by=by, at=at, subject=key)
        records.write(Put(part.but(assigned=rest)), note)
        return part.but(assigned=rest)

    return decide_again(attempt)


def lift_conflict(
    person: str,
    application_id: str,
    reason: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Reviewing:
    """A declaration made by mistake; nobody lifts their own. Raises AssessmentError: `own`."""

    def attempt() -> Reviewing:
        part = _read_reviewer(person, programme, records).part
        if part.email == by:
            raise AssessmentError("own")
        declared = part.conflicts.get(application_id)
        if declared is None:
            return part
        rest = {each: one for each, one in part.conflicts.items() if each != application_id}
        note = audit(
            part,
            f"conflict_lifted#{part.email}",
            by=by,
            at=at,
            before=declared.reason,
            after=reason,
            subject=application_key(application_id),
        )
        records.write(Put(part.but(conflicts=rest)), note)
        return part.but(conflicts=rest)

    return decide_again(attempt)


def plan_distribution(found: Round) -> Plan:
    """What dealing out now would do; nothing is written."""
    return distribute(
        {row.id: [each.id for each in found.open_to(row)] for row in found.rows},
        {row.id: [each.id for each in found.readers(row)] for row in found.rows},
        wanted=found.programme.assessment.reviewers_per_application,
    )


def digest_of(plan: Plan) -> str:
    """What a preview was of."""
    return hashlib.sha256(json.dumps(plan.new, sort_keys=True).encode()).hexdigest()[:16]


def deal_out(seen: str, *, by: str, at: datetime, programme: Programme, records: Records) -> Plan:
    """Do what was previewed; `seen` is its digest. Raises Conflict when it would now be another
    plan, and AssessmentError as `assign`.
    """
    require_open(programme, at)
    found = read_round(programme, records)
    plan = plan_distribution(found)
    if digest_of(plan) != seen:
        raise Conflict([tuple(Key(assessment_partition(programme.id), ""))])
    getting = [each for each in found.reviewers if each.id in {*_getters(plan)}]
    for start in range(0, len(getting), _AT_A_TIME):
        changes: list[Change] = []
        for reviewer in getting[start : start + _AT_A_TIME]:
            changes += _dealt(reviewer, plan, found, by, at)
        records.write(*changes)
    return plan


def read_dealt(programme: Programme, records: Records) -> list[AuditRow]:
    """What was dealt out to whom, the last first."""
    return records.list(AuditRow, assessment_partition(programme.id), "AUDIT#")[::-1]


def _getters(plan: Plan) -> list[str]:
    return [reviewer for found in plan.new.values() for reviewer in found]


def _dealt(reviewer: Reviewer, plan: Plan, found: Round, by: str, at: datetime) -> list[Change]:
    new = [row for row in found.rows if reviewer.id in plan.new.get(row.id, ())]
    part = _given(reviewer.part, [row.id for row in new], by, at)
    note = audit(
        part,
        f"dealt#{reviewer.id}",
        by=by,
        at=at,
        before=part.email,
        after=", ".join(str(row.reference) for row in new),
    )
    return [Put(part), Unchanged(reviewer.user), note]


def _given(part: Reviewing, applications: list[str], by: str, at: datetime) -> Reviewing:
    new = {each: Assigned(by=by, at=at) for each in applications}
    return part.but(assigned={**part.assigned, **new})


def _read_reviewer(person: str, programme: Programme, records: Records) -> Reviewer:
    user = records.read(OfficeUser, user_key(person))
    if user is None:
        raise AssessmentError("no_reviewer")
    return Reviewer(user=user, part=read_part(user.email, programme, records))
