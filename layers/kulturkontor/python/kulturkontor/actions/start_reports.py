"""What became of reading a start sheet, kept in the archive: its rows, or what is wrong with it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.ports import Archive
from kulturkontor.sheet_imports import SheetImport, SheetState
from kulturkontor.start_rows import MODELS, StartRow
from kulturkontor.start_sheets import StartFault, StartKind

_SHORT = 16


class Checked(BaseModel):
    """Its rows, or its faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[dict[str, Any], ...] = ()
    faults: tuple[StartFault, ...] = ()


def keep_checked(
    sheet: SheetImport,
    rows: Sequence[StartRow],
    faults: Sequence[StartFault],
    archive: Archive,
) -> SheetImport:
    """The sheet as it should become: ready with these rows, or faulty. What is kept is named by its
    digest, so that looking again and finding something else never writes over it.
    """
    kept = tuple(each.model_dump(mode="json") for each in rows)
    data = Checked(rows=kept, faults=tuple(faults)).model_dump_json().encode()
    digest = hashlib.sha256(data).hexdigest()
    key = f"reports/{sheet.programme}/{sheet.id}-{digest[:_SHORT]}.json"
    archive.write_once(key, data, media_type="application/json")
    made = 0 if faults else sheet.made
    return sheet.but(
        state=SheetState.FAULTY if faults else SheetState.READY,
        faults=len(faults),
        made=made,
        unchanged=len(rows) - made,
        report_key=key,
        digest=digest,
    )


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
