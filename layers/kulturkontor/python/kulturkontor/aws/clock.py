"""The one place that tells the time.

A stack deployed with `SimulatedClock=true` reads it from a parameter: an instant
("2026-04-30T09:00:00+02:00") or an offset to the real time ("offset:+3600"); production cannot be
deployed that way.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from kulturkontor.aws.session import client
from kulturkontor.aws.settings import settings


def now() -> datetime:
    """The present instant in UTC."""
    parameter = settings().clock_parameter
    if not parameter:
        return datetime.now(UTC)
    return read_clock(client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"])


def read_clock(value: str) -> datetime:
    if value.startswith("offset:"):
        return datetime.now(UTC) + timedelta(seconds=float(value.removeprefix("offset:")))
    return datetime.fromisoformat(value).astimezone(UTC)


def received_at(event: dict[str, Any]) -> datetime:
    """When a request reached the API: the gateway's own time, or the simulated clock."""
    if settings().clock_parameter:
        return now()
    return datetime.fromtimestamp(event["requestContext"]["timeEpoch"] / 1000, UTC)
