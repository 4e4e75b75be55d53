"""The decision sheet, down and up: the file goes to the bucket, the page tells its fate."""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.promise_sheets import promise_sheet, sheet_form
from kulturkontor.application_rows import programme_partition
from kulturkontor.sheet_imports import SheetImport, SheetState, sheet_key
from kulturkontor.web.office_answers import Answer, as_json, file, page, redirect
from kulturkontor.web.office_bars import closed_names
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import XLSX, origin_of, serve
from kulturkontor.web.office_visit import Handler, Visit


class SheetIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["decisions"] = "decisions"


def show_sheets(visit: Visit) -> Answer:
    sheets = visit.records.list(SheetImport, programme_partition(visit.programme.id), "SHEET#")
    came = [
        each for each in sheets if each.state is not SheetState.WAITING and each.kind == "decisions"
    ]
    return page(
        visit, "sheets", sheets=sorted(came, key=lambda each: each.promised_at, reverse=True)
    )


def show_sheet(visit: Visit) -> Answer:
    sheet = _read(visit)
    address = f"{visit.doors.office_url}/sheets/{sheet.id}?sent=1"
    is_sent = bool(visit.query("sent"))
    form = None if is_sent else _form(visit, sheet, redirect_to=address)
    return page(visit, "sheet", forms_to=origin_of(form), sheet=sheet, form=form, is_sent=is_sent)


def show_sheet_json(visit: Visit) -> Answer:
    sheet = _read(visit)
    report = f"{visit.doors.office_url}/api/sheets/{sheet.id}/report" if sheet.report_key else None
    return as_json(
        {
            "id": sheet.id,
            "kind": sheet.kind,
            "state": sheet.state,
            "rows": sheet.rows,
            "faults": sheet.faults,
            "report": report,
        }
    )


def serve_decision_sheet(visit: Visit) -> Answer:
    # The spreadsheet library is 40 modules: only who asks for the sheet waits for it.
    from kulturkontor.actions.import_sheets import decision_sheet

    data = decision_sheet(visit.programme, by=visit.by, at=visit.now, records=visit.records)
    name = f"{visit.programme.id}-{visit.now:%Y-%m-%d}.xlsx"
    return file(data, name=name, media_type=XLSX)


def serve_report(visit: Visit) -> Answer:
    sheet = _read(visit)
    if not sheet.report_key:
        raise OfficeError(404, "unknown")
    if sheet.by != visit.by and closed_names(visit):
        raise OfficeError(403, "conflict_in_whole")
    return serve(visit, sheet.report_key, file_name=f"{sheet.kind}-{sheet.id[:8]}.xlsx")


def begin_sheet(visit: Visit) -> Answer:
    sheet = promise_sheet(
        visit.sent(SheetIn).kind,
        sheet_id=visit.doors.new_id(),
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    if not visit.is_api:
        return redirect(f"/sheets/{sheet.id}")
    return as_json({"sheet": {"id": sheet.id}, "form": _form(visit, sheet)}, status=201)


def _form(
    visit: Visit, sheet: SheetImport, *, redirect_to: str | None = None
) -> dict[str, Any] | None:
    return sheet_form(
        sheet, by=visit.by, at=visit.now, office=visit.doors.office, redirect_to=redirect_to
    )


def _read(visit: Visit) -> SheetImport:
    sheet = visit.records.read(SheetImport, sheet_key(visit.programme.id, visit.params["sheet_id"]))
    if sheet is None or sheet.kind != "decisions":
        raise OfficeError(404, "unknown")
    return sheet


ROUTES: Final[dict[str, Handler]] = {
    "GET /sheets": show_sheets,
    "POST /sheets": begin_sheet,
    "GET /sheets/<sheet_id>": show_sheet,
    "GET /api/decision-sheet": serve_decision_sheet,
    "POST /api/sheets": begin_sheet,
    "GET /api/sheets/<sheet_id>": show_sheet_json,
    "GET /api/sheets/<sheet_id>/report": serve_report,
}
