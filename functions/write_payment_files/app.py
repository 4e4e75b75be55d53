"""Write the files of a released payment batch."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions.write_files import write_payment_files
from kulturkontor.aws import clock
from kulturkontor.aws.events import FilesTask, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


def _write(record: SQSRecord) -> None:
    here = wiring()
    task = FilesTask.model_validate_json(record.body)
    batch = write_payment_files(
        task.batch or "",
        now=clock.now(),
        programme=here.programme,
        records=here.records,
        archive=here.archive,
    )
    logger.info("payment_files", state=batch.state if batch else "unknown")


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _write)
