"""Who comes to a gathering, and changes of beds that wait for staff's answer."""

from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.attend import rule_on_bed
from kulturkontor.actions.taking_part import read_taking_part
from kulturkontor.applications import Application
from kulturkontor.attendance import beds_asked
from kulturkontor.municipalities import municipality
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Attendance
from kulturkontor.programme import Gathering
from kulturkontor.web.office_answers import Answer, as_json, redirect
from kulturkontor.web.office_bars import require_open
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit


class BedIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    application_id: str
    participant: str
    answer: Literal["grant", "refuse"]


class Asked(NamedTuple):
    """A change of beds that waits: whose, at which gathering, and what is asked for."""

    application: Application
    municipality: str
    gathering: Gathering
    name: str
    asked: Attendance


class Coming(NamedTuple):
    municipality: str
    name: str
    presence: str
    """A Presence, or `unsaid`."""
    bed: bool


def answer_bed(visit: Visit) -> Answer:
    body = visit.sent(BedIn)
    require_open(visit, body.application_id)
    changed = rule_on_bed(
        body.application_id,
        visit.params["about"],
        body.participant,
        granted=body.answer == "grant",
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    is_from_gathering = visit.came_from.startswith("/gatherings/")
    back = visit.came_from if is_from_gathering else "/calendar"
    return as_json(changed) if visit.is_api else redirect(back)


def asked(visit: Visit, applications: list[Application]) -> list[Asked]:
    """What waits for an answer, by municipality."""
    found = []
    for application in applications:
        names = {each.id: each.name for each in application.participants}
        here = municipality(application.kommunenummer).official_name
        for each in beds_asked(application):
            gathering = visit.programme.gathering(each.gathering)
            if gathering:
                name = names.get(each.participant) or each.bed_name
                name = name or say(visit.language, "calendar.one_who_left")
                found.append(Asked(application, here, gathering, name, each))
    return found


def coming(visit: Visit, gathering: Gathering) -> list[Coming]:
    """Who is registered for the gathering, and what was said of each."""
    found = []
    for application in read_taking_part(visit.programme, visit.records):
        here = municipality(application.kommunenummer).official_name
        said = attendance_at(application, gathering.id)
        for person in participants_at(application, gathering.id):
            known = said.get(person.id)
            presence = str(known.presence) if known else "unsaid"
            found.append(Coming(here, person.name, presence, bool(known and known.bed)))
    return found


_BEDS: Final = "/calendar/<about>/beds"
ROUTES: Final[dict[str, Handler]] = {
    f"POST {_BEDS}": answer_bed,
    f"POST /api{_BEDS}": answer_bed,
}
