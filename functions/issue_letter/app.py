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
    task = LetterTask.model_validate_json(record.body)
    if task.application is not None:
        _issue(task.application)
    elif task.message is not None:
        _write_to_group(task.message)
    elif task.event is not None:
        _tell(task.event, task.sequence)
    else:
        _preview()


def _issue(application_id: str) -> None:
    here = wiring()
    letter = issue_letter(
        application_id,
        now=clock.now(),
        copy_to_postmottak=here.settings.copy_to_postmottak,
        staff_address=here.settings.staff_address,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )
    logger.info("letter", state=letter.state if letter else "none")


def _preview() -> None:
    # Here, not above: a letter's cold start shall not wait for what only the drafts need.
    from kulturkontor.actions.preview_letters import make_previews

    here = wiring()
    made = make_previews(
        now=clock.now(),
        by="issue_letter",
        programme=here.programme,
        records=here.records,
        archive=here.archive,
    )
    logger.info("previews", letters=len(made.pages), faults=len(made.faults))


def _write_to_group(message_id: str) -> None:
    from kulturkontor.actions.message_group import write_mails

    here = wiring()
    message = write_mails(
        message_id,
        at=clock.now(),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    logger.info("group_message", recipients=len(message.recipients))


def _tell(about: str, sequence: int) -> None:
    from kulturkontor.actions.tell_change import tell_change

    here = wiring()
    change = tell_change(
        about,
        sequence,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    logger.info("calendar_change", told=change.told)


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return each_message(event, context, _write)
