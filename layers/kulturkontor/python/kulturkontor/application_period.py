"""What the deadline lets an applicant do with an application.

«Søknadsfrist: 13. april»: until then a draft is written and a sent application is corrected. After
it what was begun in time can be read, and sent as it stands; what is begun after it can be written
and sent: both are kept, and marked late. Leave from staff (an extension) counts as being in time,
once.
"""

from datetime import datetime

from kulturkontor.applications import Application, ApplicationState, phase
from kulturkontor.programme import Programme

_SENT = frozenset({ApplicationState.SUBMITTED, ApplicationState.COMPETING})


def has_extension(application: Application, at: datetime) -> bool:
    """Leave that has neither been used nor run out."""
    leave = application.extension
    return leave is not None and leave.used_at is None and at < leave.until


def is_in_time(application: Application, programme: Programme, at: datetime) -> bool:
    return at < programme.closes_at or has_extension(application, at)


def can_write(application: Application, programme: Programme, at: datetime) -> bool:
    """Whether answers may be changed: a draft's own, or what a sent application is to become."""
    if application.state is not ApplicationState.DRAFT:
        return application.state in _SENT and is_in_time(application, programme, at)
    if has_extension(application, at):
        return True
    now = phase(programme, at)
    begun_late = application.created_at >= programme.closes_at
    return now == "open" or (now == "late" and begun_late)


def can_send(application: Application, programme: Programme, at: datetime) -> bool:
    """A draft until the answers go out, late or not; a sent application only in time."""
    if application.state is ApplicationState.DRAFT:
        return phase(programme, at) in ("open", "late") or has_extension(application, at)
    return can_write(application, programme, at)
