"""The accounts of a year as one ZIP for the auditor: asked for, and fetched when it is ready."""

from typing import Final

from kulturkontor.actions.request_export import (
    list_year_exports,
    note_export_download,
    request_year_export,
)
from kulturkontor.web.office_answers import Answer, as_json, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_mails import NothingIn
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.year_exports import UnknownYearError, YearExport, find_export_key


def ask(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    written = visit.params["year"]
    if not (written.isascii() and written.isdigit() and len(written) == 4):
        raise OfficeError(404, "unknown")
    try:
        asked = request_year_export(
            int(written),
            by=visit.by,
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
            files_queue=visit.doors.files_queue,
        )
    except UnknownYearError as fault:
        raise OfficeError(404, "unknown") from fault
    if visit.is_api:
        return as_json(_as_told(visit, asked), status=202)
    return redirect(f"/finance/year-end?year={asked.year}")


def show_exports_json(visit: Visit) -> Answer:
    found = list_year_exports(visit.programme, visit.records)
    return as_json([_as_told(visit, each) for each in found])


def _as_told(visit: Visit, export: YearExport) -> dict[str, object]:
    told = export.model_dump(mode="json", exclude={"revision", "object_key", "programme"})
    return {"id": export.id, **told, "is_kept": export.is_kept(visit.now)}


def download(visit: Visit) -> Answer:
    """On to the ZIP, by an address that is good for a minute; who fetched it is kept."""
    visit.sent(NothingIn)
    export = _read(visit)
    note_export_download(export, by=visit.by, at=visit.now, records=visit.records)
    address = visit.doors.archive.presign_get(export.object_key, file_name=export.file_name)
    return as_json({"address": address}) if visit.is_api else redirect(address)


def _read(visit: Visit) -> YearExport:
    """One that is ready and not forgotten yet."""
    try:
        key = find_export_key(visit.programme.id, visit.params["export_id"])
    except ValueError as fault:
        raise OfficeError(404, "unknown") from fault
    export = visit.records.read(YearExport, key)
    if export is None or not export.is_kept(visit.now):
        raise OfficeError(404, "unknown")
    return export


_ONE: Final = "/finance/exports/<export_id>"
ROUTES: Final[dict[str, Handler]] = {
    "POST /finance/years/<year>": ask,
    f"POST {_ONE}": download,
    "GET /api/finance/exports": show_exports_json,
    "POST /api/finance/years/<year>": ask,
    f"POST /api{_ONE}": download,
}
