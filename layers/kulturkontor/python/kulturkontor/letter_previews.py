"""The letters as they would be written now, all in one ZIP and marked as drafts: nothing of it is
sent, and the archive forgets it after a month.
"""

from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from kulturkontor.application_rows import programme_partition
from kulturkontor.records import Key, Record

KEPT: Final = timedelta(days=29)
"""The bucket forgets it a day later."""


class LetterPreviews(Record):
    """The last ZIP, and the one that was asked for after it."""

    programme: str
    asked_by: str = ""
    asked_at: datetime
    made_at: datetime | None = None
    object_key: str = ""
    sha256: str = ""
    pages: dict[str, int] = Field(default_factory=dict)
    """How many each letter has, by reference."""
    faults: dict[str, str] = Field(default_factory=dict)
    """Why a letter could not be written, by reference."""

    @property
    def key(self) -> Key:
        return previews_key(self.programme)

    @property
    def expires_at(self) -> datetime | None:
        """What could not be printed is quoted in it: it is kept no longer than the letters are."""
        return self.made_at + KEPT if self.made_at and not self.is_being_made else None

    @property
    def is_being_made(self) -> bool:
        return self.made_at is None or self.made_at < self.asked_at

    @property
    def file_name(self) -> str:
        return f"{self.programme}-utkast.zip"

    def is_kept(self, now: datetime) -> bool:
        """Whether it can be fetched."""
        return self.made_at is not None and now < self.made_at + KEPT


def previews_key(programme_id: str) -> Key:
    return Key(programme_partition(programme_id), "LETTER-PREVIEWS")
