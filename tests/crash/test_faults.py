"""The harness itself: each kind of fault happens, and has the effect it says."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from tests.crash.faults import Fault, Faults, Killed, Point

TABLE = "kulturkontor-test"
EFFECTS = [
    pytest.param(Fault.KILLED_BEFORE, Killed, 0, id="killed-before"),
    pytest.param(Fault.KILLED_AFTER, Killed, 1, id="killed-after"),
    pytest.param(Fault.ANSWER_LOST, ReadTimeoutError, 4, id="answer-lost"),
    pytest.param(Fault.FIRST_ANSWER_LOST, None, 2, id="first-answer-lost"),
    pytest.param(Fault.SERVER_ERROR, ClientError, 0, id="server-error"),
]


def _count() -> object:
    return client("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": "a"}, "sk": {"S": "b"}},
        UpdateExpression="ADD amount :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def _counted() -> int:
    found = client("dynamodb").get_item(TableName=TABLE, Key={"pk": {"S": "a"}, "sk": {"S": "b"}})
    return int(found.get("Item", {"amount": {"N": "0"}})["amount"]["N"])


@pytest.mark.parametrize(("fault", "error", "effects"), EFFECTS)
def test_a_fault_fires_and_has_its_effect(
    aws: Wiring, faults: Faults, fault: Fault, error: type[BaseException] | None, effects: int
) -> None:
    with faults.armed(Point(0, "UpdateItem", fault)):
        if error is None:
            _count()
        else:
            with pytest.raises(error):
                _count()
    assert (set(faults.fired), _counted()) == ({fault}, effects)


def test_a_mail_whose_answer_was_lost_was_handed_over_once(aws: Wiring, faults: Faults) -> None:
    with (
        faults.armed(Point(0, "SendEmail", Fault.ANSWER_LOST)),
        pytest.raises(Exception, match="ReadTimeoutError"),
    ):
        aws.mailer.send("a-mail", to="kari@example.org", message=b"Subject: x\r\n\r\nx")
    assert [tag for tag, _ in faults.handed_over] == ["a-mail"]


def test_a_killed_process_makes_no_further_call(aws: Wiring, faults: Faults) -> None:
    with faults.armed(Point(0, "UpdateItem", Fault.KILLED_AFTER)):
        for _ in range(2):
            with pytest.raises(Killed):
                _count()
    assert _counted() == 1


def test_every_kind_is_enumerated_for_a_write_and_two_for_a_read(
    aws: Wiring, faults: Faults
) -> None:
    points = faults.points(lambda: (_counted(), _count()))
    assert [(each.call, each.operation, each.fault) for each in points] == [
        (0, "GetItem", Fault.KILLED_BEFORE),
        (0, "GetItem", Fault.SERVER_ERROR),
        *((1, "UpdateItem", fault) for fault in Fault),
    ]
