"""The table as a dictionary: the same conditions and the same limits, without AWS."""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.records import Change, Conflict, Key, Put, R, Record, Unchanged


class MemoryRecords:
    """`records.Records`; `calls` counts what DynamoDB would be asked."""

    def __init__(self) -> None:
        self.items: dict[Key, Record] = {}
        self.calls = 0

    def read(self, kind: type[R], key: Key) -> R | None:
        self.calls += 1
        found = self.items.get(key)
        return found if isinstance(found, kind) else None

    def read_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        return [each for each in self.read_mixed([kind], keys) if isinstance(each, kind)]

    def read_mixed(self, kinds: Sequence[type[Record]], keys: Sequence[Key]) -> list[Record]:
        wanted = list(dict.fromkeys(keys))
        self.calls += -(-len(wanted) // 100)
        found = [self.items[key] for key in wanted if key in self.items]
        assert all(isinstance(each, tuple(kinds)) for each in found)
        return found

    def list_partition(self, partition: str, kinds: dict[str, type[Record]]) -> list[Record]:
        found = self._query(partition, "")
        return [each for each in found if each.key.place.split("#")[0] in kinds]

    def list_open(self, kind: type[R], work: str, before: datetime | None = None) -> list[R]:
        self.calls += 1
        found = [
            (each.open_work.since, each)
            for each in self.items.values()
            if isinstance(each, kind) and each.open_work and each.open_work.kind == work
        ]
        return [
            each
            for since, each in sorted(found, key=lambda pair: pair[0])
            if before is None or since < before
        ]

    def write(self, *changes: Change) -> None:
        assert len(changes) <= 100
        assert len({change.record.key for change in changes}) == len(changes)
        self.calls += 1
        for change in changes:
            known = self.items.get(change.record.key)
            if (known.revision if known else 0) != change.record.revision:
                raise Conflict([change.record.key])
        for change in changes:
            if isinstance(change, Put):
                record = change.record
                kept = record.model_copy(update={"revision": record.revision + 1})
                self.items[record.key] = kept
            elif not isinstance(change, Unchanged):
                del self.items[change.record.key]

    def _query(self, partition: str, prefix: str) -> list[Record]:
        self.calls += 1
        return [
            self.items[key]
            for key in sorted(self.items)
            if key.partition == partition and key.place.startswith(prefix)
        ]

    def list(self, kind: type[R], partition: str, prefix: str) -> list[R]:
        return [each for each in self._query(partition, prefix) if isinstance(each, kind)]
