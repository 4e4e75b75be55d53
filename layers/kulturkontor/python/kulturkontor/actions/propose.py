"""Propose a decision on the page: the same as a row of the sheet, one at a time.

Before its letter is written a proposal can be changed by anybody of the staff, who then is the one
that proposed it, or be taken back. After it, what was told is corrected by a new decision: its
letter says that it replaces the earlier one, and why; what nobody has been sent yet is taken back
instead (`take_back_letter`). A place that the municipality has accepted is
not taken from it by a correction; it can only give it up itself.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.confirm_decisions import untold
from kulturkontor.actions.decide import (
    DecisionStateError,
    decision_of,
    own_language,
    read_rows,
    read_to_decide,
    says_the_same,
)
from kulturkontor.actions.offer_places import given_back, is_droppable
from kulturkontor.actions.read_known import made_known
from kulturkontor.application_rows import programme_partition, put
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.audit import audit
from kulturkontor.decisions import (
    Decision,
    DecisionKind,
    Outcome,
    PlaceState,
    decision_digest,
    is_own_place_free,
)
from kulturkontor.programme import Language, Programme
from kulturkontor.proposals import (
    Wording,
    WordingFault,
    correction_faults,
    wording_faults,
)
from kulturkontor.records import Change, Put, Records, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.sheet_imports import SheetImport, SheetState
from kulturkontor.sheet_rows import Column, DecisionIn, RowFault
from kulturkontor.waiting_order import WaitingOrder, next_rank, order_key, taken_ranks

_SOURCE = "page"


class WordingError(Refusal):
    """What was written cannot be proposed; `args[0]` are the faults, each with its field."""

    status = 422
    code = "proposal"

    def __init__(self, faults: tuple[WordingFault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults


class Written(NamedTuple):
    """A decision as somebody wrote it on the page. `correction_reason`: only of what is told."""

    outcome: Outcome | None
    rank: str = ""
    reason: str = ""
    conditions: str = ""
    language: Language | None = None
    language_reason: str = ""
    correction_reason: str = ""


def propose_decision(
    application_id: str,
    written: Written,
    *,
    seen: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """`seen`: the digest of the decision that the page showed. Raises WordingError, or
    DecisionStateError when it cannot be decided (now).
    """

    def attempt() -> Application:
        order = read_order(programme, records, by=by, at=at)
        application = read_to_decide(application_id, records)
        last = application.decision
        if decision_digest(last) != seen:
            raise DecisionStateError("changed_meanwhile")
        require_decidable(application, written.outcome)
        if last is not None and last.is_told and not made_known([application], records):
            raise DecisionStateError("letter_kept_back")
        whole = _ranked(application, written, programme, records)
        new = _decision(application, whole, by, at, programme)
        if last is not None and last.is_told:
            _require_correction(last, new)
        elif last is not None and says_the_same(last, new):
            return application
        is_new = last is None or last.is_told
        kept = application.decisions if is_new else application.decisions[:-1]
        changed = application.but(decisions=(*kept, new))
        before = last.outcome if last else ""
        what = "decision_corrected" if new.kind is DecisionKind.CORRECTION else "decision"
        note = audit(application, what, by=by, at=at, before=before, after=new.outcome)
        records.write(*put(changed), note, Put(order))
        return changed

    return decide_again(attempt)


def take_back_proposal(
    application_id: str,
    *,
    seen: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """Not decided (anew) after all; until its letter is written. An offer, and the end of the
    waiting list, follow from what has happened and are not taken back; but for an offer that nobody
    stands by any more: its place is free again.
    """

    def attempt() -> Application:
        order = read_order(programme, records, by=by, at=at)
        application = read_to_decide(application_id, records)
        decision = untold(application, seen)
        freed: list[Change] = []
        if is_droppable(decision):
            freed = given_back(decision, application, records)
        elif follows_by_itself(decision):
            raise DecisionStateError("follows_by_itself")
        changed = application.but(decisions=application.decisions[:-1])
        note = audit(application, "decision_back", by=by, at=at, before=decision.outcome)
        records.write(*put(changed), *freed, note, Put(order))
        return changed

    return decide_again(attempt)


def read_order(programme: Programme, records: Records, *, by: str, at: datetime) -> WaitingOrder:
    """To be written with the change; raises DecisionStateError while a sheet is being written."""
    order = records.read(WaitingOrder, order_key(programme.id))
    sheets = records.list(SheetImport, programme_partition(programme.id), "SHEET#")
    if any(each.state is SheetState.APPLYING for each in sheets):
        raise DecisionStateError("sheet_applying")
    return WaitingOrder(
        revision=order.revision if order else 0,
        programme=programme.id,
        changed_by=by,
        changed_at=at,
    )


def follows_by_itself(decision: Decision | None) -> bool:
    """An offer, or the end of the list, that is about to be told."""
    return (
        decision is not None
        and not decision.is_told
        and decision.kind in (DecisionKind.OFFER, DecisionKind.LIST_CLOSED)
    )


def require_decidable(application: Application, outcome: Outcome | None) -> None:
    """Raises DecisionStateError, whose code says why it cannot be decided so."""
    if application.state is ApplicationState.COMPETING:
        raise DecisionStateError("competing")
    decidable = (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWAL_ASKED)
    if application.state not in decidable:
        raise DecisionStateError("not_to_decide")
    if follows_by_itself(application.decision):
        raise DecisionStateError("follows_by_itself")
    place = application.place.state if application.place else None
    if place is PlaceState.ACCEPTED and outcome is not Outcome.ADMITTED:
        raise DecisionStateError("place_accepted")
    if is_own_place_free(outcome, application.place):
        raise DecisionStateError("place_is_free")


def _ranked(
    application: Application, written: Written, programme: Programme, records: Records
) -> Written:
    """With a number at the end of the list where none was given. Raises WordingError."""
    rows = read_rows(programme, records)
    if written.outcome is Outcome.WAITLISTED and not written.rank:
        written = written._replace(rank=str(next_rank(rows, but=application.id)))
    faults = list(_faults(application, written, programme))
    taken = taken_ranks(rows, but=application.id)
    if not faults and written.rank and int(written.rank) in taken:
        faults.append(WordingFault(Column.RANK, RowFault.RANK_REPEATED, written.rank))
    if faults:
        raise WordingError(tuple(faults))
    return written


def _faults(
    application: Application, written: Written, programme: Programme
) -> Iterator[WordingFault]:
    if written.outcome is None:
        yield WordingFault(Column.OUTCOME, RowFault.OUTCOME_MISSING)
    wording = Wording(
        outcome=written.outcome,
        rank=written.rank,
        reason=written.reason,
        conditions=written.conditions,
        language=written.language,
        language_reason=written.language_reason,
        own=own_language(application, programme),
    )
    yield from wording_faults(wording, programme)
    if is_correction(application.decision):
        yield from correction_faults(written.correction_reason, programme)


def _require_correction(told: Decision, new: Decision) -> None:
    """Raises DecisionStateError when the new letter would say what the old one did."""
    if says_the_same(told, new.model_copy(update={"correction_reason": told.correction_reason})):
        raise DecisionStateError("nothing_corrected")


def is_correction(last: Decision | None) -> bool:
    """Whether what is decided after this one corrects what a letter has told."""
    return last is not None and (last.is_told or last.kind is DecisionKind.CORRECTION)


def _decision(
    application: Application, written: Written, by: str, at: datetime, programme: Programme
) -> Decision:
    if written.outcome is None:
        raise WordingError((WordingFault(Column.OUTCOME, RowFault.OUTCOME_MISSING),))
    row = DecisionIn(
        reference=application.reference or "",
        outcome=written.outcome,
        rank=int(written.rank) if written.rank else None,
        reason=written.reason,
        conditions=written.conditions,
        language=written.language,
        language_reason=written.language_reason,
    )
    new = decision_of(application, row, source=_SOURCE, by=by, at=at, programme=programme)
    why = written.correction_reason if new.kind is DecisionKind.CORRECTION else ""
    return new.model_copy(update={"correction_reason": why})
