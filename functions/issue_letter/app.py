"""Write one decision letter, keep it, and put it in the outbox; or set all of them as drafts, or
write the mails of a message to a group or of a change in the calendar.
"""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kulturkontor.actions.issue import issue_letter
from kulturkontor.aws import clock
from kulturkontor.aws.events import LetterTask, each_message
from kulturkontor.aws.invocation import invocation, logger
from kulturkontor.aws.wiring import wiring


def _write(record: SQSRecord) -> None:
    task, here, now = LetterTask.model_validate_json(record.body), wiring(), clock.now()
    kept = {"programme": here.programme, "records": here.records}
    # Imported where they are used: a letter's cold start shall not wait for the rest.
    if task.application is not None:
        letter = issue_letter(
            task.application,
            now=now,
            copy_to_postmottak=here.settings.copy_to_postmottak,
            staff_address=here.settings.staff_address,
            archive=here.archive,
            mail_queue=here.mail_queue,
            **kept,
        )
        logger.info("letter", state=letter.state if letter else "none")
    elif task.message is not None:
        from kulturkontor.actions.message_group import write_mails

        message = write_mails(task.message, at=now, mail_queue=here.mail_queue, **kept)
        logger.info("group_message", recipients=len(message.recipients))
    elif task.event is not None:
        from kulturkontor.actions.tell_change import tell_change

        change = tell_change(task.event, task.sequence, mail_queue=here.mail_queue, **kept)
        logger.info("calendar_change", told=change.told)
    else:
        from kulturkontor.actions.preview_letters import make_previews

        made = make_previews(now=now, by="issue_letter", archive=here.archive, **kept)
        logger.info("previews", letters=len(made.pages), faults=len(made.faults))


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _write)
