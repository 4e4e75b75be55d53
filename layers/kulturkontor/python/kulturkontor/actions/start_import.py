"""Take in a start sheet: read whole and told of, then, when staff say so, written.

A sheet with any fault makes nothing. A clean one waits (`ready`) with what it would make; «Før inn»
keeps who said so of exactly those rows, and `start_writing.py` does the rest, in the function that
reads sheets. No mail goes to anybody.
"""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.actions.ports import Archive, Queue
from kulturkontor.actions.read_conflicts import read_conflicts
from kulturkontor.actions.start_checks import check, closed_rows, groups
from kulturkontor.actions.start_reports import keep_checked, read_sheet_rows
from kulturkontor.actions.start_writing import write_sheet
from kulturkontor.conflicts import ConflictError
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.sheet_files import MAX_BYTES
from kulturkontor.sheet_imports import SheetImport, SheetState, sheet_key
from kulturkontor.start_plans import Desk
from kulturkontor.start_rows import StartRow, read_rows
from kulturkontor.start_sheets import BY_TWO, StartKind, read_lines


class StartError(Refusal):
    """The sheet cannot be written; `args[0]` is the code of why."""

    codes_begin = "start_"


def take_in(
    sheet_id: str,
    *,
    version: str | None,
    now: datetime,
    programme: Programme,
    records: Records,
    office: Archive,
    archive: Archive,
) -> SheetImport | None:
    """What became of the sheet; None when nobody announced it."""
    sheet = records.read(SheetImport, sheet_key(programme.id, sheet_id))
    if sheet is None or sheet.kind not in set(StartKind):
        return None
    if sheet.state is SheetState.WAITING:
        return _read(
            sheet,
            version=version,
            now=now,
            programme=programme,
            records=records,
            office=office,
            archive=archive,
        )
    if sheet.state is SheetState.APPLYING:
        rows = read_sheet_rows(sheet, archive)
        return write_sheet(
            sheet, rows, now=now, programme=programme, records=records, archive=archive
        )
    return sheet


def begin_writing(
    sheet_id: str,
    *,
    seen: str,
    by: str,
    at: datetime,
    bucket: str,
    programme: Programme,
    records: Records,
    archive: Archive,
    sheet_queue: Queue,
) -> SheetImport:
    """«Før inn» of the rows that were shown, whose digest is `seen`: kept, and handed to the
    function that writes. Pressing twice is once. Decisions and money take somebody else than who
    uploaded them. Raises StartError, and ConflictError for a sheet with a row about a municipality
    that is closed to them.
    """
    conflicts = read_conflicts(by, programme, records)

    def attempt() -> tuple[SheetImport, bool]:
        sheet = records.read(SheetImport, sheet_key(programme.id, sheet_id))
        if sheet is None or sheet.kind not in set(StartKind):
            raise StartError("unknown")
        if sheet.state in (SheetState.APPLYING, SheetState.APPLIED):
            return sheet, False
        _require_may(sheet, seen, by)
        rows, kind = read_sheet_rows(sheet, archive), StartKind(sheet.kind)
        if closed_rows(rows, kind, conflicts, programme, records):
            raise ConflictError
        asked = sheet.but(state=SheetState.APPLYING, asked_by=by, asked_at=at)
        records.write(Put(asked))
        return asked, True

    sheet, is_new = decide_again(attempt)
    if is_new:
        sheet_queue.send([_task(sheet, bucket)])
    return sheet


def _require_may(sheet: SheetImport, seen: str, by: str) -> None:
    if sheet.state is not SheetState.READY:
        raise StartError("not_ready")
    if seen != sheet.digest:
        raise StartError("not_seen")
    if is_own(sheet, by):
        raise StartError("own_sheet")


def is_own(sheet: SheetImport, by: str) -> bool:
    """Whether a second person must say that it is written, since they uploaded it themselves."""
    return sheet.kind in BY_TWO and sheet.by.casefold() == by.casefold()


def _task(sheet: SheetImport, bucket: str) -> dict[str, object]:
    """The message S3 would have sent."""
    found: dict[str, object] = {"key": sheet.object_key}
    if sheet.object_version:
        found["version-id"] = sheet.object_version
    detail = {"bucket": {"name": bucket}, "object": found}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def _read(
    sheet: SheetImport,
    *,
    version: str | None,
    now: datetime,
    programme: Programme,
    records: Records,
    office: Archive,
    archive: Archive,
) -> SheetImport:
    kind, desk = StartKind(sheet.kind), Desk(programme, sheet.id, sheet.by, now)
    data = office.read(sheet.object_key, version=version, limit=MAX_BYTES)
    lines, faults = read_lines(data, kind)
    rows: Sequence[StartRow] = ()
    made = 0
    if not faults:
        rows, faults = read_rows(lines, kind, programme, now.astimezone(OSLO).date())
    if not faults:
        faults, planned = check(list(groups(rows)), kind, desk, records)
        made = sum(each.made for each in planned)
    read = keep_checked(
        sheet.but(object_version=version or "", rows=len(lines), made=made),
        [] if faults else rows,
        faults,
        archive,
    )
    records.write(Put(read))
    return read
