"""What staff register for a municipality: who did it, and what word of theirs it rests on."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kulturkontor.refusals import Refusal

Step = Literal[
    "written",
    "sent",
    "answer",
    "withdraw",
    "contact",
    "access",
    "access_renewed",
    "access_removed",
    "group",
    "attendance",
    "drop_out",
    "undo",
    "substitute",
    "substitute_removed",
]
"""What can be registered for a municipality, as its history and its receipt call it."""


class Source(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    LETTER = "letter"


class OnBehalf(BaseModel):
    """`by`: who of the staff; `day`: when the municipality wrote or called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    source: Source
    day: date


class OnBehalfError(Refusal):
    """It cannot be registered; `args[0]` says why: `future_day`."""

    codes_begin = "on_behalf_"


def check_source(registered: OnBehalf, today: date) -> None:
    """Raises OnBehalfError: nobody has called tomorrow."""
    if registered.day > today:
        raise OnBehalfError("future_day")
