"""Attempts to apply that were turned away: counted, so that staff see when many try and fail.

Nothing that was typed is kept, only when and why; the same attempt repeated is one.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from kulturkontor.application_rows import programme_partition
from kulturkontor.records import Key, Record

PREFIX = "REFUSED#"


class RefusedAttempt(Record):
    id: str
    programme: str
    at: datetime
    codes: tuple[str, ...]
    """The codes of what was wrong, for example `municipality_old_number` or `period_before`."""

    @property
    def key(self) -> Key:
        return Key(programme_partition(self.programme), f"{PREFIX}{self.id}")


def refused_attempt(
    body: dict[str, Any], codes: tuple[str, ...], *, key: str, programme_id: str, at: datetime
) -> RefusedAttempt:
    """`key` and `body` of the request only tell one attempt from another."""
    told = json.dumps([key, body, codes], sort_keys=True, default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return RefusedAttempt(id=digest[:32], programme=programme_id, at=at, codes=codes)
