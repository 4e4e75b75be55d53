"""A new wording of the reason of what is not told, whatever brought it about: also of an offer, and
of the end of the waiting list, which nobody proposes.
"""

from datetime import datetime

from kulturkontor.actions.confirm_decisions import untold
from kulturkontor.actions.decide import own_language, read_to_decide
from kulturkontor.actions.propose import WordingError, read_order
from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.audit import audit
from kulturkontor.decisions import Decision, proposed_anew
from kulturkontor.programme import Programme
from kulturkontor.proposals import Wording, WordingFault, wording_faults
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.sheet_rows import Column


def mend_reason(
    application_id: str,
    reason: str,
    *,
    seen: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """It must be confirmed anew, and a letter that was held is made anew. `seen`: the digest of the
    decision that the page showed. Raises WordingError and DecisionStateError as a proposal does.
    """

    def attempt() -> Application:
        order = read_order(programme, records, by=by, at=at)
        application = read_to_decide(application_id, records)
        decision = untold(application, seen)
        faults = _faults(application, decision, reason, programme)
        if faults:
            raise WordingError(faults)
        mended = proposed_anew(decision, by=by, at=at, reason=reason)
        changed = application.but(decisions=(*application.decisions[:-1], mended))
        note = audit(application, "reason", by=by, at=at, after=mended.outcome)
        records.write(*put(changed), note, Put(order))
        return changed

    return decide_again(attempt)


def _faults(
    application: Application, decision: Decision, reason: str, programme: Programme
) -> tuple[WordingFault, ...]:
    """What is wrong with the reason; the rest of the decision stays as it is."""
    written = Wording(
        outcome=decision.outcome,
        rank=str(decision.rank or ""),
        reason=reason,
        conditions=decision.conditions,
        language=decision.language,
        language_reason=decision.language_reason,
        own=own_language(application, programme),
    )
    faults = wording_faults(written, programme)
    return tuple(each for each in faults if each.column == Column.REASON)
