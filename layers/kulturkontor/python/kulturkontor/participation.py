"""Who of a municipality's group takes part: in a gathering, and in the programme at all."""

from kulturkontor.applications import STANDING, Application, ApplicationState
from kulturkontor.decisions import Outcome, Place, PlaceState
from kulturkontor.people import Attendance, Participant, Presence


def participants_at(application: Application, gathering_id: str) -> list[Participant]:
    """Who is registered for that gathering: the group, and the substitutes for just that one."""
    return [each for each in application.participants if not each.only or gathering_id in each.only]


def attendance_at(application: Application, gathering_id: str) -> dict[str, Attendance]:
    """What the municipality said of each participant (by id) for that gathering, if anything."""
    return {
        each.participant: each for each in application.attendance if each.gathering == gathering_id
    }


def has_said_who_comes(application: Application, gathering_id: str) -> bool:
    """Whether everybody registered for it has been answered for; without a group nobody has."""
    registered = {each.id for each in participants_at(application, gathering_id)}
    return bool(registered) and registered <= attendance_at(application, gathering_id).keys()


def check_ins_at(application: Application, gathering_id: str) -> dict[str, bool]:
    """Whether each participant (by id) was there, of those whom staff have noted it of."""
    return {
        each.participant: each.came
        for each in application.check_ins
        if each.gathering == gathering_id
    }


def is_away(application: Application, gathering_id: str, participant: str) -> bool:
    """Whether somebody did not come: what was noted at the door, else what was said before."""
    came = check_ins_at(application, gathering_id).get(participant)
    if came is not None:
        return not came
    said = attendance_at(application, gathering_id).get(participant)
    return said is not None and said.presence is not Presence.COMES


def has_taken_part(application: Application) -> bool:
    """Whether the municipality has had its place, also if it has given it up since: only one that
    accepted can register a group.
    """
    place = application.place
    is_accepted = place is not None and place.state is PlaceState.ACCEPTED
    return is_accepted or (place is not None and bool(application.participants))


def has_given_up(application: Application) -> bool:
    """Whether the municipality has given its place up again, or asked to."""
    place = application.place
    is_gone = application.state in (ApplicationState.WITHDRAWAL_ASKED, ApplicationState.WITHDRAWN)
    return is_gone or place is None or place.state is not PlaceState.ACCEPTED


def open_place(application: Application) -> Place | None:
    """The place that its last letter gives, of an application that has not been withdrawn: what a
    correction has taken back is nobody's to accept.
    """
    told = [each for each in application.decisions if each.is_told]
    is_given = bool(told) and told[-1].outcome is Outcome.ADMITTED
    return application.place if is_given and application.state in STANDING else None
