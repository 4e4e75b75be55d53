"""What staff decide about the cast, and what becomes of the letters and of the places."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kulturkontor.programme import Programme
from local.cast import Applicant, Cast, Part

_WAITING = 6
_NOT_DECIDED = frozenset({Part.WITHDRAWS, Part.WITHDRAWS_AFTER_DEADLINE, Part.COMPETING_INCOMPLETE})
_REJECTED_FOR = {Part.TOO_LATE: "late", Part.INCOMPLETE: "incomplete"}
_ALWAYS_ADMITTED = frozenset({Part.MARKUP, Part.LONG_WORD, Part.SAMI, Part.COMPETING})


@dataclass(frozen=True)
class Verdict:
    """One row of the decision sheet; `reason` names the words it is given in."""

    outcome: str
    reason: str
    rank: int | None = None
    is_unprintable: bool = False
    other_language: bool = False


@dataclass(frozen=True)
class Decisions:
    """By the applicants' keys."""

    verdicts: dict[str, Verdict]
    bouncing: tuple[str, ...]
    """Whose letters bounce; the first has a place to answer for."""
    uncertain: str
    """Whose letter's answer from SES is lost."""
    declining: tuple[str, ...]
    silent: str
    accepting: tuple[str, ...]
    offered: tuple[str, ...]
    """Who gets the free places, in the order of the waiting list; the third says no to it."""
    handing_over: str
    """Whose contact leaves the case to a colleague before the first gathering."""
    by_phone: str
    """Who says yes by telephone, and names its group so."""
    corrected: str
    """Whose letter gave the wrong reason."""

    @property
    def second_contact(self) -> str:
        """Whose leader answers, because the contact's address took no letter."""
        return self.bouncing[0]

    @property
    def declining_offer(self) -> str:
        return self.offered[2]

    @property
    def participating(self) -> tuple[str, ...]:
        taken = (key for key in self.offered if key != self.declining_offer)
        return (*self.accepting, *taken)

    @property
    def still_waiting(self) -> tuple[str, ...]:
        """Who waits until the list ends."""
        waiting = (key for key, each in self.verdicts.items() if each.outcome == "waitlisted")
        return tuple(key for key in waiting if key not in self.offered)

    @property
    def unprintable(self) -> str:
        return next(key for key, each in self.verdicts.items() if each.is_unprintable)


def decide(cast: Cast, programme: Programme, seed: int) -> Decisions:
    random = Random(f"decisions {seed}")  # noqa: S311 - a cast, not a secret
    deciding = [each for each in cast.applicants if each.part not in _NOT_DECIDED]
    deciding.remove(_superseded(cast))
    always = [each for each in deciding if each.part in _ALWAYS_ADMITTED]
    free = [each for each in deciding if each.part not in _ALWAYS_ADMITTED | _REJECTED_FOR.keys()]
    random.shuffle(free)
    admitted = always + [free.pop() for _ in range(programme.decision.places - len(always))]
    waiting = [free.pop() for _ in range(_WAITING)]
    rejected = free + [each for each in deciding if each.part in _REJECTED_FOR]
    answering = [each.key for each in admitted if each.part not in _ALWAYS_ADMITTED]
    return Decisions(
        verdicts=_verdicts(admitted, waiting, rejected),
        bouncing=(answering[3], rejected[2].key),
        uncertain=rejected[3].key,
        declining=(answering[0], answering[1]),
        silent=answering[2],
        accepting=tuple(each.key for each in admitted if each.key not in answering[:3]),
        offered=tuple(each.key for each in waiting[:4]),
        handing_over=answering[5],
        by_phone=answering[4],
        corrected=rejected[4].key,
    )


def _verdicts(
    admitted: Sequence[Applicant], waiting: Sequence[Applicant], rejected: Sequence[Applicant]
) -> dict[str, Verdict]:
    return {
        **{each.key: Verdict("admitted", "admitted") for each in admitted},
        **{
            each.key: Verdict("waitlisted", "waitlisted", rank=rank)
            for rank, each in enumerate(waiting, start=1)
        },
        **{
            each.key: Verdict(
                "rejected",
                _REJECTED_FOR.get(each.part, "rejected"),
                is_unprintable=place == 0,
                other_language=place == 1,
            )
            for place, each in enumerate(rejected)
        },
    }


def _superseded(cast: Cast) -> Applicant:
    """Of two complete applications of one municipality the last counts."""
    last = cast.of(Part.COMPETING)
    return next(
        each
        for each in cast.applicants
        if each.municipality == last.municipality and each is not last
    )
