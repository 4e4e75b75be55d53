"""Sheets that staff upload, from promise to applied: whole or not at all."""

from datetime import datetime
from enum import StrEnum

from kulturkontor.application_rows import programme_partition
from kulturkontor.records import Key, OpenWork, Record

SHEET = "sheet"


class SheetState(StrEnum):
    WAITING = "waiting"
    FAULTY = "faulty"
    READY = "ready"
    """Of a start sheet: read and clean; staff say when it is written."""
    APPLYING = "applying"
    APPLIED = "applied"


class SheetImport(Record):
    id: str
    programme: str
    kind: str
    by: str
    state: SheetState = SheetState.WAITING
    promised_at: datetime
    object_version: str = ""
    rows: int = 0
    faults: int = 0
    report_key: str = ""
    digest: str = ""
    """Of a start sheet: of the rows, or faults, that were shown."""
    asked_by: str = ""
    asked_at: datetime | None = None
    """Who said «Før inn» of those rows, and when."""
    made: int = 0
    """Of a start sheet: how many of its rows are new; once it is being written, of those so far,"""
    unchanged: int = 0
    """how many were there already,"""
    skipped_rows: tuple[int, ...] = ()
    """and the numbers of those that somebody overtook while the rest was being written."""
    written: int = 0
    """How many rows have been gone through in writing, in their order: the sum of the three."""
    applied_at: datetime | None = None

    @property
    def key(self) -> Key:
        return sheet_key(self.programme, self.id)

    @property
    def open_work(self) -> OpenWork | None:
        """Only a sheet that is being written stops the release; one that never came does not."""
        if self.state is not SheetState.APPLYING:
            return None
        return OpenWork(SHEET, self.asked_at or self.promised_at)

    @property
    def object_key(self) -> str:
        return f"sheets/{self.programme}/{self.kind}/{self.id}"


def sheet_key(programme_id: str, sheet_id: str) -> Key:
    return Key(programme_partition(programme_id), f"SHEET#{sheet_id}")
