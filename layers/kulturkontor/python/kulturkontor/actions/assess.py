"""A reviewer gives points, and says when an application is not theirs to judge."""

from datetime import datetime

from kulturkontor.actions.decide import to_decide
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import application_key
from kulturkontor.assessments import (
    Assessment,
    AssessmentError,
    Scores,
    assessment_key,
    find_gaps,
    require_open,
)
from kulturkontor.audit import audit
from kulturkontor.conflicts import (
    DeclaredConflict,
    Reviewing,
    conflict_of,
    reviewing_key,
)
from kulturkontor.office_users import OfficeUser, person_id, user_key
from kulturkontor.programme import Programme
from kulturkontor.records import Conflict, Key, Put, Records, Unchanged, decide_again


def save_scores(
    application_id: str,
    given: Scores,
    *,
    submit: bool,
    seen: int,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Assessment:
    """`seen`: the revision of the scores that these were written over, 0 for none.

    What has been submitted is only replaced by what can be submitted. Raises AssessmentError:
    `off`, `closed`, `unknown`, `not_mine`, `conflict`, `lacking`; Conflict when they were changed
    elsewhere since they were `seen`.
    """
    require_open(programme, at)
    part = _require_mine(application_id, by, programme, records)
    key = assessment_key(programme.id, application_id, by)
    known = records.read(Assessment, key)
    if seen != (known.revision if known else 0):
        raise Conflict([tuple(key)])
    is_sent = submit or (known is not None and known.submitted_at is not None)
    if is_sent and find_gaps(given, programme):
        raise AssessmentError("lacking")
    assessment = Assessment(
        revision=known.revision if known else 0,
        programme=programme.id,
        application_id=application_id,
        email=by,
        given=given,
        saved_at=at,
        submitted_at=at if is_sent else None,
    )
    what = f"assessed#{by} ({assessment.revision + 1})"
    note = audit(assessment, what, by=by, at=at, subject=application_key(application_id))
    records.write(Put(assessment), Unchanged(part), *([note] if is_sent else []))
    return assessment


def declare_conflict(
    application_id: str,
    reason: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Reviewing:
    """From now on the application is closed to the person, whether the programme has it assessed or
    not. Raises AssessmentError: `unknown`.
    """
    read_assessed(application_id, programme, records)

    def attempt() -> Reviewing:
        part = read_part(by, programme, records)
        if application_id in part.conflicts:
            return part
        declared = DeclaredConflict(reason=reason, at=at)
        closed = part.but(conflicts={**part.conflicts, application_id: declared})
        key = application_key(application_id)
        note = audit(part, f"conflict#{by}", by=by, at=at, after=reason, subject=key)
        records.write(Put(closed), note)
        return closed

    return decide_again(attempt)


def _require_mine(
    application_id: str, by: str, programme: Programme, records: Records
) -> Reviewing:
    row = read_assessed(application_id, programme, records)
    part = read_part(by, programme, records)
    user = records.read(OfficeUser, user_key(person_id(by)))
    own = user.municipality if user else ""
    if conflict_of(application_id, row.kommunenummer, municipality=own, reviewing=part):
        raise AssessmentError("conflict")
    if application_id not in part.assigned:
        raise AssessmentError("not_mine")
    return part


def read_part(email: str, programme: Programme, records: Records) -> Reviewing:
    known = records.read(Reviewing, reviewing_key(programme.id, person_id(email)))
    return known or Reviewing(programme=programme.id, email=email)


def read_assessed(application_id: str, programme: Programme, records: Records) -> ApplicationRow:
    """Raises AssessmentError("unknown") for one that is not to be decided."""
    key = Key(programme_partition(programme.id), f"APPLICATION#{application_id}")
    row = records.read(ApplicationRow, key)
    if row is None or not to_decide([row]):
        raise AssessmentError("unknown")
    return row
