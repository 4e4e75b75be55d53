"""Close the application period, once: settle competing applications, certify, give drafts their
answers back.
"""

import hashlib
from collections import defaultdict
from datetime import datetime

from kulturkontor import notices, staff_notices
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.application_rows import ApplicationRow, programme_partition, put
from kulturkontor.applications import Application, ApplicationState, application_key
from kulturkontor.closing import PAUSE, Closing, settle_competition, write_certificate
from kulturkontor.mails import Mail, mail_key
from kulturkontor.programme import Programme
from kulturkontor.records import Conflict, Put, Records


def close_applications(
    *,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
) -> Closing | None:
    """What was certified at this tick, if anything. Missed, late and doubled ticks do no harm."""
    if now < programme.closes_at + PAUSE:
        return None
    partition = programme_partition(programme.id)
    earlier = records.list(Closing, partition, "CLOSING#")
    rows = records.list(ApplicationRow, partition, "APPLICATION#")
    in_time = [row for row in rows if row.reference and not row.late and not row.is_imported]
    named = {each for certificate in earlier for each in certificate.applications}
    unnamed = [row for row in in_time if row.id not in named]
    if earlier and not unnamed:
        return None
    if not earlier:
        _settle_competitions(in_time, records)
        _return_drafts(rows, now, programme, records, mail_queue)
    applications = records.read_many(Application, [application_key(row.id) for row in unnamed])
    number = len(earlier)
    data = write_certificate(
        applications,
        programme=programme,
        number=number,
        drafts=sum(row.state is ApplicationState.DRAFT for row in rows),
        late_attempts=sum(row.late for row in rows),
        written_at=now,
    )
    sha256 = hashlib.sha256(data).hexdigest()
    closing = Closing(
        programme=programme.id,
        number=number,
        closed_at=now,
        applications=tuple(sorted(each.id for each in applications)),
        file_key=f"certificates/{programme.id}/{number:03d}-{sha256[:16]}.json",
        sha256=sha256,
    )
    archive.write_once(closing.file_key, data, media_type="application/json")
    mail = staff_notices.closed(closing, len(applications), programme, now, staff_address)
    try:
        commit([Put(closing)], [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return None  # another tick has certified it
    return closing


def _settle_competitions(rows: list[ApplicationRow], records: Records) -> None:
    rivals: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.is_live:
            rivals[row.kommunenummer].append(row.id)
    for ids in rivals.values():
        competing = records.read_many(Application, [application_key(each) for each in ids])
        for changed in settle_competition(competing):
            records.write(*put(changed))


def _return_drafts(
    rows: list[ApplicationRow],
    now: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> None:
    """«Unfinished drafts get their own answers back.» Each draft once: the mail's id says it is
    done.
    """
    drafts = [row.id for row in rows if row.state is ApplicationState.DRAFT]
    for draft in records.read_many(Application, [application_key(each) for each in drafts]):
        if not draft.answers.contact.email:
            continue
        mail = notices.draft_after_deadline(draft, programme, now)
        if records.read(Mail, mail_key(programme.id, mail.id)) is None:
            commit([], [mail], records=records, mail_queue=mail_queue)
