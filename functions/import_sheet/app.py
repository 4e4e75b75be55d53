"""Take in a sheet that staff uploaded: decisions, or one of those that a council starts from."""

import re
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.aws import clock
from kulturkontor.aws.events import ObjectCreated, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring
from kulturkontor.start_sheets import StartKind

_KINDS = "|".join(("decisions", *StartKind))
_KEY = re.compile(rf"^sheets/[a-z0-9]{{1,20}}/({_KINDS})/([a-z0-9]{{8,40}})$")


class ForeignSheetError(ValueError):
    """The key is not one we handed out; look at who put the file there."""


def _import(record: SQSRecord) -> None:
    here = wiring()
    created = ObjectCreated.model_validate_json(record.body).detail.object_in(here.office.name)
    match = _KEY.match(created.key)
    if match is None:
        raise ForeignSheetError
    # Each kind needs a hundred modules that the other does not: only those of this one load.
    if match[1] == "decisions":
        from kulturkontor.actions.import_sheets import import_decisions

        sheet = import_decisions(
            match[2],
            version=created.version_id,
            now=clock.now(),
            staff_address=here.settings.staff_address,
            programme=here.programme,
            records=here.records,
            office=here.office,
            archive=here.archive,
            mail_queue=here.mail_queue,
        )
    else:
        from kulturkontor.actions.start_import import take_in

        sheet = take_in(
            match[2],
            version=created.version_id,
            now=clock.now(),
            programme=here.programme,
            records=here.records,
            office=here.office,
            archive=here.archive,
        )
    logger.info("sheet", state=sheet.state if sheet else "unknown")


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _import)
