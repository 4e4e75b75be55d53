"""What people have said about the release: the number in the board's minutes, who lets it begin in
spite of what is wrong, and whether the letters stand still.

One record, so that beginning, stopping and handing a letter over each depend on it in one
condition: of two that happen at once, one sees the other.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_rows import programme_partition
from kulturkontor.records import Key, Record
from kulturkontor.refusals import Refusal
from kulturkontor.release_checks import Concern

OVERRIDERS: Final = 2
"""So many different persons let the release begin in spite of what stops it."""


class ReleaseStateError(Refusal):
    """The release is not where this can be done to it; `args[0]` says why."""

    codes_begin = "release_"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Minutes(_Part):
    """How many the board admitted, and where it stands written."""

    admitted: int
    reference: str
    by: str
    at: datetime


class Override(_Part):
    """One person's word that the release shall begin in spite of exactly what `digest` names."""

    by: str
    at: datetime
    reason: str
    digest: str


class Halt(_Part):
    """Nothing more is handed over. `by` is empty when the office stopped by itself, because of
    `bounced` of `handed_over` letters.
    """

    by: str = ""
    at: datetime
    reason: str = ""
    bounced: int = 0
    handed_over: int = 0


class ReleaseControl(Record):
    programme: str
    minutes: Minutes | None = None
    overrides: tuple[Override, ...] = ()
    halt: Halt | None = None
    pardoned: int = 0
    """Bounces that staff knew of when they let the letters go on: only later ones stop them."""
    told_for: datetime | None = None
    """The time of release that staff have been told the letters did not begin at."""

    @property
    def key(self) -> Key:
        return control_key(self.programme)


def control_key(programme_id: str) -> Key:
    return Key(programme_partition(programme_id), "RELEASE-CONTROL")


def digest_of(blockers: Sequence[Concern]) -> str:
    """The same for the same obstacles, whatever order they were found in; empty for none."""
    if not blockers:
        return ""
    told = sorted((each.code, sorted(each.references)) for each in blockers)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def overriders(control: ReleaseControl, digest: str) -> tuple[Override, ...]:
    """Who has let exactly these obstacles pass; an override of others counts for nothing."""
    return tuple(each for each in control.overrides if digest and each.digest == digest)


def is_overridden(control: ReleaseControl, digest: str) -> bool:
    return len({each.by.casefold() for each in overriders(control, digest)}) >= OVERRIDERS


def with_override(control: ReleaseControl, override: Override) -> ReleaseControl:
    """Raises ReleaseStateError when the same person has said so already."""
    standing = overriders(control, override.digest)
    if override.by.casefold() in {each.by.casefold() for each in standing}:
        raise ReleaseStateError("same_person")
    return control.but(overrides=(*standing, override))


def must_pause(
    control: ReleaseControl, *, bounced: int, handed_over: int, least: int, percent: int
) -> bool:
    """Whether the letters stop by themselves: so many permanent bounces since staff last let them
    go on, and more of the letters handed over than that share.
    """
    new = bounced - control.pardoned
    return control.halt is None and new >= least and new * 100 > percent * handed_over
