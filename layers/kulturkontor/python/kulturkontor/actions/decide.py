"""Staff's decisions: the sheet of them, one by one, and the offer of a place that became free."""

from collections.abc import Sequence
from datetime import date, datetime

from kulturkontor.actions.ports import Queue
from kulturkontor.applications import (
    Application,
    ApplicationRow,
    ApplicationState,
    application_key,
    programme_partition,
    put,
)
from kulturkontor.audit import audit
from kulturkontor.days import add_working_days
from kulturkontor.decisions import Decision, Outcome, Place, PlaceState, is_place_free
from kulturkontor.letters import letter_language
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Language, Programme
from kulturkontor.records import Change, Records, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.sheet_rows import DecisionIn
from kulturkontor.texts import phrase

_AT_A_TIME = 25


class DecisionStateError(Refusal):
    """The decision cannot be changed like this; `args[0]` says why as a code for the texts."""


def to_decide(rows: Sequence[ApplicationRow]) -> list[ApplicationRow]:
    """The applications that get an answer: received, and neither withdrawn nor superseded."""
    return [
        row
        for row in rows
        if row.reference and row.state in (ApplicationState.SUBMITTED, ApplicationState.COMPETING)
    ]


def read_rows(programme: Programme, records: Records) -> list[ApplicationRow]:
    return records.list(ApplicationRow, programme_partition(programme.id), "APPLICATION#")


def apply_decisions(
    decisions: Sequence[DecisionIn],
    *,
    source: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> int:
    """Write the decisions of a clean sheet; started again, it writes exactly the rest. How many
    were written.
    """
    wanted = {each.reference: each for each in decisions}
    ids = [row.id for row in read_rows(programme, records) if row.reference in wanted]
    written = 0
    for start in range(0, len(ids), _AT_A_TIME):
        page = ids[start : start + _AT_A_TIME]

        def attempt(page: list[str] = page) -> int:
            found = records.read_many(Application, [application_key(each) for each in page])
            changes: list[Change] = []
            count = 0
            for application in found:
                new = wanted[application.reference or ""]
                more = _decided(application, new, source, by, at, programme)
                count += bool(more)
                changes += more
            if changes:
                records.write(*changes)
            return count

        written += decide_again(attempt)
    return written


def _decided(
    application: Application,
    new: DecisionIn,
    source: str,
    by: str,
    at: datetime,
    programme: Programme,
) -> list[Change]:
    """The changes for one application; none when this sheet has decided it already, or its letter
    has gone.
    """
    old = application.decision
    if old is not None and (old.source == source or old.is_told):
        return []
    decision = Decision(
        serial=1,
        outcome=new.outcome,
        reason=new.reason,
        language=_language(application, new.language, programme),
        rank=new.rank,
        answer_by=_answer_by(at, programme) if new.outcome is Outcome.ADMITTED else None,
        decided_by=by,
        decided_at=at,
        source=source,
    )
    return [
        *put(application.but(decisions=(decision,))),
        audit(
            application.key,
            "decision",
            by=by,
            at=at,
            before=old.outcome if old else "",
            after=decision.outcome,
        ),
    ]


def _answer_by(at: datetime, programme: Programme) -> date:
    """The programme's day; whoever is admitted close to it or later has as long as for an offer."""
    return max(programme.decision.answer_by, _offer_answer_by(at, programme))


def _offer_answer_by(at: datetime, programme: Programme) -> date:
    return add_working_days(
        at.astimezone(OSLO).date(),
        programme.decision.waiting_list_answer_working_days,
        skip_july=True,
    )


def mend_reason(
    application_id: str, reason: str, *, by: str, at: datetime, records: Records
) -> Application:
    """A new wording of a reason whose letter is held or not yet written; the letter is made
    anew.
    """

    def attempt() -> Application:
        application = _read(application_id, records)
        decision = application.decision
        if decision is None:
            raise DecisionStateError("not_decided")
        if decision.is_told:
            raise DecisionStateError("already_told")
        mended = decision.model_copy(
            update={"reason": reason, "letter": None, "decided_by": by, "decided_at": at}
        )
        changed = application.but(decisions=(*application.decisions[:-1], mended))
        records.write(
            *put(changed), audit(application.key, "reason", by=by, at=at, after=mended.outcome)
        )
        return changed

    return decide_again(attempt)


def offer_next_place(
    free_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    letter_queue: Queue,
    reason: str | None = None,
) -> Application:
    """«Tilby plassen til neste»: the place of `free_id` goes to the first on the waiting list.

    The freed place is marked as passed on in the same transaction, so it is offered once.
    Raises DecisionStateError: `not_free`, `list_empty`, `list_closed`.
    """

    def attempt() -> Application:
        free = _read(free_id, records)
        if free.place is None or not is_free(free):
            raise DecisionStateError("not_free")
        if at.astimezone(OSLO).date() > programme.decision.waiting_list_ends:
            raise DecisionStateError("list_closed")
        queue = waiting_list(read_rows(programme, records))
        if not queue:
            raise DecisionStateError("list_empty")
        chosen = _read(queue[0].id, records)
        last = chosen.decision
        if last is None or last.outcome is not Outcome.WAITLISTED or not last.is_told:
            raise DecisionStateError("list_empty")
        decision = Decision(
            serial=last.serial + 1,
            outcome=Outcome.ADMITTED,
            reason=reason or phrase(last.language, "offer_reason"),
            language=last.language,
            answer_by=_offer_answer_by(at, programme),
            decided_by=by,
            decided_at=at,
            source=f"offer:{free.id}",
        )
        passed_on = free.place.model_copy(
            update={"state": PlaceState.PASSED_ON, "passed_on_to": chosen.id}
        )
        offered = chosen.but(decisions=(*chosen.decisions, decision))
        records.write(
            *put(free.but(place=passed_on)),
            *put(offered),
            audit(chosen.key, "offer", by=by, at=at, before=Outcome.WAITLISTED, after="admitted"),
        )
        return offered

    offered = decide_again(attempt)
    letter_queue.send([{"programme": programme.id, "application": offered.id}])
    return offered


def waiting_list(rows: Sequence[ApplicationRow]) -> list[ApplicationRow]:
    """Who waits, in the order staff set."""
    waiting = [
        row for row in to_decide(rows) if row.outcome == Outcome.WAITLISTED and row.place is None
    ]
    return sorted(waiting, key=lambda row: (row.rank or 0, row.reference or ""))


def is_free(application: Application) -> bool:
    gone = application.state is ApplicationState.WITHDRAWN
    place = application.place
    return is_place_free(place.state if place else None, is_withdrawn=gone)


def place_of(decision: Decision, at: datetime, programme: Programme) -> Place:
    return Place(
        state=PlaceState.OFFERED,
        answer_by=decision.answer_by or programme.decision.answer_by,
        offered_at=at,
    )


def _language(application: Application, wanted: Language | None, programme: Programme) -> Language:
    return letter_language(
        municipality(application.kommunenummer).written_form,
        application.language,
        wanted,
        programme,
    )


def _read(application_id: str, records: Records) -> Application:
    application = records.read(Application, application_key(application_id))
    if application is None:
        raise DecisionStateError("unknown")
    return application
