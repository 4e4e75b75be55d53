"""Find what an event was lost for, and say that the office is alive."""

from typing import Any

from aws_lambda_powertools.metrics import Metrics, MetricUnit

from kulturkontor.actions.message_group import resume_messages
from kulturkontor.actions.sweep import sweep
from kulturkontor.actions.tell_change import resume_changes
from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring

metrics = Metrics()


@metrics.log_metrics
@invocation
def handler(event: dict[str, Any], context: Any) -> None:
    here = wiring()
    done = sweep(
        now=clock.now(),
        records=here.records,
        mail_queue=here.mail_queue,
        upload_queue=here.upload_queue,
        sheet_queue=here.sheet_queue,
        files_queue=here.files_queue,
        uploads_bucket=here.settings.uploads_bucket,
        office_bucket=here.settings.office_bucket,
        accounts=here.accounts,
    )
    messages = resume_messages(
        now=clock.now(),
        programme=here.programme,
        records=here.records,
        letter_queue=here.letter_queue,
    )
    changes = resume_changes(
        now=clock.now(),
        programme=here.programme,
        records=here.records,
        letter_queue=here.letter_queue,
    )
    metrics.add_metric(name="Heartbeat", unit=MetricUnit.Count, value=1)
    logger.info("sweep", **done, messages=messages, changes=changes)
