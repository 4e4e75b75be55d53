"""Write a start sheet that staff said «Før inn» of: all rows or none, in the function of sheets.

Before the first row everything is looked over again, as things stand now: with any fault nothing is
written, and the sheet says what has changed since it was read. From then on the rows go in some
groups at a time, each time in one transaction with how far the sheet has come. So whatever stops on
the way, the next delivery of the message (or `sweep`'s) writes exactly the rest, and two at once
share the work. What somebody overtakes in those seconds is never written over: its rows are told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from kulturkontor.actions.decide import read_rows as read_application_rows
from kulturkontor.actions.decide import to_decide
from kulturkontor.actions.ports import Archive
from kulturkontor.actions.start_checks import Group, check, groups, plan_groups
from kulturkontor.actions.start_reports import keep_checked
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Conflict, Put, Records, decide_again
from kulturkontor.release import Release, release_key
from kulturkontor.sheet_imports import SheetImport, SheetState
from kulturkontor.start_plans import Desk, Planned
from kulturkontor.start_rows import StartRow
from kulturkontor.start_sheets import StartKind

AT_ONCE: Final = 24
"""Groups of one transaction: at most four records of each, with the sheet's own at most 100."""


def write_sheet(
    sheet: SheetImport,
    rows: Sequence[StartRow],
    *,
    now: datetime,
    programme: Programme,
    records: Records,
    archive: Archive,
) -> SheetImport:
    """What became of the sheet: `applied`, or `faulty` with nothing written."""
    every = list(groups(rows))

    def step() -> SheetImport:
        known = records.read(SheetImport, sheet.key) or sheet
        if not _is_under_way(known):
            return known
        desk = Desk(programme, known.id, known.by, known.asked_at or now, known.asked_by)
        if not known.written:
            return _begin(known, every, desk, records, archive)
        some = list(islice(_left(known, every), AT_ONCE))
        planned = plan_groups(some, StartKind(known.kind), desk, records)
        return _write_some(known, some, planned, records)

    while _is_under_way(reached := decide_again(step)):
        pass
    if reached.state is not SheetState.APPLYING:
        return reached
    if sheet.kind == StartKind.MUNICIPALITIES:
        _release_by_hand(programme, now, records)
    return decide_again(lambda: _finish(sheet, now, records))


def _is_under_way(sheet: SheetImport) -> bool:
    return sheet.state is SheetState.APPLYING and sheet.written < sheet.rows


def _begin(
    sheet: SheetImport,
    every: Sequence[Group],
    desk: Desk,
    records: Records,
    archive: Archive,
) -> SheetImport:
    """The first rows, once all of them are clean; the sheet refused if they are not."""
    faults, planned = check(every, StartKind(sheet.kind), desk, records)
    if faults:
        refused = keep_checked(sheet, [], faults, archive)
        records.write(Put(refused))
        return refused
    begun = sheet.but(made=0, unchanged=0)
    return _write_some(begun, every[:AT_ONCE], planned[:AT_ONCE], records)


def _write_some(
    sheet: SheetImport, some: Sequence[Group], planned: Sequence[Planned], records: Records
) -> SheetImport:
    overtaken = [group for group, each in zip(some, planned, strict=True) if each.faults]
    skipped = [row.number for group in overtaken for row in group]
    gone_through, made = sum(map(len, some)), sum(each.made for each in planned)
    further = sheet.but(
        written=sheet.written + gone_through,
        made=sheet.made + made,
        unchanged=sheet.unchanged + gone_through - made - len(skipped),
        skipped_rows=(*sheet.skipped_rows, *skipped),
    )
    changes = [change for each in planned for change in each.changes]
    records.write(Put(further), *changes)
    return further


def _left(sheet: SheetImport, every: Sequence[Group]) -> Iterator[Group]:
    """The groups that have not been gone through yet."""
    passed = 0
    for group in every:
        if passed >= sheet.written:
            yield group
        passed += len(group)


def _finish(sheet: SheetImport, now: datetime, records: Records) -> SheetImport:
    known = records.read(SheetImport, sheet.key) or sheet
    if known.state is SheetState.APPLIED:
        return known
    applied = known.but(state=SheetState.APPLIED, applied_at=now)
    records.write(Put(applied))
    return applied


def _release_by_hand(programme: Programme, now: datetime, records: Records) -> None:
    """Once the letters' day has passed and every answer was told by hand, the release is over: the
    letters of later offers need its figures.
    """
    rows = to_decide(read_application_rows(programme, records))
    known = records.read(Release, release_key(programme.id))
    if known is not None or now < programme.released_at or not all(row.is_imported for row in rows):
        return
    release = Release(
        programme=programme.id,
        released_at=now,
        letter_date=now.astimezone(OSLO).date(),
        applications=len(rows),
        places=programme.decision.places,
        reported=("sent", "closed"),
    )
    try:
        records.write(Put(release))
    except Conflict:
        return  # another sheet did it this moment
