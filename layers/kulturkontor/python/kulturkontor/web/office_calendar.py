"""The gatherings and the coordinator meetings: moved, cancelled and set by staff, who see first
whom it touches.
"""

from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.change_calendar import (
    finish_change,
    make_change,
    plan_change,
    read_changes,
)
from kulturkontor.actions.invite_newcomers import invite_newcomers, newcomers
from kulturkontor.actions.taking_part import is_offered, read_taking_part
from kulturkontor.applications import Application
from kulturkontor.attendance import has_beds
from kulturkontor.calendar_changes import (
    NOTHING_SEEN,
    CalendarChange,
    Event,
    GatheringWish,
    MeetingWish,
    find_event,
    next_meeting_id,
)
from kulturkontor.calendar_notices import say_changes
from kulturkontor.days import format_days, format_hours
from kulturkontor.municipalities import municipality
from kulturkontor.programme import PRE_GATHERING, CoordinatorMeeting, Gathering
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_attendance import asked, coming
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

NEW = "new"


class FinishIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int


class Made(NamedTuple):
    change: CalendarChange
    name: str
    said: list[str]


def show_calendar(visit: Visit) -> Answer:
    programme = visit.programme
    taking_part = read_taking_part(programme, visit.records)
    made = read_changes(programme, visit.records)
    return page(
        visit,
        "calendar",
        gatherings=[
            (each, _name(visit, each), _when(visit, each)) for each in programme.gatherings
        ],
        meetings=[
            (each, _name(visit, each), _when(visit, each))
            for each in sorted(programme.coordinator_meetings, key=lambda it: it.starts)
        ],
        asked=asked(visit, taking_part),
        made=[
            Made(each, _name(visit, each.after), say_changes(each, programme, visit.language))
            for each in made
        ],
        changed={each.after.id for each in made if each.before is not None},
    )


def show_calendar_json(visit: Visit) -> Answer:
    return as_json(
        {
            "gatherings": visit.programme.gatherings,
            "coordinator_meetings": visit.programme.coordinator_meetings,
            "changes": read_changes(visit.programme, visit.records),
        }
    )


def show_event(visit: Visit) -> Answer:
    """A gathering or a meeting, with the form that changes it; `new` is the next meeting, and the
    pre-gathering may not have been set yet.
    """
    event = _find(visit)
    is_meeting = not isinstance(event, Gathering)
    about = event.id if event else _id_of_new(visit)
    is_pre_gathering = about == PRE_GATHERING
    return page(
        visit,
        "calendar_event",
        event=event,
        about=about,
        is_meeting=is_meeting,
        called=_name(visit, event) if event else _name_of_new(visit, is_pre_gathering),
        is_pre_gathering=is_pre_gathering,
        newcomers=newcomers(event, programme=visit.programme, records=visit.records)
        if isinstance(event, CoordinatorMeeting) and event.ends_at > visit.now
        else [],
        when=_when(visit, event) if event else "",
        seen=event.sequence if event else NOTHING_SEEN,
        coming=coming(visit, event) if isinstance(event, Gathering) else [],
        with_beds=has_beds(visit.programme),
    )


def show_plan(visit: Visit) -> Answer:
    """What the change would touch; nothing is written yet."""
    about, wish = visit.params["about"], _wish(visit)
    plan = plan_change(
        about,
        wish,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    applications = {each.application.id: each.application for each in plan.recipients}
    return page(
        visit,
        "calendar_plan",
        about=about,
        called=_name(visit, plan.change.after),
        said=say_changes(plan.change, plan.becomes, visit.language),
        reason=plan.change.reason,
        municipalities=[_called(each) for each in applications.values() if not is_offered(each)],
        offered=[_called(each) for each in applications.values() if is_offered(each)],
        mails=len(plan.recipients),
        claims=plan.claims,
        fields={name: value for name, value in visit.form.items() if name != "csrf"},
    )


def _called(application: Application) -> str:
    return municipality(application.kommunenummer).official_name


def change(visit: Visit) -> Answer:
    made = make_change(
        visit.params["about"],
        _wish(visit),
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        archive=visit.doors.archive,
        mail_queue=visit.doors.mail_queue,
        letter_queue=visit.doors.letter_queue,
    )
    return _done(visit, made)


def finish(visit: Visit) -> Answer:
    made = finish_change(
        visit.params["about"],
        visit.sent(FinishIn).sequence,
        programme=visit.programme,
        records=visit.records,
        letter_queue=visit.doors.letter_queue,
    )
    return _done(visit, made)


def invite(visit: Visit) -> Answer:
    made = invite_newcomers(
        visit.params["about"],
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(made) if visit.is_api else redirect(f"/calendar/{made.after.id}")


def _done(visit: Visit, made: CalendarChange) -> Answer:
    return as_json(made) if visit.is_api else redirect("/calendar")


def _find(visit: Visit) -> Event | None:
    """None for a meeting that is to be; OfficeError for one that is not there."""
    about = visit.params["about"]
    event = find_event(visit.programme, about)
    if event is None and about not in (NEW, PRE_GATHERING):
        raise OfficeError(404, "unknown")
    return event


def _id_of_new(visit: Visit) -> str:
    about = visit.params["about"]
    return about if about == PRE_GATHERING else next_meeting_id(visit.programme)


def _name_of_new(visit: Visit, is_pre_gathering: bool) -> str:
    if is_pre_gathering:
        return say(visit.language, "calendar.pre_gathering")
    return say(visit.language, "calendar.new_meeting")


def _wish(visit: Visit) -> GatheringWish | MeetingWish:
    if visit.programme.gathering(visit.params["about"]):
        return visit.sent(GatheringWish)
    return visit.sent(MeetingWish)


def _name(visit: Visit, event: Event) -> str:
    if event.id == PRE_GATHERING:
        return say(visit.language, "calendar.pre_gathering")
    kind = "gathering" if isinstance(event, Gathering) else "meeting"
    return say(visit.language, f"calendar.{kind}", number=event.number)


def _when(visit: Visit, event: Event) -> str:
    if isinstance(event, CoordinatorMeeting):
        return format_hours(event.starts_at, event.ends_at, visit.language)
    return format_days(event.first_day, event.last_day, visit.language)


_ONE: Final = "/calendar/<about>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /calendar": show_calendar,
    f"GET {_ONE}": show_event,
    f"POST {_ONE}/plan": show_plan,
    f"POST {_ONE}/change": change,
    f"POST {_ONE}/finish": finish,
    f"POST {_ONE}/invite": invite,
    "GET /api/calendar": show_calendar_json,
    f"POST /api{_ONE}/change": change,
    f"POST /api{_ONE}/finish": finish,
    f"POST /api{_ONE}/invite": invite,
}
