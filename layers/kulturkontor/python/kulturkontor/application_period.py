"""What the deadline lets an applicant do with an application.

«Søknadsfrist: 13. april»: until then a draft is written and a sent application is corrected. After
it what was begun in time can be read, and sent as it stands; what is begun after it can be written
and sent: both are kept, and marked late. Leave from staff (an extension) counts as being in time,
once. Parts that staff have asked for more of are open until the time they set; what is sent then
holds changes of those parts only.
"""

from datetime import datetime
from typing import Any, Literal

from kulturkontor.application_form import Answers
from kulturkontor.application_parts import Part, questions_of
from kulturkontor.applications import STANDING, Application, ApplicationState
from kulturkontor.programme import Programme

Phase = Literal["before", "open", "late", "closed"]


def phase(programme: Programme, at: datetime) -> Phase:
    """Where the application period stands: late ones are kept until the answers go out."""
    if at < programme.opens_at:
        return "before"
    if at < programme.closes_at:
        return "open"
    return "late" if at < programme.released_at else "closed"


def has_extension(application: Application, at: datetime) -> bool:
    """Leave that has neither been used nor run out."""
    leave = application.extension
    return leave is not None and leave.used_at is None and at < leave.until


def is_in_time(application: Application, programme: Programme, at: datetime) -> bool:
    return at < programme.closes_at or has_extension(application, at)


def can_write(application: Application, programme: Programme, at: datetime) -> bool:
    """Whether answers may be changed: a draft's own, or what a sent application is to become."""
    if application.state is not ApplicationState.DRAFT:
        return application.state in STANDING and is_in_time(application, programme, at)
    if has_extension(application, at):
        return True
    now = phase(programme, at)
    begun_late = application.created_at >= programme.closes_at
    return now == "open" or (now == "late" and begun_late)


def can_send(application: Application, programme: Programme, at: datetime) -> bool:
    """A draft until the answers go out, late or not; a sent application in time, or what staff have
    asked for more of.
    """
    if application.state is ApplicationState.DRAFT:
        return phase(programme, at) in ("open", "late") or has_extension(application, at)
    return can_write(application, programme, at) or bool(reopened_parts(application, at))


def reopened_parts(application: Application, at: datetime) -> frozenset[Part]:
    """What staff have asked for more of, as long as it may be sent."""
    asked = application.reopened
    if asked is None or asked.closed_at is not None or at >= asked.until:
        return frozenset()
    return frozenset(asked.parts) if application.state in STANDING else frozenset()


def can_write_part(
    application: Application, part: Part, programme: Programme, at: datetime
) -> bool:
    return can_write(application, programme, at) or part in reopened_parts(application, at)


def is_supplement(application: Application, programme: Programme, at: datetime) -> bool:
    """Whether what is sent now can only add to the parts that staff asked for."""
    return not can_write(application, programme, at) and bool(reopened_parts(application, at))


def as_sendable(application: Application, programme: Programme, at: datetime) -> Application:
    """The application with those of its corrections that may be sent now; after the deadline what
    was never sent stays unsent but in the parts that staff have asked for more of.
    """
    if application.pending is None or not is_supplement(application, programme, at):
        return application
    sent, pending = (each.model_dump() for each in (application.answers, application.pending))
    for part in reopened_parts(application, at):
        for question in questions_of(part):
            _take(sent, pending, question.field)
    answers = Answers.model_validate(sent)
    return application.but(pending=None if answers == application.answers else answers)


def _take(target: dict[str, Any], source: dict[str, Any], field: str) -> None:
    *path, last = field.split(".")
    for name in path:
        target, source = target[name], source[name]
    target[last] = source[last]
