"""Files an applicant sends (attachments of the application, receipts of a claim), from promise to
verdict.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Literal

from kulturkontor.records import Key, OpenWork, Record

UPLOAD = "upload"
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
        return f"accepted/{self.application_id}/{self.id}/{self.sha256}"


def file_key(application_id: str, file_id: str) -> Key:
    return Key(f"APPLICATION#{application_id}", f"FILE#{file_id}")


def read_object_key(object_key: str) -> Key:
    """The record a bucket key belongs to; raises ForeignFileError."""
    match = _KEY.match(object_key)
    if match is None:
        raise ForeignFileError(object_key)
    return file_key(match[2], match[3])
