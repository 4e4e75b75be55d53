"""Keep the list of beds as the hotel gets it: each morning for the gatherings whose day has come,
or when staff ask for it.
"""

from datetime import datetime

from kulturkontor import practice_notices
from kulturkontor.actions.check_in import gathering_of
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.taking_part import read_taking_part
from kulturkontor.attendance import AttendanceError
from kulturkontor.programme import Gathering, Programme
from kulturkontor.records import Conflict, Put, Records
from kulturkontor.rooming import RoomingList, booked_beds, freeze, is_due, rooming_key

BY_ITSELF = "remind"


def freeze_beds(
    *,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> int:
    """How many lists were frozen this morning; staff are told of each."""
    frozen = 0
    for gathering in programme.gatherings:
        if not is_due(programme, gathering, now) or read_frozen(gathering, programme, records):
            continue
        rooming = _freeze(gathering, BY_ITSELF, now, programme, records)
        mail = practice_notices.beds_frozen(rooming, gathering, programme, now, staff_address)
        try:
            commit([Put(rooming)], [mail], records=records, mail_queue=mail_queue)
            frozen += 1
        except Conflict:
            continue  # somebody did it this moment
    return frozen


def freeze_now(
    gathering_id: str, *, by: str, at: datetime, programme: Programme, records: Records
) -> RoomingList:
    """By the button, once the hotel's day has passed; a list that is there stays as it is.

    Raises AttendanceError.
    """
    gathering = gathering_of(gathering_id, programme)
    if not is_due(programme, gathering, at):
        raise AttendanceError("not_to_freeze")
    known = read_frozen(gathering, programme, records)
    if known is not None:
        return known
    rooming = _freeze(gathering, by, at, programme, records)
    records.write(Put(rooming))
    return rooming


def read_frozen(gathering: Gathering, programme: Programme, records: Records) -> RoomingList | None:
    key = rooming_key(programme.id, gathering.id, gathering.first_day)
    return records.read(RoomingList, key)


def _freeze(
    gathering: Gathering, by: str, at: datetime, programme: Programme, records: Records
) -> RoomingList:
    beds = booked_beds(read_taking_part(programme, records), gathering)
    return freeze(programme, gathering, beds, by=by, at=at)
