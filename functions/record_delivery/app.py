"""Note what SES tells of a mail: sent, delivered, delayed, bounced, complained about."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions.deliveries import record_delivery
from kulturkontor.aws import clock
from kulturkontor.aws.events import MailEventReceived, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring
from kulturkontor.mails import MailEvent


def _record(record: SQSRecord) -> None:
    event = MailEventReceived.model_validate_json(record.body)
    detail = event.detail
    tags = detail.mail.tags.get("mail", [])
    if not tags:
        logger.info("not_our_mail", kind=detail.event_type)
        return
    here = wiring()
    known = record_delivery(
        tags[0],
        MailEvent(
            kind=detail.event_type,
            at=datetime.fromisoformat(event.time),
            detail=str(detail.bounce.get("bounceType", "")),
        ),
        message_id=detail.mail.message_id,
        now=clock.now(),
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    logger.info("delivery", kind=detail.event_type, known=known is not None)


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _record)
