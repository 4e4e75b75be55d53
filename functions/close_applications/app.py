"""Close the application period, once, two minutes after the deadline."""

from typing import Any

from kulturkontor.actions.close import close_applications
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = close_applications(
        now=clock.now(),
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )
    logger.info("close_applications", certified=done.number if done else None)
