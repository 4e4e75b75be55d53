"""Staff note who came to a gathering: each municipality by itself, and in the end all the rest."""

from collections.abc import Mapping
from datetime import datetime

from kulturkontor import check_ins
from kulturkontor.actions.answer import PlaceStateError, read_accepted
from kulturkontor.actions.taking_part import read_taking_part
from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.attendance import AttendanceError
from kulturkontor.audit import audit
from kulturkontor.participation import check_ins_at
from kulturkontor.programme import Gathering, Programme
from kulturkontor.records import Records, decide_again


def check_in(
    application_id: str,
    gathering_id: str,
    came: Mapping[str, bool | None],
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """`came`: by participant's id; None takes a note back. The same again writes nothing.

    Raises AttendanceError.
    """
    where = gathering_of(gathering_id, programme)

    def attempt() -> Application:
        known = _read(application_id, records)
        changed = check_ins.with_check_ins(known, where, came, at=at)
        if changed == known:
            return known
        note = audit(
            known,
            f"attended#{gathering_id}",
            by=by,
            at=at,
            before=_said(known, gathering_id),
            after=_said(changed, gathering_id),
        )
        records.write(*put(changed), note)
        return changed

    return decide_again(attempt)


def check_out_the_rest(
    gathering_id: str, *, by: str, at: datetime, programme: Programme, records: Records
) -> int:
    """Everybody of whom nothing is noted did not come; of how many that was said now.

    Raises AttendanceError.
    """
    where = gathering_of(gathering_id, programme)
    missing = 0
    for each in read_taking_part(programme, records):
        rest = check_ins.not_noted(each, where)
        check_in(
            each.id,
            gathering_id,
            dict.fromkeys(rest, False),
            by=by,
            at=at,
            programme=programme,
            records=records,
        )
        missing += len(rest)
    return missing


def gathering_of(gathering_id: str, programme: Programme) -> Gathering:
    found = programme.gathering(gathering_id)
    if found is None:
        raise AttendanceError("unknown_gathering")
    return found


def _read(application_id: str, records: Records) -> Application:
    try:
        return read_accepted(application_id, records)
    except PlaceStateError as fault:
        raise AttendanceError("no_place") from fault


def _said(application: Application, gathering_id: str) -> str:
    """How many came of how many it is noted of: no names."""
    noted = check_ins_at(application, gathering_id)
    return f"{sum(noted.values())}/{len(noted)}"
