"""A second person confirms what was proposed; only then does a letter go out.

Whoever proposed a decision as it now stands cannot confirm it, whatever their roles. What is
confirmed is what was seen: a decision that was changed meanwhile is left as it is, and said.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.decide import DecisionStateError, read_to_decide
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.decisions import Decision, confirmed, decision_digest, is_own_place_free
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Records, decide_again

_AT_A_TIME = 25
"""Each is three of the hundred changes that one transaction takes."""


class Confirmed(BaseModel):
    """What became of it; started again, the rest is confirmed and the same counts as changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    confirmed: int
    changed: int
    """Decisions that are not as they were seen: somebody has changed or confirmed them."""


def confirm_decisions(
    seen: Mapping[str, str],
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Confirmed:
    """Confirm these decisions: `seen` is each application's id, and the digest of its decision as
    it was shown. Raises DecisionStateError: `own_proposal` when one of them is the person's own,
    `place_is_free` when one would wait for the place that it gave up itself.

    Who is admitted has from now as long to answer as from the day it was proposed.
    """
    ids = sorted(seen)
    count = 0
    for start in range(0, len(ids), _AT_A_TIME):
        page = ids[start : start + _AT_A_TIME]

        def attempt(page: list[str] = page) -> int:
            found = records.read_many(Application, [application_key(each) for each in page])
            changes: list[Change] = []
            written = 0
            for application in found:
                decision = application.decision
                if decision is None or decision_digest(decision) != seen[application.id]:
                    continue
                more = _confirm(application, decision, by, at, programme)
                written += bool(more)
                changes += more
            if changes:
                records.write(*changes)
            return written

        count += decide_again(attempt)
    return Confirmed(confirmed=count, changed=len(ids) - count)


def _confirm(
    application: Application, decision: Decision, by: str, at: datetime, programme: Programme
) -> list[Change]:
    if decision.is_confirmed:
        return []
    if decision.is_by(by):
        raise DecisionStateError("own_proposal")
    if is_own_place_free(decision.outcome, application.place):
        raise DecisionStateError("place_is_free")
    now = confirmed(decision, by=by, at=at)
    return [
        *put(with_last(application, now)),
        audit(application, "confirmation", by=by, at=at, after=decision.outcome),
    ]


def take_back_confirmation(
    application_id: str, *, seen: str, by: str, at: datetime, records: Records
) -> Application:
    """Until its letter is written, a confirmed decision can be made a proposal again."""

    def attempt() -> Application:
        application = read_to_decide(application_id, records)
        decision = untold(application, seen)
        if not decision.is_confirmed:
            return application
        again = decision.model_copy(update={"confirmed_by": "", "confirmed_at": None})
        changed = with_last(application, again)
        note = audit(application, "confirmation_back", by=by, at=at, before=decision.outcome)
        records.write(*put(changed), note)
        return changed

    return decide_again(attempt)


def untold(application: Application, seen: str) -> Decision:
    """The decision that was seen, if it can still be changed; raises DecisionStateError."""
    decision = application.decision
    if decision is None:
        raise DecisionStateError("not_decided")
    if decision.is_told:
        raise DecisionStateError("already_told")
    if decision_digest(decision) != seen:
        raise DecisionStateError("changed_meanwhile")
    return decision


def with_last(application: Application, decision: Decision) -> Application:
    """With that decision in place of the last one."""
    return application.but(decisions=(*application.decisions[:-1], decision))
