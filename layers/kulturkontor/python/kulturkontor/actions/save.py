"""Change or send an application as a whole, as the JSON API does; `edit` does it page by page."""

from datetime import datetime
from typing import Any

from kulturkontor.actions.application_checks import (
    ApplicationStateError,
    PeriodError,
    check_fixed,
    check_may,
    read_for_sending,
)
from kulturkontor.actions.apply import StaleVersionError
from kulturkontor.actions.ports import Queue
from kulturkontor.actions.send_in import send_in
from kulturkontor.application_form import Answers, Submission
from kulturkontor.application_period import as_sendable, phase
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.edits import signed
from kulturkontor.programme import Programme
from kulturkontor.receipts import Receipt, receipt_of
from kulturkontor.records import Records, decide_again


def save(
    application_id: str,
    body: dict[str, Any],
    *,
    submit: bool,
    expected_version: int | None,
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    person: str = "",
) -> Receipt:
    """Keep new answers; `submit` sends them. `body` holds whole fields, the others stay as they
    are; so do corrections that were begun page by page and are not sent. `person`: see `signed`.

    Raises pydantic's ValidationError, FilesWaitingError, and the errors of `actions.apply` but
    KeyReusedError.
    """

    def attempt() -> Receipt:
        application, files = read_for_sending(application_id, records)
        if expected_version is not None and expected_version != application.revision:
            raise StaleVersionError
        merged = {**application.answers.model_dump(mode="json"), **body}
        answers = (Submission if submit else Answers).model_validate(merged)
        check_fixed(application, answers, person)
        check_may(application, programme, received_at, submit=submit)
        _check_only_reopened(application, answers, programme, received_at)
        if not submit and application.state is not ApplicationState.DRAFT:
            raise ApplicationStateError(application.state)
        changed = signed(application, answers, person=person, at=received_at).but(
            answers=answers,
            pending=_rebased(application, body, answers),
            language=programme.language(answers.language),
        )
        if submit:
            return send_in(changed, files, received_at, programme, records, mail_queue)
        records.write(*put(changed))
        return receipt_of(changed, programme)

    return decide_again(attempt)


def _check_only_reopened(
    application: Application, answers: Answers, programme: Programme, at: datetime
) -> None:
    """Where only parts are open, nothing else may be changed; raises PeriodError."""
    changed = application.but(pending=Answers.model_validate(answers.model_dump()))
    sendable = as_sendable(changed, programme, at)
    if sendable.working_answers.model_dump() != answers.model_dump():
        raise PeriodError(phase(programme, at))


def _rebased(application: Application, body: dict[str, Any], answers: Answers) -> Answers | None:
    """Corrections that are not sent yet, with what was changed as a whole changed in them too."""
    if application.pending is None:
        return None
    merged = {**application.pending.model_dump(mode="json"), **body}
    pending = Answers.model_validate(merged)
    return None if pending.model_dump() == answers.model_dump() else pending
