"""The release of the letters: what must be in order before, and the one record that says it has
begun.
"""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from kulturkontor.applications import ApplicationRow, ApplicationState, programme_partition
from kulturkontor.decisions import LetterState, Outcome
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

    @property
    def key(self) -> Key:
        return release_key(self.programme)


def release_key(programme_id: str) -> Key:
    return Key(programme_partition(programme_id), "RELEASE")


class Concern(BaseModel):
    """One thing the preflight found: its code, and the references it is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    references: tuple[str, ...]


def find_concerns(
    rows: Sequence[ApplicationRow], waiting: Sequence[Mail], programme: Programme
) -> list[Concern]:
    """What staff should mend before the letters go. Empty when all is in order."""
    answered = (ApplicationState.SUBMITTED, ApplicationState.COMPETING)
    to_answer = [row for row in rows if row.reference and row.state in answered]
    found = {
        "undecided": [row for row in to_answer if not row.letters],
        "competing": [row for row in to_answer if row.state is ApplicationState.COMPETING],
        "held": [row for row in to_answer if any(m.s is LetterState.HELD for m in row.letters)],
        "withdrawal_asked": [row for row in rows if row.state is ApplicationState.WITHDRAWAL_ASKED],
    }
    concerns = [
        Concern(code=code, references=tuple(sorted(row.reference or "" for row in those)))
        for code, those in found.items()
        if those
    ]
    admitted = [row for row in to_answer if row.outcome == Outcome.ADMITTED]
    if admitted and len(admitted) != programme.decision.places:
        concerns.append(Concern(code="places_differ", references=(str(len(admitted)),)))
    bounced = sorted({mail.id for mail in waiting})
    if bounced:
        concerns.append(Concern(code="mails_need_staff", references=tuple(bounced)))
    return concerns


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
        return self.unexplained == 0 and self.waiting == 0 and self.in_transit == 0


_PENDING = LetterState.PENDING


def count_letters(rows: Sequence[ApplicationRow], letter_mails: Sequence[Mail]) -> LetterBooks:
    """The letter book from the list of applications and the mails that carry the letters.

    A decision about an application that was withdrawn before it was told is no letter.
    """
    marks = [mark for row in rows for mark in row.letters if row.is_live or mark.s is not _PENDING]
    states = [mail.state for mail in letter_mails]
    sent = (MailState.SENT, MailState.DELIVERED, MailState.BOUNCED)
    return LetterBooks(
        decided=len(marks),
        held=sum(mark.s is LetterState.HELD for mark in marks),
        rendered=sum(mark.s is LetterState.RENDERED for mark in marks),
        waiting=sum(state in (MailState.QUEUED, MailState.CLAIMED) for state in states),
        refused=states.count(MailState.FAILED),
        uncertain=states.count(MailState.UNCERTAIN),
        handed_over=sum(state in sent for state in states),
        delivered=states.count(MailState.DELIVERED),
        bounced=states.count(MailState.BOUNCED),
        in_transit=states.count(MailState.SENT),
    )
