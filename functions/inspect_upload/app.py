"""Judge a file that an applicant sent: real type, size, pages, signatures."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions.receive_files import judge_file, record_scan
from kulturkontor.aws import clock
from kulturkontor.aws.events import ObjectCreated, ObjectScanned, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring
from kulturkontor.received_files import ScanState

_SCANS = {"NO_THREATS_FOUND": ScanState.CLEAN, "THREATS_FOUND": ScanState.THREAT}


def _inspect(record: SQSRecord) -> None:
    here = wiring()
    if json.loads(record.body).get("source") == "aws.guardduty":
        scanned = ObjectScanned.model_validate_json(record.body).detail
        found = scanned.object_in(here.uploads.name)
        record_scan(
            found.key,
            _SCANS.get(scanned.result.status, ScanState.NOT_SCANNED),
            version=found.version_id,
            at=clock.now(),
            programme=here.programme,
            records=here.records,
            uploads=here.uploads,
            archive=here.archive,
            mail_queue=here.mail_queue,
        )
        return
    created = ObjectCreated.model_validate_json(record.body).detail.object_in(here.uploads.name)
    judged = judge_file(
        created.key,
        version=created.version_id,
        scan_required=here.settings.scan_uploads,
        at=clock.now(),
        programme=here.programme,
        records=here.records,
        uploads=here.uploads,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )
    logger.info("file", state=judged.state if judged else "unknown")


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _inspect)
