"""The municipalities whom the gatherings and the meetings concern."""

from collections.abc import Iterable

from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.read_known import made_known
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application, application_key
from kulturkontor.calendar_changes import Event
from kulturkontor.decisions import PlaceState
from kulturkontor.participation import open_place
from kulturkontor.programme import Gathering, Programme
from kulturkontor.records import Records


def read_taking_part(programme: Programme, records: Records) -> list[Application]:
    """The applications of the municipalities that have taken their place."""
    rows = read_rows(programme, records)
    return _read((row for row in rows if _has_place(row, PlaceState.ACCEPTED)), records)


def read_concerned(event: Event, programme: Programme, records: Records) -> list[Application]:
    """Whom a change concerns: who takes part; of a gathering also who has been sent an offer and
    has not answered, since the letter has the gathering's days.
    """
    if not isinstance(event, Gathering):
        return read_taking_part(programme, records)
    states = (PlaceState.ACCEPTED, PlaceState.OFFERED)
    rows = read_rows(programme, records)
    found = _read((row for row in rows if any(_has_place(row, each) for each in states)), records)
    known = {each.id for each in made_known(filter(has_open_offer, found), records)}
    return [each for each in found if not is_offered(each) or each.id in known]


def is_offered(application: Application) -> bool:
    """Whether there is a place that the municipality has not answered for."""
    return application.place is not None and application.place.state is PlaceState.OFFERED


def has_open_offer(application: Application) -> bool:
    return is_offered(application) and open_place(application) is not None


def _has_place(row: ApplicationRow, state: PlaceState) -> bool:
    return row.is_live and row.place == state


def _read(rows: Iterable[ApplicationRow], records: Records) -> list[Application]:
    found = records.read_many(Application, [application_key(row.id) for row in rows])
    return sorted(found, key=lambda each: each.reference or "")
