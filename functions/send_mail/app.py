"""Send one mail: the only function that may call SES."""

from time import monotonic, sleep
from typing import Any, Final

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions import send
from kulturkontor.aws import clock
from kulturkontor.aws.events import MailTask, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.secrets import link_key
from kulturkontor.aws.wiring import wiring
from kulturkontor.mails import Mail
from kulturkontor.markup import TextError
from kulturkontor.messages import MessageTooLargeError, Sending, write_message
from kulturkontor.pacing import Pace

PACE: Final = Pace(monotonic, sleep)


def _write(mail: Mail, enclosures: list[bytes]) -> bytes:
    here = wiring().settings
    sending = Sending(
        sender=here.sender_address,
        reply_to=here.reply_to_address,
        public_url=here.public_url,
        office_url=here.office_url,
    )
    try:
        return write_message(
            mail, enclosures, sending=sending, programme=wiring().programme, link_key=link_key()
        )
    except (TextError, MessageTooLargeError) as fault:
        raise send.UnwritableError(str(fault)) from fault


def _send(record: SQSRecord) -> None:
    task = MailTask.model_validate_json(record.body)
    per_second = wiring().programme.decision.mails_per_second
    PACE.keep(per_second)
    outcome = send.send_mail(
        task.programme,
        task.mail,
        now=clock.now(),
        records=wiring().records,
        archive=wiring().archive,
        sender=wiring().mailer,
        compose=_write,
    )
    if outcome is not send.Sending.NOT_DUE:
        PACE.note(per_second)
    logger.info("mail", outcome=outcome)


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _send)
