"""A year's accounts as one ZIP for the auditor, that reads without the system: asked for, then
ready.

It holds copies of claims and receipts, so it is kept for a month only; who needs it later asks
again.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kulturkontor.application_rows import programme_partition
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Key, OpenWork, Record

TO_EXPORT: Final = "year-to-export"
KEPT: Final = timedelta(days=29)
"""The bucket forgets it a day later."""


class ExportState(StrEnum):
    REQUESTED = "requested"
    READY = "ready"


class UnknownYearError(ValueError):
    """The programme has no accounts of that year, or not yet."""


class YearExport(Record):
    """One request; `number` counts those of its year."""

    programme: str
    year: int
    number: int
    requested_by: str
    requested_at: datetime
    state: ExportState = ExportState.REQUESTED
    ready_at: datetime | None = None
    object_key: str = ""
    sha256: str = ""
    size: int = 0
    payment_count: int = 0
    control_sum_ore: int = 0

    @property
    def id(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def key(self) -> Key:
        return export_key(self.programme, self.year, self.number)

    @property
    def open_work(self) -> OpenWork | None:
        is_waiting = self.state is ExportState.REQUESTED
        return OpenWork(TO_EXPORT, self.requested_at) if is_waiting else None

    @property
    def expires_at(self) -> datetime | None:
        return self.ready_at + KEPT if self.ready_at else None

    @property
    def file_name(self) -> str:
        return f"{self.programme}-{self.id}.zip"

    def is_kept(self, now: datetime) -> bool:
        """Whether it can be fetched."""
        return self.expires_at is not None and now < self.expires_at


def export_key(programme_id: str, year: int, number: int) -> Key:
    return Key(programme_partition(programme_id), f"EXPORT#{year}#{number:03d}")


def find_export_key(programme_id: str, export_id: str) -> Key:
    """Raises ValueError for what is no id of an export."""
    year, _, number = export_id.partition("-")
    return export_key(programme_id, int(year), int(number))


def years_of(programme: Programme, now: datetime) -> list[int]:
    """The years that may have accounts, the newest first."""
    return list(range(now.astimezone(OSLO).year, programme.starts.year - 1, -1))
