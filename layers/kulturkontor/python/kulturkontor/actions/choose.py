"""A municipality with several applications chooses which one counts; after it, staff can.

Design: «A second one is stored as competing; both contacts are told and choose; unresolved at the
deadline, the last complete one counts and the other is superseded; staff can reverse it.»
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from kulturkontor import people_notices
from kulturkontor.actions.application_checks import ApplicationStateError, read_application
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import put
from kulturkontor.applications import STANDING, Application, ApplicationState, application_key
from kulturkontor.audit import audit
from kulturkontor.municipality_guards import MunicipalityGuard, guard_key
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Records, Unchanged, decide_again
from kulturkontor.refusals import Refusal


class ChoiceError(Refusal):
    """This application cannot be chosen; `args[0]` says why: `not_among` (it is no live one of the
    same municipality, or it is about to be withdrawn), `told` (a letter has answered one of them).
    """


_CAN_COUNT: Final = STANDING | {ApplicationState.SUPERSEDED}
_UNSETTLED: Final = _CAN_COUNT | {ApplicationState.WITHDRAWAL_ASKED}


def rivals_of(
    application: Application, records: Records
) -> tuple[MunicipalityGuard | None, list[Application]]:
    """All applications of the same municipality in the order they were sent, this one included."""
    guard = records.read(
        MunicipalityGuard, guard_key(application.programme, application.kommunenummer)
    )
    if guard is None:
        return None, [application]
    others = [application_key(each) for each in guard.applications if each != application.id]
    found = {each.id: each for each in records.read_many(Application, others)}
    found[application.id] = application
    return guard, [found[each] for each in guard.applications if each in found]


def to_choose_among(known: Sequence[Application]) -> list[Application]:
    return [each for each in known if each.state in STANDING]


def told_among(known: Sequence[Application]) -> list[Application]:
    """Those that a letter has answered: from then on a municipality chooses nothing more."""
    return [each for each in known if any(decision.is_told for decision in each.decisions)]


def may_count(application: Application, known: Sequence[Application]) -> bool:
    """Whether staff can settle it on that one: it stands beside another of the same municipality or
    behind it, and no letter has answered any other. `known`: as `rivals_of` tells them.
    """
    rivals = [each for each in known if each.state in _UNSETTLED]
    beside = (ApplicationState.COMPETING, ApplicationState.SUPERSEDED)
    is_open = application.state in beside or any(
        each.state is ApplicationState.COMPETING for each in rivals
    )
    told = {each.id for each in told_among(rivals)}
    is_among = application.state in _CAN_COUNT and len(rivals) > 1
    return is_among and is_open and told <= {application.id}


def choose(
    application_id: str,
    chosen_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """What this application's contact says. It is settled once nobody stands against: each of the
    others has chosen that one too.
    """

    def attempt() -> Application:
        application = read_application(application_id, records)
        guard, known = rivals_of(application, records)
        live = to_choose_among(known)
        if guard is None or chosen_id not in {each.id for each in live} or len(live) < 2:
            raise ChoiceError("not_among")
        if application.state not in STANDING:
            raise ApplicationStateError(application.state)
        if told_among(live):
            raise ChoiceError("told")
        says = application.but(choice=chosen_id)
        chosen = next(each for each in live if each.id == chosen_id)
        note = audit(application, "choice", by=by, at=at, after=chosen.reference or "")
        against = [
            each
            for each in live
            if each.id not in (chosen_id, application_id) and each.choice != chosen_id
        ]
        owner_stands_back = any(
            each.id == chosen_id and each.choice not in ("", chosen_id) for each in live
        )
        if against or (chosen_id == application_id) or owner_stands_back:
            records.write(*put(says), note)
            return says
        now = [says if each.id == application_id else each for each in live]
        return _settle(now, chosen_id, [Unchanged(guard), note], at, programme, records, mail_queue)

    return decide_again(attempt)


def let_count(
    application_id: str,
    *,
    by: str,
    reason: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Staff say which of a municipality's applications counts; once a letter has answered one, it
    is that one.
    """

    def attempt() -> Application:
        application = read_application(application_id, records)
        guard, known = rivals_of(application, records)
        rivals = [each for each in known if each.state in _UNSETTLED]
        if guard is None or len(rivals) < 2 or application.state not in _CAN_COUNT:
            raise ChoiceError("not_among")
        if not {each.id for each in told_among(rivals)} <= {application_id}:
            raise ChoiceError("told")
        note = audit(application, "counts", by=by, at=at, before=application.state, after=reason)
        changes: list[Change] = [Unchanged(guard), note]
        return _settle(rivals, application_id, changes, at, programme, records, mail_queue)

    return decide_again(attempt)


def _settle(
    rivals: Sequence[Application],
    chosen_id: str,
    changes: list[Change],
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """One counts, the others are superseded, and each contact is told."""
    after = [
        each.but(
            state=ApplicationState.SUBMITTED
            if each.id == chosen_id
            else ApplicationState.SUPERSEDED
        )
        for each in rivals
        if each.state is not ApplicationState.WITHDRAWAL_ASKED
    ]
    counts = next(each for each in after if each.id == chosen_id)
    mails = [people_notices.competition_settled(each, counts, programme, at) for each in after]
    written = [change for each in after for change in put(each)]
    commit([*written, *changes], mails, records=records, mail_queue=mail_queue)
    return counts
