"""The season's cast: who applies, when and with what. Synthetic people from real municipalities.

The same seed gives the same cast. Moments are the programme's own, so another programme has its
cast too.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from kulturkontor.municipalities import Municipality, all_municipalities
from kulturkontor.programme import Programme
from local.cast_answers import write_answers
from local.cast_people import People, Person

Json = dict[str, Any]
ONE_SECOND = timedelta(seconds=1)
_MUST_BE_THERE = ("5612", "5610", "5041", "1875", "1818", "3419")
"""Sami names in three languages, and one each of the two names that two municipalities share."""
_OLD_NUMBER = "3807"
"""Skien until 2024: refused with a hint."""
_SENDING = (0.0, 0.05, 0.16, 0.3, 0.43, 0.58, 0.7, 0.84, 0.93)


class Part(StrEnum):
    """What an applicant is there to show."""

    SAME_POST_TWICE = "same_post_twice"
    MENDED = "mended"
    MENDED_TOO = "mended_too"
    INCOMPLETE = "incomplete"
    COMPETING = "competing"
    COMPETING_INCOMPLETE = "competing_incomplete"
    LAST_SECOND = "last_second"
    TOO_LATE = "too_late"
    WITHDRAWS = "withdraws"
    WITHDRAWS_AFTER_DEADLINE = "withdraws_after_deadline"
    DRAFT_FIRST = "draft_first"
    RENAMED_PROGRAM = "renamed_program"
    MARKUP = "markup"
    LONG_WORD = "long_word"
    SAMI = "sami"
    EMOJI = "emoji"
    EXTENDED = "extended"
    """Sends its draft after the deadline, with leave from staff."""
    ORDINARY = "ordinary"


@dataclass(frozen=True)
class Applicant:
    """One application: what is sent, when, and what its sender does to it before the deadline."""

    key: str
    """The Idempotency-Key, and the name the script calls it by."""
    part: Part
    municipality: Municipality
    sent_at: datetime
    answers: Json
    contact: Person
    mended_at: datetime | None = None
    mending: Json | None = None
    withdrawn_at: datetime | None = None

    @property
    def address(self) -> str:
        return str(self.answers["contact"]["email"])


@dataclass(frozen=True)
class Cast:
    applicants: tuple[Applicant, ...]
    forgotten_draft: Applicant
    too_early: Applicant
    old_number: Applicant
    """The last three are never received: a draft nobody sends, and two refused attempts."""

    def of(self, part: Part) -> Applicant:
        return next(each for each in self.applicants if each.part is part)

    def named(self, key: str) -> Applicant:
        return next(each for each in self.applicants if each.key == key)


_FIRST_PARTS = tuple(part for part in Part if part is not Part.ORDINARY)
_APPLICATIONS = 55


def make_cast(programme: Programme, seed: int) -> Cast:
    random = Random(seed)  # noqa: S311 - a cast, not a secret
    people = People(random)
    second = {Part.COMPETING, Part.COMPETING_INCOMPLETE}
    chosen = _choose_municipalities(random, _APPLICATIONS - len(second) + 2)
    parts = [*_FIRST_PARTS, *[Part.ORDINARY] * (_APPLICATIONS - len(second) - len(_FIRST_PARTS))]
    make = _Maker(programme, random, people)
    applicants = []
    for number, part in enumerate(parts):
        here = _sami_first(chosen) if part is Part.SAMI else chosen.pop(0)
        first = Part.ORDINARY if part in second else part
        applicants.append(make.applicant(f"soknad-{number + 1:02d}-a", first, here, number))
        if part in second:
            applicants.append(make.applicant(f"soknad-{number + 1:02d}-b", part, here, number + 3))
    draft, early = chosen
    return Cast(
        applicants=tuple(applicants),
        forgotten_draft=make.applicant("glemt-kladd", Part.ORDINARY, draft, 2),
        too_early=replace(
            make.applicant("for-tidlig", Part.ORDINARY, early, 0),
            sent_at=programme.opens_at.astimezone(UTC) - ONE_SECOND,
        ),
        old_number=make.applicant(
            "gammelt-nummer", Part.ORDINARY, early, 1, number_typed=_OLD_NUMBER
        ),
    )


class _Maker:
    def __init__(self, programme: Programme, random: Random, people: People) -> None:
        self.programme = programme
        self.random = random
        self.people = people

    def applicant(
        self, key: str, part: Part, here: Municipality, number: int, number_typed: str = ""
    ) -> Applicant:
        contact = self.people.next()
        answers = write_answers(
            part, here, number_typed or here.kommunenummer, contact, self.random, self.people
        )
        opens, closes = self._period()
        sent_at = _sending_moment(opens, closes, _SENDING[number % len(_SENDING)])
        mended_at, mending = None, None
        if part is Part.LAST_SECOND:
            sent_at = closes - ONE_SECOND
        elif part is Part.TOO_LATE:
            sent_at = closes + ONE_SECOND
        elif part in (Part.MENDED, Part.MENDED_TOO):
            mended_at = _sending_moment(opens, closes, 0.95)
            mending, answers = _split_mending(part, answers)
        elif part in (Part.INCOMPLETE, Part.COMPETING_INCOMPLETE):
            answers = answers | {"members": answers["members"][:2], "motivation": ""}
        elif part is Part.DRAFT_FIRST:
            mended_at = _sending_moment(opens, closes, 0.9)
            mending, answers = {"motivation": answers["motivation"]}, answers | {"motivation": ""}
        elif part is Part.EXTENDED:
            mended_at = closes + timedelta(days=1, hours=14)
        return Applicant(
            key=key,
            part=part,
            municipality=here,
            sent_at=sent_at,
            answers=answers,
            contact=contact,
            mended_at=mended_at,
            mending=mending,
            withdrawn_at=self._withdrawn_at(part),
        )

    def _withdrawn_at(self, part: Part) -> datetime | None:
        opens, closes = self._period()
        if part is Part.WITHDRAWS:
            return _sending_moment(opens, closes, 0.97)
        if part is Part.WITHDRAWS_AFTER_DEADLINE:
            return closes + timedelta(days=2, hours=11)
        return None

    def _period(self) -> tuple[datetime, datetime]:
        return self.programme.opens_at.astimezone(UTC), self.programme.closes_at.astimezone(UTC)


def _split_mending(part: Part, answers: Json) -> tuple[Json, Json]:
    """What is sent later, and what is sent first: without it, incomplete."""
    if part is Part.MENDED:
        return {"members": answers["members"]}, answers | {"members": answers["members"][:3]}
    unapproved = answers["leader"] | {"approved": False}
    return {"leader": answers["leader"]}, answers | {"leader": unapproved}


def _sending_moment(opens: datetime, closes: datetime, share: float) -> datetime:
    """That far into the period, on a whole minute."""
    return (opens + (closes - opens) * share).replace(second=0, microsecond=0)


def _choose_municipalities(random: Random, count: int) -> list[Municipality]:
    """Round the counties until there are enough, some always among them."""
    by_county = defaultdict[str, list[Municipality]](list)
    for each in all_municipalities():
        by_county[each.county_number].append(each)
    must = [each for each in all_municipalities() if each.kommunenummer in _MUST_BE_THERE]
    for group in by_county.values():
        random.shuffle(group)
    round_robin = _rounds(list(by_county.values()))
    others = (each for each in round_robin if each not in must)
    chosen = must + [next(others) for _ in range(count - len(must))]
    random.shuffle(chosen)
    return chosen


def _rounds(groups: list[list[Municipality]]) -> Iterator[Municipality]:
    for place in range(max(map(len, groups))):
        yield from (group[place] for group in groups if place < len(group))


def _sami_first(chosen: list[Municipality]) -> Municipality:
    here = next(each for each in chosen if each.kommunenummer in _MUST_BE_THERE[:2])
    chosen.remove(here)
    return here
