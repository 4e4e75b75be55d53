"""Write an application page by page: a draft's own answers, or corrections of what was sent.

Corrections are kept beside the application until they are sent: what was sent counts until then.
Whatever can be kept is kept; what another has changed meanwhile, and what cannot be kept, is told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from kulturkontor import notices
from kulturkontor.actions.application_checks import (
    check_fixed,
    check_may,
    read_application,
    read_for_sending,
)
from kulturkontor.actions.apply import StaleVersionError
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.send_in import send_in
from kulturkontor.application_fields import (
    Fields,
    keep,
    settle_municipality,
    write_fields,
)
from kulturkontor.application_form import Answers, Member, Submission
from kulturkontor.application_parts import Kind, Part, questions_of
from kulturkontor.application_period import as_sendable, is_supplement, reopened_parts
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.claim_form import FieldError
from kulturkontor.edits import Merged, merge, merge_rows, remove_row, signed
from kulturkontor.mails import Mail
from kulturkontor.programme import Programme
from kulturkontor.receipts import Receipt, digest_of, receipt_of
from kulturkontor.records import Records, decide_again

CONTACT_ADDRESS = "contact.email"


class Edited(NamedTuple):
    """The application as it is kept now, and what of the page is not in it."""

    application: Application
    shown: Fields
    """The answers as they are kept now, but as typed where that could not be kept."""
    conflicts: tuple[str, ...]
    errors: tuple[FieldError, ...]


def edit(
    application_id: str,
    part: Part,
    typed: Fields,
    *,
    seen: Mapping[str, str],
    person: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    without_row: int | None = None,
    leaving: frozenset[str] = frozenset(),
    rows_stay: bool = False,
) -> Edited:
    """Keep what was typed on one page. `seen`: digests of what it showed; `without_row`: a row of
    the group to remove; `leaving`: fields not to touch now; `rows_stay`: see `merge_rows`. A
    draft's new contact address is sent the link.

    Raises ApplicationStateError, PeriodError, ContactFixedError.
    """

    def attempt() -> Edited:
        application = read_application(application_id, records)
        check_may(application, programme, at, submit=False, part=part)
        now = write_fields(application.working_answers)
        if part is Part.TEAM:
            merged = merge_rows(now, typed, seen, rows_stay=rows_stay)
        else:
            merged = _merge(application, part, now, typed, seen, leaving)
        if without_row is not None:
            merged = remove_row(merged, without_row)
        answers, errors = keep(merged.fields, now)
        check_fixed(application, answers, person)
        changed = application
        if answers != application.working_answers:
            changed = _with(application, answers, person, programme, at)
            mails = _link_to_new_address(application, changed, programme, at)
            commit(put(changed), mails, records=records, mail_queue=mail_queue)
        apart = {*merged.conflicts, *(each.path for each in errors)}
        shown = write_fields(answers) | {name: merged.typed.get(name, "") for name in apart}
        return Edited(changed, shown, merged.conflicts, errors)

    return decide_again(attempt)


def drop_corrections(
    application_id: str, *, person: str, at: datetime, programme: Programme, records: Records
) -> None:
    """Back to what was sent."""

    def attempt() -> None:
        application = read_application(application_id, records)
        check_may(application, programme, at, submit=False)
        if application.pending is not None:
            dropped = signed(application, application.answers, person=person, at=at)
            records.write(*put(dropped.but(pending=None)))

    decide_again(attempt)


def send(
    application_id: str,
    typed: Fields,
    *,
    shown: str,
    person: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """Send what was written, with the terms as ticked in `typed`; what has been sent already is not
    sent again. `shown`: `digest_of_shown` of what the sender looked at.

    Raises pydantic's ValidationError, StaleVersionError, FilesWaitingError and those of `edit`.
    """

    def attempt() -> Receipt:
        known, files = read_for_sending(application_id, records)
        application = as_sendable(known, programme, at)
        written = write_fields(application.working_answers)
        adds = is_supplement(known, programme, at)
        has_terms = not adds or Part.SEND in reopened_parts(known, at)
        terms = _asked(Part.SEND, typed) if has_terms else set()
        merged = merge(written, typed, {}, terms)
        answers = without_blank_members(keep(merged.fields, written).answers)
        if application.reference and answers == application.answers:
            return receipt_of(application, programme)
        check_may(application, programme, at, submit=True)
        if shown != digest_of_shown(application.working_answers):
            raise StaleVersionError
        sent = Submission.model_validate(answers.model_dump(mode="json"))
        ready = signed(application, sent, person=person, at=at).but(
            answers=sent,
            pending=_unsent(known, application),
            language=programme.language(sent.language),
        )
        return send_in(ready, files, at, programme, records, mail_queue)

    return decide_again(attempt)


def _unsent(known: Application, sendable: Application) -> Answers | None:
    """Corrections that could not be sent now, and stay."""
    return None if sendable.pending == known.pending else known.pending


def without_blank_members(answers: Answers) -> Answers:
    """Rows that were left blank among others are no members of what is sent."""
    members = tuple(each for each in answers.members if each != Member())
    return answers.model_copy(update={"members": members})


def digest_of_shown(answers: Answers) -> str:
    """What a sender looked at before sending, the terms left out, as they are ticked there."""
    terms = {each.field for each in questions_of(Part.SEND)}
    return digest_of(answers.model_dump(mode="json", exclude=terms))


def _merge(
    application: Application,
    part: Part,
    now: Fields,
    typed: Fields,
    seen: Mapping[str, str],
    leaving: frozenset[str],
) -> Merged:
    fixed = {"municipality"} if application.reference else set()
    names = _asked(part, typed) - fixed - leaving
    settled = settle_municipality(typed, now) if "municipality" in names else typed
    return merge(now, settled, seen, sorted(names))


def _asked(part: Part, typed: Fields) -> set[str]:
    """The fields that the page had: an unticked box is not sent, and a field that is not there was
    not asked for.
    """
    return {
        each.field for each in questions_of(part) if each.kind is Kind.BOX or each.field in typed
    }


def _with(
    application: Application, answers: Answers, person: str, programme: Programme, at: datetime
) -> Application:
    changed = signed(application, answers, person=person, at=at)
    if application.state is ApplicationState.DRAFT:
        return changed.but(answers=answers, language=programme.language(answers.language))
    return changed.but(pending=None if answers == application.answers else answers)


def _link_to_new_address(
    before: Application, after: Application, programme: Programme, at: datetime
) -> list[Mail]:
    address = after.answers.contact.email
    if not address or address == before.answers.contact.email:
        return []
    return [notices.draft_link(after, programme, at, before.revision)]
