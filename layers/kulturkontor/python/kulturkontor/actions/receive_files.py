"""Promise a place for a file, judge the file that came, and let its sender take it back."""

from datetime import datetime
from typing import Any

from kulturkontor import notices
from kulturkontor.actions.ports import Archive, FileMissingError, Queue, Uploads, commit
from kulturkontor.applications import Application, application_key
from kulturkontor.claims import TravelClaim
from kulturkontor.own_files import may_remove, may_send, receipts_used
from kulturkontor.programme import Programme
from kulturkontor.received_files import (
    PROMISE,
    FileState,
    Purpose,
    ReceivedFile,
    RemovedFile,
    ScanState,
    file_key,
    read_object_key,
)
from kulturkontor.records import Put, Records, Remove, decide_again
from kulturkontor.upload_reasons import UploadReason
from kulturkontor.uploads import DEFAULT_LIMITS, UploadState, clean_file_name, inspect, name_for

MAX_FILES = 400
_LARGEST_SENT = 100_000_000
"""Bytes. A browser without a script shows the bucket's own refusal, which says nothing to people:
larger files are let in, and refused in words when they are looked at.
"""


class TooManyFilesError(Exception):
    """The application has as many files as it may have."""


class FilesClosedError(Exception):
    """The application takes no more files of that kind."""


class FileKeptError(Exception):
    """The file is part of what was sent, and stays."""


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

    Raises FilesClosedError, TooManyFilesError.
    """
    if not may_send(application, purpose):
        raise FilesClosedError
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
        max_bytes=_LARGEST_SENT if redirect_to else DEFAULT_LIMITS.max_bytes,
        seconds=int(PROMISE.total_seconds()),
        redirect_to=redirect_to,
    )


def remove_file(application_id: str, file_id: str, *, at: datetime, records: Records) -> None:
    """Forget a file; its bytes are erased the night after. Raises FileKeptError."""

    def attempt() -> None:
        found = records.list_partition(
            application_key(application_id).partition,
            {"APPLICATION": Application, "FILE": ReceivedFile, "CLAIM": TravelClaim},
        )
        application = next(each for each in found if isinstance(each, Application))
        key = file_key(application_id, file_id)
        file = next((e for e in found if isinstance(e, ReceivedFile) and e.key == key), None)
        if file is None:
            return
        used = receipts_used(each for each in found if isinstance(each, TravelClaim))
        if not may_remove(file, application, used):
            raise FileKeptError
        removed = RemovedFile(
            id=file.id, application_id=application_id, object_key=file.object_key, removed_at=at
        )
        records.write(Remove(file), Put(removed))

    decide_again(attempt)


def judge_file(
    object_key: str,
    *,
    version: str | None,
    scan_required: bool,
    at: datetime,
    programme: Programme,
    records: Records,
    uploads: Archive,
    archive: Archive,
    mail_queue: Queue,
) -> ReceivedFile | None:
    """Look at what came; it is accepted when the malware service, if asked, has cleared it too.

    Judged once: what is put at the same key afterwards changes nothing. None when nobody was
    promised the key. Raises ForeignFileError for a key that is not ours.
    """
    key = read_object_key(object_key)

    def attempt() -> ReceivedFile | None:
        known = records.read(ReceivedFile, key)
        if known is None or known.state is not FileState.WAITING or known.is_inspected:
            return known
        put = version or known.scanned_version
        if scan_required and not put:
            return known  # found by the sweep: wait for the verdict, which says what was scanned
        try:
            data = uploads.read(object_key, version=put or None, limit=DEFAULT_LIMITS.max_bytes)
        except FileMissingError:
            if put:
                raise
            return known  # found by the sweep, and never sent: nothing is wrong
        verdict = inspect(data, declared_name=known.name, limits=DEFAULT_LIMITS)
        if verdict.state is UploadState.REFUSED:
            return _refuse(known, verdict.reason or "", at, programme, records, mail_queue)
        inspected = known.but(
            name=name_for(known.name, verdict.media_type or ""),
            media_type=verdict.media_type or "",
            pages=verdict.pages,
            size=verdict.size,
            sha256=verdict.sha256,
            object_version=put,
        )
        if scan_required and not inspected.is_cleared:
            records.write(Put(inspected))
            return inspected
        return _accept(inspected, data, at, records, archive)

    return decide_again(attempt)


def record_scan(
    object_key: str,
    scan: ScanState,
    *,
    version: str | None,
    at: datetime,
    programme: Programme,
    records: Records,
    uploads: Archive,
    archive: Archive,
    mail_queue: Queue,
) -> ReceivedFile | None:
    """The malware service's verdict, before or after our own look: a threat refuses even what was
    accepted; a file that could not be scanned is not clean, and neither are other bytes put at the
    same key.
    """
    key = read_object_key(object_key)

    def attempt() -> ReceivedFile | None:
        known = records.read(ReceivedFile, key)
        if known is None or known.state is FileState.REFUSED:
            return known
        scanned = known.but(scan=scan, scanned_version=version or "")
        if scan is ScanState.CLEAN:
            if scanned == known or known.state is FileState.ACCEPTED:
                return known
            if not known.is_inspected:
                records.write(Put(scanned))
                return scanned
            if not scanned.is_cleared:
                return known
            data = uploads.read(object_key, version=known.object_version or None)
            return _accept(scanned, data, at, records, archive)
        reason = UploadReason.MALWARE if scan is ScanState.THREAT else UploadReason.BROKEN
        return _refuse(scanned, reason, at, programme, records, mail_queue)

    return decide_again(attempt)


def _accept(
    file: ReceivedFile, data: bytes, at: datetime, records: Records, archive: Archive
) -> ReceivedFile:
    """Copied to where files are served from, by the hash of the bytes that were inspected."""
    accepted = file.but(state=FileState.ACCEPTED, judged_at=at)
    archive.write_once(accepted.accepted_key, data, media_type=accepted.media_type)
    records.write(Put(accepted))
    return accepted


def _refuse(
    file: ReceivedFile,
    reason: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> ReceivedFile:
    refused = file.but(state=FileState.REFUSED, judged_at=at, reason=reason)
    application = records.read(Application, application_key(file.application_id))
    mails = [notices.file_refused(application, refused, programme, at)] if application else []
    commit([Put(refused)], mails, records=records, mail_queue=mail_queue)
    return refused
