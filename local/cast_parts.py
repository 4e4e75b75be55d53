"""Which claim of the cast is there to show what: by gathering, and by the municipality's place."""

from enum import StrEnum

from kulturkontor.programme import Gathering, Programme


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
    MIXED = "mixed"
    TYPED = "typed"
    REFUNDED = "refunded"
    SUPPLEMENT_APART = "supplement_apart"
    PASSENGER_DRIVES = "passenger_drives"
    RATE_PER_HUNDRED = "rate_per_hundred"
    OUTSIDE_DATES = "outside_dates"
    TWO_NIGHTS = "two_nights"
    MARKED_BEDS = "marked_beds"
    COPIED_LINE = "copied_line"
    COPIED_RECEIPT = "copied_receipt"
    STRANGER = "stranger"
    ASKED = "asked"
    WITHOUT_VAT = "without_vat"
    ON_FOOT = "on_foot"
    ACCOUNT_REFUSED = "account_refused"
    DROPPED_OUT = "dropped_out"
    CANCELLED = "cancelled"
    CANCELLED_IN_VAIN = "cancelled_in_vain"
    NOTHING_BOUGHT = "nothing_bought"
    WITHDRAWN = "withdrawn"


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
    ClaimPart.ACCOUNT_REFUSED,
)
_SECOND_GATHERING = (
    ClaimPart.LATE,
    ClaimPart.MIXED,
    ClaimPart.TYPED,
    ClaimPart.REFUNDED,
    ClaimPart.SUPPLEMENT_APART,
    ClaimPart.PASSENGER_DRIVES,
    ClaimPart.RATE_PER_HUNDRED,
    ClaimPart.OUTSIDE_DATES,
    ClaimPart.TWO_NIGHTS,
    ClaimPart.MARKED_BEDS,
    ClaimPart.COPIED_LINE,
    ClaimPart.COPIED_RECEIPT,
    ClaimPart.STRANGER,
    ClaimPart.ASKED,
    ClaimPart.WITHOUT_VAT,
    ClaimPart.ON_FOOT,
)
_CANCELLED = (ClaimPart.CANCELLED, ClaimPart.CANCELLED_IN_VAIN)
WITHDRAWN_PLACE = 5
"""The municipality that withdraws before the last gathering."""
ACCOUNT_CHANGED = (ClaimPart.REJECTED_BY_BANK, ClaimPart.ACCOUNT_REFUSED)
"""Who has these at the first gathering has another account ever after."""
_ORDINARY = (
    ClaimPart.BY_TOTALS,
    ClaimPart.BY_LINES,
    ClaimPart.FOREIGN_TICKET,
    ClaimPart.SHARED_CAR,
)


def part_of(number: int, place: int, gathering: Gathering, programme: Programme) -> ClaimPart:
    special = _special(number, programme)
    if place in special:
        return special[place]
    if gathering is cancelled_gathering(programme):
        return ClaimPart.NOTHING_BOUGHT
    part = _ORDINARY[(place + number) % len(_ORDINARY)]
    if part is not ClaimPart.SHARED_CAR or _has_car_rate(gathering, programme):
        return part
    first_without = next(g for g in programme.gatherings if not _has_car_rate(g, programme))
    is_chosen = gathering is first_without and place < len(_ORDINARY)
    return ClaimPart.CAR_WITHOUT_RATE if is_chosen else ClaimPart.BY_LINES


def cancelled_gathering(programme: Programme) -> Gathering:
    return programme.gatherings[-2]


def _special(number: int, programme: Programme) -> dict[int, ClaimPart]:
    """By the municipality's place."""
    last = len(programme.gatherings) - 1
    special = {
        0: dict(enumerate(_FIRST_GATHERING)),
        1: dict(enumerate(_SECOND_GATHERING)),
        2: {0: ClaimPart.DROPPED_OUT},
        last - 1: dict(enumerate(_CANCELLED)),
        last: {WITHDRAWN_PLACE: ClaimPart.WITHDRAWN},
    }
    return special.get(number, {})


def _has_car_rate(gathering: Gathering, programme: Programme) -> bool:
    return any(
        rate.valid_from <= gathering.first_day <= rate.valid_to
        for rate in programme.travel.car_rates
    )
