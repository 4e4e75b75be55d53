"""What the office keeps: typed records, and changes that are written whole or not at all.

Each record has a revision. A change names the record as it should become; it is written only if
nobody else wrote in between (`Conflict` otherwise), so every change of state is a conditional
write.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from kulturkontor.refusals import Refusal


class Key(NamedTuple):
    """Where a record lies: a partition, and its place within it."""

    partition: str
    place: str


class Conflict(Refusal):
    """Somebody else wrote one of these records first; read again and decide anew. Nothing was
    written.
    """

    code = "changed_meanwhile"


class OpenWork(NamedTuple):
    """What is not finished, listed until it is: `kind` names the queue of work, `since` when it
    began.
    """

    kind: str
    since: datetime


class Record(BaseModel):
    """A frozen value with its key. `revision` is 0 until first written."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    schema_version: ClassVar[int] = 1
    revision: int = 0

    @property
    def key(self) -> Key:
        raise NotImplementedError  # pragma: no cover - each record names its own

    @property
    def open_work(self) -> OpenWork | None:
        """Where the record waits for somebody, if it does."""
        return None

    @property
    def expires_at(self) -> datetime | None:
        """When the table may forget it by itself (only for what is no longer worth anything)."""
        return None

    def as_kept(self) -> str:
        """What the table keeps of it, beside its revision."""
        return self.model_dump_json(exclude={"revision"})

    def but(self, **changes: object) -> Self:
        """The same record with these fields changed, validated."""
        return type(self).model_validate({**dict(self), **changes})


R = TypeVar("R", bound=Record)


class Put(NamedTuple):
    """Write this record, given that its revision is still the one that was read."""

    record: Record


class Remove(NamedTuple):
    """Delete this record, given that its revision is still the one that was read."""

    record: Record


class Unchanged(NamedTuple):
    """Write the others only if this record is as it was read."""

    record: Record


Change = Put | Remove | Unchanged


class Records(Protocol):
    """What actions need from the table; `aws.table.Table` is the one that exists."""

    def read(self, kind: type[R], key: Key) -> R | None: ...

    def read_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]: ...

    def read_mixed(self, kinds: Sequence[type[Record]], keys: Sequence[Key]) -> list[Record]:
        """Records of several kinds in one read; what is not there is left out."""
        ...

    def list_partition(self, partition: str, kinds: dict[str, type[Record]]) -> list[Record]:
        """All records of a partition in one read; `kinds` maps the beginning of a place to its
        type.
        """
        ...

    def list_open(self, kind: type[R], work: str, before: datetime | None = None) -> list[R]:
        """What waits in that queue of work since before that time, oldest first."""
        ...

    def write(self, *changes: Change) -> None:
        """All of it or nothing; raises Conflict. At most 100 changes."""
        ...

    def list(self, kind: type[R], partition: str, prefix: str) -> list[R]:
        """The records of that kind in a partition whose place begins so, in order of place."""
        ...


T = TypeVar("T")


def decide_again(attempt: Callable[[], T], *, times: int = 6) -> T:
    """Do what reads, decides and writes; if somebody else wrote in between, read and decide
    anew.
    """
    for _ in range(times - 1):
        try:
            return attempt()
        except Conflict:
            continue
    return attempt()
