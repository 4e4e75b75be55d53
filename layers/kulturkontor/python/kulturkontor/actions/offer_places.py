"""«Tilby plassen til neste»: a place that became free goes to the first on the waiting list."""

from datetime import date, datetime
from typing import Final, NamedTuple

from kulturkontor.actions.decide import (
    DecisionStateError,
    read_rows,
    read_to_decide,
)
from kulturkontor.actions.ports import Queue
from kulturkontor.actions.read_conflicts import read_conflicts, require_open
from kulturkontor.actions.read_known import made_known
from kulturkontor.application_rows import put, row_of
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.decisions import (
    Decision,
    DecisionKind,
    Outcome,
    Place,
    PlaceState,
    answer_day,
    confirmed,
)
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Change, Records, decide_again
from kulturkontor.texts import phrase
from kulturkontor.waiting_order import waiting_list

_SOURCE: Final = "offer:"
"""And the id of the application whose place it was."""


def offer_next_place(
    free_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    letter_queue: Queue,
    seen: str = "",
    reason: str | None = None,
) -> Application:
    """«Tilby plassen til neste»: the place of `free_id` goes to the first on the waiting list, and
    its letter is asked for at once. `seen`: who was first as the page showed it, if it did.

    Raises DecisionStateError: `not_free`, `list_empty`, `list_closed`, `list_changed`,
    `letter_kept_back` (who is first on the list has not been sent the letter that says so).
    """
    offered = pass_on(
        free_id, by=by, at=at, programme=programme, records=records, seen=seen, reason=reason
    )
    letter_queue.send([{"programme": programme.id, "application": offered.id}])
    return offered


class Turn(NamedTuple):
    """A free place, and whose turn it is to be offered it."""

    free: Application
    place: Place
    """One is made for who withdrew before any letter gave it: to be marked as passed on."""
    chosen: Application
    answer_by: date
    """If it is offered and told today."""


def read_next(free_id: str, *, at: datetime, programme: Programme, records: Records) -> Turn:
    """Nothing is written. Raises as `offer_next_place`, but for `list_changed`."""
    free = read_to_decide(free_id, records)
    if not is_free(free):
        raise DecisionStateError("not_free")
    today = at.astimezone(OSLO).date()
    if today > programme.decision.waiting_list_ends:
        raise DecisionStateError("list_closed")
    queue = waiting_list(read_rows(programme, records))
    if not queue:
        raise DecisionStateError("list_empty")
    chosen = read_to_decide(queue[0].id, records)
    if not made_known([chosen], records):
        raise DecisionStateError("letter_kept_back")
    place = free.place or Place(state=PlaceState.OFFERED, answer_by=today, offered_at=at)
    return Turn(free, place, chosen, answer_day(DecisionKind.OFFER, today, programme))


def pass_on(
    free_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    seen: str = "",
    reason: str | None = None,
) -> Application:
    """The freed place is marked as passed on in the same transaction, so it is offered once. The
    order of the list was decided by two persons: whoever offers the place both proposes and
    confirms that it now is the next one's turn. Nobody does it for one that a conflict of interest
    closes to them.
    """
    conflicts = read_conflicts(by, programme, records)

    def attempt() -> Application:
        turn = read_next(free_id, at=at, programme=programme, records=records)
        free, chosen = turn.free, turn.chosen
        if seen not in ("", chosen.id):
            raise DecisionStateError("list_changed")
        require_open(chosen, conflicts)
        decision = _offer(chosen, free, by, at, programme, reason)
        passed_on = turn.place.model_copy(
            update={
                "state": PlaceState.PASSED_ON,
                "passed_on_to": chosen.id,
                "found": free.place.state if free.place else None,
            }
        )
        offered = chosen.but(decisions=(*chosen.decisions, decision))
        records.write(
            *put(free.but(place=passed_on)),
            *put(offered),
            audit(chosen, "offer", by=by, at=at, before=Outcome.WAITLISTED, after="admitted"),
        )
        return offered

    return decide_again(attempt)


def _offer(
    chosen: Application,
    free: Application,
    by: str,
    at: datetime,
    programme: Programme,
    reason: str | None,
) -> Decision:
    last = chosen.decision
    if last is None or last.outcome is not Outcome.WAITLISTED or not last.is_told:
        raise DecisionStateError("list_empty")
    offer = Decision(
        serial=chosen.next_serial,
        kind=DecisionKind.OFFER,
        outcome=Outcome.ADMITTED,
        reason=reason or phrase(last.language, "offer_reason"),
        language=last.language,
        language_reason=last.language_reason,
        decided_by=by,
        decided_at=at,
        source=f"{_SOURCE}{free.id}",
    )
    return confirmed(offer, by=by, at=at)


def is_droppable(decision: Decision | None) -> bool:
    """An offer that nobody stands by any more: its letter was taken back, or its confirmation."""
    return (
        decision is not None
        and decision.kind is DecisionKind.OFFER
        and not decision.is_told
        and not decision.is_confirmed
    )


def given_back(offer: Decision, chosen: Application, records: Records) -> list[Change]:
    """The place of an offer that is dropped is free again, where it came from. Nothing to change
    where something has happened to it since.
    """
    free = records.read(Application, application_key(offer.source.removeprefix(_SOURCE)))
    place = free.place if free else None
    if free is None or place is None or place.passed_on_to != chosen.id:
        return []
    if place.found is None:
        return put(free.but(place=None))
    found = {"state": place.found, "passed_on_to": None, "found": None}
    return put(free.but(place=place.model_copy(update=found)))


def is_free(application: Application) -> bool:
    return row_of(application).has_free_place
