"""The travel claims of the cast: one for each municipality and gathering, what is special about
some, and what each must come to.

Amounts are typed as people type them. A receipt is named here; its file is uploaded when the claim
is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any, Final

from kulturkontor.programme import OSLO, Gathering, Programme
from local import cast_oddities as odd
from local.cast_expected import Expected, expect
from local.cast_groups import Group
from local.cast_lines import Lines, Travel, receipt
from local.cast_parts import ClaimPart, part_of
from local.cast_people import words

Json = dict[str, Any]


_WRITERS: Final[dict[ClaimPart, odd.Writer]] = {
    ClaimPart.NO_COST: lambda lines: [],
    ClaimPart.BY_TOTALS: lambda lines: lines.of(Travel.TOTALS),
    ClaimPart.FIFTH_BED: lambda lines: lines.of(Travel.TOTALS),
    ClaimPart.LATE: lambda lines: lines.of(Travel.TOTALS),
    ClaimPart.SHARED_CAR: lambda lines: lines.of(Travel.SHARED_CAR),
    ClaimPart.FOREIGN_TICKET: lambda lines: lines.of(Travel.FOREIGN_TICKET),
    ClaimPart.MISSING_RECEIPT: odd.missing_receipt,
    ClaimPart.CAR_WITHOUT_RATE: odd.car_without_rate,
    ClaimPart.MIXED: odd.mixed,
    ClaimPart.TYPED: odd.typed,
    ClaimPart.REFUNDED: odd.refunded,
    ClaimPart.SUPPLEMENT_APART: odd.supplement_apart,
    ClaimPart.PASSENGER_DRIVES: odd.passenger_drives,
    ClaimPart.RATE_PER_HUNDRED: odd.rate_per_hundred,
    ClaimPart.OUTSIDE_DATES: odd.outside_dates,
    ClaimPart.TWO_NIGHTS: odd.two_nights,
    ClaimPart.MARKED_BEDS: odd.marked_beds,
    ClaimPart.COPIED_LINE: odd.copied_line,
    ClaimPart.COPIED_RECEIPT: odd.copied_receipt,
    ClaimPart.STRANGER: odd.stranger,
    ClaimPart.ON_FOOT: odd.on_foot,
}
"""How the lines of a part are written; all others come by tickets."""
_SENDING_DAYS = (4, 9, 16)
_LATE_BY = timedelta(days=4)
_CORRECTED_AFTER = timedelta(days=35)


@dataclass(frozen=True)
class Sending:
    """One version of a claim: when it is sent, its body, the files its body names, and what it must
    come to then.
    """

    at: datetime
    body: Json
    receipts: dict[str, bytes] = field(repr=False)
    expected: Expected


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
    """The claims of a gathering stand together; `groups[place - 1]` lends a copied receipt."""
    return tuple(
        _make_claim(
            programme,
            gathering,
            groups,
            place,
            part_of(number, place, gathering, programme),
            seed,
        )
        for number, gathering in enumerate(programme.gatherings)
        for place in range(len(groups))
    )


def _make_claim(
    programme: Programme,
    gathering: Gathering,
    groups: Sequence[Group],
    place: int,
    part: ClaimPart,
    seed: int,
) -> Claim:
    group = groups[place]
    claim = Claim(group.key, gathering.id, part, ())
    if part is ClaimPart.NEVER_SENT:
        return claim
    random = Random(f"claim {seed} {gathering.id} {group.key}")  # noqa: S311 - a cast, not a secret
    lines = Lines(gathering, group, random)
    body = _body(lines, part)
    brought = lines.receipts(body)
    if part is ClaimPart.COPIED_RECEIPT:
        brought[odd.BORROWED] = receipt(groups[place - 1], gathering, "tickets")
    first = Sending(
        at=_moment(gathering, _sent_after(part, place, programme)),
        body=body,
        receipts=brought,
        expected=expect(body, lines.unlike, programme),
    )
    return replace(claim, sendings=(first, *_later(first, lines, part, programme)))


def _sent_after(part: ClaimPart, place: int, programme: Programme) -> timedelta:
    if part is ClaimPart.LATE:
        return timedelta(days=programme.travel.window_days) + _LATE_BY
    return timedelta(days=_SENDING_DAYS[place % len(_SENDING_DAYS)])


def _later(
    first: Sending, lines: Lines, part: ClaimPart, programme: Programme
) -> Iterator[Sending]:
    """What is sent later: the same again, or a corrected version."""
    body, old = first.body, first.body["lines"]
    match part:
        case ClaimPart.SENT_TWICE:
            yield first
            return
        case ClaimPart.MISSING_RECEIPT:
            body = body | {
                "lines": [
                    each if each["receipt_ids"] else each | {"receipt_ids": ["taxi"]}
                    for each in old
                ]
            }
        case ClaimPart.CORRECTED_UP:
            body = body | {"lines": [*old, lines.forgotten_bus()]}
        case ClaimPart.CORRECTED_DOWN:
            body = body | {"lines": old[1:]}
        case ClaimPart.REJECTED_BY_BANK:
            body = body | {"account_number": lines.group.other_account}
        case ClaimPart.STRANGER:
            note = {"note": words()["travel"]["registered"]}
            body = body | {"lines": [*old[:-1], old[-1] | note]}
        case _:
            return
    mended = ("receipt_missing", "not_registered")
    unlike = {key: why for key, why in lines.unlike.items() if why not in mended}
    yield Sending(
        at=_moment(lines.gathering, _CORRECTED_AFTER),
        body=body,
        receipts=lines.receipts(body),
        expected=expect(body, unlike, programme),
    )


def _body(lines: Lines, part: ClaimPart) -> Json:
    written = _WRITERS[part](lines) if part in _WRITERS else lines.of(Travel.TICKETS)
    people = [{"id": each["id"], "name": each["name"]} for each in lines.group.participants]
    if part is ClaimPart.MARKED_BEDS:
        people = list(odd.marks(lines))
    if part is ClaimPart.STRANGER:
        people = [*people, odd.substitute()]
    return {
        "participants": people,
        "lines": written,
        "account_number": lines.group.account if written else "",
        "kid": lines.group.kid,
        "vat": "excluded" if part is ClaimPart.WITHOUT_VAT else "included",
        "no_cost": not written,
        "declared": True,
    }


def _moment(gathering: Gathering, after: timedelta) -> datetime:
    """Ten in the morning, that long after the gathering."""
    return datetime.combine(gathering.last_day + after, time(10), OSLO).astimezone(UTC)
