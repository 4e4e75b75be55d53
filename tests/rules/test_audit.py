"""Who changed what: each change has a row of its own, and the same change only one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kulturkontor.audit import AuditRow, audit
from kulturkontor.records import Conflict, Key, Put, Record
from tests.actions.memory_records import MemoryRecords

AT = datetime(2026, 5, 4, 8, tzinfo=UTC)


class Thing(Record):
    name: str = "one"

    @property
    def key(self) -> Key:
        return Key("THING#one", self.name)


def row(changed: Record | None = None, what: str = "attendance", **told: Any) -> AuditRow:
    made = audit(changed or Thing(revision=3), what, **{"by": "anne", "at": AT, **told}).record
    assert isinstance(made, AuditRow)
    return made


@pytest.mark.parametrize(
    "other",
    [
        row(what="group"),
        row(by="berit"),
        row(before="phone"),
        row(after="phone"),
        row(Thing(revision=4)),
        row(Thing(revision=3, name="two")),
        row(subject=Key("MAIL#one", "")),
    ],
    ids=["kind", "person", "before", "after", "again", "another record", "told of another"],
)
def test_two_changes_at_one_instant_are_two_rows(other: AuditRow) -> None:
    records = MemoryRecords()
    records.write(Put(row()))
    records.write(Put(other))
    assert len(records.items) == 2


def test_what_was_before_is_never_taken_for_what_was_after() -> None:
    assert row(before="a", after="").key != row(before="", after="a").key


def test_the_same_change_arriving_twice_is_one_row() -> None:
    records = MemoryRecords()
    records.write(Put(row()))
    with pytest.raises(Conflict):
        records.write(Put(row()))
    assert len(records.items) == 1


def test_changes_of_a_record_at_one_instant_stand_in_the_order_they_were_made() -> None:
    records = MemoryRecords()
    for revision in (11, 9, 10):
        records.write(Put(row(Thing(revision=revision), after=str(revision))))
    assert [each.after for each in records.list(AuditRow, "THING#one", "AUDIT#")] == [
        "9",
        "10",
        "11",
    ]


def test_a_row_from_before_rows_had_marks_lies_where_it_lay() -> None:
    kept = AuditRow(subject="THING#one", what="answer", by="anne", at=AT)
    assert kept.key == Key("THING#one", "AUDIT#2026-05-04T08:00:00.000000+00:00#answer")
