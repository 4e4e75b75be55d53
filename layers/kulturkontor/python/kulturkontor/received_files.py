"""Files an applicant sends (attachments of the application, receipts of a claim), from promise to
verdict.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from kulturkontor.records import Key, OpenWork, Record

UPLOAD = "upload"
REMOVED = "removed-file"
PROMISE = timedelta(hours=1)
"""How long a place for a file is kept open; what has not come or been judged by then is waited for
no more.
"""
_KEY = re.compile(r"^(attachments|receipts)/([a-z0-9]{8,40})/([a-z0-9]{8,40})$")

Purpose = Literal["attachments", "receipts"]


class FileState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ScanState(StrEnum):
    """What the malware service said of the file; nothing yet, or it is not asked."""

    NONE = "none"
    CLEAN = "clean"
    THREAT = "threat"
    NOT_SCANNED = "not_scanned"


class Standing(StrEnum):
    """How far a file has come, as its sender sees it."""

    AWAITED = "awaited"
    """Promised; nothing has been looked at yet."""
    CHECKING = "checking"
    """It has come and we found it good; the malware service has not answered."""
    LOST = "lost"
    """It never came."""
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ForeignFileError(ValueError):
    """The key of the file is not one we handed out."""


class ReceivedFile(Record):
    """One file: promised (`waiting`), then accepted as the bytes of `sha256`, or refused with a
    reason code.
    """

    id: str
    application_id: str
    programme: str
    purpose: Purpose
    name: str
    state: FileState = FileState.WAITING
    promised_at: datetime
    judged_at: datetime | None = None
    scan: ScanState = ScanState.NONE
    scanned_version: str = ""
    """The version of the object that the malware service's verdict is about."""
    reason: str = ""
    media_type: str = ""
    pages: int | None = None
    size: int = 0
    sha256: str = ""
    object_version: str = ""
    """The version of the object that was inspected; what is put there afterwards is never looked at
    or served.
    """

    @property
    def key(self) -> Key:
        return file_key(self.application_id, self.id)

    @property
    def is_inspected(self) -> bool:
        """Our own look has found it good; the malware service may not have answered yet."""
        return bool(self.sha256)

    @property
    def is_cleared(self) -> bool:
        """The malware service has found no threat in the very bytes that we looked at."""
        return self.scan is ScanState.CLEAN and self.scanned_version == self.object_version

    @property
    def open_work(self) -> OpenWork | None:
        return OpenWork(UPLOAD, self.promised_at) if self.state is FileState.WAITING else None

    @property
    def object_key(self) -> str:
        return f"{self.purpose}/{self.application_id}/{self.id}"

    @property
    def accepted_key(self) -> str:
        """Its own copy, so that erasing one file takes no other of the same bytes with it."""
        return f"{accepted_folder(self.application_id, self.id)}{self.sha256}"

    def standing(self, at: datetime) -> Standing:
        if self.state is not FileState.WAITING:
            return Standing(self.state)
        if self.is_inspected:
            return Standing.CHECKING
        return Standing.AWAITED if at < self.promised_at + PROMISE else Standing.LOST


class RemovedFile(Record):
    """A file that its sender took back: forgotten at once, its bytes erased the night after."""

    id: str
    application_id: str
    object_key: str
    removed_at: datetime

    @property
    def key(self) -> Key:
        return Key(f"APPLICATION#{self.application_id}", f"REMOVED#{self.id}")

    @property
    def open_work(self) -> OpenWork:
        return OpenWork(REMOVED, self.removed_at)

    @property
    def accepted_folder(self) -> str:
        return accepted_folder(self.application_id, self.id)


def unchecked(files: Iterable[ReceivedFile], at: datetime) -> list[ReceivedFile]:
    """What an application had better wait for: files on their way or being looked at, but none that
    has taken longer than a promise lasts.
    """
    return [
        each
        for each in files
        if each.state is FileState.WAITING and at < each.promised_at + PROMISE
    ]


def accepted_folder(application_id: str, file_id: str) -> str:
    return f"accepted/{application_id}/{file_id}/"


def file_key(application_id: str, file_id: str) -> Key:
    return Key(f"APPLICATION#{application_id}", f"FILE#{file_id}")


def read_object_key(object_key: str) -> Key:
    """The record a bucket key belongs to; raises ForeignFileError."""
    match = _KEY.match(object_key)
    if match is None:
        raise ForeignFileError(object_key)
    return file_key(match[2], match[3])
