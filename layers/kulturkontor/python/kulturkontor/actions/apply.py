"""Start, send, edit and withdraw an application."""

import hashlib
import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kulturkontor import notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.applications import (
    LIVE,
    Answers,
    Application,
    ApplicationState,
    ApplicationVersion,
    MunicipalityGuard,
    Phase,
    Submission,
    application_key,
    find_missing,
    find_warnings,
    guard_key,
    phase,
    put,
    reference_of,
)
from kulturkontor.mails import Mail
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Conflict, Put, Records, decide_again
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


class Receipt(BaseModel):
    """What a sender is told about the application: kept with the version, so that it can be told
    again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    reference: str | None
    state: ApplicationState
    version: int
    received_at: datetime | None
    is_late: bool
    is_complete: bool
    missing: tuple[dict[str, str], ...]
    warnings: tuple[dict[str, str], ...]


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
    digest = _digest({"submit": submit, "body": answers.model_dump(mode="json")})

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
            return _send(draft, received_at, programme, records, mail_queue)
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
            return _send(changed, received_at, programme, records, mail_queue)
        if not draft:
            raise ApplicationStateError(application.state)
        records.write(*put(changed))
        return receipt_of(changed, programme)

    return decide_again(attempt)


def withdraw(
    application_id: str,
    *,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """«Withdrawal is possible at any time; after the deadline it goes to staff.»"""

    def attempt() -> Receipt:
        application = read_application(application_id, records)
        if application.state in (ApplicationState.WITHDRAWN, ApplicationState.WITHDRAWAL_ASKED):
            return receipt_of(application, programme)
        if application.state is ApplicationState.DRAFT or phase(programme, at) == "open":
            gone = application.but(state=ApplicationState.WITHDRAWN, saved_at=at)
            mails = [notices.withdrawn(gone, programme, at)] if gone.reference else []
        else:
            gone = application.but(state=ApplicationState.WITHDRAWAL_ASKED, saved_at=at)
            mails = [notices.withdrawal_received(gone, programme, at)]
        commit(put(gone), mails, records=records, mail_queue=mail_queue)
        return receipt_of(gone, programme)

    return decide_again(attempt)


def confirm_withdrawal(
    application_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Staff have seen that the municipality withdraws; a single competing one that is left now
    counts, as the deadline settles nothing any more.
    """

    def attempt() -> Application:
        application = read_application(application_id, records)
        if application.state is ApplicationState.WITHDRAWN:
            return application
        if application.state is not ApplicationState.WITHDRAWAL_ASKED:
            raise ApplicationStateError(application.state)
        gone = application.but(state=ApplicationState.WITHDRAWN, saved_at=at)
        heir = _last_rival(gone, programme, records)
        commit(
            [*put(gone), *(put(heir) if heir else [])],
            [notices.withdrawn(gone, programme, at)],
            records=records,
            mail_queue=mail_queue,
        )
        return gone

    return decide_again(attempt)


def _last_rival(gone: Application, programme: Programme, records: Records) -> Application | None:
    guard = records.read(MunicipalityGuard, guard_key(programme.id, gone.kommunenummer))
    others = [each for each in guard.applications if each != gone.id] if guard else []
    found = records.read_many(Application, [application_key(each) for each in others])
    live = [each for each in found if each.state in LIVE]
    if [each.state for each in live] != [ApplicationState.COMPETING]:
        return None
    return live[0].but(state=ApplicationState.SUBMITTED)


def send_new_link(
    kommunenummer: str, *, at: datetime, programme: Programme, records: Records, mail_queue: Queue
) -> None:
    """A new link to the contact of the municipality's applications; nobody is told whether there
    are any.
    """
    guard = records.read(MunicipalityGuard, guard_key(programme.id, kommunenummer))
    if guard is None:
        return
    found = records.read_many(Application, [application_key(each) for each in guard.applications])
    mails = [notices.new_link(each, programme, at) for each in found if each.answers.contact.email]
    try:
        commit([], mails, records=records, mail_queue=mail_queue)
    except Conflict:
        return  # the same link was asked for in the same minute: it is on its way


def read_application(application_id: str, records: Records) -> Application:
    application = records.read(Application, application_key(application_id))
    if application is None:
        raise ApplicationStateError("unknown")
    return application


def receipt_of(application: Application, programme: Programme) -> Receipt:
    return Receipt(
        id=application.id,
        reference=application.reference,
        state=application.state,
        version=application.revision + 1,
        received_at=application.received_at,
        is_late=application.is_late,
        is_complete=application.is_complete,
        missing=tuple(each.model_dump() for each in find_missing(application.answers, programme)),
        warnings=tuple(each.model_dump() for each in find_warnings(application.answers, programme)),
    )


def _send(
    draft: Application,
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """The answers become the municipality's application; a second one is kept as competing."""
    if draft.reference is not None:
        return _commit_sent(draft, [], [], received_at, programme, records, mail_queue)
    guard = MunicipalityGuard(
        programme=programme.id,
        kommunenummer=draft.kommunenummer,
        applications=(draft.id,),
    )
    first = draft.but(
        state=ApplicationState.SUBMITTED,
        reference=reference_of(programme, draft.kommunenummer, 0),
    )
    try:
        return _commit_sent(first, [Put(guard)], [], received_at, programme, records, mail_queue)
    except Conflict:
        known = records.read(MunicipalityGuard, guard.key)
        if known is None or draft.id in known.applications:
            raise
    earlier = records.read_many(Application, [application_key(each) for each in known.applications])
    rivals = [each for each in earlier if each.state in LIVE]
    second = draft.but(
        state=ApplicationState.COMPETING if rivals else ApplicationState.SUBMITTED,
        reference=reference_of(programme, draft.kommunenummer, len(known.applications)),
    )
    longer = known.but(applications=(*known.applications, draft.id))
    told = [second, *rivals] if rivals else []
    notes = [notices.competing(each, second, programme, received_at) for each in told]
    return _commit_sent(second, [Put(longer)], notes, received_at, programme, records, mail_queue)


def _commit_sent(
    application: Application,
    changes: list[Change],
    notes: list[Mail],
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    sent = application.but(
        received_at=received_at,
        is_late=received_at >= programme.closes_at,
        version=application.version + 1,
        missing=find_missing(application.answers, programme),
    )
    receipt = receipt_of(sent, programme)
    if not sent.first_answer:
        sent = sent.but(first_answer=receipt.model_dump(mode="json"))
    version = ApplicationVersion(
        application_id=sent.id,
        version=sent.version,
        answers=sent.answers,
        missing=sent.missing,
        received_at=received_at,
        digest=_digest(sent.answers.model_dump(mode="json")),
    )
    commit(
        [*put(sent), Put(version), *changes],
        [notices.receipt(sent, programme, received_at), *notes],
        records=records,
        mail_queue=mail_queue,
    )
    return receipt


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


def _digest(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
