"""Another time for the letters: what it touches is shown before it is changed."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.control_release import plan_release, schedule_release
from kulturkontor.application_form import Line
from kulturkontor.programme import OSLO
from kulturkontor.web.office_answers import Answer, page, redirect
from kulturkontor.web.office_release import show_release_json
from kulturkontor.web.office_setting_words import touched
from kulturkontor.web.office_visit import Handler, Visit


class TimeIn(BaseModel):
    """`when`: Oslo wall-clock, as a browser's field for date and time sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: datetime
    reason: Annotated[Line, Field(min_length=1, max_length=500)]

    @property
    def moment(self) -> datetime:
        return self.when if self.when.tzinfo else self.when.replace(tzinfo=OSLO)


def plan_time(visit: Visit) -> Answer:
    body = visit.sent(TimeIn)
    planned = plan_release(
        body.moment, at=visit.now, programme=visit.programme, records=visit.records
    )
    values: dict[str, Any] = {"decision.released": None}
    return page(
        visit,
        "release_time",
        touched=touched(values, planned.effects, visit.programme, planned.becomes, visit),
        when=body.when.isoformat(timespec="minutes"),
        reason=body.reason,
    )


def set_time(visit: Visit) -> Answer:
    body = visit.sent(TimeIn)
    schedule_release(
        body.moment,
        reason=body.reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return show_release_json(visit) if visit.is_api else redirect("/release")


ROUTES: Final[dict[str, Handler]] = {
    "POST /release/time/plan": plan_time,
    "POST /release/time": set_time,
    "POST /api/release/time": set_time,
}
