"""Move somebody up or down the waiting list, or close it up; each whose number changes must be
confirmed anew. Nobody moves one that a conflict of interest closes to them, nor what stands beside
it: that moves it too.
"""

from datetime import datetime

from kulturkontor.actions.confirm_decisions import untold, with_last
from kulturkontor.actions.decide import DecisionStateError, read_rows, read_to_decide
from kulturkontor.actions.propose import read_order
from kulturkontor.actions.read_conflicts import read_conflicts, require_open
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.conflicts import ConflictError
from kulturkontor.decisions import proposed_anew
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Put, Records, decide_again
from kulturkontor.waiting_order import closed_up, neighbour

_AT_A_TIME = 25


def move(
    application_id: str,
    *,
    up: bool,
    seen: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """It changes places with its neighbour; raises DecisionStateError("not_movable") where there is
    none whose number is still open.
    """

    conflicts = read_conflicts(by, programme, records)

    def attempt() -> Application:
        order = read_order(programme, records, by=by, at=at)
        application = read_to_decide(application_id, records)
        decision = untold(application, seen)
        row = neighbour(read_rows(programme, records), application_id, up=up)
        if row is None:
            raise DecisionStateError("not_movable")
        other = read_to_decide(row.id, records)
        theirs = other.decision
        if theirs is None or theirs.is_told:
            raise DecisionStateError("not_movable")
        require_open(other, conflicts)
        moved = _ranked(application, theirs.rank, by=by, at=at)
        changes = [*moved, *_ranked(other, decision.rank, by=by, at=at), Put(order)]
        records.write(*changes)
        return application

    return decide_again(attempt)


def close_up(*, by: str, at: datetime, programme: Programme, records: Records) -> int:
    """Numbers without gaps, after those that letters have told; how many changed. Started again, it
    changes the rest.
    """

    conflicts = read_conflicts(by, programme, records)

    def attempt() -> int:
        order = read_order(programme, records, by=by, at=at)
        rows = read_rows(programme, records)
        wanted = closed_up(rows)
        if any(row.id in wanted and conflicts.close(row.id, row.kommunenummer) for row in rows):
            raise ConflictError
        page = list(wanted)[:_AT_A_TIME]
        found = records.read_many(Application, [application_key(each) for each in page])
        changes: list[Change] = []
        for application in found:
            changes += _ranked(application, wanted[application.id], by=by, at=at)
        if changes:
            records.write(*changes, Put(order))
        return len(found)

    changed = 0
    while more := decide_again(attempt):
        changed += more
    return changed


def _ranked(application: Application, rank: int | None, *, by: str, at: datetime) -> list[Change]:
    decision = application.decision
    if decision is None or decision.is_told:
        raise DecisionStateError("changed_meanwhile")
    changed = with_last(application, proposed_anew(decision, by=by, at=at, rank=rank))
    note = audit(
        application,
        "rank",
        by=by,
        at=at,
        before=str(decision.rank or ""),
        after=str(rank or ""),
    )
    return [*put(changed), note]
