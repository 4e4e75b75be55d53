"""Take in a start sheet: read whole and told of, then, when staff say so, written.

A sheet with any fault makes nothing. A clean one waits (`ready`) with what it would make; «Før inn»
sets it to `applying`, and its rows are written municipality by municipality by conditional writes:
started again after a fault, exactly the rest is. No mail goes to anybody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.decide import read_rows as read_application_rows
from kulturkontor.actions.decide import to_decide
from kulturkontor.actions.ports import Archive, Queue
from kulturkontor.actions.start_checks import Group, check, groups, plan, taking_part_by_number
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Conflict, Put, Records, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.release import Release, release_key
from kulturkontor.sheet_files import MAX_BYTES
from kulturkontor.sheet_imports import SheetImport, SheetState, sheet_key
from kulturkontor.start_plans import Desk
from kulturkontor.start_rows import MODELS, StartRow, read_rows
from kulturkontor.start_sheets import StartFault, StartKind, read_lines


class StartError(Refusal):
    """The sheet cannot be written; `args[0]` is the code of why."""

    codes_begin = "start_"


class Checked(BaseModel):
    """What became of reading a sheet: its rows, or its faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[dict[str, Any], ...] = ()
    faults: tuple[StartFault, ...] = ()


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
        return _write(sheet, now=now, programme=programme, records=records, archive=archive)
    return sheet


def begin_writing(
    sheet_id: str,
    *,
    by: str,
    at: datetime,
    bucket: str,
    programme: Programme,
    records: Records,
    archive: Archive,
    sheet_queue: Queue,
) -> SheetImport:
    """«Før inn»: looked over once more, and handed to the function that writes. Pressing twice is
    once. Raises StartError.
    """
    sheet = records.read(SheetImport, sheet_key(programme.id, sheet_id))
    if sheet is None or sheet.kind not in set(StartKind):
        raise StartError("unknown")
    if sheet.state in (SheetState.APPLYING, SheetState.APPLIED):
        return sheet
    if sheet.state is not SheetState.READY:
        raise StartError("not_ready")
    rows = read_sheet_rows(sheet, archive)
    desk = Desk(programme, sheet.id, by, at)
    if check(rows, StartKind(sheet.kind), desk, records)[0]:
        raise StartError("changed_meanwhile")
    applying = sheet.but(state=SheetState.APPLYING, by=by)
    records.write(Put(applying))
    found: dict[str, object] = {"key": sheet.object_key}
    if sheet.object_version:
        found["version-id"] = sheet.object_version
    detail = {"bucket": {"name": bucket}, "object": found}
    created = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
    sheet_queue.send([created])
    return applying


def read_faults(sheet: SheetImport, archive: Archive) -> tuple[StartFault, ...]:
    """What is wrong with a sheet that was refused."""
    return _read_checked(sheet, archive).faults


def read_sheet_rows(sheet: SheetImport, archive: Archive) -> list[StartRow]:
    """The rows of a clean sheet."""
    model = MODELS[StartKind(sheet.kind)]
    return [model.model_validate(each) for each in _read_checked(sheet, archive).rows]


def _read_checked(sheet: SheetImport, archive: Archive) -> Checked:
    if not sheet.report_key:
        return Checked()
    return Checked.model_validate_json(archive.read(sheet.report_key))


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
        faults, made = check(rows, kind, desk, records)
    kept = [] if faults else [each.model_dump(mode="json") for each in rows]
    checked = Checked(rows=tuple(kept), faults=tuple(faults))
    read = sheet.but(
        state=SheetState.FAULTY if faults else SheetState.READY,
        object_version=version or "",
        rows=len(lines),
        faults=len(faults),
        made=made,
        unchanged=0 if faults else len(rows) - made,
        report_key=f"reports/{programme.id}/{sheet.id}-start.json",
    )
    archive.write_once(
        read.report_key, checked.model_dump_json().encode(), media_type="application/json"
    )
    records.write(Put(read))
    return read


def _write(
    sheet: SheetImport,
    *,
    now: datetime,
    programme: Programme,
    records: Records,
    archive: Archive,
) -> SheetImport:
    kind, desk = StartKind(sheet.kind), Desk(programme, sheet.id, sheet.by, now)
    rows = read_sheet_rows(sheet, archive)
    taking_part = taking_part_by_number(programme, records)
    skipped = 0
    for group in groups(rows):

        def attempt(group: Group = group) -> int:
            planned = plan(kind, group, taking_part, desk, records)
            if planned.faults:
                return len(group)
            if planned.changes:
                records.write(*planned.changes)
            return 0

        skipped += decide_again(attempt)
    if kind is StartKind.MUNICIPALITIES:
        _release_by_hand(programme, now, records)

    def finish() -> SheetImport:
        known = records.read(SheetImport, sheet.key)
        if known is None or known.state is SheetState.APPLIED:
            return known or sheet
        applied = known.but(state=SheetState.APPLIED, applied_at=now, skipped=skipped)
        records.write(Put(applied))
        return applied

    return decide_again(finish)


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
