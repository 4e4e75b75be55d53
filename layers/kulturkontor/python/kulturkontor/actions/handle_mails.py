"""What staff do about a mail that did not arrive: send it again, mend the address, put it aside."""

from datetime import datetime

from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.read_known import read_too_late
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.mail_states import copy_id, let_go, send_again, stop
from kulturkontor.mails import (
    Mail,
    MailState,
    MailStateError,
    is_letter_itself,
    mail_key,
    mails_partition,
)
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Key, Put, Records, Unchanged, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.resending import Mended, as_it_stands, mend_address


class UnknownMailError(Refusal):
    """There is no mail of that id."""

    status = 404
    code = "unknown"


class MailResentError(Refusal):
    """Somebody has sent it to another address since the page was shown."""

    code = "mail_resent"


class MailErasedError(Refusal):
    """Nobody is written to any more about what it was about."""

    code = "mail_erased"


class AnswerDayTooNearError(Refusal):
    """The letter gives a place, and less time to answer than there is to be: it is taken back, and
    written anew with another day.
    """

    code = "answer_day_too_near"


def read_mail(programme_id: str, mail_id: str, records: Records) -> Mail:
    mail = records.read(Mail, mail_key(programme_id, mail_id))
    if mail is None:
        raise UnknownMailError(mail_id)
    return mail


def mark_handled(
    programme_id: str, mail_id: str, *, by: str, at: datetime, records: Records
) -> Mail:
    """Nothing is sent; the mail no longer waits on staff. Raises UnknownMailError,
    MailStateError.
    """

    def attempt() -> Mail:
        mail = read_mail(programme_id, mail_id, records)
        if mail.handled_by is not None:
            return mail
        if not mail.needs_staff:
            raise MailStateError(mail.state)
        handled = mail.but(handled_by=by)
        note = audit(mail, "handled", by=by, at=at, before=mail.state, subject=history_of(mail))
        records.write(Put(handled), note)
        return handled

    return decide_again(attempt)


def stop_mail(programme_id: str, mail_id: str, *, by: str, at: datetime, records: Records) -> Mail:
    """Keep it back; of a letter, its copies as well. What is being handed over already goes. Raises
    UnknownMailError, and MailStateError when nothing of it waits any more.
    """

    def attempt() -> Mail:
        mail = read_mail(programme_id, mail_id, records)
        waiting = _together(mail, MailState.QUEUED, records)
        if not waiting:
            raise MailStateError(mail.state)
        note = audit(mail, "mail_stopped", by=by, at=at, subject=history_of(mail))
        records.write(*(Put(stop(each)) for each in waiting), note)
        return read_mail(programme_id, mail_id, records)

    return decide_again(attempt)


def let_mail_go(
    mail_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Mail:
    """Back in the queue, with what was stopped together with it. Raises UnknownMailError,
    MailStateError, AnswerDayTooNearError.
    """

    def attempt() -> Mail:
        mail = read_mail(programme.id, mail_id, records)
        stopped = _together(mail, MailState.STOPPED, records)
        if not stopped:
            raise MailStateError(mail.state)
        _require_time_to_answer(mail, at, programme, records)
        note = audit(mail, "mail_let_go", by=by, at=at, subject=history_of(mail))
        going = [let_go(each) for each in stopped]
        commit([note], going, records=records, mail_queue=mail_queue)
        return next((each for each in going if each.id == mail.id), mail)

    return decide_again(attempt)


def _require_time_to_answer(
    mail: Mail, now: datetime, programme: Programme, records: Records
) -> None:
    if read_too_late([mail], now=now, programme=programme, records=records):
        raise AnswerDayTooNearError(mail.id)


def history_of(mail: Mail) -> Key:
    """Beside the mails, which are listed whole."""
    return Key(f"MAIL#{mail.id}", "")


def _together(mail: Mail, state: MailState, records: Records) -> list[Mail]:
    """The mail and, of a letter, its copies: those in that state."""
    family = (
        records.list(Mail, mails_partition(mail.programme), mail.id)
        if is_letter_itself(mail.id)
        else [mail]
    )
    own = (mail.id, f"{mail.id}_")
    return [
        each
        for each in family
        if each.state is state and (each.id == own[0] or each.id.startswith(own[1]))
    ]


def resend(
    mail_id: str,
    *,
    to: str | None,
    by: str,
    now: datetime,
    seen: int | None = None,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Mail:
    """Staff send a copy, knowing that a second one may arrive. An address that is another than the
    mail's own corrects it where it is kept. `seen`: how many copies the page knew of; the same
    button twice is one copy. Raises UnknownMailError, MailStateError, MailResentError,
    MailErasedError, AnswerDayTooNearError.
    """

    def attempt() -> Mail:
        mail = read_mail(programme.id, mail_id, records)
        if not mail.to:
            raise MailErasedError(mail.id)
        if seen is not None and seen != mail.copies:
            return _sent_already(mail, seen, to, records)
        copy = send_again(mail, to=to, now=now)
        _require_time_to_answer(mail, now, programme, records)
        handled = mail.but(copies=mail.copies + 1, handled_by=by)
        note = audit(mail, "resend", by=by, at=now, subject=history_of(mail))
        changes: list[Change] = [Put(handled), note]
        application = read_application_of(mail, records)
        if application is not None:
            mended = mend_address(application, mail.to, copy.to)
            copy = as_it_stands(copy, mended.application)
            changes += _kept(application, mended, by=by, at=now)
        commit(changes, [copy], records=records, mail_queue=mail_queue)
        return copy

    return decide_again(attempt)


def read_application_of(mail: Mail, records: Records) -> Application | None:
    """The application that the mail is about; None for mails to the office."""
    return records.read(Application, application_key(mail.id.split("_")[0]))


def _sent_already(mail: Mail, seen: int, to: str | None, records: Records) -> Mail:
    """The copy that was sent since the page was shown."""
    copy = read_mail(mail.programme, copy_id(mail, seen + 1), records)
    if copy.to != (to or mail.to):
        raise MailResentError(mail.id)
    return copy


def _kept(application: Application, mended: Mended, *, by: str, at: datetime) -> list[Change]:
    """The copy's links are those of the application as it was read."""
    if not mended.places:
        return [Unchanged(application)]
    return [
        *put(mended.application),
        *(audit(application, place, by=by, at=at) for place in mended.places),
    ]
