"""Promise a place for a file that staff or finance will put in the office's bucket."""

from datetime import datetime, timedelta
from typing import Any

from kulturkontor.actions.ports import Uploads
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records
from kulturkontor.sheet_files import MAX_BYTES
from kulturkontor.sheet_imports import SheetImport, SheetState

PROMISE = timedelta(hours=1)
MOST_BANK_BYTES = 5_000_000


def promise_sheet(
    kind: str, *, sheet_id: str, by: str, at: datetime, programme: Programme, records: Records
) -> SheetImport:
    """A record of the sheet to come."""
    sheet = SheetImport(id=sheet_id, programme=programme.id, kind=kind, by=by, promised_at=at)
    records.write(Put(sheet))
    return sheet


def sheet_form(
    sheet: SheetImport, *, by: str, at: datetime, office: Uploads, redirect_to: str | None = None
) -> dict[str, Any] | None:
    """The form that may send just that sheet; None once it came, or was not sent in time, and for
    everybody but whoever promised it: what it says is decided by them.
    """
    left = sheet.promised_at + PROMISE - at
    if sheet.by.casefold() != by.casefold():
        return None
    if sheet.state is not SheetState.WAITING or left <= timedelta(0):
        return None
    return office.presign_post(
        sheet.object_key,
        media_type=None,
        max_bytes=MAX_BYTES,
        seconds=int(min(left, PROMISE).total_seconds()),
        redirect_to=redirect_to,
    )


def bank_file_form(
    file_id: str, *, programme: Programme, office: Uploads, redirect_to: str | None = None
) -> dict[str, Any]:
    """The form that may send one answer of the bank (pain.002)."""
    return office.presign_post(
        f"bank/{programme.id}/{file_id}.xml",
        media_type=None,
        max_bytes=MOST_BANK_BYTES,
        seconds=int(PROMISE.total_seconds()),
        redirect_to=redirect_to,
    )
