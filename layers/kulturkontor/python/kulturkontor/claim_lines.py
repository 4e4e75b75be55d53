"""The lines of a travel claim, and what must fit together within one line and between them.

Lines stay as they were typed, so that a claim can be read again as it came.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from kulturkontor.claim_fields import (
    BLANK_IS_NONE,
    BY_KILOMETRES,
    Amount,
    ClaimFault,
    Currency,
    Day,
    Id,
    Kilometres,
    Kind,
    LineKind,
    Name,
    Note,
    Rate,
    Route,
    claim_fault,
)
from kulturkontor.money import parse_kroner, to_ore

Fault = tuple[ClaimFault, tuple[str | int, ...]]
"""A fault and the path of the field that has it."""

_CONVERSION = ("currency", "foreign_amount", "rate", "rate_date", "rate_source")


class LineIn(BaseModel):
    """One cost of one participant. The date of an overnight line is the evening the night begins.

    Paid in foreign currency: either `amount` is what the card statement says in kroner, or `rate`
    is kroner for one unit of the currency, with its date and source. `refunds`: the line that this
    one gives back, in part or whole; its amount is below zero. `reply`: what the claimant answered
    to a question of the council about the line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    participant: Id
    kind: Kind
    date: Day
    route: Route = ""
    amount: Annotated[Amount | None, BLANK_IS_NONE] = None
    kilometres: Annotated[Kilometres | None, BLANK_IS_NONE] = None
    passengers: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    currency: Annotated[Currency | None, BLANK_IS_NONE] = None
    foreign_amount: Annotated[Amount | None, BLANK_IS_NONE] = None
    rate: Annotated[Rate | None, BLANK_IS_NONE] = None
    rate_date: Annotated[Day | None, BLANK_IS_NONE] = None
    rate_source: Annotated[Name | None, BLANK_IS_NONE] = None
    refunds: Annotated[Id | None, BLANK_IS_NONE] = None
    receipt_ids: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    note: Note = ""
    reply: Note = ""

    @model_validator(mode="after")
    def _fields_fit_together(self) -> Self:
        by_kilometres = self.kind in BY_KILOMETRES
        refuse("LineIn", list(_kilometre_faults(self) if by_kilometres else _amount_faults(self)))
        return self

    @property
    def stated_ore(self) -> int | None:
        """Øre as stated, or converted half up; None where kilometres decide.

        What is given back in foreign currency is rounded as it was when it was paid, so that a
        whole refund leaves nothing.
        """
        if self.amount is not None:
            return parse_kroner(self.amount, may_be_negative=True)
        if self.foreign_amount is None or self.rate is None:
            return None
        hundredths = parse_kroner(self.foreign_amount, may_be_negative=True)
        ore = to_ore(Decimal(abs(hundredths)) / 100, Decimal(self.rate))
        return -ore if hundredths < 0 else ore


def _kilometre_faults(line: LineIn) -> Iterator[Fault]:
    if line.kilometres is None:
        yield ClaimFault.KILOMETRES, ("kilometres",)
    if line.kind is LineKind.PASSENGER and not line.passengers:
        yield ClaimFault.PASSENGERS_MISSING, ("passengers",)
    if line.refunds is not None:
        yield ClaimFault.REFUND_OF_KILOMETRES, ("refunds",)
    for field in ("amount", *_CONVERSION):
        if getattr(line, field) is not None:
            yield ClaimFault.AMOUNT_OF_CAR, (field,)


def _amount_faults(line: LineIn) -> Iterator[Fault]:
    if line.kilometres is not None:
        yield ClaimFault.ONLY_FOR_CAR, ("kilometres",)
    if line.passengers:
        yield ClaimFault.ONLY_FOR_CAR, ("passengers",)
    given = {field for field in _CONVERSION if getattr(line, field) is not None}
    if line.amount is not None and "rate" in given:
        yield ClaimFault.AMOUNT_AND_RATE, ("rate",)
    if line.amount is None and not given:
        yield ClaimFault.AMOUNT_EMPTY, ("amount",)
    if line.amount is None and given:
        for field in _CONVERSION:
            if field not in given:
                yield ClaimFault.CURRENCY_INCOMPLETE, (field,)
    yield from _sign_faults(line)


def _sign_faults(line: LineIn) -> Iterator[Fault]:
    """Only what is given back is below zero, and it always is."""
    for field in ("amount", "foreign_amount"):
        typed: str | None = getattr(line, field)
        if typed is None:
            continue
        is_negative = parse_kroner(typed, may_be_negative=True) < 0
        if is_negative and line.refunds is None:
            yield ClaimFault.AMOUNT_NEGATIVE, (field,)
        if not is_negative and line.refunds is not None:
            yield ClaimFault.REFUND_NOT_NEGATIVE, (field,)


def find_line_faults(
    lines: Sequence[LineIn], find_participant: Callable[[str], str | None], known: set[str]
) -> Iterator[Fault]:
    """What is wrong between lines: persons, supplements claimed twice, refunds. `known`: the ids
    of the participants; `find_participant` finds one by id or name.
    """
    for place, line in enumerate(lines):
        if line.participant not in known:
            yield ClaimFault.UNKNOWN_PARTICIPANT, ("lines", place, "participant")
        for seat, passenger in enumerate(line.passengers):
            if find_participant(passenger) == line.participant:
                yield ClaimFault.PASSENGER_IS_DRIVER, ("lines", place, "passengers", seat)
    yield from _supplement_faults(lines)
    yield from _refund_faults(lines)


def _supplement_faults(lines: Sequence[LineIn]) -> Iterator[Fault]:
    """A car line that names passengers has the supplement in it already."""
    with_passengers = {
        (line.participant, line.date)
        for line in lines
        if line.kind is LineKind.CAR and line.passengers
    }
    for place, line in enumerate(lines):
        is_extra = line.kind is LineKind.PASSENGER
        if is_extra and (line.participant, line.date) in with_passengers:
            yield ClaimFault.SUPPLEMENT_TWICE, ("lines", place, "kind")


def _refund_faults(lines: Sequence[LineIn]) -> Iterator[Fault]:
    """A refund is of a cost of the same person and kind, and never more than it cost."""
    costs = {line.id: line for line in lines if line.refunds is None}
    given_back: defaultdict[str, int] = defaultdict(int)
    for place, line in enumerate(lines):
        if line.refunds is None:
            continue
        cost = costs.get(line.refunds)
        if cost is None or (cost.participant, cost.kind) != (line.participant, line.kind):
            yield ClaimFault.REFUND_OF_UNKNOWN, ("lines", place, "refunds")
            continue
        given_back[cost.id] -= line.stated_ore or 0
        if given_back[cost.id] > (cost.stated_ore or 0):
            field = "amount" if line.amount is not None else "foreign_amount"
            yield ClaimFault.REFUND_TOO_LARGE, ("lines", place, field)


def refuse(title: str, faults: Sequence[Fault]) -> None:
    """Raises all faults at once, each at the path of its field."""
    if faults:
        raise ValidationError.from_exception_data(
            title,
            [
                InitErrorDetails(type=claim_fault(code), loc=path, input=None)
                for code, path in faults
            ],
        )
