"""«Send lenker»: the first mail to the municipalities that were put in by a sheet, when staff say
so.
"""

from datetime import datetime

from kulturkontor import start_notices
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application, application_key
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.mails import Mail, mail_key
from kulturkontor.programme import Programme
from kulturkontor.records import Records

_AT_A_TIME = 50
_TO_ANSWER = (PlaceState.OFFERED, PlaceState.ACCEPTED)


def without_link(programme: Programme, records: Records) -> list[Application]:
    """Those who have something to do here, and whose contact has not been sent a link yet."""
    rows = [row for row in read_rows(programme, records) if _is_concerned(row)]
    found = records.read_many(Application, [application_key(row.id) for row in rows])
    keys = {each.id: mail_key(programme.id, start_notices.link_id(each)) for each in found}
    sent = {mail.id for mail in records.read_many(Mail, list(keys.values()))}
    unsent = [each for each in found if start_notices.link_id(each) not in sent]
    return sorted(unsent, key=lambda each: each.reference or "")


def send_links(*, at: datetime, programme: Programme, records: Records, mail_queue: Queue) -> int:
    """To each of them once; how many. Pressing again after a fault sends exactly the rest."""
    mails = [
        start_notices.start_link(each, programme, at) for each in without_link(programme, records)
    ]
    for start in range(0, len(mails), _AT_A_TIME):
        commit([], mails[start : start + _AT_A_TIME], records=records, mail_queue=mail_queue)
    return len(mails)


def _is_concerned(row: ApplicationRow) -> bool:
    waits = row.outcome == Outcome.WAITLISTED and row.place is None
    return row.is_imported and row.is_live and (waits or row.place in _TO_ANSWER)
