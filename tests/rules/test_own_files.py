"""What a municipality may do with its files, and which ones an application waits for."""

from datetime import timedelta
from typing import Any

import pytest

from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import PlaceState
from kulturkontor.own_files import may_remove, may_send
from kulturkontor.received_files import (
    PROMISE,
    FileState,
    ReceivedFile,
    Standing,
    unchecked,
)
from tests.rules.application_factory import (
    ID,
    RECEIVED,
    a_decision,
    a_letter,
    an_application,
    told,
)

BEFORE, AFTER = RECEIVED - timedelta(hours=2), RECEIVED + timedelta(hours=2)
DRAFT = {"state": ApplicationState.DRAFT, "received_at": None}
ANSWERED = {"decisions": (a_decision(letter=a_letter()),)}


def answered(place: PlaceState) -> dict[str, Any]:
    offered = told().place
    assert offered is not None
    return {**ANSWERED, "place": offered.model_copy(update={"state": place})}


OFFERED, ADMITTED = answered(PlaceState.OFFERED), answered(PlaceState.ACCEPTED)


def a_file(**changes: Any) -> ReceivedFile:
    usual = {
        "id": "file0001",
        "application_id": ID,
        "programme": "kifk2",
        "purpose": "attachments",
        "name": "plan.pdf",
        "promised_at": BEFORE,
    }
    return ReceivedFile.model_validate(usual | changes)


@pytest.mark.parametrize(
    ("changes", "attachments", "receipts"),
    [
        pytest.param(DRAFT, True, False, id="draft"),
        pytest.param({}, True, False, id="sent"),
        pytest.param({"state": ApplicationState.COMPETING}, True, False, id="one_of_two"),
        pytest.param({"decisions": (a_decision(),)}, True, False, id="decided_and_not_told"),
        pytest.param(OFFERED, False, False, id="offered"),
        pytest.param(ADMITTED, False, True, id="has_its_place"),
        pytest.param(
            {**ADMITTED, "state": ApplicationState.WITHDRAWN}, False, True, id="left_its_place"
        ),
        pytest.param({"state": ApplicationState.WITHDRAWN}, False, False, id="withdrawn"),
        pytest.param({"state": ApplicationState.SUPERSEDED}, False, False, id="superseded"),
    ],
)
def test_files_are_taken_while_they_can_count(
    changes: dict[str, Any], attachments: bool, receipts: bool
) -> None:
    found = an_application(**changes)
    assert (may_send(found, "attachments"), may_send(found, "receipts")) == (attachments, receipts)


@pytest.mark.parametrize(
    ("changes", "file", "removable"),
    [
        pytest.param(DRAFT, {"state": "accepted"}, True, id="of_a_draft"),
        pytest.param({}, {"state": "accepted"}, False, id="sent_with_the_application"),
        pytest.param({}, {"state": "accepted", "promised_at": AFTER}, True, id="sent_after_it"),
        pytest.param(
            ANSWERED, {"state": "accepted", "promised_at": AFTER}, False, id="there_at_the_answer"
        ),
        pytest.param({}, {"state": "refused"}, True, id="refused"),
        pytest.param({}, {"state": "waiting"}, True, id="never_came"),
        pytest.param(ADMITTED, {"purpose": "receipts", "id": "receipt1"}, False, id="claimed"),
        pytest.param(ADMITTED, {"purpose": "receipts", "id": "receipt2"}, True, id="not_claimed"),
    ],
)
def test_what_was_sent_or_claimed_stays(
    changes: dict[str, Any], file: dict[str, Any], removable: bool
) -> None:
    assert may_remove(a_file(**file), an_application(**changes), {"receipt1"}) is removable


@pytest.mark.parametrize(
    ("file", "after", "standing"),
    [
        pytest.param({}, timedelta(0), Standing.AWAITED, id="just_promised"),
        pytest.param({}, PROMISE, Standing.LOST, id="promised_an_hour_ago"),
        pytest.param({"sha256": "ab"}, PROMISE * 9, Standing.CHECKING, id="awaits_the_scanner"),
        pytest.param({"state": "accepted"}, PROMISE, Standing.ACCEPTED, id="accepted"),
        pytest.param({"state": "refused"}, PROMISE, Standing.REFUSED, id="refused"),
    ],
)
def test_a_file_tells_how_far_it_has_come(
    file: dict[str, Any], after: timedelta, standing: Standing
) -> None:
    assert a_file(**file).standing(BEFORE + after) is standing


def test_an_application_waits_for_what_is_on_its_way_and_no_longer_than_a_promise_lasts() -> None:
    waiting = a_file(id="file0001")
    looked_at = a_file(id="file0002", sha256="ab")
    late = a_file(id="file0003", promised_at=BEFORE - PROMISE)
    judged = [a_file(state=each) for each in (FileState.ACCEPTED, FileState.REFUSED)]
    assert unchecked([waiting, looked_at, late, *judged], BEFORE) == [waiting, looked_at]
    assert unchecked([waiting, looked_at], BEFORE + PROMISE) == []
