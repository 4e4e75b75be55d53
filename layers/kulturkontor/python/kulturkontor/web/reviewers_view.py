"""What somebody who only assesses sees of an application: what was sent, and nothing of what the
office makes of it. No decision, proposed or told, no number on the waiting list, no reason, no
place nor what follows from one, no question and no leave of staff's, nobody else's steps.

What they see is named; what is added to an application is theirs only once it stands here.
"""

from typing import Final

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application
from kulturkontor.sessions import Role
from kulturkontor.web.office_visit import Visit

_SENT: Final = (
    *("id", "programme", "revision", "state", "answers", "language", "created_at", "saved_at"),
    *("reference", "received_at", "is_late", "version", "missing", "suspect"),
)
_SENT_ROW: Final = (
    *("id", "programme", "revision", "state", "kommunenummer", "language", "saved"),
    *("reference", "received", "late", "gaps", "suspect"),
)


def only_assesses(visit: Visit) -> bool:
    return not visit.may(Role.STAFF, Role.ADMIN)


def as_sent(application: Application) -> Application:
    return Application.model_validate({name: getattr(application, name) for name in _SENT})


def row_as_sent(row: ApplicationRow) -> ApplicationRow:
    return ApplicationRow.model_validate({name: getattr(row, name) for name in _SENT_ROW})
