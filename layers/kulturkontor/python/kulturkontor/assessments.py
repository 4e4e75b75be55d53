"""What a reviewer thinks of an application: points with a reason for each criterion.

The criteria are the programme's, the scale too. A draft may lack anything; what is submitted has
points within the scale and a reason for each criterion. It can be submitted anew until the
assessment closes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kulturkontor.application_form import Text
from kulturkontor.conflicts import assessment_partition
from kulturkontor.office_users import person_id
from kulturkontor.programme import Programme
from kulturkontor.records import Key, Record
from kulturkontor.refusals import Refusal

MAX_REASON = 2_000


class AssessmentError(Refusal):
    """It cannot be assessed like this; `args[0]` says why."""

    codes_begin = "assessment_"


def _short(text: str) -> str:
    if len(text) > MAX_REASON:
        raise ValueError("too long")
    return text


Reason = Annotated[Text, AfterValidator(_short)]


class Score(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    points: int | None = None
    reason: Reason = ""


class Scores(BaseModel):
    """By the criterion's id, and what there is to say of the whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scores: Mapping[str, Score] = Field(default_factory=dict)
    comment: Reason = ""


class Assessment(Record):
    programme: str
    application_id: str
    email: str
    given: Scores = Scores()
    saved_at: datetime
    submitted_at: datetime | None = None

    @property
    def key(self) -> Key:
        return assessment_key(self.programme, self.application_id, self.email)

    @property
    def person(self) -> str:
        return person_id(self.email)


class Gap(NamedTuple):
    """What an assessment cannot be submitted without: `points`, `reason` or `off_scale`."""

    criterion: str
    code: str


def assessment_key(programme_id: str, application_id: str, email: str) -> Key:
    place = f"SCORES#{application_id}#{person_id(email)}"
    return Key(assessment_partition(programme_id), place)


def find_gaps(given: Scores, programme: Programme) -> tuple[Gap, ...]:
    """In the order of the criteria."""
    scale = range(programme.assessment.lowest, programme.assessment.highest + 1)
    found = []
    for criterion in programme.decision.criteria:
        score = given.scores.get(criterion.id, Score())
        if score.points is None:
            found.append(Gap(criterion.id, "points"))
        elif score.points not in scale:
            found.append(Gap(criterion.id, "off_scale"))
        if not score.reason:
            found.append(Gap(criterion.id, "reason"))
    return tuple(found)


def is_submitted(assessment: Assessment | None, programme: Programme) -> bool:
    """Also for the criteria as they stand now: a criterion that was added since is lacking."""
    return (
        assessment is not None
        and assessment.submitted_at is not None
        and not find_gaps(assessment.given, programme)
    )


def total_of(given: Scores, programme: Programme) -> int:
    """The points of all criteria together; a criterion that the programme no longer has does not
    count.
    """
    points = (given.scores[each.id].points for each in programme.decision.criteria)
    return sum(each or 0 for each in points)


def is_open(programme: Programme, at: datetime) -> bool:
    """Whether scores can be given: until the assessment closes, at the latest when letters go."""
    return programme.assessment.enabled and at < programme.assessment_closes_at


def require_open(programme: Programme, at: datetime) -> None:
    """Raises AssessmentError."""
    if not programme.assessment.enabled:
        raise AssessmentError("off")
    if not is_open(programme, at):
        raise AssessmentError("closed")


def shows_others(programme: Programme, *, is_mine: bool, is_done: bool, is_staff: bool) -> bool:
    """Whether somebody sees what the reviewers gave: own score first, where the programme says so,
    and else only those whom it is assigned to, and staff.
    """
    if is_mine:
        return is_done or not programme.assessment.own_score_first
    return is_staff
