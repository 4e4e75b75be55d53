"""Staff deal applications out to reviewers evenly: what was previewed is what is done. Each who
gets something is told by one mail. Whoever has a conflict is not given the application.
"""

import hashlib
import json
from datetime import datetime

from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.read_assessments import Round, read_round
from kulturkontor.assessments import require_open
from kulturkontor.audit import AuditRow, audit
from kulturkontor.conflicts import Assigned, Reviewer, assessment_partition
from kulturkontor.distribution import Plan, distribute
from kulturkontor.mails import Mail
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Conflict, Key, Put, Records, Unchanged
from kulturkontor.reviewer_notices import assigned, assigned_mail_id

_AT_A_TIME = 25
"""Reviewers in one transaction: the part of each, the user it rests on, a mail and an audit row."""


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


def deal_out(
    seen: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Plan:
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
        mails: list[Mail] = []
        for reviewer in getting[start : start + _AT_A_TIME]:
            changed, mail = _dealt(reviewer, plan, found, by, at)
            changes += changed
            mails.append(mail)
        commit(changes, mails, records=records, mail_queue=mail_queue)
    return plan


def read_dealt(programme: Programme, records: Records) -> list[AuditRow]:
    """What was dealt out to whom, the last first."""
    return records.list(AuditRow, assessment_partition(programme.id), "AUDIT#")[::-1]


def _getters(plan: Plan) -> list[str]:
    return [reviewer for found in plan.new.values() for reviewer in found]


def _dealt(
    reviewer: Reviewer, plan: Plan, found: Round, by: str, at: datetime
) -> tuple[list[Change], Mail]:
    new = [row for row in found.rows if reviewer.id in plan.new.get(row.id, ())]
    mail_id = assigned_mail_id(reviewer.user, at)
    part = reviewer.part.given([row.id for row in new], Assigned(by=by, at=at, mail=mail_id))
    note = audit(
        part,
        f"dealt#{reviewer.id}",
        by=by,
        at=at,
        before=part.email,
        after=", ".join(str(row.reference) for row in new),
    )
    mail = assigned(mail_id, reviewer.user, len(new), found.programme, at)
    return [Put(part), Unchanged(reviewer.user), note], mail
