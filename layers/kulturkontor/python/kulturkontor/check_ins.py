"""Who was there: noted by staff at the door of a gathering, one municipality at a time.

What is noted counts before what the municipality said: a claim begins with those who came, and a
cost of somebody who did not come waits for staff.
"""

from collections.abc import Mapping
from datetime import datetime

from kulturkontor.applications import Application
from kulturkontor.attendance import AttendanceError
from kulturkontor.participation import check_ins_at, is_away, participants_at
from kulturkontor.people import CheckIn
from kulturkontor.programme import OSLO, Gathering


def has_begun(gathering: Gathering, at: datetime) -> bool:
    return at.astimezone(OSLO).date() >= gathering.first_day


def with_check_ins(
    application: Application,
    gathering: Gathering,
    came: Mapping[str, bool | None],
    *,
    at: datetime,
) -> Application:
    """The application with what was noted of these participants, by their ids; None takes the note
    back. Raises AttendanceError.
    """
    if gathering.is_cancelled:
        raise AttendanceError("gathering_cancelled")
    if not has_begun(gathering, at):
        raise AttendanceError("not_begun")
    if set(came) - {each.id for each in participants_at(application, gathering.id)}:
        raise AttendanceError("unknown_participant")
    known = check_ins_at(application, gathering.id)
    changes = {each: new for each, new in came.items() if new != known.get(each)}
    if not changes:
        return application
    kept = [
        each
        for each in application.check_ins
        if each.gathering != gathering.id or each.participant not in changes
    ]
    new = [
        CheckIn(gathering=gathering.id, participant=each, came=is_there, at=at)
        for each, is_there in changes.items()
        if is_there is not None
    ]
    return application.but(check_ins=(*kept, *new))


def not_noted(application: Application, gathering: Gathering) -> list[str]:
    """The ids of those of whom nothing has been noted yet."""
    known = check_ins_at(application, gathering.id)
    return [each.id for each in participants_at(application, gathering.id) if each.id not in known]


def expected(application: Application, gathering: Gathering) -> list[str]:
    """The ids of those who may come: all but those who said that they do not, or did not."""
    return [
        each.id
        for each in participants_at(application, gathering.id)
        if not is_away(application, gathering.id, each.id)
    ]
