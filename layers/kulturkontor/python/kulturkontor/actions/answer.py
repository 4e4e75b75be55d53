"""Accept or decline the place, and register the group that comes."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from kulturkontor import decision_notices, group_notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.read_known import read_known
from kulturkontor.application_rows import put
from kulturkontor.applications import LIVE, Application, application_key
from kulturkontor.audit import audit
from kulturkontor.decisions import Place, PlaceState
from kulturkontor.groups import (
    GroupError,
    regular_members,
    require_group,
    with_group,
    with_regular_members,
)
from kulturkontor.participation import open_place
from kulturkontor.people import Participant, Participants
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.refusals import Refusal


class PlaceStateError(Refusal):
    """There is no place to answer for, or it has been answered or passed on; `args[0]` is its
    state.
    """

    code = "place_state"


class PlaceChangingError(Refusal):
    """A letter that has not been sent takes the place back: the municipality asks staff first."""

    code = "place_changing"


def answer_offer(
    application_id: str,
    *,
    accept: bool,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The municipality's answer to a letter it has been sent. The same answer twice is one; a «no»
    stands until the place is passed on. Raises PlaceStateError, PlaceChangingError.
    """
    wanted = PlaceState.ACCEPTED if accept else PlaceState.DECLINED

    def attempt() -> Application:
        application = records.read(Application, application_key(application_id))
        if application is None:
            raise PlaceStateError("none")
        place = open_place(application)
        if place is not None and place.state is wanted:
            return application
        place = _known_place(application, place, records)
        changed = application.but(
            place=place.model_copy(update={"state": wanted, "answered_at": at})
        )
        mail = decision_notices.answer_confirmed(changed, programme, at)
        note = audit(application, "answer", by=by, at=at, before=place.state, after=wanted)
        commit([*put(changed), note], [mail], records=records, mail_queue=mail_queue)
        return changed

    return decide_again(attempt)


def _known_place(application: Application, place: Place | None, records: Records) -> Place:
    """The place as it stands, of a municipality that has been told of it."""
    known = open_place(read_known(application, records))
    if known is None:
        raise PlaceStateError("none" if place else application.state)
    if place is None:
        raise PlaceChangingError(application.id)
    if place.state is PlaceState.PASSED_ON:
        raise PlaceStateError(place.state)
    return place


def register_participants(
    application_id: str,
    group: Participants,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The municipality's group, whole: at least the programme's number of people, one or two
    coordinators. Raises GroupError, PlaceStateError.
    """
    require_group(group.participants, programme)

    def attempt() -> Application:
        application = read_accepted(application_id, records)
        changed = with_group(application, group.participants, programme=programme, at=at)
        return keep_group(
            application,
            changed,
            note=_group_note(application, changed, by, at),
            at=at,
            programme=programme,
            records=records,
            mail_queue=mail_queue,
        )

    return decide_again(attempt)


def register_members(
    application_id: str,
    members: Sequence[Participant],
    *,
    seen: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The group's regular members; substitutes stay. `seen` is the `group_digest` that the sender
    went by: raises GroupError("changed") if somebody else has changed the group since.
    """

    def attempt() -> Application:
        application = read_accepted(application_id, records)
        people = with_regular_members(application, members, programme=programme, at=at)
        changed = with_group(application, people, programme=programme, at=at)
        if changed.participants != application.participants and seen != group_digest(application):
            raise GroupError("changed")
        require_group(people, programme)
        return keep_group(
            application,
            changed,
            note=_group_note(application, changed, by, at),
            at=at,
            programme=programme,
            records=records,
            mail_queue=mail_queue,
        )

    return decide_again(attempt)


def keep_group(
    before: Application,
    after: Application,
    *,
    note: Put,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Written if it is another, with what the history says and a mail to each whom it concerns."""
    if after == before:
        return before
    mails = group_notices.group_changed(before, after, programme, at)
    commit([*put(after), note], mails, records=records, mail_queue=mail_queue)
    return after


def _group_note(before: Application, after: Application, by: str, at: datetime) -> Put:
    """How many they are: no names."""
    was, becomes = (str(len(regular_members(each))) for each in (before, after))
    return audit(before, "group", by=by, at=at, before=was, after=becomes)


def read_accepted(application_id: str, records: Records) -> Application:
    """The application of a municipality that takes part; raises PlaceStateError for another."""
    application = records.read(Application, application_key(application_id))
    if application is None or application.place is None:
        raise PlaceStateError("none")
    if application.state not in LIVE:
        raise PlaceStateError(application.state)
    if application.place.state is not PlaceState.ACCEPTED:
        raise PlaceStateError(application.place.state)
    return application


def group_digest(application: Application) -> str:
    """Changes when the group does."""
    said = "|".join(each.model_dump_json() for each in application.participants)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
