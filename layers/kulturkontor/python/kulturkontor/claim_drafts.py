"""A travel claim while it is written: kept as typed, however unfinished, until it is sent.

It begins with the registered participants of the gathering, or with the last version when that is
corrected (`claim_corrections`); `claim_layout` makes the claim of it.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kulturkontor.applications import Application, FieldEdit
from kulturkontor.claim_fields import BY_KILOMETRES
from kulturkontor.participation import is_away, participants_at
from kulturkontor.records import Key, Record

MAX_LINES = 200
MAX_LINES_OF_PERSON = 40
MAX_PEOPLE = 40
MAX_BYTES = 200_000
"""Of a draft as JSON: what a claim through the API may have as well."""

Way = Literal["", "total", "lines", "none"]
"""How the costs of one person are stated; empty until somebody chose."""
Part = Literal["travellers", "costs", "account"]


class DraftTooLargeError(Exception):
    """The draft is larger than a claim can be; nothing was saved."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DraftLine(_Part):
    """A line as typed. `driven`: the ids of travellers who were passengers; `passengers`: others,
    by name, parted by commas.
    """

    id: str
    kind: str
    date: str = ""
    route: str = ""
    amount: str = ""
    kilometres: str = ""
    driven: tuple[str, ...] = ()
    passengers: str = ""
    currency: str = ""
    foreign_amount: str = ""
    rate: str = ""
    rate_date: str = ""
    rate_source: str = ""
    receipt_ids: tuple[str, ...] = ()
    refunds: str = ""
    note: str = ""
    reply: str = ""
    """What was answered when staff asked about the line; kept as it is."""

    @property
    def is_by_kilometres(self) -> bool:
        return self.kind in BY_KILOMETRES


class DraftPerson(_Part):
    """One who may have travelled. Lines of a way that was not chosen in the end are kept, and do
    not count.
    """

    id: str
    name: str
    role: str = ""
    travelled: bool = True
    covered_night: bool = False
    way: Way = ""
    total: tuple[DraftLine, ...] = ()
    lines: tuple[DraftLine, ...] = ()

    @property
    def counted(self) -> tuple[tuple[str, DraftLine], ...]:
        """The lines of the way that was chosen, each with its place in the person's form."""
        if self.way == "total":
            return tuple((f"total.{each.kind}", each) for each in self.total)
        if self.way == "lines":
            return tuple((f"lines.{place}", each) for place, each in enumerate(self.lines))
        return ()


class ClaimDraft(Record):
    """One per application and gathering; taken away when it is sent."""

    application_id: str
    gathering: str
    based_on: int = 0
    """The version it corrects; 0 for the first."""
    people: tuple[DraftPerson, ...]
    account_number: str = ""
    kid: str = ""
    vat: str = ""
    no_cost: bool = False
    saved: frozenset[Part] = frozenset()
    """The parts that somebody has saved."""
    saved_at: datetime | None = None
    edited: Mapping[str, FieldEdit] = {}
    """Who left a form as it is, and when: `travellers`, `account`, `costs`, `costs.<person>`."""
    gone: frozenset[str] = frozenset()
    """The ids of lines and people taken away: no other gets one, for somebody may still have the
    form that shows it.
    """
    last_form: str = ""
    """Digest of the form that was saved last: the same form twice is saved once."""

    @property
    def key(self) -> Key:
        return draft_key(self.application_id, self.gathering)

    @property
    def travellers(self) -> tuple[DraftPerson, ...]:
        return tuple(each for each in self.people if each.travelled)

    def person(self, person_id: str) -> DraftPerson | None:
        return next((each for each in self.people if each.id == person_id), None)

    def with_person(self, person: DraftPerson) -> "ClaimDraft":
        people = tuple(person if each.id == person.id else each for each in self.people)
        return self.model_copy(update={"people": people})


def draft_key(application_id: str, gathering: str) -> Key:
    return Key(f"APPLICATION#{application_id}", f"CLAIMDRAFT#{gathering}")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def new_draft(application: Application, gathering: str) -> ClaimDraft:
    """The registered ones: who came, or said so, or nothing, has travelled; the others may have,
    for tickets that were bought can be claimed. What staff noted at the door counts before what was
    said.
    """
    return ClaimDraft(
        application_id=application.id,
        gathering=gathering,
        people=_registered(application, gathering),
    )


def registered_besides(
    people: Iterable[DraftPerson], application: Application, gathering: str
) -> tuple[DraftPerson, ...]:
    """Those who are registered and not among these, as not having travelled."""
    known = {name for each in people for name in (each.id, each.name.casefold())}
    return tuple(
        each.model_copy(update={"travelled": False})
        for each in _registered(application, gathering)
        if not known & {each.id, each.name.casefold()}
    )


def _registered(application: Application, gathering: str) -> tuple[DraftPerson, ...]:
    return tuple(
        DraftPerson(
            id=each.id,
            name=each.name,
            travelled=not is_away(application, gathering, each.id),
        )
        for each in participants_at(application, gathering)
    )


def next_line_id(draft: ClaimDraft, taken: Iterable[str] = ()) -> str:
    """An id that no line of the draft, and none of those, has."""
    used = {line.id for each in draft.people for line in (*each.total, *each.lines)}
    return _unused("l", used | draft.gone | set(taken))


def next_person_id(draft: ClaimDraft) -> str:
    return _unused("x", draft.gone | {each.id for each in draft.people})


def _unused(start: str, used: Collection[str]) -> str:
    return next(
        name for number in range(1, len(used) + 2) if (name := f"{start}{number}") not in used
    )


def count_lines(draft: ClaimDraft) -> int:
    return sum(len(each.lines) + len(each.total) for each in draft.people)


def has_room(draft: ClaimDraft, person: DraftPerson) -> bool:
    """Whether one more line fits, in the claim and in the person's form."""
    return len(person.lines) < MAX_LINES_OF_PERSON and count_lines(draft) < MAX_LINES


def fit(draft: ClaimDraft, before: DraftPerson) -> tuple[ClaimDraft, tuple[DraftLine, ...]]:
    """The draft without those of a person's new lines that there is no room for, and those lines;
    none that was there `before` goes.
    """
    person = draft.person(before.id)
    if person is None:
        return draft, ()
    known = {each.id for each in before.lines}
    new = [each for each in person.lines if each.id not in known]
    excess = max(len(person.lines) - MAX_LINES_OF_PERSON, count_lines(draft) - MAX_LINES, 0)
    left_out = tuple(new[max(len(new) - excess, 0) :])
    kept = tuple(each for each in person.lines if each not in left_out)
    return draft.with_person(person.model_copy(update={"lines": kept})), left_out


def check_size(draft: ClaimDraft) -> None:
    """Raises DraftTooLargeError."""
    if len(draft.model_dump_json().encode()) > MAX_BYTES:
        raise DraftTooLargeError


def in_order(names: Iterable[str], before: Iterable[str]) -> tuple[str, ...]:
    """Those names: the ones that were there before in their order, then the new ones."""
    wanted: Mapping[str, None] = dict.fromkeys(names)
    kept = [each for each in before if each in wanted]
    return (*kept, *(each for each in wanted if each not in kept))
