"""What moves a mail from state to state: staff, our sending, and what SES tells; and its copies.

SES's events may come twice, late, in any order; a bounce is the last word. States: `design` in
`docs/architecture.md`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from kulturkontor.mails import Mail, MailEvent, MailState, MailStateError

_NEVER_OUT: Final = frozenset({MailState.QUEUED, MailState.STOPPED, MailState.TAKEN_BACK})


def is_kept_back(mail: Mail) -> bool:
    """Whether nobody can have it: it was not claimed for sending, or SES never took it."""
    return mail.state in _NEVER_OUT or (mail.state is MailState.FAILED and not mail.message_id)


def stop(mail: Mail) -> Mail:
    """Keep a mail back that nobody has taken for sending yet. Raises MailStateError."""
    if mail.state is not MailState.QUEUED:
        raise MailStateError(mail.state)
    return mail.but(state=MailState.STOPPED)


def let_go(mail: Mail) -> Mail:
    """A mail that was stopped goes back in the queue. Raises MailStateError."""
    if mail.state is not MailState.STOPPED:
        raise MailStateError(mail.state)
    return mail.but(state=MailState.QUEUED, not_before=None, handled_by=None)


def claim(mail: Mail, now: datetime) -> Mail:
    """Take the mail for sending: from here on nobody else may send it."""
    return mail.but(state=MailState.CLAIMED, claimed_at=now, not_before=None)


def is_due(mail: Mail, now: datetime) -> bool:
    return mail.state is MailState.QUEUED and (mail.not_before is None or mail.not_before <= now)


def release(mail: Mail, *, now: datetime, wait: timedelta) -> Mail:
    """SES would not take it now: back in the queue, not before then."""
    return mail.but(state=MailState.QUEUED, claimed_at=None, not_before=now + wait)


def mark_sent(mail: Mail, message_id: str) -> Mail:
    """SES answered. An event may have been faster; then only the message id is new."""
    told = _told_by(mail.events)
    return mail.but(state=told or MailState.SENT, message_id=message_id)


def mark_failed(mail: Mail, *, code: str, now: datetime) -> Mail:
    refusal = MailEvent(kind="refused", at=now, detail=code)
    events = mail.events if refusal in mail.events else (*mail.events, refusal)
    return mail.but(state=MailState.FAILED, events=events)


def mark_uncertain(mail: Mail) -> Mail:
    """Claimed, and after the grace neither an answer nor an event: a person must decide."""
    if mail.state is not MailState.CLAIMED:
        raise MailStateError(mail.state)
    return mail.but(state=MailState.UNCERTAIN)


def _told_by(events: Iterable[MailEvent]) -> MailState | None:
    """Where SES's events put a mail, in whatever order they came.

    A permanent bounce is the last word, also after a delivery. SES tells of a transient bounce only
    when it has given up, or when somebody's machine answered a mail that was delivered.
    Source: SES developer guide, «Bounce: soft bounces are only included when SES fails to deliver
    the email after retrying for a period of time».
    """
    kinds = {event.outcome for event in events}
    return next((state for kind, state in _LAST_WORDS if kind in kinds), None)


_LAST_WORDS = (
    ("Bounce", MailState.BOUNCED),
    ("Delivery", MailState.DELIVERED),
    ("Complaint", MailState.DELIVERED),
    ("Transient bounce", MailState.BOUNCED),
    ("Reject", MailState.FAILED),
    ("Rendering Failure", MailState.FAILED),
    ("Send", MailState.SENT),
    ("DeliveryDelay", MailState.SENT),
)


def record_event(mail: Mail, event: MailEvent, message_id: str) -> Mail:
    """What SES tells of a mail; each event counts once."""
    if event in mail.events:
        return mail
    events = (*mail.events, event)
    return mail.but(
        events=events,
        message_id=mail.message_id or message_id,
        state=_told_by(events) or mail.state,
    )


def send_again(mail: Mail, *, to: str | None, now: datetime) -> Mail:
    """A copy as staff asked: the same text to the same or a corrected address, as a mail of its
    own.
    """
    if mail.state in _NEVER_OUT or mail.state is MailState.CLAIMED:
        raise MailStateError(mail.state)
    return copy_of(mail, _again(mail.copies + 1), to=to or mail.to, now=now)


def copy_id(mail: Mail, number: int) -> str:
    """The id of that copy that staff sent of it."""
    return f"{mail.id}_{_again(number)}"


def _again(number: int) -> str:
    return f"again{number}"


def copy_of(mail: Mail, why: str, *, to: str, now: datetime) -> Mail:
    """The same text and enclosures as a mail of its own; `why` ends its id."""
    return Mail(
        id=f"{mail.id}_{why}",
        programme=mail.programme,
        to=to,
        language=mail.language,
        text=mail.text,
        values=mail.values,
        pages=mail.pages,
        enclosures=mail.enclosures,
        registered=mail.registered,
        queued_at=now,
    )
