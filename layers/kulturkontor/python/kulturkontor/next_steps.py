"""What a municipality should do next, and by when: reckoned from records, never kept."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from kulturkontor.application_form import find_missing
from kulturkontor.application_period import phase, reopened_parts
from kulturkontor.applications import STANDING, Application, ApplicationState
from kulturkontor.attendance import has_beds, is_frozen, is_over, last_bed_day
from kulturkontor.claims import ASKS_FOR_ACCOUNT, ClaimState, TravelClaim
from kulturkontor.decisions import Place, PlaceState
from kulturkontor.judgement import ReasonCode
from kulturkontor.participation import attendance_at, open_place, participants_at
from kulturkontor.people import Right
from kulturkontor.programme import OSLO, Gathering, Programme


class StepCode(StrEnum):
    FINISH = "finish"
    FINISH_LATE = "finish_late"
    MEND = "mend"
    MORE = "more"
    CHOOSE = "choose"
    ANSWER = "answer"
    ANSWER_LATE = "answer_late"
    GROUP = "group"
    GROUP_LATE = "group_late"
    COMING = "coming"
    BEDS = "beds"
    CLAIM = "claim"
    CLAIM_LATE = "claim_late"
    CLAIM_QUESTION = "claim_question"
    CLAIM_REJECTED = "claim_rejected"


class Step(NamedTuple):
    """`path`: the page of the case where it is done; `right`: what a link must open for it."""

    code: StepCode
    path: str
    right: Right
    by: date | None = None
    number: str = ""
    """Of the gathering it is about."""


def next_steps(
    application: Application,
    claims: Mapping[str, TravelClaim],
    *,
    programme: Programme,
    at: datetime,
) -> list[Step]:
    """In the order of their dates, as a municipality meets them. `claims`: the last version for
    each gathering.
    """
    place = open_place(application)
    if place is None:
        return list(_before_the_answer(application, programme, at))
    if place.state is PlaceState.ACCEPTED:
        return [
            *_group(application, place, programme, at),
            *_gathering(application, programme, at),
            *_claims(claims, programme, at),
        ]
    answers = {PlaceState.OFFERED: StepCode.ANSWER, PlaceState.LAPSED: StepCode.ANSWER_LATE}
    if code := answers.get(place.state):
        return [Step(code, "/svar", Right.CONTACT, place.answer_by)]
    return []


def group_by(place: Place, programme: Programme) -> date:
    """When the group is due; a place offered late leaves time to answer first."""
    return max(programme.decision.group_by, place.answer_by)


def _before_the_answer(
    application: Application, programme: Programme, at: datetime
) -> Iterator[Step]:
    now, deadline = phase(programme, at), programme.last_application_day
    if application.state is ApplicationState.DRAFT and now in ("open", "late"):
        code = StepCode.FINISH if now == "open" else StepCode.FINISH_LATE
        yield Step(code, "/soknad", Right.APPLY, deadline)
    if application.state is ApplicationState.COMPETING and now == "open":
        yield Step(StepCode.CHOOSE, "/valg", Right.CONTACT, deadline)
    if (asked := application.reopened) and reopened_parts(application, at):
        if asked.answered_at is None:
            yield Step(StepCode.MORE, "/soknad", Right.APPLY, asked.until.astimezone(OSLO).date())
        return
    is_sent = application.state in STANDING
    if is_sent and now == "open" and find_missing(application.answers, programme):
        yield Step(StepCode.MEND, "/soknad", Right.APPLY, deadline)


def _group(
    application: Application, place: Place, programme: Programme, at: datetime
) -> Iterator[Step]:
    if application.participants:
        return
    due = group_by(place, programme)
    code = StepCode.GROUP if _today(at) <= due else StepCode.GROUP_LATE
    yield Step(code, "/gruppe", Right.MEMBERS, due)


def _gathering(application: Application, programme: Programme, at: datetime) -> Iterator[Step]:
    """The next gathering, until it is said of everybody whether they come."""
    coming = next((each for each in programme.gatherings if _is_ahead(each, at)), None)
    if coming is None:
        return
    people = {each.id for each in participants_at(application, coming.id)}
    if people <= attendance_at(application, coming.id).keys():
        return
    with_beds = has_beds(programme) and not is_frozen(programme, coming, at)
    yield Step(
        StepCode.BEDS if with_beds else StepCode.COMING,
        f"/samlinger/{coming.id}",
        Right.MEMBERS,
        last_bed_day(programme, coming) if with_beds else coming.first_day,
        coming.number,
    )


def _claims(
    claims: Mapping[str, TravelClaim], programme: Programme, at: datetime
) -> Iterator[Step]:
    for each in programme.gatherings:
        if not each.is_cancelled and is_over(each, at):
            deadline = programme.claim_deadline(each)
            code = _claim_code(claims.get(each.id), is_late=_today(at) > deadline)
            if code:
                yield Step(code, f"/reisekrav/{each.id}", Right.CLAIMS, deadline, each.number)


def _claim_code(claim: TravelClaim | None, *, is_late: bool) -> StepCode | None:
    if claim is None:
        return StepCode.CLAIM_LATE if is_late else StepCode.CLAIM
    if claim.state in ASKS_FOR_ACCOUNT:
        return StepCode.CLAIM_REJECTED
    is_asked = any(line.reason is ReasonCode.ASKED_BY_STAFF for line in claim.judgement.lines)
    return StepCode.CLAIM_QUESTION if is_asked and claim.state is ClaimState.RECEIVED else None


def _is_ahead(gathering: Gathering, at: datetime) -> bool:
    return not gathering.is_cancelled and not is_over(gathering, at)


def _today(at: datetime) -> date:
    return at.astimezone(OSLO).date()
