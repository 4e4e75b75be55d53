"""Call a function as Lambda does: its own `app.py`, a whole event, a context."""

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import Wiring
from tests.conftest import load_event
from tests.crash.world import World

FUNCTIONS = Path(__file__).parents[2] / "functions"
APPLICATION = "accfa6a5dc75dcb6bc5e30b2de7b2857"
"""What the sample events call the first application: the id that `key-of-4601` leads to."""
_NOT_COUNTED = {"ssm", "secretsmanager"}


@dataclass
class Context:
    """What Lambda tells a function of its run, as far as the library reads it."""

    function_name: str = "a-function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-north-1:123456789012:function:a-function"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


@cache
def handler(function: str) -> Any:
    spec = importlib.util.spec_from_file_location(
        f"function_{function}", FUNCTIONS / function / "app.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def call(function: str, case: str, **named: str) -> Any:
    """The handler's answer to a sample event; `named` fills words that a test run decides."""
    text = json.dumps(load_event(function, case))
    for word, value in named.items():
        text = text.replace(word.replace("_", "-").upper(), value)
    return handler(function)(json.loads(text), Context())


def failed(answer: dict[str, Any]) -> int:
    """How many messages are tried again, and end in the failure queue if that does not help."""
    return len(answer["batchItemFailures"])


def aws_calls() -> int:
    """The calls of the last run, without the clock and what a cold start reads."""
    return sum(count for service, count in calls.items() if service not in _NOT_COUNTED)


def state(here: Wiring) -> str:
    """The same for worlds that nothing can tell apart: table and files."""
    return World(here).state().mark
