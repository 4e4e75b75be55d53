"""Withdraw an application, keep one after all, and send a new link to who lost theirs."""

from collections.abc import Collection, Sequence
from datetime import datetime

from kulturkontor import notices, people_notices
from kulturkontor.actions.application_checks import ApplicationStateError, read_application
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.read_known import read_letter_mails
from kulturkontor.application_period import phase
from kulturkontor.application_rows import (
    ApplicationRow,
    mail_digest,
    programme_partition,
    put,
    row_of,
)
from kulturkontor.applications import (
    LIVE,
    STANDING,
    Application,
    ApplicationState,
    Withdrawal,
    application_key,
)
from kulturkontor.audit import audit
from kulturkontor.mails import Mail, MailState
from kulturkontor.municipality_guards import MunicipalityGuard, guard_key
from kulturkontor.programme import Programme
from kulturkontor.receipts import Receipt, receipt_of
from kulturkontor.records import Change, Conflict, Put, Records, decide_again
from kulturkontor.release import Release, release_key


def withdraw(
    application_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """«Withdrawal is possible at any time; after the deadline it goes to staff.»"""

    def attempt() -> Receipt:
        application = read_application(application_id, records)
        if application.state in (ApplicationState.WITHDRAWN, ApplicationState.WITHDRAWAL_ASKED):
            return receipt_of(application, programme)
        if application.state is ApplicationState.SUPERSEDED:
            raise ApplicationStateError(application.state)
        heir = None
        if application.state is ApplicationState.DRAFT or phase(programme, at) == "open":
            gone = application.but(state=ApplicationState.WITHDRAWN, saved_at=at)
            mails = [notices.withdrawn(gone, programme, at)] if gone.reference else []
            heir = _last_rival(gone, programme, records) if gone.reference else None
        else:
            asked = Withdrawal(
                at=at,
                stood=application.state,
                is_released=records.read(Release, release_key(programme.id)) is not None,
            )
            gone = application.but(
                state=ApplicationState.WITHDRAWAL_ASKED, saved_at=at, withdrawal=asked
            )
            mails = [notices.withdrawal_received(gone, programme, at)]
        inherits = put(heir) if heir else []
        commit(
            [*put(gone), *inherits, _note(application, gone, by, at)],
            mails,
            records=records,
            mail_queue=mail_queue,
        )
        return receipt_of(gone, programme)

    return decide_again(attempt)


def confirm_withdrawal(
    application_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Staff have seen that the municipality withdraws; a single competing one that is left now
    counts, as the deadline settles nothing any more. A letter that has not gone never goes.
    """

    def attempt() -> Application:
        application = read_application(application_id, records)
        if application.state is ApplicationState.WITHDRAWN:
            return application
        if application.state is not ApplicationState.WITHDRAWAL_ASKED:
            raise ApplicationStateError(application.state)
        gone = application.but(state=ApplicationState.WITHDRAWN, saved_at=at)
        heir = _last_rival(gone, programme, records)
        letters = _kept_for_good(application, by, records)
        inherits = put(heir) if heir else []
        commit(
            [*put(gone), *inherits, *letters, _note(application, gone, by, at)],
            [notices.withdrawn(gone, programme, at)],
            records=records,
            mail_queue=mail_queue,
        )
        return gone

    return decide_again(attempt)


def keep_application(
    application_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """«Har dere ombestemt dere?» Until staff have confirmed that it is withdrawn, the municipality
    may keep it; it stands as it stood.
    """

    def attempt() -> Application:
        application = read_application(application_id, records)
        if application.state in STANDING:
            return application
        if application.state is not ApplicationState.WITHDRAWAL_ASKED:
            raise ApplicationStateError(application.state)
        rivals = _live_rivals(application, programme, records)
        kept = application.but(state=_stands(application, rivals), saved_at=at, withdrawal=None)
        commit(
            [*put(kept), _note(application, kept, by, at)],
            [notices.withdrawal_taken_back(kept, programme, at)],
            records=records,
            mail_queue=mail_queue,
        )
        return kept

    return decide_again(attempt)


def _stands(application: Application, rivals: Sequence[Application]) -> ApplicationState:
    """As it stood, but for what has become of its rivals: one that nobody is left to stand beside
    counts, and beside one that staff have let count it stands as another once more.
    """
    asked = application.withdrawal
    if asked is not None and asked.stood is ApplicationState.COMPETING:
        return ApplicationState.COMPETING if rivals else ApplicationState.SUBMITTED
    is_told = any(each.is_told for each in application.decisions)
    another_counts = any(each.state is ApplicationState.SUBMITTED for each in rivals)
    competes = another_counts and not is_told
    return ApplicationState.COMPETING if competes else ApplicationState.SUBMITTED


def _kept_for_good(application: Application, by: str, records: Records) -> list[Put]:
    """Written as they were read, so that of this and a hand-over at the same moment one is done."""
    return [
        Put(mail.but(state=MailState.TAKEN_BACK, handled_by=by))
        for mail in read_letter_mails(application, application.decisions, records)
        if mail.state in (MailState.QUEUED, MailState.STOPPED)
    ]


def _note(before: Application, after: Application, by: str, at: datetime) -> Change:
    return audit(before, "withdrawal", by=by, at=at, before=before.state, after=after.state)


def _last_rival(gone: Application, programme: Programme, records: Records) -> Application | None:
    live = _live_rivals(gone, programme, records)
    if [each.state for each in live] != [ApplicationState.COMPETING]:
        return None
    return live[0].but(state=ApplicationState.SUBMITTED)


def _live_rivals(
    application: Application, programme: Programme, records: Records
) -> list[Application]:
    """The municipality's other applications that are neither withdrawn nor superseded."""
    guard = records.read(MunicipalityGuard, guard_key(programme.id, application.kommunenummer))
    others = [each for each in guard.applications if each != application.id] if guard else []
    found = records.read_many(Application, [application_key(each) for each in others])
    return [each for each in found if each.state in LIVE]


def send_new_links(
    wanted: Collection[str],
    *,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> None:
    """A new mail with the link: to the contacts of a municipality's applications, or to whoever has
    one by that address. `wanted`: kommunenummer and digests of addresses. Nobody is told whether
    there are any.
    """
    rows = records.list(ApplicationRow, programme_partition(programme.id), "APPLICATION#")
    found = [each for each in rows if {each.kommunenummer, *each.mails} & (set(wanted) - {""})]
    keys = [
        application_key(each.id) for each in found if each.state is not ApplicationState.WITHDRAWN
    ]
    mails: list[Mail] = []
    for application in records.read_many(Application, keys):
        row = row_of(application)
        if application.answers.contact.email and {row.kommunenummer, row.mails[0]} & set(wanted):
            mails.append(notices.new_link(application, programme, at))
        mails += [
            people_notices.link_again(application, each, programme, at)
            for each in application.people
            if mail_digest(each.email) in wanted
        ]
    for mail in mails:
        try:
            commit([], [mail], records=records, mail_queue=mail_queue)
        except Conflict:
            continue  # the same link was asked for in the same hour: it is on its way
