"""What a municipality is told to do next, from its draft to its last claim."""

from datetime import date, datetime
from typing import Any

import pytest

from kulturkontor.application_form import Answers
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.claims import ClaimState
from kulturkontor.decisions import Outcome, Place, PlaceState
from kulturkontor.judgement import ReasonCode
from kulturkontor.next_steps import Step, StepCode, next_steps
from kulturkontor.people import Attendance, Presence, Right
from kulturkontor.programme import Programme
from tests.office_factory import answers, group, oslo
from tests.rules.application_factory import KIFK2, an_application, told
from tests.rules.claim_factory import claim as a_claim
from tests.rules.claim_factory import line, travel_claim
from tests.rules.test_attendance import CENTRAL

IN_MAY = oslo("2026-05-04T10:00:00")
IN_JUNE = oslo("2026-06-02T10:00:00")
AFTER_S1 = oslo("2026-09-26T10:00:00")
DEADLINE = date(2026, 4, 13)


def steps(
    application: Application,
    at: datetime,
    claims: dict[str, Any] | None = None,
    programme: Programme = KIFK2,
) -> list[Step]:
    return next_steps(application, claims or {}, programme=programme, at=at)


def placed(state: PlaceState, persons: int = 0, /, **changes: Any) -> Application:
    place = Place(state=state, answer_by=date(2026, 5, 20), offered_at=oslo("2026-04-30T09:01:00"))
    return told(place=place, participants=group(persons).participants, **changes)


def everybody_comes(gathering: str) -> tuple[Attendance, ...]:
    return tuple(
        Attendance(gathering=gathering, participant=each.id, presence=Presence.COMES, at=IN_MAY)
        for each in group(4).participants
    )


@pytest.mark.parametrize(
    ("application", "at", "expected"),
    [
        pytest.param(
            an_application(state=ApplicationState.DRAFT),
            "2026-04-01T10:00:00",
            [Step(StepCode.FINISH, "/soknad", Right.APPLY, DEADLINE)],
            id="draft",
        ),
        pytest.param(
            an_application(state=ApplicationState.DRAFT),
            "2026-04-14T00:00:00",
            [Step(StepCode.FINISH_LATE, "/soknad", Right.APPLY, DEADLINE)],
            id="late draft",
        ),
        pytest.param(
            an_application(state=ApplicationState.DRAFT), "2026-05-01T10:00:00", [], id="too late"
        ),
        pytest.param(an_application(), "2026-04-01T10:00:00", [], id="sent and complete"),
        pytest.param(
            an_application(answers=Answers.model_validate(answers(motivation=""))),
            "2026-04-01T10:00:00",
            [Step(StepCode.MEND, "/soknad", Right.APPLY, DEADLINE)],
            id="incomplete",
        ),
        pytest.param(
            an_application(state=ApplicationState.COMPETING),
            "2026-04-01T10:00:00",
            [Step(StepCode.CHOOSE, "/valg", Right.CONTACT, DEADLINE)],
            id="competing",
        ),
        pytest.param(told(Outcome.REJECTED), "2026-05-04T10:00:00", [], id="rejected"),
        pytest.param(
            placed(PlaceState.OFFERED),
            "2026-05-04T10:00:00",
            [Step(StepCode.ANSWER, "/svar", Right.CONTACT, date(2026, 5, 20))],
            id="offered",
        ),
        pytest.param(
            placed(PlaceState.LAPSED),
            "2026-05-24T10:00:00",
            [Step(StepCode.ANSWER_LATE, "/svar", Right.CONTACT, date(2026, 5, 20))],
            id="lapsed",
        ),
        pytest.param(placed(PlaceState.DECLINED), "2026-05-24T10:00:00", [], id="declined"),
        pytest.param(placed(PlaceState.PASSED_ON), "2026-05-24T10:00:00", [], id="passed on"),
        pytest.param(
            placed(PlaceState.ACCEPTED, state=ApplicationState.WITHDRAWN),
            "2026-05-24T10:00:00",
            [],
            id="withdrawn",
        ),
    ],
)
def test_the_next_step_follows_the_state(
    application: Application, at: str, expected: list[Step]
) -> None:
    assert steps(application, oslo(at)) == expected


def test_the_group_is_asked_for_until_it_is_there() -> None:
    due = date(2026, 6, 1)
    comes = Step(StepCode.COMING, "/samlinger/S1", Right.MEMBERS, date(2026, 9, 24), "1")
    accepted = placed(PlaceState.ACCEPTED)
    assert steps(accepted, IN_MAY) == [Step(StepCode.GROUP, "/gruppe", Right.MEMBERS, due)]
    assert steps(accepted, IN_JUNE) == [Step(StepCode.GROUP_LATE, "/gruppe", Right.MEMBERS, due)]
    assert steps(placed(PlaceState.ACCEPTED, 4), IN_JUNE) == [comes]


def test_who_comes_is_asked_for_until_it_is_said_of_everybody() -> None:
    said = placed(PlaceState.ACCEPTED, 4, attendance=everybody_comes("S1"))
    assert steps(said, IN_JUNE) == []
    some = placed(PlaceState.ACCEPTED, 4, attendance=everybody_comes("S1")[:3])
    assert [each.code for each in steps(some, IN_JUNE)] == [StepCode.COMING]


def test_beds_are_asked_for_by_the_hotels_date() -> None:
    known = placed(PlaceState.ACCEPTED, 4)
    (step,) = steps(known, IN_JUNE, programme=CENTRAL)
    assert (step.code, step.by) == (StepCode.BEDS, date(2026, 8, 25))
    (late,) = steps(known, oslo("2026-08-26T10:00:00"), programme=CENTRAL)
    assert (late.code, late.by) == (StepCode.COMING, date(2026, 9, 24))


def test_the_claim_is_asked_for_after_the_gathering_and_called_late_after_its_window() -> None:
    known = placed(PlaceState.ACCEPTED, 4, attendance=everybody_comes("S2"))
    due = date(2026, 10, 16)
    assert steps(known, AFTER_S1) == [Step(StepCode.CLAIM, "/reisekrav/S1", Right.CLAIMS, due, "1")]
    assert steps(known, oslo("2026-10-17T10:00:00")) == [
        Step(StepCode.CLAIM_LATE, "/reisekrav/S1", Right.CLAIMS, due, "1")
    ]


def test_no_claim_is_asked_for_of_a_cancelled_gathering() -> None:
    cancelled = KIFK2.model_copy(
        update={
            "gatherings": (
                KIFK2.gatherings[0].model_copy(update={"is_cancelled": True}),
                *KIFK2.gatherings[1:],
            )
        }
    )
    known = placed(PlaceState.ACCEPTED, 4, attendance=everybody_comes("S2"))
    assert steps(known, AFTER_S1, programme=cancelled) == []


def test_a_claim_that_needs_the_municipality_is_to_be_looked_at() -> None:
    known = placed(PlaceState.ACCEPTED, 4, attendance=everybody_comes("S2"))
    claim = travel_claim(a_claim(line("l1")))
    assert steps(known, AFTER_S1, {"S1": claim}) == []
    rejected = claim.but(state=ClaimState.BANK_REJECTED)
    (step,) = steps(known, AFTER_S1, {"S1": rejected})
    assert step.code is StepCode.CLAIM_REJECTED
    asked = claim.judgement.lines[0].model_copy(update={"reason": ReasonCode.ASKED_BY_STAFF})
    questioned = claim.but(judgement=claim.judgement.model_copy(update={"lines": (asked,)}))
    (step,) = steps(known, AFTER_S1, {"S1": questioned})
    assert step.code is StepCode.CLAIM_QUESTION
