"""Everything that happened to an application, in one order: the newest first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from kulturkontor.applications import Application, ApplicationVersion
from kulturkontor.audit import AuditRow
from kulturkontor.claims import TravelClaim
from kulturkontor.mails import Mail
from kulturkontor.notes import Note
from kulturkontor.received_files import ReceivedFile

Source = Application | ApplicationVersion | AuditRow | Mail | Note | ReceivedFile | TravelClaim


class What(StrEnum):
    STARTED = "started"
    SENT = "sent"
    SUPPLEMENT = "supplement"
    CHANGED = "changed"
    """An audit row."""
    MAIL = "mail"
    FILE = "file"
    FILE_ACCEPTED = "file_accepted"
    FILE_REFUSED = "file_refused"
    NOTE = "note"
    NOTE_STRUCK = "note_struck"
    CLAIM = "claim"


class Event(NamedTuple):
    at: datetime
    what: What
    source: Source
    """What tells the rest of it."""


def timeline(
    application: Application,
    *,
    versions: Iterable[ApplicationVersion] = (),
    files: Iterable[ReceivedFile] = (),
    claims: Iterable[TravelClaim] = (),
    audit: Iterable[AuditRow] = (),
    mails: Iterable[Mail] = (),
    notes: Iterable[Note] = (),
) -> list[Event]:
    """What is not to be seen by the reader is left out by the caller."""
    events = [
        Event(application.created_at, What.STARTED, application),
        *(Event(e.received_at, _sent(e), e) for e in versions),
        *(Event(e.received_at, What.CLAIM, e) for e in claims),
        *(Event(e.at, What.CHANGED, e) for e in audit),
        *(Event(e.queued_at, What.MAIL, e) for e in mails),
        *(event for e in files for event in _of_file(e)),
        *(event for e in notes for event in _of_note(e)),
    ]
    in_time = sorted(enumerate(events), key=lambda each: (each[1].at.astimezone(UTC), each[0]))
    return [event for _, event in reversed(in_time)]


def _sent(version: ApplicationVersion) -> What:
    return What.SUPPLEMENT if version.is_supplement else What.SENT


def _of_file(file: ReceivedFile) -> Iterable[Event]:
    yield Event(file.promised_at, What.FILE, file)
    if file.judged_at is not None:
        is_refused = file.state == "refused"
        yield Event(file.judged_at, What.FILE_REFUSED if is_refused else What.FILE_ACCEPTED, file)


def _of_note(note: Note) -> Iterable[Event]:
    yield Event(note.at, What.NOTE, note)
    if note.struck_at is not None:
        yield Event(note.struck_at, What.NOTE_STRUCK, note)
