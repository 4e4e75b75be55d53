"""Staff give reviewers applications by hand, take them back, and take back a mistaken declaration
of a conflict.

Whoever has a conflict is not given the application. What is given in the same quarter of an hour is
told in one mail when it is over; what is taken back before it goes is not in it.
"""

from datetime import datetime

from kulturkontor.actions.assess import read_assessed, read_part
from kulturkontor.applications import application_key
from kulturkontor.assessments import AssessmentError, require_open
from kulturkontor.audit import audit
from kulturkontor.conflicts import Assigned, Reviewer, Reviewing
from kulturkontor.mails import Mail, MailState, mail_key
from kulturkontor.office_users import OfficeUser, user_key
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Put, Records, Remove, Unchanged, decide_again
from kulturkontor.reviewer_notices import TOGETHER, assigned, assigned_mail_id, quarter_of


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
        mail_id = assigned_mail_id(reviewer.user, quarter_of(at))
        part = reviewer.part.given([application_id], Assigned(by=by, at=at, mail=mail_id))
        key = application_key(row.id)
        note = audit(part, f"assigned#{part.email}", by=by, at=at, subject=key)
        told = _told_soon(mail_id, reviewer.user, part, at, programme, records)
        records.write(Put(part), Unchanged(reviewer.user), note, *told)
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
        reviewer = _read_reviewer(person, programme, records)
        part = reviewer.part
        if application_id not in part.assigned:
            return part
        rest = {each: given for each, given in part.assigned.items() if each != application_id}
        left = part.but(assigned=rest)
        key = application_key(application_id)
        note = audit(part, f"unassigned#{part.email}", by=by, at=at, subject=key)
        mail = _read_mail(part.assigned[application_id].mail, programme, records)
        told = _told_anew(mail, reviewer.user, left, programme) if mail else []
        records.write(Put(left), note, *told)
        return left

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


def _told_soon(
    mail_id: str,
    user: OfficeUser,
    part: Reviewing,
    at: datetime,
    programme: Programme,
    records: Records,
) -> list[Change]:
    """The mail that tells of what was given by hand, when the quarter of an hour is over: `sweep`
    sends it.
    """
    if known := _read_mail(mail_id, programme, records):
        return _told_anew(known, user, part, programme)
    mail = assigned(mail_id, user, _told_by(mail_id, part), programme, at)
    return [Put(mail.but(not_before=quarter_of(at) + TOGETHER))]


def _told_anew(mail: Mail, user: OfficeUser, part: Reviewing, programme: Programme) -> list[Change]:
    """The mail with as many as it is about now; gone where that is none. What is on its way stays
    as it is.
    """
    if mail.state not in (MailState.QUEUED, MailState.STOPPED):
        return []
    count = _told_by(mail.id, part)
    if not count:
        return [Remove(mail)]
    says = assigned(mail.id, user, count, programme, mail.queued_at)
    return [Put(mail.but(values=says.values))]


def _told_by(mail_id: str, part: Reviewing) -> int:
    return sum(each.mail == mail_id for each in part.assigned.values())


def _read_mail(mail_id: str, programme: Programme, records: Records) -> Mail | None:
    return records.read(Mail, mail_key(programme.id, mail_id)) if mail_id else None


def _read_reviewer(person: str, programme: Programme, records: Records) -> Reviewer:
    user = records.read(OfficeUser, user_key(person))
    if user is None:
        raise AssessmentError("no_reviewer")
    return Reviewer(user=user, part=read_part(user.email, programme, records))
