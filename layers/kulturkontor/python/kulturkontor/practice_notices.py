"""The mails to staff about gatherings in practice. In bokmål; no personal names."""

from datetime import datetime

from kulturkontor.days import format_days
from kulturkontor.mails import Mail
from kulturkontor.own_phrases import phrase_of
from kulturkontor.programme import Gathering, Programme
from kulturkontor.rooming import RoomingList
from kulturkontor.staff_mail import notice


def beds_frozen(
    rooming: RoomingList, gathering: Gathering, programme: Programme, now: datetime, to: str
) -> Mail:
    """The hotel's list is settled: fetch it and send it."""
    return notice(
        programme,
        now,
        to,
        ("beds_frozen", gathering.id, rooming.first_day),
        phrase_of(programme, "nb", "staff_beds_frozen_title", number=gathering.number),
        phrase_of(
            programme,
            "nb",
            "staff_beds_frozen",
            days=format_days(gathering.first_day, gathering.last_day, "nb"),
            count=len(rooming.beds),
        ),
        [],
        [phrase_of(programme, "nb", "staff_beds_frozen_action")],
    )
