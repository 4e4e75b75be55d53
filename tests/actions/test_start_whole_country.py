"""All municipalities put in by sheets at once: bounded calls, and exactly the rest after any crash.

The records are in memory, since moto reads its own whole at each write; the files are moto's.
"""

from dataclasses import replace
from typing import Any

import pytest

from kulturkontor.actions.start_checks import groups, imported_id
from kulturkontor.actions.start_reports import read_faults, read_sheet_rows
from kulturkontor.actions.start_writing import AT_ONCE
from kulturkontor.applications import Application, application_key
from kulturkontor.aws.wiring import Wiring
from kulturkontor.municipalities import all_municipalities
from kulturkontor.records import Change, Record
from kulturkontor.sheet_imports import SheetImport, SheetState
from kulturkontor.start_sheets import StartKind
from tests.actions.memory_records import MemoryRecords
from tests.office_factory import send_in
from tests.start_factory import BERGEN, CAME, MEMBERS, PAID, begin, sheet_of, take_in, upload

NUMBERS = sorted(each.kommunenummer for each in all_municipalities())
ALL = len(NUMBERS)
FEW = NUMBERS[: 2 * AT_ONCE + 5]
"""Three transactions."""


def rows_of(kind: StartKind, numbers: list[str]) -> list[dict[str, str]]:
    """What each sheet says of these municipalities, the last of them first."""
    one = {
        StartKind.MUNICIPALITIES: [BERGEN],
        StartKind.MEMBERS: MEMBERS,
        StartKind.ATTENDANCE: CAME,
        StartKind.PAYMENTS: PAID,
    }[kind]
    return [row | {"municipality": number} for number in reversed(numbers) for row in one]


def in_memory(aws: Wiring) -> tuple[Wiring, MemoryRecords]:
    memory: Any = MemoryRecords()
    return replace(aws, records=memory), memory


def announce(here: Wiring, kind: StartKind, numbers: list[str], sheet_id: str) -> SheetImport:
    """Read, clean, and asked for."""
    read = upload(here, kind, sheet_of(kind, rows_of(kind, numbers)), sheet_id)
    assert (read.state, read.made) == (SheetState.READY, read.rows)
    return begin(here, sheet_id)


