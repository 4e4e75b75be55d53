"""Somebody asks for the accounts of a year as one ZIP; it is made in the background."""

from contextlib import suppress
from datetime import datetime

from kulturkontor.actions.ports import Queue
from kulturkontor.application_rows import programme_partition
from kulturkontor.audit import audit
from kulturkontor.programme import Programme
from kulturkontor.records import Conflict, Put, Records, decide_again
from kulturkontor.year_exports import ExportState, UnknownYearError, YearExport, years_of


def request_year_export(
    year: int,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    files_queue: Queue,
) -> YearExport:
    """The request. While one of the year is on its way, it is that one, and it is hurried.

    Raises UnknownYearError.
    """
    if year not in years_of(programme, at):
        raise UnknownYearError(str(year))

    def attempt() -> YearExport:
        known = records.list(YearExport, programme_partition(programme.id), f"EXPORT#{year}#")
        if known and known[-1].state is ExportState.REQUESTED:
            return known[-1]
        export = YearExport(
            programme=programme.id,
            year=year,
            number=known[-1].number + 1 if known else 1,
            requested_by=by,
            requested_at=at,
        )
        records.write(Put(export), audit(export, f"export#{export.id}", by=by, at=at))
        return export

    export = decide_again(attempt)
    files_queue.send([export_task(export)])
    return export


def export_task(export: YearExport) -> dict[str, object]:
    """The message that has the ZIP made."""
    return {"programme": export.programme, "export": export.id}


def note_export_download(export: YearExport, *, by: str, at: datetime, records: Records) -> None:
    """Somebody fetched the ZIP."""
    with suppress(Conflict):  # told already: the same ZIP at the same moment
        records.write(audit(export, f"download#{export.id}", by=by, at=at))


def list_year_exports(programme: Programme, records: Records) -> list[YearExport]:
    """Newest year first, and of a year the newest first; those the table has not forgotten yet."""
    found = records.list(YearExport, programme_partition(programme.id), "EXPORT#")
    return sorted(found, key=lambda each: (each.year, each.number), reverse=True)
