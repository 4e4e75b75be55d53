"""Remind of drafts, answers and claims; what has lapsed becomes a task for staff; the hotel's lists
are frozen on their day; who came to a meeting after its invitation is invited.
"""

from typing import Any

from kulturkontor.actions.freeze_beds import freeze_beds
from kulturkontor.actions.invite_newcomers import invite_every_newcomer
from kulturkontor.actions.remind import remind
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here, now = wiring(), clock.now()
    done = remind(
        now=now,
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    frozen = freeze_beds(
        now=now,
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    invited = invite_every_newcomer(
        now=now, programme=here.programme, records=here.records, mail_queue=here.mail_queue
    )
    logger.info("remind", **done, rooming_lists=frozen, invited=invited)
