"""The slim row of an application in its programme's list, kept beside it in one transaction."""

import hashlib
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kulturkontor.applications import LIVE, STANDING, Application, ApplicationState
from kulturkontor.decisions import GIVEN_UP, TOLD, LetterState, Outcome, is_place_free
from kulturkontor.programme import Language
from kulturkontor.records import Change, Key, Put, Record


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LetterMark(_Part):
    """What a list of applications shows of one decision and its letter."""

    n: int
    o: str
    s: LetterState
    c: bool = False
    """Whether a second person has confirmed it."""

    @property
    def is_told(self) -> bool:
        return self.s in TOLD


class ApplicationRow(Record):
    """The slim row of an application in its programme's list (about 300 bytes): counted and sorted
    in memory.
    """

    id: str
    programme: str
    reference: str | None = None
    kommunenummer: str
    state: ApplicationState
    late: bool
    gaps: int
    received: datetime | None = None
    saved: datetime
    language: Language
    letters: tuple[LetterMark, ...] = ()
    rank: int | None = None
    taken_back: int = 0
    """How many letters were written and taken back before anybody was sent them."""
    place: str | None = None
    vacates: bool = False
    """Withdrawn after the release, before any letter gave it the place that it was to have."""
    group: int = 0
    beds: int = 0
    """How many changes of beds wait for staff's answer."""
    mails: tuple[str, ...] = ()
    """Digests of the addresses that have a link, the contact's first: to find who lost theirs."""
    suspect: bool = False
    asked: Literal["waiting", "answered", ""] = ""
    """Whether staff have asked the applicant for more, and whom that waits for."""

    @property
    def key(self) -> Key:
        return Key(programme_partition(self.programme), f"APPLICATION#{self.id}")

    def as_kept(self) -> str:
        """Without what is as it begins: a list of hundreds is read by one query."""
        return self.model_dump_json(exclude={"revision"}, exclude_defaults=True)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_imported(self) -> bool:
        """It came from a sheet of staff's, decided and answered by hand before."""
        return bool(self.letters) and self.letters[0].s is LetterState.OUTSIDE

    @property
    def outcome(self) -> str | None:
        return self.letters[-1].o if self.letters else None

    @property
    def gets_answer(self) -> bool:
        """Whether it is to be decided and told: received, and neither withdrawn nor superseded, nor
        asked to be withdrawn.
        """
        return bool(self.reference) and self.state in STANDING

    @property
    def holds_place(self) -> bool:
        """Whether one of the places is this one's: admitted, and it has not been given up."""
        is_kept = self.is_live and self.place not in GIVEN_UP
        return is_kept and self.outcome == Outcome.ADMITTED

    @property
    def has_free_place(self) -> bool:
        """Whether staff may offer its place on."""
        gone = self.state is ApplicationState.WITHDRAWN
        return self.vacates or is_place_free(self.place, is_withdrawn=gone)


def programme_partition(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"


def row_of(application: Application) -> ApplicationRow:
    """The slim row of an application; written in the same transaction, so at the same revision."""
    decision = application.decision
    return ApplicationRow(
        revision=application.revision,
        id=application.id,
        programme=application.programme,
        reference=application.reference,
        kommunenummer=application.kommunenummer,
        state=application.state,
        late=application.is_late,
        gaps=len(application.missing),
        received=application.received_at,
        saved=application.saved_at,
        language=application.language,
        letters=tuple(
            LetterMark(n=each.serial, o=each.outcome, s=each.letter_state, c=each.is_confirmed)
            for each in application.decisions
        ),
        rank=decision.rank if decision else None,
        taken_back=len(application.taken_back),
        place=application.place.state if application.place else None,
        vacates=_vacates(application),
        group=len(application.participants),
        beds=sum(each.bed_asked is not None for each in application.attendance),
        mails=tuple(
            mail_digest(each)
            for each in (
                application.answers.contact.email,
                *(holder.email for holder in application.people),
            )
        ),
        suspect=application.suspect,
        asked=application.reopened.standing if application.reopened else "",
    )


def _vacates(application: Application) -> bool:
    decision, withdrawal = application.decision, application.withdrawal
    was_to_have_one = decision is not None and decision.outcome is Outcome.ADMITTED
    is_gone = application.state is ApplicationState.WITHDRAWN and application.place is None
    return is_gone and was_to_have_one and withdrawal is not None and withdrawal.is_released


def mail_digest(address: str) -> str:
    """What an address is found by in a list that shall not hold it; empty for none."""
    tidied = address.strip().casefold()
    return hashlib.sha256(tidied.encode()).hexdigest()[:12] if tidied else ""


def put(application: Application) -> list[Change]:
    """An application as it should become, with its row."""
    return [Put(application), Put(row_of(application))]
