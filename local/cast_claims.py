"""The travel claims of the cast: one for each municipality and gathering, and what is special about
some.

Amounts are typed as people type them. A receipt is named here; its file is uploaded when the claim
is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from kulturkontor.programme import OSLO, Gathering, Programme
from local.cast_groups import Group
from local.cast_lines import Lines, Travel

Json = dict[str, Any]


class ClaimPart(StrEnum):
    """What a claim is there to show."""

    BY_LINES = "by_lines"
    BY_TOTALS = "by_totals"
    SHARED_CAR = "shared_car"
    FOREIGN_TICKET = "foreign_ticket"
    FIFTH_BED = "fifth_bed"
    SENT_TWICE = "sent_twice"
    NO_COST = "no_cost"
    LATE = "late"
    NEVER_SENT = "never_sent"
    MISSING_RECEIPT = "missing_receipt"
    CORRECTED_UP = "corrected_up"
    CORRECTED_DOWN = "corrected_down"
    REJECTED_BY_BANK = "rejected_by_bank"
    CAR_WITHOUT_RATE = "car_without_rate"


_FIRST_GATHERING = (
    ClaimPart.BY_LINES,
    ClaimPart.FIFTH_BED,
    ClaimPart.SHARED_CAR,
    ClaimPart.FOREIGN_TICKET,
    ClaimPart.MISSING_RECEIPT,
    ClaimPart.SENT_TWICE,
    ClaimPart.NO_COST,
    ClaimPart.LATE,
    ClaimPart.NEVER_SENT,
    ClaimPart.CORRECTED_UP,
    ClaimPart.CORRECTED_DOWN,
    ClaimPart.REJECTED_BY_BANK,
)
_ORDINARY = (
    ClaimPart.BY_TOTALS,
    ClaimPart.BY_LINES,
    ClaimPart.FOREIGN_TICKET,
    ClaimPart.SHARED_CAR,
)
_SENDING_DAYS = (4, 9, 16)
_LATE_BY = timedelta(days=4)
_CORRECTED_AFTER = timedelta(days=35)


@dataclass(frozen=True)
class Sending:
    """One version of a claim: when it is sent, its body, and the files its body names."""

    at: datetime
    body: Json
    receipts: dict[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class Claim:
    """The claim of one municipality for one gathering, with what it sends later. Nothing: never
    sent.
    """

    key: str
    gathering: str
    part: ClaimPart
    sendings: tuple[Sending, ...]


def make_claims(programme: Programme, groups: Sequence[Group], seed: int) -> tuple[Claim, ...]:
    return tuple(
        _make_claim(
            programme, gathering, group, _part(number, place, gathering, programme), place, seed
        )
        for number, gathering in enumerate(programme.gatherings)
        for place, group in enumerate(groups)
    )


def _part(number: int, place: int, gathering: Gathering, programme: Programme) -> ClaimPart:
    if number == 0 and place < len(_FIRST_GATHERING):
        return _FIRST_GATHERING[place]
    if number == 1 and place == 0:
        return ClaimPart.LATE
    part = _ORDINARY[(place + number) % len(_ORDINARY)]
    if part is not ClaimPart.SHARED_CAR or _has_car_rate(gathering, programme):
        return part
    first_without = next(g for g in programme.gatherings if not _has_car_rate(g, programme))
    is_chosen = gathering is first_without and place < len(_ORDINARY)
    return ClaimPart.CAR_WITHOUT_RATE if is_chosen else ClaimPart.BY_LINES


def _has_car_rate(gathering: Gathering, programme: Programme) -> bool:
    return any(
        rate.valid_from <= gathering.first_day <= rate.valid_to
        for rate in programme.travel.car_rates
    )


def _make_claim(
    programme: Programme,
    gathering: Gathering,
    group: Group,
    part: ClaimPart,
    place: int,
    seed: int,
) -> Claim:
    claim = Claim(group.key, gathering.id, part, ())
    if part is ClaimPart.NEVER_SENT:
        return claim
    random = Random(f"claim {seed} {gathering.id} {group.key}")  # noqa: S311 - a cast, not a secret
    lines = Lines(gathering, group, random)
    body = _body(group, lines, part)
    first = Sending(
        at=_moment(gathering, timedelta(days=_SENDING_DAYS[place % len(_SENDING_DAYS)])),
        body=body,
        receipts=lines.receipts(body),
    )
    if part is ClaimPart.LATE:
        late = timedelta(days=programme.travel.window_days) + _LATE_BY
        first = replace(first, at=_moment(gathering, late))
    return replace(claim, sendings=(first, *_later(first, gathering, group, lines, part)))


def _later(
    first: Sending, gathering: Gathering, group: Group, lines: Lines, part: ClaimPart
) -> Iterator[Sending]:
    corrected_at = _moment(gathering, _CORRECTED_AFTER)
    body, old = first.body, first.body["lines"]
    match part:
        case ClaimPart.SENT_TWICE:
            yield first
        case ClaimPart.MISSING_RECEIPT:
            has_all = [
                line if line["receipt_ids"] else line | {"receipt_ids": ["taxi"]} for line in old
            ]
            mended = body | {"lines": has_all}
            yield Sending(corrected_at, mended, lines.receipts(mended))
        case ClaimPart.CORRECTED_UP:
            longer = body | {"lines": [*old, lines.forgotten_bus()]}
            yield Sending(corrected_at, longer, lines.receipts(longer))
        case ClaimPart.CORRECTED_DOWN:
            yield Sending(corrected_at, body | {"lines": old[1:]}, first.receipts)
        case ClaimPart.REJECTED_BY_BANK:
            moved = body | {"account_number": group.other_account}
            yield Sending(corrected_at, moved, first.receipts)


def _body(group: Group, lines: Lines, part: ClaimPart) -> Json:
    written = _lines_of(lines, part)
    return {
        "participants": [{"id": each["id"], "name": each["name"]} for each in group.participants],
        "lines": written,
        "account_number": group.account if written else "",
        "kid": group.kid,
        "vat": "included",
        "no_cost": not written,
        "declared": True,
    }


def _lines_of(lines: Lines, part: ClaimPart) -> list[Json]:
    match part:
        case ClaimPart.NO_COST:
            return []
        case ClaimPart.BY_TOTALS | ClaimPart.FIFTH_BED | ClaimPart.LATE:
            return lines.of(Travel.TOTALS)
        case ClaimPart.SHARED_CAR | ClaimPart.CAR_WITHOUT_RATE:
            return lines.of(Travel.SHARED_CAR)
        case ClaimPart.FOREIGN_TICKET:
            return lines.of(Travel.FOREIGN_TICKET)
        case ClaimPart.MISSING_RECEIPT:
            return [*lines.of(Travel.TICKETS), lines.taxi_without_receipt()]
    return lines.of(Travel.TICKETS)


def _moment(gathering: Gathering, after: timedelta) -> datetime:
    """Ten in the morning, that long after the gathering."""
    return datetime.combine(gathering.last_day + after, time(10), OSLO).astimezone(UTC)
