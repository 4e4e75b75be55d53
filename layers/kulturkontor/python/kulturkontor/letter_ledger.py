"""The ledger of letters, row by row: what was decided and by whom, the letter it became, and what
happened to the mail that carried it.

Each letter is in exactly one place of the three equations (`release.LetterBooks`); one that is in
none is unexplained, and the ledger says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from kulturkontor.applications import LIVE, Application, ApplicationState
from kulturkontor.decisions import Decision, LetterState, decision_digest
from kulturkontor.mail_states import copy_id
from kulturkontor.mails import Mail, MailState, mail_id
from kulturkontor.municipalities import municipality


class Fate(StrEnum):
    """Where a letter is."""

    UNWRITTEN = "unwritten"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    WAITING = "waiting"
    STOPPED = "stopped"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    TAKEN_BACK = "taken_back"
    UNEXPLAINED = "unexplained"
    """Written, and no mail carries it."""


_OF_MAIL = {
    MailState.QUEUED: Fate.WAITING,
    MailState.CLAIMED: Fate.WAITING,
    MailState.STOPPED: Fate.STOPPED,
    MailState.TAKEN_BACK: Fate.TAKEN_BACK,
    MailState.FAILED: Fate.REFUSED,
    MailState.UNCERTAIN: Fate.UNCERTAIN,
    MailState.SENT: Fate.IN_TRANSIT,
    MailState.DELIVERED: Fate.DELIVERED,
    MailState.BOUNCED: Fate.BOUNCED,
}


class LedgerLine(NamedTuple):
    application: Application
    municipality: str
    decision: Decision
    mail: Mail | None
    second: Mail | None
    """The mail that tried the second contact, when the first one bounced."""
    again: Mail | None = None
    """The last copy that staff sent of it."""

    @property
    def has_arrived_since(self) -> bool:
        """Whether a letter that came back has arrived by another mail."""
        others = [each.state for each in (self.second, self.again) if each]
        return self.fate is Fate.BOUNCED and MailState.DELIVERED in others

    @property
    def again_delivered_at(self) -> datetime | None:
        return _last(self.again, "Delivery")

    @property
    def fate(self) -> Fate:
        state = self.decision.letter_state
        if state is LetterState.HELD:
            return Fate.HELD
        if state is LetterState.PENDING:
            return self._unwritten
        if state is LetterState.TAKEN_BACK:
            return Fate.TAKEN_BACK
        if self.mail is None:
            return Fate.UNEXPLAINED
        if self.mail.state is MailState.STOPPED and not self.mail.needs_staff:
            return Fate.REFUSED
        return _OF_MAIL[self.mail.state]

    @property
    def _unwritten(self) -> Fate:
        serial = self.decision.serial
        earlier = [each for each in self.application.decisions if each.serial < serial]
        why = why_not_due(
            self.application.state,
            is_confirmed=self.decision.is_confirmed,
            had_letter=any(each.is_told for each in earlier) or bool(self.application.taken_back),
        )
        return why or Fate.UNWRITTEN

    @property
    def digest(self) -> str:
        """What tells that the decision is still the one of this line."""
        return decision_digest(self.decision)

    @property
    def is_last(self) -> bool:
        """Whether it is what the application's decision is now."""
        return self.decision == self.application.decision

    @property
    def rendered_at(self) -> datetime | None:
        letter = self.decision.letter
        return letter.at if letter and letter.key else None

    @property
    def delivered_at(self) -> datetime | None:
        return _last(self.mail, "Delivery")

    @property
    def bounced_at(self) -> datetime | None:
        return _last(self.mail, "Bounce")


def why_not_due(
    state: ApplicationState, *, is_confirmed: bool, had_letter: bool
) -> Literal[Fate.WITHDRAWAL_ASKED, Fate.UNCONFIRMED] | None:
    """Why what is decided and not told gets no letter as it is; None where one is due. Who has
    asked to withdraw is sent none, and what comes after a letter, or instead of one that was
    taken back, is only proposed until a second person confirms it.
    """
    if state is ApplicationState.WITHDRAWAL_ASKED:
        return Fate.WITHDRAWAL_ASKED
    return Fate.UNCONFIRMED if had_letter and not is_confirmed else None


def ledger_lines(
    applications: Iterable[Application], mails: Mapping[str, Mail]
) -> list[LedgerLine]:
    """In the order of the references; `mails` by their ids. A decision that was never to be told,
    since its application is gone, is no letter; nor one whose letter went before the system was
    there.
    """
    return [
        _line(application, decision, mails)
        for application in sorted(applications, key=lambda each: each.reference or "")
        for decision in _in_order(application)
        if _is_letter(application, decision)
    ]


def count_fates(lines: Sequence[LedgerLine]) -> dict[Fate, int]:
    return {fate: sum(line.fate is fate for line in lines) for fate in Fate}


def _in_order(application: Application) -> list[Decision]:
    return sorted((*application.decisions, *application.taken_back), key=lambda each: each.serial)


def _is_letter(application: Application, decision: Decision) -> bool:
    if decision.letter_state is LetterState.OUTSIDE:
        return False
    return application.state in LIVE or decision.letter_state is not LetterState.PENDING


def _line(application: Application, decision: Decision, mails: Mapping[str, Mail]) -> LedgerLine:
    mail = mails.get(mail_id(application.id, "letter", decision.serial))
    return LedgerLine(
        application=application,
        municipality=municipality(application.kommunenummer).official_name,
        decision=decision,
        mail=mail,
        second=mails.get(mail.second_contact) if mail else None,
        again=_last_copy(mail, mails),
    )


def _last_copy(mail: Mail | None, mails: Mapping[str, Mail]) -> Mail | None:
    """Also a copy of a copy."""
    last = None
    while mail is not None and mail.copies:
        mail = mails.get(copy_id(mail, mail.copies))
        last = mail or last
    return last


def _last(mail: Mail | None, kind: str) -> datetime | None:
    times = [event.at for event in mail.events if event.kind == kind] if mail else []
    return max(times, default=None)
