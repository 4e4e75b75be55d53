"""What a sender is told about an application, and the hash that tells two requests apart."""

import hashlib
import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_form import find_missing, find_warnings
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.programme import Programme


class Receipt(BaseModel):
    """What a sender is told about the application: kept with the version, so that it can be told
    again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    reference: str | None
    state: ApplicationState
    version: int
    received_at: datetime | None
    is_late: bool
    is_complete: bool
    missing: tuple[dict[str, str], ...]
    warnings: tuple[dict[str, str], ...]


def receipt_of(application: Application, programme: Programme) -> Receipt:
    return Receipt(
        id=application.id,
        reference=application.reference,
        state=application.state,
        version=application.revision + 1,
        received_at=application.received_at,
        is_late=application.is_late,
        is_complete=application.is_complete,
        missing=tuple(each.model_dump() for each in find_missing(application.answers, programme)),
        warnings=tuple(each.model_dump() for each in find_warnings(application.answers, programme)),
    )


def digest_of(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
