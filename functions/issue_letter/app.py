"""Write one decision letter, keep it, and put it in the outbox."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions.issue import issue_letter
from kulturkontor.aws import clock
from kulturkontor.aws.events import LetterTask, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


def _issue(record: SQSRecord) -> None:
    here = wiring()
    letter = issue_letter(
        LetterTask.model_validate_json(record.body).application,
        now=clock.now(),
        copy_to_postmottak=here.settings.copy_to_postmottak,
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )
    logger.info("letter", state=letter.state if letter else "none")


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _issue)
