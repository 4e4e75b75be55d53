"""Remind of drafts, answers and claims; what has lapsed becomes a task for staff."""

from typing import Any

from kulturkontor.actions.remind import remind
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = remind(
        now=clock.now(),
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    logger.info("remind", **done)
