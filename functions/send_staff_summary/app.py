"""Send staff the summary of the day."""

from typing import Any

from kulturkontor.actions.summarise import send_staff_summary
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = send_staff_summary(
        now=clock.now(),
        to=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    logger.info("send_staff_summary", sent=done is not None)
