"""Seal the attested claims as proposed payment batches."""

from typing import Any

from kulturkontor.actions.seal import seal_batches
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = seal_batches(
        now=clock.now(),
        by="settle_travel",
        finance_address=here.settings.finance_address,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    logger.info("settle_travel", batches=len(done))
