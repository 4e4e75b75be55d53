"""Saying that one has a conflict of interest: staff and reviewers, also about an application that
is not dealt to them, and whether the programme has it assessed or not.
"""

from typing import Final
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.assess import declare_conflict
from kulturkontor.actions.read_assessments import read_round
from kulturkontor.assessments import Reason
from kulturkontor.municipalities import municipality
from kulturkontor.office_users import person_id
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Handler, Visit


class ConflictIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason = Field(min_length=1)


def find_case(visit: Visit) -> Answer:
    """Where the choice among all applications leads to."""
    return redirect(f"/assessment/{quote(visit.query('application_id'), safe='')}/conflict")


def ask_conflict(visit: Visit) -> Answer:
    """Says whose application it is and what would be shut, and nothing of what stands in it."""
    found = read_round(visit.programme, visit.records)
    row = found.row(visit.params["application_id"])
    if row is None:
        raise OfficeError(404, "unknown")
    return page(
        visit,
        "assessment_conflict",
        row=row,
        called=municipality(row.kommunenummer).official_name,
        has_scored=(row.id, person_id(visit.by)) in found.assessments,
    )


def declare(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    declare_conflict(
        application_id,
        visit.sent(ConflictIn).reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return as_json({"closed": application_id}) if visit.is_api else redirect("/assessment")


_ONE: Final = "/assessment/<application_id>/conflict"
ROUTES: Final[dict[str, Handler]] = {
    "GET /assessment/conflict": find_case,
    f"GET {_ONE}": ask_conflict,
    f"POST {_ONE}": declare,
    f"POST /api{_ONE}": declare,
}
