"""Take in the bank's answer (pain.002) to a payment file."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions.bank_reports import import_bank_report
from kulturkontor.aws import clock
from kulturkontor.aws.events import ObjectCreated, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


def _import(record: SQSRecord) -> None:
    here = wiring()
    created = ObjectCreated.model_validate_json(record.body).detail.object_in(here.office.name)
    counts = import_bank_report(
        created.key,
        version=created.version_id,
        now=clock.now(),
        staff_address=here.settings.finance_address,
        programme=here.programme,
        records=here.records,
        office=here.office,
        mail_queue=here.mail_queue,
    )
    logger.info("bank_report", **counts)


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _import)
