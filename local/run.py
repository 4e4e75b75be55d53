"""One run of the season: the deployed system, the cast, and who speaks for whom."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from kulturkontor.programme import Programme
from local.applicant import Portal
from local.cast import Applicant, Cast
from local.cast_claims import Claim
from local.cast_decisions import Decisions
from local.cast_groups import Group
from local.colleague import Colleague
from local.postman import Postman
from local.stack import Stack
from local.timeline import Timeline

Json = dict[str, Any]
PATIENCE_SECONDS = 60


class ScriptError(RuntimeError):
    """Something went otherwise than the script says; the message tells what."""


@dataclass(frozen=True)
class Sent:
    """An application as the system knows it."""

    id: str
    reference: str


@dataclass(kw_only=True)
class Run:
    stack: Stack
    programme: Programme
    cast: Cast
    decisions: Decisions
    groups: tuple[Group, ...]
    claims: tuple[Claim, ...]
    timeline: Timeline
    postman: Postman
    portal: Portal
    staff: Colleague
    second: Colleague
    """Also staff: confirms what the first has decided."""
    finance: Colleague
    reviewers: tuple[Colleague, ...]
    out: Path
    sent: dict[str, Sent] = field(default_factory=dict)
    """By the applicants' keys."""
    reviewing: dict[str, str] = field(default_factory=dict)
    """What the office calls each reviewer, by address."""
    sent_back: list[str] = field(default_factory=list)
    """The batches that finance refused."""
    successors: dict[str, str] = field(default_factory=dict)
    """The address of who has taken a case over, by the applicants' keys."""
    played: Counter[str] = field(default_factory=Counter)
    """How often what the season is to show was seen to happen."""
    unjudged: set[tuple[str, str]] = field(default_factory=set)
    """Files that were sent and of which nothing is known yet: applicant and file."""

    def send_file(self, key: str, purpose: str, name: str, data: bytes) -> str:
        """The id of an applicant's file; the malware service finds nothing in it."""
        file_id, place = self.portal.send_file(
            self.id_of(key), self.token_of(key), purpose, name, data
        )
        self.stack.scan(place, at=self.timeline.now)
        self.unjudged.add((key, file_id))
        return file_id

    def settle(self) -> None:
        """Until nothing is left to do, and every file that municipalities sent has been judged."""
        self.postman.settle()
        if self.unjudged:
            self._await(self._are_judged)

    def _are_judged(self) -> bool:
        for key in {key for key, _ in self.unjudged}:
            files = self.portal.files(self.id_of(key), self.token_of(key))
            waiting = {(key, file["id"]) for file in files if file["state"] == "waiting"}
            self.unjudged = {each for each in self.unjudged if each[0] != key} | waiting
        return not self.unjudged

    def settle_after_upload(self, is_taken_in: Callable[[], bool]) -> None:
        """No queue holds anything either before the bucket has told of the file."""
        self.settle()
        self._await(is_taken_in)

    def _await(self, is_done: Callable[[], bool]) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        while not is_done() and monotonic() < deadline:
            sleep(0.05)
            self.postman.settle()

    def together(self, works: Iterable[Callable[[], object]]) -> None:
        self.timeline.together(works)

    def id_of(self, key: str) -> str:
        return self.sent[key].id

    def key_of(self, application_id: str) -> str:
        return next(key for key, each in self.sent.items() if each.id == application_id)

    def token_of(self, key: str) -> str:
        """The secret link of the applicant's latest mail."""
        return self.postman.token(self.address_of(key))

    def address_of(self, key: str) -> str:
        """Where its mail goes: to who took the case over; once its letter has bounced, to the
        leader, or to the address that staff corrected it to.
        """
        if key in self.successors:
            return self.successors[key]
        is_told = self.timeline.now > self.programme.released_at
        if is_told and key == self.decisions.second_contact:
            return str(self.applicant(key).answers["leader"]["email"])
        address = self.applicant(key).address
        return corrected(address) if is_told and key in self.decisions.bouncing else address

    def applicant(self, key: str) -> Applicant:
        return self.cast.named(key)


def check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ScriptError(otherwise)


def corrected(address: str) -> str:
    box, _, domain = address.partition("@")
    return f"{box}.rettet@{domain}"