def test_the_whole_country_is_put_in_with_few_calls(aws: Wiring) -> None:
    here, memory = in_memory(aws)
    for number, kind in enumerate(StartKind):
        sheet_id = f"start00{number}"
        upload(here, kind, sheet_of(kind, rows_of(kind, NUMBERS)), sheet_id)
        memory.calls = 0
        begin(here, sheet_id)
        assert memory.calls == 4  # one of them is the test's own
        memory.calls = 0
        sheet = take_in(here, sheet_id)
        assert (kind, sheet.state, sheet.made, sheet.unchanged, sheet.skipped_rows) == (
            kind,
            SheetState.APPLIED,
            sheet.rows,
            0,
            (),
        )
        transactions = -(-ALL // AT_ONCE)
        assert memory.calls <= 20 + 4 * transactions
        assert sum(1 for _ in groups(read_sheet_rows(sheet, here.archive))) == ALL
    every = [application_key(imported_id(each, here.programme)) for each in NUMBERS]
    found = memory.read_many(Application, every)
    assert [(len(each.participants), len(each.check_ins)) for each in found] == [(4, 2)] * ALL


class Crash(ConnectionError):
    """The function stops here."""


def stop_after(
    memory: MemoryRecords, writes: int, monkeypatch: pytest.MonkeyPatch, *, is_kept: bool
) -> None:
    """Before the next write, or (`is_kept`) just after it."""
    left = [writes]
    write = MemoryRecords.write

    def stopping(*changes: Change) -> None:
        if not left[0]:
            if is_kept:
                write(memory, *changes)
            raise Crash
        left[0] -= 1
        write(memory, *changes)

    monkeypatch.setattr(memory, "write", stopping)


@pytest.mark.parametrize("kind", StartKind)
def test_after_a_crash_anywhere_exactly_the_rest_is_written(
    aws: Wiring, kind: StartKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, memory = in_memory(aws)
    for number, each in enumerate(list(StartKind)[: list(StartKind).index(kind)]):
        announce(here, each, FEW, f"start00{number}")
        take_in(here, f"start00{number}")
    announce(here, kind, FEW, "start009")
    before = dict(memory.items)
    take_in(here, "start009")
    whole = dict(memory.items)
    for writes in range(4):  # three of rows, and that it is applied
        for is_kept in (False, True):
            memory.items = dict(before)
            with monkeypatch.context() as patch:
                stop_after(memory, writes, patch, is_kept=is_kept)
                with pytest.raises(Crash):
                    take_in(here, "start009")
            take_in(here, "start009")
            assert memory.items == whole


def test_the_page_s_part_that_is_pressed_twice_at_once_is_one(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, memory = in_memory(aws)
    upload(here, StartKind.MUNICIPALITIES, sheet_of(StartKind.MUNICIPALITIES, [BERGEN]))
    write = memory.write
    once = [True]

    def overtaken(*changes: Change) -> None:
        if once:
            once.pop()
            begin(here, "start001")
        write(*changes)

    monkeypatch.setattr(memory, "write", overtaken)
    assert begin(here, "start001").state is SheetState.APPLYING
    assert take_in(here, "start001").made == 1


def test_two_that_write_at_once_share_the_work(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, memory = in_memory(aws)
    announce(here, StartKind.MUNICIPALITIES, FEW, "start001")
    write = memory.write
    others = [2]

    def overtaken(*changes: Change) -> None:
        if others[0]:
            others[0] -= 1
            take_in(here, "start001")
        write(*changes)

    monkeypatch.setattr(memory, "write", overtaken)
    sheet = take_in(here, "start001")
    assert (sheet.state, sheet.made, sheet.unchanged) == (SheetState.APPLIED, len(FEW), 0)
    assert {each.revision for each in kept(memory, "APPLICATION#")} == {1}


def kept(memory: MemoryRecords, beginning: str) -> list[Record]:
    return [each for key, each in memory.items.items() if key.partition.startswith(beginning)]


def send_in_before(
    here: Wiring, memory: MemoryRecords, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One municipality of the sheet sends an application of its own just before the function's
    write of that number.
    """
    write, left = memory.write, [writes]

    def overtaken(*changes: Change) -> None:
        left[0] -= 1
        if not left[0]:
            send_in(here, FEW[-1])
        write(*changes)

    monkeypatch.setattr(memory, "write", overtaken)


def test_whoever_comes_before_the_first_row_makes_it_none(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, memory = in_memory(aws)
    announce(here, StartKind.MUNICIPALITIES, FEW[-5:], "start001")
    send_in_before(here, memory, 1, monkeypatch)
    sheet = take_in(here, "start001")
    assert (sheet.state, sheet.written, sheet.made) == (SheetState.FAULTY, 0, 0)
    assert [str(each.code) for each in read_faults(sheet, here.archive)] == ["has_application"]
    applications = [each for each in kept(memory, "APPLICATION#") if isinstance(each, Application)]
    assert len(applications) == 1


def test_whoever_comes_between_two_transactions_is_not_written_over_but_told(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, memory = in_memory(aws)
    announce(here, StartKind.MUNICIPALITIES, FEW, "start001")
    send_in_before(here, memory, 2, monkeypatch)
    sheet = take_in(here, "start001")
    first_row = 2
    assert (sheet.state, sheet.made, sheet.skipped_rows) == (
        SheetState.APPLIED,
        len(FEW) - 1,
        (first_row,),
    )
    own = application_key(imported_id(FEW[-1], here.programme))
    assert kept(memory, own.partition) == []
