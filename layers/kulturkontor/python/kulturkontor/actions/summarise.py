"""The summary that staff get as often as they chose: four AWS calls as long as the programme's
rows are one page of a query.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from kulturkontor import staff_summaries
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.mails import STAFF, Mail
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Conflict, Record, Records
from kulturkontor.release import Release
from kulturkontor.release_control import ReleaseControl
from kulturkontor.sheet_imports import SheetImport, SheetState
from kulturkontor.staff_tasks import count_release_tasks

_KINDS: Final[dict[str, type[Record]]] = {
    "APPLICATION": ApplicationRow,
    "RELEASE": Release,
    "RELEASE-CONTROL": ReleaseControl,
    "SHEET": SheetImport,
}


def send_staff_summary(
    *, now: datetime, to: str, programme: Programme, records: Records, mail_queue: Queue
) -> Mail | None:
    """One mail a day; None when today's has gone, none is due, there is nothing to tell, or the
    programme is over.
    """
    today = now.astimezone(OSLO).date()
    if today > programme.ends or not staff_summaries.is_due(programme, today):
        return None
    found = records.list_partition(programme_partition(programme.id), _KINDS)
    rows = [each for each in found if isinstance(each, ApplicationRow)]
    waiting = records.list_open(Mail, STAFF)
    tasks = _release_tasks(rows, found, programme, now)
    mail = staff_summaries.staff_summary(rows, waiting, programme, now, to, tasks)
    if mail is None:
        return None
    try:
        commit([], [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return None
    return mail


def _release_tasks(
    rows: Sequence[ApplicationRow], found: Sequence[Record], programme: Programme, now: datetime
) -> dict[str, int]:
    sheets = [each for each in found if isinstance(each, SheetImport)]
    return count_release_tasks(
        rows,
        next((each for each in found if isinstance(each, Release)), None),
        next((each for each in found if isinstance(each, ReleaseControl)), None),
        sheet_is_applying=any(each.state is SheetState.APPLYING for each in sheets),
        programme=programme,
        now=now,
    )
