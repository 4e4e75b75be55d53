"""What staff decide: who gets an answer, a whole sheet of answers, and a reason that is mended."""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.application_rows import ApplicationRow, programme_partition, put
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.decisions import Decision, DecisionKind
from kulturkontor.letters import letter_language
from kulturkontor.municipalities import municipality
from kulturkontor.programme import Language, Programme
from kulturkontor.records import Change, Records, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.sheet_rows import DecisionIn

_AT_A_TIME = 25


class DecisionStateError(Refusal):
    """The decision cannot be changed like this; `args[0]` says why as a code for the texts."""


def to_decide(rows: Sequence[ApplicationRow]) -> list[ApplicationRow]:
    """The applications that get an answer."""
    return [row for row in rows if row.gets_answer]


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
    """The changes for one application; none when this sheet has decided it already, it stands so
    (whoever proposed or confirmed that), or its letter has gone.
    """
    old = application.decision
    if old is not None and (old.source == source or old.is_told):
        return []
    decision = decision_of(application, new, source=source, by=by, at=at, programme=programme)
    if old is not None and says_the_same(old, decision):
        return []
    return [
        *put(application.but(decisions=(decision,))),
        audit(
            application,
            "decision",
            by=by,
            at=at,
            before=old.outcome if old else "",
            after=decision.outcome,
        ),
    ]


def decision_of(
    application: Application,
    new: DecisionIn,
    *,
    source: str,
    by: str,
    at: datetime,
    programme: Programme,
) -> Decision:
    """The same for a row of a sheet and for what is written on the page. It replaces a decision
    that is not told, and comes after one that is.
    """
    old = application.decision
    serial, kind = _serial_and_kind(application)
    own = own_language(application, programme)
    language = programme.language(new.language or own)
    return Decision(
        serial=serial,
        kind=kind,
        outcome=new.outcome,
        reason=new.reason,
        conditions=new.conditions,
        language=language,
        language_reason=new.language_reason if language != own else "",
        correction_reason=old.correction_reason if old else "",
        rank=new.rank,
        decided_by=by,
        decided_at=at,
        source=source,
    )


def _serial_and_kind(application: Application) -> tuple[int, DecisionKind]:
    old = application.decision
    if old is not None and not old.is_told:
        return old.serial, old.kind
    return application.next_serial, DecisionKind.CORRECTION if old else DecisionKind.ANSWER


def says_the_same(old: Decision, new: Decision) -> bool:
    """Whether the letter and the list would be the same: then nobody has to confirm it anew."""
    said = {
        "outcome",
        "reason",
        "conditions",
        "language",
        "language_reason",
        "correction_reason",
        "rank",
    }
    return old.model_dump(include=said) == new.model_dump(include=said)


def own_language(application: Application, programme: Programme) -> Language:
    """The letter's language unless staff say otherwise."""
    return letter_language(
        municipality(application.kommunenummer).written_form,
        application.language,
        None,
        programme,
    )


def read_to_decide(application_id: str, records: Records) -> Application:
    application = records.read(Application, application_key(application_id))
    if application is None:
        raise DecisionStateError("unknown")
    return application
