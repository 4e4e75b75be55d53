"""A municipality's applications that the deadline no longer settles."""

from kulturkontor.actions import withdraw
from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from tests.office_factory import oslo, read, send_in

LATE = "2026-04-14T10:00:00"


def confirm(here: Wiring, application_id: str) -> None:
    for step, more in ((withdraw.withdraw, {}), (withdraw.confirm_withdrawal, {"by": "stab"})):
        step(
            application_id,
            at=oslo("2026-04-15T10:00:00"),
            programme=here.programme,
            records=here.records,
            mail_queue=here.mail_queue,
            **more,
        )


def test_a_late_second_application_counts_when_the_first_is_withdrawn(aws: Wiring) -> None:
    first = send_in(aws)
    second = send_in(aws, key="second-of-4601", at=LATE)
    assert second.state is ApplicationState.COMPETING
    confirm(aws, first.id)
    assert read(aws, first.id).state is ApplicationState.WITHDRAWN
    assert read(aws, second.id).state is ApplicationState.SUBMITTED


def test_people_still_choose_between_two_that_are_left(aws: Wiring) -> None:
    first = send_in(aws)
    others = [send_in(aws, key=f"late-of-4601-{n}", at=LATE).id for n in (1, 2)]
    confirm(aws, first.id)
    assert {read(aws, each).state for each in others} == {ApplicationState.COMPETING}
    confirm(aws, others[0])
    assert read(aws, others[1]).state is ApplicationState.SUBMITTED


def test_the_first_keeps_counting_when_the_late_one_is_withdrawn(aws: Wiring) -> None:
    first = send_in(aws)
    second = send_in(aws, key="second-of-4601", at=LATE)
    confirm(aws, second.id)
    assert read(aws, first.id).state is ApplicationState.SUBMITTED
