"""What the deadline, and leave from staff, let an applicant do."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kulturkontor.application_period import can_send, can_write, has_extension, is_in_time
from kulturkontor.applications import Application, ApplicationState, Extension
from tests.office_factory import oslo
from tests.rules.application_factory import KIFK2, an_application

BEFORE = KIFK2.closes_at - timedelta(milliseconds=1)
LATE = KIFK2.closes_at
CLOSED = KIFK2.released_at
UNTIL = oslo("2026-04-20T12:00:00")
LEAVE = Extension(until=UNTIL, given_by="stab", given_at=LATE, reason="Strømbrudd")
USED = LEAVE.model_copy(update={"used_at": LATE})
DRAFT = {"state": ApplicationState.DRAFT, "reference": None, "received_at": None}


def draft(**changes: Any) -> Application:
    return an_application(**DRAFT | changes)


@pytest.mark.parametrize(
    ("application", "at", "may_write", "may_send", "in_time"),
    [
        pytest.param(draft(), BEFORE, True, True, True, id="draft"),
        pytest.param(draft(), LATE, False, True, False, id="draft after the deadline"),
        pytest.param(draft(created_at=LATE), LATE, True, True, False, id="begun after it"),
        pytest.param(draft(created_at=LATE), CLOSED, False, False, False, id="after the letters"),
        pytest.param(draft(extension=LEAVE), LATE, True, True, True, id="draft with leave"),
        pytest.param(draft(extension=LEAVE), UNTIL, False, True, False, id="leave run out"),
        pytest.param(draft(extension=USED), LATE, False, True, False, id="leave used"),
        pytest.param(an_application(), BEFORE, True, True, True, id="sent"),
        pytest.param(an_application(), LATE, False, False, False, id="sent, after the deadline"),
        pytest.param(an_application(extension=LEAVE), LATE, True, True, True, id="sent, leave"),
        pytest.param(
            an_application(extension=USED), LATE, False, False, False, id="sent, leave used"
        ),
        pytest.param(
            an_application(state=ApplicationState.COMPETING), BEFORE, True, True, True, id="rival"
        ),
        pytest.param(
            an_application(state=ApplicationState.WITHDRAWN),
            BEFORE,
            False,
            False,
            True,
            id="withdrawn",
        ),
        pytest.param(
            an_application(state=ApplicationState.SUPERSEDED, extension=LEAVE),
            LATE,
            False,
            False,
            True,
            id="superseded",
        ),
    ],
)
def test_what_may_be_done_when(
    application: Application, at: datetime, may_write: bool, may_send: bool, in_time: bool
) -> None:
    found = (can_write(application, KIFK2, at), can_send(application, KIFK2, at))
    assert (*found, is_in_time(application, KIFK2, at)) == (may_write, may_send, in_time)


def test_leave_holds_until_its_very_instant_and_once() -> None:
    just = UNTIL - timedelta(milliseconds=1)
    assert [has_extension(draft(extension=LEAVE), at) for at in (just, UNTIL)] == [True, False]
    assert not has_extension(draft(extension=USED), just)
    assert not has_extension(draft(), just)
