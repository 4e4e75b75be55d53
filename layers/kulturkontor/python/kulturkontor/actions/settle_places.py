"""What the days do to places: an offer lapses, a free place goes on where the setting says so, and
the waiting list ends. All derived from state, so a missed, late or doubled morning does the same.
Nothing happens to whoever has not been sent their letter.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from kulturkontor import decision_notices
from kulturkontor.actions.decide import DecisionStateError, to_decide
from kulturkontor.actions.offer_places import is_free, pass_on
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.read_known import made_known
from kulturkontor.application_rows import ApplicationRow, put
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.decisions import (
    Decision,
    DecisionKind,
    LetterState,
    Outcome,
    PlaceState,
    confirmed,
)
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Change, Conflict, Records, decide_again
from kulturkontor.waiting_order import waiting_list

_AT_A_TIME = 25
BY: Final = "remind"
"""How audit rows name it."""


def unanswered(rows: Sequence[ApplicationRow]) -> list[ApplicationRow]:
    """Offers that wait for an answer; who has asked to withdraw is not asked again."""
    return [row for row in to_decide(rows) if row.place == PlaceState.OFFERED]


def lapse_places(
    rows: Sequence[ApplicationRow],
    today: date,
    *,
    now: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> int:
    """«Nothing irreversible by clock»: it stays with the municipality until it is offered on."""
    lapsed = 0
    due = [
        (each, place)
        for each in read_applications(unanswered(rows), records)
        if (place := each.place) and place.state is PlaceState.OFFERED and today > place.answer_by
    ]
    known = {each.id for each in made_known((application for application, _ in due), records)}
    for application, place in due:
        if application.id not in known:
            continue
        gone = application.but(place=place.model_copy(update={"state": PlaceState.LAPSED}))
        mail = decision_notices.place_lapsed(gone, programme, now)
        try:
            commit(put(gone), [mail], records=records, mail_queue=mail_queue)
            lapsed += 1
        except Conflict:
            continue  # the answer came this moment
    return lapsed


def offer_free_places(
    rows: Sequence[ApplicationRow], *, now: datetime, programme: Programme, records: Records
) -> int:
    """Each free place to the next on the list, if the setting says so; the letter is asked for by
    the next tick that looks for letters. How many.
    """
    if not programme.decision.offer_by_itself:
        return 0
    offered = 0
    with_place = [row for row in rows if row.place or row.vacates]
    for application in read_applications(with_place, records):
        if not is_free(application):
            continue
        try:
            pass_on(application.id, by=BY, at=now, programme=programme, records=records)
            offered += 1
        except DecisionStateError:
            continue  # nobody waits, the list has ended, or somebody was faster: staff's task
    return offered


def close_waiting_list(
    rows: Sequence[ApplicationRow],
    today: date,
    *,
    now: datetime,
    programme: Programme,
    records: Records,
) -> int:
    """After its last day, everybody who still waits is told by letter that it has ended. That was
    announced in their first letter, so nobody has to decide it. Who has not been sent that letter
    is left for staff, and so is who was put in from a sheet when the list had ended: what they were
    told by hand is not known. How many.
    """
    ends = programme.decision.waiting_list_ends
    if today <= ends:
        return 0
    ids = [row.id for row in waiting_list(rows)]
    closed = 0
    for start in range(0, len(ids), _AT_A_TIME):
        page = ids[start : start + _AT_A_TIME]

        def attempt(page: list[str] = page) -> int:
            found = records.read_many(Application, [application_key(each) for each in page])
            changes: list[Change] = []
            for application in made_known(found, records):
                changes += _closed(application, ends, now)
            if changes:
                records.write(*changes)
            return len(changes) // 3

        closed += decide_again(attempt)
    return closed


def _closed(application: Application, ends: date, now: datetime) -> list[Change]:
    last = application.decision
    if last is None or last.outcome is not Outcome.WAITLISTED or not last.is_told:
        return []
    if last.letter_state is LetterState.OUTSIDE and _day_put_in(last) > ends:
        return []
    end = Decision(
        serial=application.next_serial,
        kind=DecisionKind.LIST_CLOSED,
        outcome=Outcome.REJECTED,
        reason="",
        language=last.language,
        language_reason=last.language_reason,
        decided_by=BY,
        decided_at=now,
        source="waiting_list_ends",
    )
    changed = application.but(decisions=(*application.decisions, confirmed(end, by=BY, at=now)))
    note = audit(application, "list_closed", by=BY, at=now, before=last.outcome)
    return [*put(changed), note]


def _day_put_in(decision: Decision) -> date:
    """When the sheet with it was written, which confirmed it."""
    put_in = decision.confirmed_at or decision.decided_at
    return put_in.astimezone(OSLO).date()


def read_applications(rows: Iterable[ApplicationRow], records: Records) -> list[Application]:
    return records.read_many(Application, [application_key(row.id) for row in rows])
