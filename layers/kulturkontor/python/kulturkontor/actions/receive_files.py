"""Promise a place for a file, and judge the file that came."""

from datetime import datetime, timedelta
from typing import Any

from kulturkontor import notices
from kulturkontor.actions.ports import Archive, Queue, Uploads, commit
from kulturkontor.applications import Application, application_key
from kulturkontor.programme import Programme
from kulturkontor.received_files import (
    FileState,
    Purpose,
    ReceivedFile,
    file_key,
    read_object_key,
)
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.upload_reasons import UploadReason
from kulturkontor.uploads import DEFAULT_LIMITS, UploadState, clean_file_name, inspect

MAX_FILES = 400
PROMISE = timedelta(hours=1)


class TooManyFilesError(Exception):
    """The application has as many files as it may have."""


def promise_file(
    application: Application,
    *,
    file_id: str,
    purpose: Purpose,
    name: str,
    at: datetime,
    records: Records,
    uploads: Uploads,
) -> tuple[ReceivedFile, dict[str, Any]]:
    """A record of the file to come, and the form (address and fields) that may send just that
    one.
    """
    known = records.list(ReceivedFile, application.key.partition, "FILE#")
    if len(known) >= MAX_FILES:
        raise TooManyFilesError
    file = ReceivedFile(
        id=file_id,
        application_id=application.id,
        programme=application.programme,
        purpose=purpose,
        name=clean_file_name(name),
        promised_at=at,
    )
    records.write(Put(file))
    return file, upload_form(file, uploads=uploads)


def upload_form(
    file: ReceivedFile, *, uploads: Uploads, redirect_to: str | None = None
) -> dict[str, Any]:
    """The form (address and fields) that may send just that file; a browser is sent on to
    `redirect_to`.
    """
    return uploads.presign_post(
        file.object_key,
        media_type=None,
        max_bytes=DEFAULT_LIMITS.max_bytes,
        seconds=int(PROMISE.total_seconds()),
        redirect_to=redirect_to,
    )


def judge_file(
    object_key: str,
    *,
    version: str | None,
    at: datetime,
    programme: Programme,
    records: Records,
    uploads: Archive,
    archive: Archive,
    mail_queue: Queue,
) -> ReceivedFile | None:
    """Look at what came: accepted files are copied to where they are served from, by their hash.

    Judged once: what is put at the same key afterwards changes nothing. None when nobody was
    promised the key. Raises ForeignFileError for a key that is not ours.
    """
    key = read_object_key(object_key)
    known = records.read(ReceivedFile, key)
    if known is None or known.state is not FileState.WAITING:
        return known
    data = uploads.read(object_key, version=version, limit=DEFAULT_LIMITS.max_bytes)
    verdict = inspect(data, declared_name=known.name, limits=DEFAULT_LIMITS)
    accepted = verdict.state is UploadState.ACCEPTED
    judged = known.but(
        state=FileState.ACCEPTED if accepted else FileState.REFUSED,
        judged_at=at,
        reason=verdict.reason or "",
        media_type=verdict.media_type or "",
        pages=verdict.pages,
        size=verdict.size,
        sha256=verdict.sha256,
        object_version=version or "",
    )
    if accepted:
        archive.write_once(judged.accepted_key, data, media_type=judged.media_type)
        records.write(Put(judged))
        return judged
    application = records.read(Application, application_key(judged.application_id))
    mails = [notices.file_refused(application, judged, programme, at)] if application else []
    commit([Put(judged)], mails, records=records, mail_queue=mail_queue)
    return judged


def refuse_infected(
    object_key: str,
    *,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> ReceivedFile | None:
    """The malware scanner found a threat: refused, also when our own look had accepted it
    before.
    """
    key = read_object_key(object_key)

    def attempt() -> ReceivedFile | None:
        known = records.read(ReceivedFile, key)
        if known is None or known.reason == UploadReason.MALWARE:
            return known
        refused = known.but(state=FileState.REFUSED, judged_at=at, reason=UploadReason.MALWARE)
        application = records.read(Application, application_key(known.application_id))
        mails = [notices.file_refused(application, refused, programme, at)] if application else []
        commit([Put(refused)], mails, records=records, mail_queue=mail_queue)
        return refused

    return decide_again(attempt)


def list_files(application_id: str, records: Records) -> list[ReceivedFile]:
    return records.list(ReceivedFile, file_key(application_id, "").partition, "FILE#")
