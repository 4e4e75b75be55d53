"""Erase what has been kept long enough, by the table of terms."""

from typing import Any

from kulturkontor.actions.erase import erase_expired
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = erase_expired(
        now=clock.now(),
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        uploads=here.uploads,
        archive=here.archive,
    )
    logger.info("erase_expired", **done)
