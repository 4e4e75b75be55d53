"""Preflight on its days; release the letters when their time has come."""

from functools import partial
from typing import Any

from kulturkontor.actions.release_letters import prepare_letters
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.sending_account import look_at_account
from kulturkontor.aws.wiring import wiring


@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = prepare_letters(
        now=clock.now(),
        staff_address=here.settings.staff_address,
        copy_to_postmottak=here.settings.copy_to_postmottak,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
        letter_queue=here.letter_queue,
        look=partial(look_at_account, here.settings.sender_identity),
    )
    logger.info("prepare_letters", **done)
