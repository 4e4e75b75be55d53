"""The groups of the municipalities that take part: four to six people each, registered after they
accept.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from kulturkontor.accounts import AccountNumberError, parse_account_number
from kulturkontor.application_form import Sector
from local.cast import Cast
from local.cast_decisions import Decisions
from local.cast_people import People

Json = dict[str, Any]
_SIZES = (4, 5, 4, 6, 4, 5)
_SECTORS = tuple(Sector)


@dataclass(frozen=True)
class Group:
    """Everyone of one municipality who travels, and the account its claims are paid to."""

    key: str
    kommunenummer: str
    participants: tuple[Json, ...]
    account: str
    other_account: str
    """Where it wants its money after the bank has turned the first account down."""
    kid: str | None

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(each["id"] for each in self.participants)


def make_groups(cast: Cast, decisions: Decisions, seed: int) -> tuple[Group, ...]:
    random = Random(f"groups {seed}")  # noqa: S311 - a cast, not a secret
    people = People(random)
    groups = []
    for place, key in enumerate(decisions.participating):
        number = cast.named(key).municipality.kommunenummer
        participants = tuple(
            _participant(people, number, seat) for seat in range(_SIZES[place % len(_SIZES)])
        )
        groups.append(
            Group(
                key=key,
                kommunenummer=number,
                participants=participants,
                account=_account(number, 10),
                other_account=_account(number, 50),
                kid=_kid(number) if place % 3 == 0 else None,
            )
        )
    return tuple(groups)


def _participant(people: People, number: str, seat: int) -> Json:
    person = people.next()
    return {
        "id": f"p{seat + 1}",
        "name": person.name,
        "sector": str(_SECTORS[seat]),
        "email": f"{person.mailbox}@k{number}.test",
        "coordinator": seat == 0,
    }


def _account(number: str, series: int) -> str:
    """A valid account of a bank that does not exist (9999); some stems have no check digit."""
    for stem in (f"9999{series + step:02d}{number}" for step in range(10)):
        for digit in range(10):
            try:
                return parse_account_number(f"{stem}{digit}")
            except AccountNumberError:
                continue
    raise ValueError(number)


def _kid(number: str) -> str:
    """The number with its Luhn digit."""
    stem = f"26{number}"
    doubled = (int(each) * (2 - place % 2) for place, each in enumerate(reversed(stem)))
    total = sum(each - 9 if each > 9 else each for each in doubled)
    return f"{stem}{-total % 10}"
