"""Starting in the middle: four sheets in order, each looked over before it is written, and links to
the municipalities when staff say so.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.promise_sheets import promise_sheet, sheet_form
from kulturkontor.application_rows import programme_partition
from kulturkontor.days import alphabetical
from kulturkontor.decisions import PlaceState
from kulturkontor.money import format_kroner
from kulturkontor.municipalities import municipality
from kulturkontor.sheet_imports import SheetImport, SheetState, sheet_key
from kulturkontor.start_rows import MunicipalityRow, PaymentRow, StartRow
from kulturkontor.start_sheets import StartKind, describe
from kulturkontor.web.office_answers import Answer, as_json, file, page, redirect
from kulturkontor.web.office_bars import part
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import XLSX, origin_of
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

_MOST_SHOWN: Final = 100
_ANSWERED: Final = {True: PlaceState.ACCEPTED, False: PlaceState.DECLINED}


class ApplyIn(BaseModel):
    """`digest`: of the rows that were shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Step(NamedTuple):
    kind: StartKind
    sheets: Sequence[SheetImport]
    """Those that came, the newest first."""


def show_start(visit: Visit) -> Answer:
    # What links go out is found with the notices: only who asks for this page waits for them.
    from kulturkontor.actions.start_links import without_link

    sheets = visit.records.list(SheetImport, programme_partition(visit.programme.id), "SHEET#")
    came = sorted(
        (each for each in sheets if each.state is not SheetState.WAITING),
        key=lambda each: each.promised_at,
        reverse=True,
    )
    return page(
        visit,
        "start",
        steps=[Step(kind, [each for each in came if each.kind == kind]) for kind in StartKind],
        without_link=len(without_link(visit.programme, visit.records)),
    )


def serve_template(visit: Visit) -> Answer:
    # The spreadsheet library is 40 modules: only who asks for the sheet waits for it.
    from kulturkontor.start_template import write_template

    kind = _kind(visit)
    data = write_template(kind, visit.programme, visit.language, made_at=visit.now)
    return file(data, name=f"{visit.programme.id}-{kind}.xlsx", media_type=XLSX)


