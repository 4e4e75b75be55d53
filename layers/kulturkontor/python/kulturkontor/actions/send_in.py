"""A draft becomes the municipality's application; a second one is kept as competing."""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor import more_notices, notices, receipt_notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_form import find_missing
from kulturkontor.application_period import has_extension, is_in_time, is_supplement
from kulturkontor.application_rows import put
from kulturkontor.applications import (
    LIVE,
    Application,
    ApplicationState,
    ApplicationVersion,
    Reopened,
    application_key,
)
from kulturkontor.mails import Mail
from kulturkontor.municipality_guards import MunicipalityGuard, reference_of
from kulturkontor.programme import Programme
from kulturkontor.receipts import Receipt, digest_of, receipt_of
from kulturkontor.received_files import FileState, ReceivedFile, unchecked
from kulturkontor.records import Change, Conflict, Put, Records
from kulturkontor.refusals import Refusal


class FilesWaitingError(Refusal):
    """An attachment has not been checked yet: wait for it, or take it back, and send again."""

    code = "files_waiting"


def send_in(
    draft: Application,
    files: Sequence[ReceivedFile],
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """The answers become the municipality's application; a second one is kept as competing.

    `files`: all of the application's. Raises FilesWaitingError.
    """
    attachments = [each for each in files if each.purpose == "attachments"]
    if unchecked(attachments, received_at):
        raise FilesWaitingError
    names = [each.name for each in attachments if each.state is FileState.ACCEPTED]

    def commit_sent(application: Application, changes: list[Change], notes: list[Mail]) -> Receipt:
        return _commit_sent(
            application, names, changes, notes, received_at, programme, records, mail_queue
        )

    if draft.reference is not None:
        return commit_sent(draft, [], [])
    guard = MunicipalityGuard(
        programme=programme.id,
        kommunenummer=draft.kommunenummer,
        applications=(draft.id,),
    )
    first = draft.but(
        state=ApplicationState.SUBMITTED,
        reference=reference_of(programme, draft.kommunenummer, 0),
    )
    try:
        return commit_sent(first, [Put(guard)], [])
    except Conflict:
        known = records.read(MunicipalityGuard, guard.key)
        if known is None or draft.id in known.applications:
            raise
    earlier = records.read_many(Application, [application_key(each) for each in known.applications])
    rivals = [each for each in earlier if each.state in LIVE]
    second = draft.but(
        state=ApplicationState.COMPETING if rivals else ApplicationState.SUBMITTED,
        reference=reference_of(programme, draft.kommunenummer, len(known.applications)),
    )
    longer = known.but(applications=(*known.applications, draft.id))
    told = [second, *rivals] if rivals else []
    notes = [notices.competing(each, second, programme, received_at) for each in told]
    return commit_sent(second, [Put(longer)], notes)


def _commit_sent(
    application: Application,
    attachments: list[str],
    changes: list[Change],
    notes: list[Mail],
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    leave = application.extension
    if leave and received_at >= programme.closes_at and has_extension(application, received_at):
        leave = leave.model_copy(update={"used_at": received_at})
    adds = is_supplement(application, programme, received_at)
    is_late = not is_in_time(application, programme, received_at)
    sent = application.but(
        received_at=application.received_at if adds else received_at,
        is_late=application.is_late if adds else is_late,
        extension=leave,
        reopened=_answered(application.reopened, received_at),
        version=application.version + 1,
        missing=find_missing(application.answers, programme),
    )
    receipt = receipt_of(sent, programme)
    if not sent.first_answer:
        sent = sent.but(first_answer=receipt.model_dump(mode="json"))
    version = ApplicationVersion(
        application_id=sent.id,
        version=sent.version,
        answers=sent.answers,
        missing=sent.missing,
        received_at=received_at,
        digest=digest_of(sent.answers.model_dump(mode="json")),
        is_supplement=adds,
    )
    commit(
        [*put(sent), Put(version), *changes],
        [
            receipt_notices.receipt(sent, attachments, programme, received_at),
            *more_notices.answered(sent, programme, received_at),
            *notes,
        ],
        records=records,
        mail_queue=mail_queue,
    )
    return receipt


def _answered(asked: Reopened | None, at: datetime) -> Reopened | None:
    """What staff asked for has come; a closed question stays closed."""
    if asked is None or asked.closed_at is not None:
        return asked
    return asked.model_copy(update={"answered_at": at})
