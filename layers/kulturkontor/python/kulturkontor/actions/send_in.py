"""A draft becomes the municipality's application; a second one is kept as competing."""

from datetime import datetime

from kulturkontor import notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_form import find_missing
from kulturkontor.applications import (
    LIVE,
    Application,
    ApplicationState,
    ApplicationVersion,
    MunicipalityGuard,
    application_key,
    put,
    reference_of,
)
from kulturkontor.mails import Mail
from kulturkontor.programme import Programme
from kulturkontor.receipts import Receipt, digest_of, receipt_of
from kulturkontor.records import Change, Conflict, Put, Records


def send_in(
    draft: Application,
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """The answers become the municipality's application; a second one is kept as competing."""
    if draft.reference is not None:
        return _commit_sent(draft, [], [], received_at, programme, records, mail_queue)
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
        return _commit_sent(first, [Put(guard)], [], received_at, programme, records, mail_queue)
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
    return _commit_sent(second, [Put(longer)], notes, received_at, programme, records, mail_queue)


def _commit_sent(
    application: Application,
    changes: list[Change],
    notes: list[Mail],
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    sent = application.but(
        received_at=received_at,
        is_late=received_at >= programme.closes_at,
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
    )
    commit(
        [*put(sent), Put(version), *changes],
        [notices.receipt(sent, programme, received_at), *notes],
        records=records,
        mail_queue=mail_queue,
    )
    return receipt