def begin_sheet(visit: Visit) -> Answer:
    sheet = promise_sheet(
        _kind(visit),
        sheet_id=visit.doors.new_id(),
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    if not visit.is_api:
        return redirect(f"/start/sheets/{sheet.id}")
    return as_json({"sheet": {"id": sheet.id}, "form": _form(visit, sheet)}, status=201)


def show_sheet(visit: Visit) -> Answer:
    from kulturkontor.actions.read_conflicts import read_conflicts
    from kulturkontor.actions.start_checks import closed_rows
    from kulturkontor.actions.start_import import is_own
    from kulturkontor.actions.start_reports import read_faults, read_sheet_rows

    sheet = _read(visit)
    address = f"{visit.doors.office_url}/start/sheets/{sheet.id}?sent=1"
    is_sent = bool(visit.query("sent"))
    form = None if is_sent else _form(visit, sheet, redirect_to=address)
    kind = StartKind(sheet.kind)
    archive = visit.doors.archive
    faults = read_faults(sheet, archive) if sheet.state is SheetState.FAULTY else ()
    rows = read_sheet_rows(sheet, archive) if sheet.state is SheetState.READY else []
    conflicts = read_conflicts(visit.by, visit.programme, visit.records)
    closed = closed_rows(rows, kind, conflicts, visit.programme, visit.records)
    return page(
        visit,
        "start_sheet",
        forms_to=origin_of(form),
        sheet=sheet,
        form=form,
        is_sent=is_sent,
        faults=[describe(each, kind, visit.language) for each in faults[:_MOST_SHOWN]],
        more_faults=max(len(faults) - _MOST_SHOWN, 0),
        rows=_by_municipality(visit, [each for each in rows if each not in closed]),
        municipalities=len({each.municipality for each in rows}),
        closed=len(closed),
        is_own=is_own(sheet, visit.by),
    )


def show_sheet_json(visit: Visit) -> Answer:
    from kulturkontor.actions.start_reports import read_faults

    sheet = _read(visit)
    return as_json({"sheet": sheet, "faults": read_faults(sheet, visit.doors.archive)})


def serve_report(visit: Visit) -> Answer:
    from kulturkontor.actions.start_reports import read_faults
    from kulturkontor.start_template import write_report

    sheet = _read(visit)
    faults = read_faults(sheet, visit.doors.archive)
    if not faults:
        raise OfficeError(404, "unknown")
    data = write_report(faults, StartKind(sheet.kind), visit.language, made_at=visit.now)
    return file(data, name=f"{sheet.kind}-{sheet.id[:8]}.xlsx", media_type=XLSX)


def apply_sheet(visit: Visit) -> Answer:
    from kulturkontor.actions.start_import import begin_writing

    sheet = begin_writing(
        visit.params["sheet_id"],
        seen=visit.sent(ApplyIn).digest,
        by=visit.by,
        at=visit.now,
        bucket=visit.doors.office.name,
        programme=visit.programme,
        records=visit.records,
        archive=visit.doors.archive,
        sheet_queue=visit.doors.sheet_queue,
    )
    return as_json(sheet) if visit.is_api else redirect(f"/start/sheets/{sheet.id}")


def show_links(visit: Visit) -> Answer:
    from kulturkontor.actions.start_links import without_link

    waiting = without_link(visit.programme, visit.records)
    left, closed = part(visit, waiting, lambda each: [each.id])
    shown = [
        (municipality(each.kommunenummer).official_name, each.answers.contact) for each in left
    ]
    return page(visit, "start_links", waiting=shown, closed=closed, count=len(waiting))


def send_links(visit: Visit) -> Answer:
    from kulturkontor.actions import start_links

    sent = start_links.send_links(
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json({"sent": sent}) if visit.is_api else redirect("/start")


def _by_municipality(visit: Visit, rows: Sequence[StartRow]) -> list[tuple[str, int, str]]:
    """How many rows there are about each, and what is decided or was paid: whoever says that it is
    written has to see it. In Norwegian order.
    """
    counts = Counter(each.municipality for each in rows)
    paid = Counter[str]()
    said: dict[str, str] = {}
    for row in rows:
        if isinstance(row, MunicipalityRow):
            said[row.municipality] = _decided(visit, row)
        elif isinstance(row, PaymentRow):
            paid[row.municipality] += row.travel_paid + row.night_paid
            said[row.municipality] = format_kroner(paid[row.municipality])
    found = [
        (municipality(number).official_name, count, said.get(number, ""))
        for number, count in counts.items()
    ]
    return sorted(found, key=lambda each: alphabetical(each[0]))


def _decided(visit: Visit, row: MunicipalityRow) -> str:
    outcome = say(visit.language, f"outcomes.{row.outcome}")
    if row.rank is not None:
        return f"{outcome} {row.rank}"
    if row.accepted is None:
        return outcome
    return f"{outcome}, {say(visit.language, f'places.{_ANSWERED[row.accepted]}')}"


def _form(
    visit: Visit, sheet: SheetImport, *, redirect_to: str | None = None
) -> dict[str, Any] | None:
    return sheet_form(
        sheet, by=visit.by, at=visit.now, office=visit.doors.office, redirect_to=redirect_to
    )


def _kind(visit: Visit) -> StartKind:
    try:
        return StartKind(visit.params["kind"])
    except ValueError as fault:
        raise OfficeError(404, "unknown") from fault


def _read(visit: Visit) -> SheetImport:
    sheet = visit.records.read(SheetImport, sheet_key(visit.programme.id, visit.params["sheet_id"]))
    if sheet is None or sheet.kind not in set(StartKind):
        raise OfficeError(404, "unknown")
    return sheet


_SHEET: Final = "/start/sheets/<sheet_id>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /start": show_start,
    "GET /start/links": show_links,
    "POST /start/links": send_links,
    "POST /api/start/links": send_links,
    "GET /start/templates/<kind>": serve_template,
    "POST /start/kinds/<kind>": begin_sheet,
    "POST /api/start/kinds/<kind>": begin_sheet,
    f"GET {_SHEET}": show_sheet,
    f"GET /api{_SHEET}": show_sheet_json,
    f"GET {_SHEET}/report": serve_report,
    f"POST {_SHEET}/apply": apply_sheet,
    f"POST /api{_SHEET}/apply": apply_sheet,
}
