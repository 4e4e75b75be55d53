"""Preflight on its days, and the release when its time has come; both derived from state, tick
after tick.
"""

from datetime import datetime

from kulturkontor import staff_summaries
from kulturkontor.actions.decide import read_rows, to_decide
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.applications import ApplicationRow
from kulturkontor.decisions import LetterState
from kulturkontor.mails import STAFF, Mail
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Conflict, Put, Records
from kulturkontor.release import Release, due_preflight, find_concerns, release_key
from kulturkontor.sheet_imports import SHEET, SheetImport


def prepare_letters(
    *,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    letter_queue: Queue,
) -> dict[str, int]:
    """What this tick did: preflights mailed, letters queued."""
    if now < programme.released_at:
        days = due_preflight(now, programme)
        if days is None:
            return {"preflights": 0, "letters": 0}
        rows = read_rows(programme, records)
        concerns = find_concerns(rows, records.list_open(Mail, STAFF), programme)
        mail = staff_summaries.preflight(concerns, rows, days, programme, now, staff_address)
        try:
            commit([], [mail], records=records, mail_queue=mail_queue)
        except Conflict:
            return {"preflights": 0, "letters": 0}
        return {"preflights": 1, "letters": 0}
    rows = read_rows(programme, records)
    release = records.read(Release, release_key(programme.id))
    if release is None:
        applying = records.list_open(SheetImport, SHEET)
        if applying or not any(row.letters for row in rows):
            return {"preflights": 0, "letters": 0}
        release = Release(
            programme=programme.id,
            released_at=now,
            letter_date=now.astimezone(OSLO).date(),
            applications=sum(bool(row.reference) for row in rows),
            places=programme.decision.places,
        )
        try:
            records.write(Put(release))
        except Conflict:
            return {"preflights": 0, "letters": 0}
    waiting = [row for row in to_decide(rows) if _has_pending_letter(row)]
    letter_queue.send([{"programme": programme.id, "application": row.id} for row in waiting])
    return {"preflights": 0, "letters": len(waiting)}


def _has_pending_letter(row: ApplicationRow) -> bool:
    """Decided, confirmed by a second person, and neither told nor held."""
    last = row.letters[-1] if row.letters else None
    return last is not None and last.c and last.s is LetterState.PENDING
