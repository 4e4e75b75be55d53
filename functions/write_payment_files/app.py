"""Write finance's files: those of a released batch, or the accounts of a year."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions.export_year import write_year_export
from kulturkontor.actions.write_files import write_payment_files
from kulturkontor.aws import clock
from kulturkontor.aws.events import FilesTask, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


def _write(record: SQSRecord) -> None:
    task = FilesTask.model_validate_json(record.body)
    if task.batch is not None:
        _write_batch(task.batch)
    if task.export is not None:
        _write_year(task.export)


def _write_batch(batch_id: str) -> None:
    here = wiring()
    batch = write_payment_files(
        batch_id,
        now=clock.now(),
        programme=here.programme,
        records=here.records,
        archive=here.archive,
    )
    logger.info("payment_files", state=batch.state if batch else "unknown")


def _write_year(export_id: str) -> None:
    here = wiring()
    export = write_year_export(
        export_id,
        now=clock.now(),
        finance_address=here.settings.finance_address,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )
    logger.info("year_export", state=export.state if export else "unknown")


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _write)
