"""Every point at which a process can die, or an answer can be lost, between it and AWS.

The hooks sit on the product's own boto3 session, so no product code is changed. A call is numbered
as it is made; at the chosen number one fault happens. A process that was killed makes no further
call, so that nothing in a `finally` can write.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from botocore.retries.quota import RetryQuota
from moto.core.models import botocore_stubber

from kulturkontor.aws import session
from kulturkontor.records import Conflict

_READS = ("GetItem", "BatchGetItem", "Query", "GetObject", "ListObjectVersions", "GetParameter")


class Killed(BaseException):
    """The process is gone: no handler of the product may catch this."""


class Fault(StrEnum):
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    ANSWER_LOST = "answer lost"
    """Each try had its effect, and no answer ever came."""
    FIRST_ANSWER_LOST = "first answer lost"
    """The first try had its effect without an answer; the SDK tried again."""
    SERVER_ERROR = "server error"
    """500 without effect, after all tries."""


class Point(NamedTuple):
    """One fault at the call of that number."""

    call: int
    operation: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.call} {self.operation} {self.fault}"


class Faults:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.calls: list[str] = []
        self.fired: list[Fault] = []
        self.handed_over: list[tuple[str, str]] = []
        """The tag and message id of each mail that SES really took."""
        self.at_call: Callable[[str], None] | None = None
        self._answer: tuple[str, int, str] | None = None
        self._armed: Point | None = None
        self._dead = False
        self._losing = False
        self._tag = ""

    def install(self) -> None:
        events = session._session().events
        events.register("before-call", self._before_call)
        events.register_first("before-send", self._before_send)
        events.register("after-call", self._after_call)

    @staticmethod
    def skip_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
        """The SDK tries again at once, and as often as it is set to."""
        monkeypatch.setattr(
            "botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None, time=lambda: 0.0)
        )
        monkeypatch.setattr(RetryQuota, "acquire", lambda *_: True)

    def points(self, act: Callable[[], object]) -> list[Point]:
        """Every fault that can happen in `act`, found by doing it once. The caller undoes it."""
        self.calls.clear()
        act()
        return [
            Point(number, operation, fault)
            for number, operation in enumerate(self.calls)
            for fault in _possible(operation)
        ]

    def run(self, act: Callable[[], object], point: Point | None = None) -> bool:
        """Do it with that fault; False when it did not come to its end, as the platform sees it."""
        with self.armed(point):
            try:
                act()
            except (Killed, ClientError, BotoCoreError, Conflict):
                return False
        return True

    def answer_with(self, code: str | None, status: int = 400, operation: str = "") -> None:
        """From now on that operation is answered with an error; None ends it."""
        self._answer = None if code is None else (code, status, operation)

    @contextmanager
    def armed(self, point: Point | None) -> Iterator[None]:
        self.calls.clear()
        self._armed = point
        try:
            yield
        finally:
            self._armed, self._dead, self._losing = None, False, False

    def _before_call(self, model: Any, params: dict[str, Any], **_: Any) -> Any:
        if self._dead:
            raise Killed
        operation = model.name
        if self.at_call is not None:
            self.at_call(operation)
        number = len(self.calls)
        self.calls.append(operation)
        self._tag = _tag(params) if operation == "SendEmail" else ""
        self._losing = False
        if self._answer and self._answer[2] == operation:
            return _error(*self._answer)
        point = self._armed
        if point is None or point.call != number:
            return None
        if point.fault is Fault.KILLED_BEFORE:
            self._die(point)
        if point.fault is Fault.SERVER_ERROR:
            self.fired.append(point.fault)
            return _error("InternalServerError", 500, operation)
        self._losing = point.fault in (Fault.ANSWER_LOST, Fault.FIRST_ANSWER_LOST)
        return None

    def _before_send(self, request: Any, event_name: str, **_: Any) -> None:
        if not self._losing or self._armed is None:
            return
        answer = botocore_stubber(event_name, request)
        assert answer is not None
        self.fired.append(self._armed.fault)
        if self._tag and answer.status_code < 300:
            self.handed_over.append((self._tag, json.loads(answer.content)["MessageId"]))
        if self._armed.fault is Fault.FIRST_ANSWER_LOST:
            self._losing = False
        raise ReadTimeoutError(endpoint_url=request.url)

    def _after_call(self, http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "SendEmail" and http_response.status_code < 300:
            self.handed_over.append((self._tag, parsed["MessageId"]))
        point = self._armed
        if point and point.fault is Fault.KILLED_AFTER and point.call == len(self.calls) - 1:
            self._die(point)

    def _die(self, point: Point) -> None:
        self.fired.append(point.fault)
        self._dead = True
        raise Killed


def _possible(operation: str) -> list[Fault]:
    """A read has no effect: after it, or with its answer lost, is as good as before it."""
    if operation in _READS:
        return [Fault.KILLED_BEFORE, Fault.SERVER_ERROR]
    return list(Fault)


def _tag(params: dict[str, Any]) -> str:
    tags = json.loads(params["body"])["EmailTags"]
    return next(str(each["Value"]) for each in tags if each["Name"] == "mail")


def _error(code: str, status: int, operation: str) -> tuple[AWSResponse, dict[str, Any]]:
    answer = {
        "Error": {"Code": code, "Message": f"{operation} failed"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return AWSResponse("https://aws.test", status, HTTPHeaders(), None), answer
