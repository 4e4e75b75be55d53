"""What every function does around its work: the programme read anew when it is due, keys in the
log, and a count of the AWS calls made.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger

from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import wiring

logger = Logger()

Handler = Callable[[dict[str, Any], Any], Any]


def invocation(handler: Handler) -> Handler:
    """Log one line per invocation with the number of AWS calls by service; faults pass through."""

    @wraps(handler)
    def counted(event: dict[str, Any], context: Any) -> Any:
        wiring().current_programme.refresh()
        calls.clear()
        try:
            return handler(event, context)
        finally:
            logger.info("invocation", aws_calls=calls.total(), by_service=dict(calls))

    return counted
