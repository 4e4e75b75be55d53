"""Staff's notes on an application: for the office alone, kept as written, and erased with it."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from kulturkontor.application_form import Text, required
from kulturkontor.records import Key, Record

Words = Annotated[Text, AfterValidator(required), Field(max_length=4_000)]


class Note(Record):
    """A note is never changed; its author may strike it, and it stays to be read as struck."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]{8,40}$")]
    application_id: str
    by: str
    at: datetime
    text: Words
    struck_at: datetime | None = None

    @property
    def key(self) -> Key:
        return note_key(self.application_id, self.id)


def note_key(application_id: str, note_id: str) -> Key:
    return Key(f"APPLICATION#{application_id}", f"NOTE#{note_id}")


def in_order(notes: list[Note]) -> list[Note]:
    """The newest first."""
    return sorted(notes, key=lambda each: (each.at.astimezone(UTC), each.id), reverse=True)
