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
    applied_at: datetime | None = None
    made: int = 0
    """Of a start sheet: how many of its rows are new,"""
    unchanged: int = 0
    """how many were there already,"""
    skipped: int = 0
    """and how many could not be written in the end, as somebody changed what they are about."""

    @property
    def key(self) -> Key:
        return sheet_key(self.programme, self.id)

    @property
    def open_work(self) -> OpenWork | None:
        """Only a sheet that is being written stops the release; one that never came does not."""
        return OpenWork(SHEET, self.promised_at) if self.state is SheetState.APPLYING else None

    @property
    def object_key(self) -> str:
        return f"sheets/{self.programme}/{self.kind}/{self.id}"


def sheet_key(programme_id: str, sheet_id: str) -> Key:
    return Key(programme_partition(programme_id), f"SHEET#{sheet_id}")
