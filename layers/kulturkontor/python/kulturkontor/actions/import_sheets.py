"""Take in a sheet from staff: validated whole; a faulty one writes its report and nothing else."""

from datetime import datetime

from pydantic import TypeAdapter

from kulturkontor import sheet_notices
from kulturkontor.actions.decide import apply_decisions, own_language, read_rows, to_decide
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.actions.propose import read_order
from kulturkontor.actions.read_conflicts import read_conflicts
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application, ApplicationState, application_key
from kulturkontor.decision_sheet import write_decision_sheet
from kulturkontor.decisions import Decision, Outcome, decision_digest
from kulturkontor.fault_report import write_fault_report
from kulturkontor.letters import letter_language
from kulturkontor.municipalities import municipality
from kulturkontor.programme import Language, Programme
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.sheet_files import MAX_BYTES
from kulturkontor.sheet_imports import SheetImport, SheetState, sheet_key
from kulturkontor.sheet_rows import DecisionIn, DecisionRow, ExpectedRow, RowStatus
from kulturkontor.sheets import read_decision_sheet

_DECISIONS = TypeAdapter(tuple[DecisionIn, ...])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def decision_sheet(programme: Programme, *, by: str, at: datetime, records: Records) -> bytes:
    """The sheet that staff fill in: one row for each application that still gets an answer, without
    those that a conflict of interest closes to whoever asks for it.
    """
    conflicts = read_conflicts(by, programme, records)
    rows = [
        row
        for row in to_decide(read_rows(programme, records))
        if row.state is ApplicationState.SUBMITTED
        and not _is_told(row)
        and not conflicts.close(row.id, row.kommunenummer)
    ]
    found = records.read_many(Application, [application_key(row.id) for row in rows])
    return write_decision_sheet(
        [_decision_row(each, programme) for each in found], programme, made_at=at
    )


def import_decisions(
    sheet_id: str,
    *,
    version: str | None,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    office: Archive,
    archive: Archive,
    mail_queue: Queue,
) -> SheetImport | None:
    """What became of the sheet; None when nobody announced it.

    A clean sheet's decisions are kept before the first is written; started again after a fault, it
    writes exactly the rest of those, whatever has happened to the applications meanwhile.
    """
    sheet = records.read(SheetImport, sheet_key(programme.id, sheet_id))
    if sheet is None or sheet.state in (SheetState.FAULTY, SheetState.APPLIED):
        return sheet
    if sheet.state is SheetState.WAITING:
        order = read_order(programme, records, by=sheet.by, at=now)
        data = office.read(sheet.object_key, version=version, limit=MAX_BYTES)
        expected = _expected(sheet.by, programme, records)
        result = read_decision_sheet(data, expected=expected, programme=programme)
        sheet = sheet.but(object_version=version or "")
        if result.faults:
            report = write_fault_report(result.faults, warnings=result.warnings, made_at=now)
            faulty = sheet.but(
                state=SheetState.FAULTY,
                faults=len(result.faults),
                report_key=f"reports/{programme.id}/{sheet.id}.xlsx",
            )
            archive.write_once(faulty.report_key, report, media_type=XLSX)
            mail = sheet_notices.sheet_faulty(faulty, programme, now, staff_address)
            commit([Put(faulty)], [mail], records=records, mail_queue=mail_queue)
            return faulty
        kept = _DECISIONS.dump_json(result.rows)
        archive.write_once(_kept_key(sheet), kept, media_type="application/json")
        applying = sheet.but(state=SheetState.APPLYING, rows=len(result.rows))
        records.write(Put(applying), Put(order))
    decisions = _DECISIONS.validate_json(archive.read(_kept_key(sheet)))
    apply_decisions(
        decisions, source=sheet.id, by=sheet.by, at=now, programme=programme, records=records
    )

    def finish() -> SheetImport:
        known = records.read(SheetImport, sheet.key)
        if known is None or known.state is SheetState.APPLIED:
            return known or sheet
        applied = known.but(state=SheetState.APPLIED, applied_at=now)
        mail = sheet_notices.sheet_applied(applied, programme, now, staff_address)
        commit([Put(applied)], [mail], records=records, mail_queue=mail_queue)
        return applied

    return decide_again(finish)


def _kept_key(sheet: SheetImport) -> str:
    return f"reports/{sheet.programme}/{sheet.id}-decisions.json"


def _is_told(row: ApplicationRow) -> bool:
    return any(mark.is_told for mark in row.letters)


def _expected(by: str, programme: Programme, records: Records) -> dict[str, ExpectedRow]:
    rows = [row for row in read_rows(programme, records) if row.reference]
    decided = [application_key(row.id) for row in rows if row.letters and not _is_told(row)]
    standing = {
        each.id: each.decision
        for each in records.read_many(Application, decided)
        if each.decision and not _is_own_proposal(each.decision, by)
    }
    conflicts = read_conflicts(by, programme, records)
    return {
        row.reference: _expected_row(
            row, standing.get(row.id), conflicts.close(row.id, row.kommunenummer), programme
        )
        for row in rows
        if row.reference
    }


def _is_own_proposal(decision: Decision, by: str) -> bool:
    """Theirs to write over: a sheet may be sent again."""
    return decision.is_by(by) and not decision.is_confirmed


def _expected_row(
    row: ApplicationRow, standing: Decision | None, is_closed: bool, programme: Programme
) -> ExpectedRow:
    here = municipality(row.kommunenummer)
    own = letter_language(here.written_form, row.language, None, programme)
    return ExpectedRow(
        municipality=here.official_name,
        state=row.state,
        letter_language=own,
        is_told=_is_told(row),
        rank=row.rank if row.outcome == Outcome.WAITLISTED else None,
        is_closed=is_closed,
        standing=_as_written(row.reference or "", standing, own) if standing else None,
        digest=decision_digest(standing),
    )


def _as_written(reference: str, decision: Decision, own: Language) -> DecisionIn:
    return DecisionIn(
        reference=reference,
        outcome=decision.outcome,
        rank=decision.rank,
        reason=decision.reason,
        conditions=decision.conditions,
        language=decision.language if decision.language != own else None,
        language_reason=decision.language_reason,
    )


def _decision_row(application: Application, programme: Programme) -> DecisionRow:
    here = municipality(application.kommunenummer)
    decision = application.decision
    own = own_language(application, programme)
    status = RowStatus.COMPLETE if application.is_complete else RowStatus.INCOMPLETE
    return DecisionRow(
        reference=application.reference or "",
        municipality=here.official_name,
        county=here.county,
        population=here.population,
        status=RowStatus.LATE if application.is_late else status,
        received_at=application.received_at or application.saved_at,
        letter_language=own,
        outcome=decision.outcome if decision else None,
        rank=decision.rank if decision else None,
        reason=decision.reason if decision else "",
        conditions=decision.conditions if decision else "",
        language=decision.language if decision and decision.language != own else None,
        language_reason=decision.language_reason if decision else "",
        seen=decision_digest(decision),
    )
