"""The summary that staff get as often as they chose: four AWS calls, up to two thousand
applications.
"""

from datetime import datetime

from kulturkontor import staff_summaries
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.mails import STAFF, Mail
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Conflict, Records


def send_staff_summary(
    *, now: datetime, to: str, programme: Programme, records: Records, mail_queue: Queue
) -> Mail | None:
    """One mail a day; None when today's has gone, none is due, there is nothing to tell, or the
    programme is over.
    """
    today = now.astimezone(OSLO).date()
    if today > programme.ends or not staff_summaries.is_due(programme, today):
        return None
    rows = records.list(ApplicationRow, programme_partition(programme.id), "APPLICATION#")
    waiting = records.list_open(Mail, STAFF)
    mail = staff_summaries.staff_summary(rows, waiting, programme, now, to)
    if mail is None:
        return None
    try:
        commit([], [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return None
    return mail
