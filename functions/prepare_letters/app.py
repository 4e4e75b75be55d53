"""Preflight on its days; release the letters when their time has come."""

from typing import Any

from kulturkontor.actions.release_letters import prepare_letters
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = prepare_letters(
        now=clock.now(),
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
        letter_queue=here.letter_queue,
    )
    logger.info("prepare_letters", **done)
