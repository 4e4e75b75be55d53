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
from kulturkontor.actions.read_known import made_known
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
from kulturkontor.reminders import DueDay, Reminder, due_day, reminder

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
    reminders = [
        *_of_drafts(rows, today, now, programme, records),
        *_of_answers(rows, today, now, programme, records),
        *_of_free_places(rows, now, staff_address, programme, records),
        *_of_claims(rows, today, now, programme, records),
        *_of_assessments(today, now, programme, records),
    ]
    sent = _send_new(reminders, programme, records, mail_queue)
    return {"mails": sent, "lapsed": lapsed, "offered": offered, "closed": closed}


def _of_drafts(
    rows: Iterable[ApplicationRow],
    today: date,
    now: datetime,
    programme: Programme,
    records: Records,
) -> Iterator[Reminder]:
    due = due_day(programme.last_application_day, today, programme.application.draft_reminder_days)
    if due is None:
        return
    drafts = [row for row in rows if row.state is ApplicationState.DRAFT]
    for draft in read_applications(drafts, records):
        if draft.answers.contact.email and _was_there(draft.created_at, due):
            yield reminder(notices.draft_reminder(draft, programme, now, due.set_day), due)


def _of_answers(
    rows: Sequence[ApplicationRow],
    today: date,
    now: datetime,
    programme: Programme,
    records: Records,
) -> Iterator[Reminder]:
    set_days = programme.decision.answer_reminder_days
    found = [
        (each, due)
        for each in read_applications(unanswered(rows), records)
        if (place := each.place)
        and (due := due_day(place.answer_by, today, set_days))
        and _was_there(place.offered_at, due)
    ]
    known = {each.id for each in made_known((application for application, _ in found), records)}
    for application, due in found:
        if application.id in known:
            mail = decision_notices.answer_reminder(application, programme, now, due.set_day)
            yield reminder(mail, due)


def _of_free_places(
    rows: Iterable[ApplicationRow],
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
) -> Iterator[Reminder]:
    with_place = [row for row in rows if row.place or row.vacates]
    for application in read_applications(with_place, records):
        if not is_free(application):
            continue
        place = application.place
        has_answer = place is not None and place.state in (PlaceState.DECLINED, PlaceState.LAPSED)
        state = place.state if place is not None and has_answer else application.state
        mail = staff_notices.place_free(application, state, programme, now, staff_address)
        yield Reminder(mail)


def _of_claims(
    rows: list[ApplicationRow],
    today: date,
    now: datetime,
    programme: Programme,
    records: Records,
) -> Iterator[Reminder]:
    for gathering in programme.gatherings:
        deadline = programme.claim_deadline(gathering)
        due = due_day(deadline, today, programme.travel.reminder_days)
        if due is None:
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
            mail = claim_notices.claim_reminder(application, gathering, programme, now, due.set_day)
            yield reminder(mail, due)


def _of_assessments(
    today: date, now: datetime, programme: Programme, records: Records
) -> Iterator[Reminder]:
    rules = programme.assessment
    due = due_day(programme.last_assessment_day, today, rules.reminder_days)
    if not rules.enabled or due is None:
        return
    found = read_round(programme, records)
    for reviewer in found.reviewers:
        if left := found.left_to(reviewer):
            mail = reviewer_notices.reminder(reviewer.user, left, programme, now, due.set_day)
            yield reminder(mail, due)


def _was_there(since: datetime, due: DueDay) -> bool:
    """Whether a reminder on its day would have found it."""
    return since.astimezone(OSLO).date() <= due.day


def _send_new(
    reminders: Sequence[Reminder], programme: Programme, records: Records, mail_queue: Queue
) -> int:
    """Those that are not there yet, nor what told the same."""
    ids = {each.mail.id: {each.mail.id, *each.instead} for each in reminders}
    keys = [mail_key(programme.id, each) for each in sorted(set().union(*ids.values()))]
    known = {mail.id for mail in records.read_many(Mail, keys)} if keys else set()
    new = [each.mail for each in reminders if not ids[each.mail.id] & known]
    for start in range(0, len(new), _AT_A_TIME):
        commit([], new[start : start + _AT_A_TIME], records=records, mail_queue=mail_queue)
    return len(new)
