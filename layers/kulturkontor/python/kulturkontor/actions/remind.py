"""Every morning: remind of drafts, answers, claims and points; what has lapsed becomes a task for
staff.

«Nothing irreversible happens to a municipality by clock»: a lapsed place stays with it until it is
offered on (`settle_places`). Each reminder is a mail with an id of its own, so a missed, late or
doubled morning sends nothing twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from kulturkontor import (
    claim_notices,
    decision_notices,
    notices,
    reviewer_notices,
    staff_notices,
)
from kulturkontor.actions.decide import read_rows, to_decide
from kulturkontor.actions.offer_places import is_free
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.read_assessments import read_round
from kulturkontor.actions.settle_places import (
    close_waiting_list,
    lapse_places,
    offer_free_places,
    read_applications,
    unanswered,
)
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import ApplicationState
from kulturkontor.claims import ClaimRow
from kulturkontor.decisions import PlaceState
from kulturkontor.mails import Mail, mail_key
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Records

_AT_A_TIME = 50


def remind(
    *,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> dict[str, int]:
    """How many mails this morning sent, and what became of places and the waiting list."""
    today = now.astimezone(OSLO).date()
    rows = read_rows(programme, records)
    lapsed = lapse_places(
        rows, today, now=now, programme=programme, records=records, mail_queue=mail_queue
    )
    closed = close_waiting_list(rows, today, now=now, programme=programme, records=records)
    offered = offer_free_places(rows, now=now, programme=programme, records=records)
    mails = [
        *_of_drafts(rows, today, now, programme, records),
        *_of_answers(rows, today, now, programme, records),
        *_of_free_places(rows, now, staff_address, programme, records),
        *_of_claims(rows, today, now, programme, records),
        *_of_assessments(today, now, programme, records),
    ]
    sent = _send_new(mails, programme, records, mail_queue)
    return {"mails": sent, "lapsed": lapsed, "offered": offered, "closed": closed}


def _of_drafts(
    rows: Iterable[ApplicationRow],
    today: date,
    now: datetime,
    programme: Programme,
    records: Records,
) -> Iterator[Mail]:
    days = (programme.last_application_day - today).days
    if days not in programme.application.draft_reminder_days:
        return
    drafts = [row for row in rows if row.state is ApplicationState.DRAFT]
    for draft in read_applications(drafts, records):
        if draft.answers.contact.email:
            yield notices.draft_reminder(draft, programme, now, days)


def _of_answers(
    rows: Sequence[ApplicationRow],
    today: date,
    now: datetime,
    programme: Programme,
    records: Records,
) -> Iterator[Mail]:
    for application in read_applications(unanswered(rows), records):
        if application.place is None:
            continue
        days = (application.place.answer_by - today).days
        if days in programme.decision.answer_reminder_days:
            yield decision_notices.answer_reminder(application, programme, now, days)


def _of_free_places(
    rows: Iterable[ApplicationRow],
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
) -> Iterator[Mail]:
    for application in read_applications([row for row in rows if row.place], records):
        place = application.place
        if place is not None and is_free(application):
            has_answer = place.state in (PlaceState.DECLINED, PlaceState.LAPSED)
            state = place.state if has_answer else application.state
            yield staff_notices.place_free(application, state, programme, now, staff_address)


def _of_claims(
    rows: list[ApplicationRow],
    today: date,
    now: datetime,
    programme: Programme,
    records: Records,
) -> Iterator[Mail]:
    for gathering in programme.gatherings:
        days = (programme.claim_deadline(gathering) - today).days
        if days not in programme.travel.reminder_days:
            continue
        claimed = {
            row.application_id
            for row in records.list(
                ClaimRow, programme_partition(programme.id), f"CLAIM#{gathering.id}#"
            )
        }
        missing = [
            row
            for row in to_decide(rows)
            if row.place == PlaceState.ACCEPTED and row.id not in claimed
        ]
        for application in read_applications(missing, records):
            yield claim_notices.claim_reminder(application, gathering, programme, now, days)


def _of_assessments(
    today: date, now: datetime, programme: Programme, records: Records
) -> Iterator[Mail]:
    days = (programme.last_assessment_day - today).days
    if not programme.assessment.enabled or days not in programme.assessment.reminder_days:
        return
    found = read_round(programme, records)
    for reviewer in found.reviewers:
        left = sum(
            reviewer in found.readers(row) and not found.is_done(row, reviewer)
            for row in found.assigned_to(reviewer)
        )
        if left:
            yield reviewer_notices.reminder(reviewer.user, left, programme, now, days)


def _send_new(mails: list[Mail], programme: Programme, records: Records, mail_queue: Queue) -> int:
    """Those that are not there yet."""
    known = {
        mail.id for mail in records.read_many(Mail, [mail_key(programme.id, m.id) for m in mails])
    }
    new = [mail for mail in mails if mail.id not in known]
    for start in range(0, len(new), _AT_A_TIME):
        commit([], new[start : start + _AT_A_TIME], records=records, mail_queue=mail_queue)
    return len(new)
