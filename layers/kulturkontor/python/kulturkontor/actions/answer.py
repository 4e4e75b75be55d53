"""Accept or decline the place, and register the group that comes."""

from datetime import datetime

from kulturkontor import decision_notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.applications import (
    Application,
    ApplicationState,
    Participants,
    application_key,
    put,
)
from kulturkontor.audit import audit
from kulturkontor.decisions import PlaceState
from kulturkontor.programme import Programme
from kulturkontor.records import Records, decide_again


class PlaceStateError(Exception):
    """There is no place to answer for, or it has been answered or passed on; `args[0]` is its
    state.
    """


class GroupError(ValueError):
    """The group cannot be registered as given; `args[0]` is the code of what is wrong."""


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
    """The municipality's answer. The same answer twice is one; a «no» stands until the place is
    passed on.
    """
    wanted = PlaceState.ACCEPTED if accept else PlaceState.DECLINED

    def attempt() -> Application:
        application = records.read(Application, application_key(application_id))
        if application is None or application.place is None:
            raise PlaceStateError("none")
        place = application.place
        if place.state is wanted:
            return application
        if application.state is ApplicationState.WITHDRAWN:
            raise PlaceStateError(application.state)
        if place.state is PlaceState.PASSED_ON:
            raise PlaceStateError(place.state)
        changed = application.but(
            place=place.model_copy(update={"state": wanted, "answered_at": at})
        )
        mail = decision_notices.answer_confirmed(changed, programme, at)
        note = audit(application.key, "answer", by=by, at=at, before=place.state, after=wanted)
        commit([*put(changed), note], [mail], records=records, mail_queue=mail_queue)
        return changed

    return decide_again(attempt)


def register_participants(
    application_id: str,
    group: Participants,
    *,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The municipality's group, whole: at least the programme's number of people, one or two
    coordinators.
    """
    people = group.participants
    if len(people) < programme.application.min_members:
        raise GroupError("too_few")
    if len({each.id for each in people}) != len(people):
        raise GroupError("same_id_twice")
    if not 1 <= sum(each.coordinator for each in people) <= 2:
        raise GroupError("coordinators")

    def attempt() -> Application:
        application = records.read(Application, application_key(application_id))
        if application is None or application.place is None:
            raise PlaceStateError("none")
        if application.place.state is not PlaceState.ACCEPTED:
            raise PlaceStateError(application.place.state)
        known = {each.email for each in application.participants}
        changed = application.but(participants=people)
        new = [each for each in people if each.email and each.email not in known]
        mails = [decision_notices.member_registered(changed, each, programme, at) for each in new]
        commit(put(changed), mails, records=records, mail_queue=mail_queue)
        return changed

    return decide_again(attempt)
