"""One boto3 session and one client per service and process, and a count of the calls made."""

from collections import Counter
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

calls: Counter[str] = Counter()
"""AWS calls of this process by service; `invocation` resets and logs it."""

_RETRYING = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 4},
)
_ONCE = Config(connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 1})


@cache
def _session() -> boto3.Session:
    session = boto3.Session()
    session.events.register(
        "before-call", lambda model, **_: calls.update([model.service_model.service_name])
    )
    return session


@cache
def client(service: str, *, once: bool = False, config: Config | None = None) -> Any:
    """The client of a service. `once` switches the SDK's retries off: an answer lost is not asked
    again.
    """
    chosen = _ONCE if once else _RETRYING
    made: Any = _session()
    return made.client(service, config=chosen.merge(config) if config else chosen)
