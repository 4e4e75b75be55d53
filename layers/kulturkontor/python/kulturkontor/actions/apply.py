"""Start, edit and send an application."""

import hashlib
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from kulturkontor import notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.send_in import send_in
from kulturkontor.application_form import Answers, Submission
from kulturkontor.applications import (
    Application,
    ApplicationState,
    Phase,
    application_key,
    phase,
    put,
)
from kulturkontor.programme import Programme
from kulturkontor.receipts import Receipt, digest_of, receipt_of
from kulturkontor.records import Conflict, Put, Records, decide_again
from kulturkontor.refused_attempts import RefusedAttempt, refused_attempt


class PeriodError(Exception):
    """The application period does not allow this now; `args[0]` is the phase it is in."""

    def __init__(self, at: Phase) -> None:
        super().__init__(at)
        self.phase = at


class KeyReusedError(Exception):
    """The same Idempotency-Key came with another body; use a new key for another application."""


class ApplicationStateError(Exception):
    """The application is not in a state where this can be done; `args[0]` is the state it is in."""


class StaleVersionError(Exception):
    """Somebody saved the application since it was read; read it again before saving."""


class MunicipalityFixedError(Exception):
    """A sent application stays with its municipality; withdraw it and send a new one for
    another.
    """


def application_id_of(programme: Programme, key: str) -> str:
    """The id that an Idempotency-Key leads to: the same key always means the same application."""
    digest = hashlib.sha256(f"{programme.id}|{key}".encode()).hexdigest()
    return digest[:32]


def start(
    body: dict[str, Any],
    *,
    key: str,
    submit: bool,
    received_at: datetime,
    suspect: bool,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """A new application, as a draft or sent at once.

    Raises pydantic's ValidationError for what cannot be kept, PeriodError, KeyReusedError. An
    attempt to send that is turned away by the first two is counted.
    """

    def turned_away(*codes: str) -> None:
        if submit:
            refusal = refused_attempt(
                body, codes, key=key, programme_id=programme.id, at=received_at
            )
            _note(refusal, records)

    try:
        answers = (Submission if submit else Answers).model_validate(body)
    except ValidationError as fault:
        turned_away(*sorted({each["type"] for each in fault.errors(include_input=False)}))
        raise
    application_id = application_id_of(programme, key)
    digest = digest_of({"submit": submit, "body": answers.model_dump(mode="json")})

    def attempt() -> Receipt:
        known = records.read(Application, application_key(application_id))
        if known is not None:
            return _same_answer(known, digest)
        _check_period(programme, received_at)
        draft = Application(
            id=application_id,
            programme=programme.id,
            state=ApplicationState.DRAFT,
            answers=answers,
            language=programme.language(answers.language),
            created_at=received_at,
            saved_at=received_at,
            request_digest=digest,
            suspect=suspect,
        )
        if submit:
            return send_in(draft, received_at, programme, records, mail_queue)
        receipt = receipt_of(draft, programme)
        mails = [notices.draft_link(draft, programme, received_at)] if answers.contact.email else []
        commit(
            put(draft.but(first_answer=receipt.model_dump(mode="json"))),
            mails,
            records=records,
            mail_queue=mail_queue,
        )
        return receipt

    try:
        return decide_again(attempt)
    except PeriodError as fault:
        turned_away(f"period_{fault.phase}")
        raise


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
) -> Receipt:
    """Keep new answers; `submit` sends them. `body` holds whole fields, the others stay as they
    are.
    """

    def attempt() -> Receipt:
        application = read_application(application_id, records)
        if expected_version is not None and expected_version != application.revision:
            raise StaleVersionError
        merged = {**application.answers.model_dump(mode="json"), **body}
        answers = (Submission if submit else Answers).model_validate(merged)
        if application.reference and answers.municipality != application.answers.municipality:
            raise MunicipalityFixedError
        draft = application.state is ApplicationState.DRAFT
        if not draft and application.state not in (
            ApplicationState.SUBMITTED,
            ApplicationState.COMPETING,
        ):
            raise ApplicationStateError(application.state)
        at = _check_period(programme, received_at)
        if at == "late" and not (draft and submit):
            raise PeriodError(at)
        changed = application.but(
            answers=answers, saved_at=received_at, language=programme.language(answers.language)
        )
        if submit:
            return send_in(changed, received_at, programme, records, mail_queue)
        if not draft:
            raise ApplicationStateError(application.state)
        records.write(*put(changed))
        return receipt_of(changed, programme)

    return decide_again(attempt)


def read_application(application_id: str, records: Records) -> Application:
    application = records.read(Application, application_key(application_id))
    if application is None:
        raise ApplicationStateError("unknown")
    return application


def _same_answer(known: Application, digest: str) -> Receipt:
    if known.request_digest != digest:
        raise KeyReusedError
    return Receipt.model_validate(known.first_answer)


def _check_period(programme: Programme, at: datetime) -> Phase:
    now = phase(programme, at)
    if now in ("before", "closed"):
        raise PeriodError(now)
    return now


def _note(refusal: RefusedAttempt, records: Records) -> None:
    try:
        records.write(Put(refusal))
    except Conflict:
        return  # the same attempt once more
