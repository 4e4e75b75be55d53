"""The release of the letters: the one record that says it has begun, and the letter book."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.decisions import LetterState
from kulturkontor.letter_ledger import Fate, why_not_due
from kulturkontor.mails import Mail, MailState
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Key, Record


class Release(Record):
    """Written at the programme's time: the figures and the date that all letters state."""

    programme: str
    released_at: datetime
    letter_date: date
    applications: int
    places: int
    admitted_by_board: int | None = None
    overridden_by: tuple[str, ...] = ()
    """Who let it begin in spite of what was wrong."""
    reported: tuple[str, ...] = ()
    """The accounts of it that staff have been sent: `sent`, `closed`."""

    @property
    def key(self) -> Key:
        return release_key(self.programme)


def release_key(programme_id: str) -> Key:
    return Key(programme_partition(programme_id), "RELEASE")


def due_preflight(now: datetime, programme: Programme) -> int | None:
    """How many days before the release this preflight is for; None outside the days that have
    one.
    """
    days = (programme.released_at.astimezone(OSLO).date() - now.astimezone(OSLO).date()).days
    return days if days in programme.decision.preflight_days else None


class LetterBooks(BaseModel):
    """«decided = rendered + held; rendered = handed over + waiting + refused + uncertain;
    handed over = delivered + bounced + in transit», counted in letters, not mails."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decided: int
    held: int
    rendered: int
    waiting: int
    refused: int
    uncertain: int
    handed_over: int
    delivered: int
    bounced: int
    in_transit: int
    withdrawal_asked: int = 0
    unconfirmed: int = 0
    """Decided, but no letter is due as it is: in none of the equations (`why_not_due`)."""
    taken_back: int = 0
    """Written, and taken back before anybody was sent them: in none of the equations, since what is
    decided instead has a letter of its own, and who has withdrawn gets none.
    """
    unanswered: int = 0
    """Municipalities without an answer: no letter is written, or one that nobody has been sent
    waits for staff.
    """

    @property
    def unexplained(self) -> int:
        """Letters that one of the three equations does not account for; 0 when the books are
        right.
        """
        return (
            abs(self.decided - self.rendered - self.held)
            + abs(self.rendered - self.handed_over - self.waiting - self.refused - self.uncertain)
            + abs(self.handed_over - self.delivered - self.bounced - self.in_transit)
        )

    @property
    def is_closed(self) -> bool:
        return not any((self.unexplained, self.waiting, self.in_transit, self.unanswered))


_PENDING = LetterState.PENDING


def count_letters(rows: Sequence[ApplicationRow], letter_mails: Sequence[Mail]) -> LetterBooks:
    """The letter book from the list of applications and the mails that carry the letters.

    A decision about an application that was withdrawn before it was told is no letter, and what was
    told by hand before the office was in use is none of ours. A letter
    that staff stopped waits until they let it go, or put it aside for good: then it is refused.
    """
    marks = [
        mark
        for row in rows
        for mark in row.letters
        if mark.s is not LetterState.OUTSIDE and (row.is_live or mark.s is not _PENDING)
    ]
    not_due = [why for row in rows if row.is_live for why in _not_due(row)]
    states = [mail.state for mail in letter_mails]
    held_back = [mail for mail in letter_mails if mail.state is MailState.STOPPED]
    given_up = sum(not mail.needs_staff for mail in held_back)
    stopped = len(held_back) - given_up
    gone = states.count(MailState.TAKEN_BACK)
    failed = [mail for mail in letter_mails if mail.state is MailState.FAILED]
    untold = [row for row in rows if row.gets_answer and not any(m.is_told for m in row.letters)]
    sent = (MailState.SENT, MailState.DELIVERED, MailState.BOUNCED)
    return LetterBooks(
        decided=len(marks) - len(not_due) - gone,
        withdrawal_asked=not_due.count(Fate.WITHDRAWAL_ASKED),
        unconfirmed=not_due.count(Fate.UNCONFIRMED),
        held=sum(mark.s is LetterState.HELD for mark in marks),
        rendered=sum(mark.s is LetterState.RENDERED for mark in marks) - gone,
        waiting=sum(state in (MailState.QUEUED, MailState.CLAIMED) for state in states) + stopped,
        refused=states.count(MailState.FAILED) + given_up,
        uncertain=states.count(MailState.UNCERTAIN),
        handed_over=sum(state in sent for state in states),
        delivered=states.count(MailState.DELIVERED),
        bounced=states.count(MailState.BOUNCED),
        in_transit=states.count(MailState.SENT),
        taken_back=sum(row.taken_back for row in rows) + gone,
        unanswered=len(untold) + sum(mail.needs_staff for mail in failed),
    )


def _not_due(row: ApplicationRow) -> Iterator[Fate]:
    """Of each of its decisions that is not told and gets no letter as it is, why."""
    for place, mark in enumerate(row.letters):
        had_letter = row.taken_back > 0 or any(each.is_told for each in row.letters[:place])
        why = why_not_due(row.state, is_confirmed=mark.c, had_letter=had_letter)
        if mark.s is _PENDING and why:
            yield why
