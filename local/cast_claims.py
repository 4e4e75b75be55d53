"""The travel claims of the cast: one for each municipality and gathering, what is special about
some, and what each must come to.

Amounts are typed as people type them. A receipt is named here; its file is uploaded when the claim
is made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any, Final

from kulturkontor.programme import OSLO, Gathering, Programme
from local import cast_oddities as odd
from local.cast_expected import Expected, expect, expect_after
from local.cast_groups import Group
from local.cast_lines import Lines, Travel, receipt
from local.cast_parts import ACCOUNT_CHANGED, ClaimPart, part_of
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
    ClaimPart.DROPPED_OUT: odd.dropped_out,
    ClaimPart.CANCELLED: odd.cancelled,
    ClaimPart.CANCELLED_IN_VAIN: odd.cancelled,
    ClaimPart.WITHDRAWN: odd.withdrawn,
}
"""How the lines of a part are written; all others come by tickets."""
_SENDING_DAYS = (4, 9, 16)
_LATE_BY = timedelta(days=4)
_CORRECTED_AFTER = timedelta(days=35)
_CANCELLED = (ClaimPart.CANCELLED, ClaimPart.CANCELLED_IN_VAIN)
_CLAIMED_BEFORE = timedelta(days=-10)
"""A gathering that was called off can be claimed for at once."""
_NEVER_SENT = (ClaimPart.NEVER_SENT, ClaimPart.NOTHING_BOUGHT)
_RULED = (*_CANCELLED, ClaimPart.DROPPED_OUT, ClaimPart.WITHDRAWN)
"""Whose lines wait until staff have decided."""
_REASONS_TO_WAIT = ("gathering_cancelled", "participant_dropped_out", "municipality_withdrawn")


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
    sent. `rulings`: what staff say of the lines that wait for them; `ruled`: what it comes to then.
    """

    key: str
    gathering: str
    part: ClaimPart
    sendings: tuple[Sending, ...]
    rulings: Mapping[str, str] = field(default_factory=dict)
    ruled: Expected | None = None


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
    group = _as_paid(groups[place], place, gathering, programme)
    claim = Claim(group.key, gathering.id, part, ())
    if part in _NEVER_SENT:
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
    sendings = (first, *_later(first, lines, part, programme))
    if part not in _RULED:
        return replace(claim, sendings=sendings)
    rulings = _rulings(lines, body, part)
    ruled = expect_after(body, lines.unlike, rulings, programme)
    return replace(claim, sendings=sendings, rulings=rulings, ruled=ruled)


def _as_paid(group: Group, place: int, gathering: Gathering, programme: Programme) -> Group:
    """With the other account, once the first one was turned down."""
    first = programme.gatherings[0]
    is_changed = part_of(0, place, first, programme) in ACCOUNT_CHANGED
    return (
        replace(group, account=group.other_account) if is_changed and gathering != first else group
    )


def _rulings(lines: Lines, body: Json, part: ClaimPart) -> dict[str, str]:
    """Travel that was paid for is paid; beds could have been cancelled, a fifth one too."""
    return {
        line["id"]: "reject"
        if part is ClaimPart.CANCELLED_IN_VAIN or line["kind"] == "overnight"
        else "approve"
        for line in body["lines"]
        if part in _CANCELLED or lines.unlike.get(line["id"]) in _REASONS_TO_WAIT
    }


def _sent_after(part: ClaimPart, place: int, programme: Programme) -> timedelta:
    if part is ClaimPart.LATE:
        return timedelta(days=programme.travel.window_days) + _LATE_BY
    if part in _CANCELLED:
        return _CLAIMED_BEFORE
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
        case ClaimPart.REJECTED_BY_BANK | ClaimPart.ACCOUNT_REFUSED:
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
