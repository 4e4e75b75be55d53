"""Start an application, as a draft or sent at once."""

import hashlib
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from kulturkontor import notices
from kulturkontor.actions.application_checks import PeriodError
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.send_in import send_in
from kulturkontor.application_form import Answers, Submission
from kulturkontor.application_period import (
    phase,
)
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, ApplicationState, application_key
from kulturkontor.programme import Programme
from kulturkontor.receipts import Receipt, digest_of, receipt_of
from kulturkontor.records import Conflict, Put, Records, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.refused_attempts import RefusedAttempt, refused_attempt


class KeyReusedError(Exception):
    """The same Idempotency-Key came with another body; use a new key for another application."""


class StaleVersionError(Refusal):
    """Somebody saved the application since it was read; read it again before saving."""

    code = "stale_version"


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
        draft = _draft(application_id, answers, digest, suspect, programme, received_at)
        if submit:
            return send_in(draft, [], received_at, programme, records, mail_queue)
        receipt = receipt_of(draft, programme)
        told = draft.but(first_answer=receipt.model_dump(mode="json"))
        _commit_draft(told, programme, records, mail_queue)
        return receipt

    try:
        return decide_again(attempt)
    except PeriodError as fault:
        turned_away(f"period_{fault.phase}")
        raise


def begin(
    answers: Answers,
    *,
    key: str,
    at: datetime,
    suspect: bool,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The draft that the key of a form leads to: made now, or as it has become since; its link is
    mailed once. Raises PeriodError.
    """
    application_id = application_id_of(programme, key)

    def attempt() -> Application:
        known = records.read(Application, application_key(application_id))
        if known is not None:
            return known
        draft = _draft(application_id, answers, "", suspect, programme, at)
        _commit_draft(draft, programme, records, mail_queue)
        return draft

    try:
        return decide_again(attempt)
    except PeriodError as fault:
        code = f"period_{fault.phase}"
        _note(refused_attempt({}, (code,), key=key, programme_id=programme.id, at=at), records)
        raise


def _same_answer(known: Application, digest: str) -> Receipt:
    if known.request_digest != digest:
        raise KeyReusedError
    return Receipt.model_validate(known.first_answer)


def _draft(
    application_id: str,
    answers: Answers,
    digest: str,
    suspect: bool,
    programme: Programme,
    at: datetime,
) -> Application:
    now = phase(programme, at)
    if now in ("before", "closed"):
        raise PeriodError(now)
    return Application(
        id=application_id,
        programme=programme.id,
        state=ApplicationState.DRAFT,
        answers=answers,
        language=programme.language(answers.language),
        created_at=at,
        saved_at=at,
        request_digest=digest,
        suspect=suspect,
    )


def _commit_draft(
    draft: Application, programme: Programme, records: Records, mail_queue: Queue
) -> None:
    has_address = bool(draft.answers.contact.email)
    mails = [notices.draft_link(draft, programme, draft.created_at)] if has_address else []
    commit(put(draft), mails, records=records, mail_queue=mail_queue)


def _note(refusal: RefusedAttempt, records: Records) -> None:
    try:
        records.write(Put(refusal))
    except Conflict:
        return  # the same attempt once more
