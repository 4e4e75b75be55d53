"""What a municipality sends as its travel claim: participants, lines, account and declaration.

Lines stay as they were typed, so that a claim can be read again as it came. Each fault has a code
and the path of its field; `field_errors` lists them, `texts/*/claim_errors.toml` has the words.
"""

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails

from kulturkontor.claim_fields import (
    BLANK_IS_NONE,
    AccountNumber,
    Amount,
    ClaimFault,
    Currency,
    Day,
    Declared,
    Id,
    Kid,
    Kilometres,
    Kind,
    LineKind,
    Name,
    Note,
    Rate,
    Route,
    claim_fault,
)

Fault = tuple[ClaimFault, tuple[str | int, ...]]
"""A fault and the path of the field that has it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ParticipantIn(_Part):
    """One who travelled. `covered_night`: the municipality marks whose nights are paid first."""

    id: Id
    name: Name
    role: Annotated[Name | None, BLANK_IS_NONE] = None
    covered_night: bool | None = None


class LineIn(_Part):
    """One cost of one participant. The date of an overnight line is the evening the night begins.

    Paid in foreign currency: either `amount` is what the card statement says in kroner, or `rate`
    is kroner for one unit of the currency, with its date and source.
    """

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
    receipt_ids: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    note: Note = ""

    @model_validator(mode="after")
    def _fields_fit_together(self) -> Self:
        faults = self._car_faults() if self.kind is LineKind.CAR else self._amount_faults()
        _refuse("LineIn", faults)
        return self

    def _car_faults(self) -> list[Fault]:
        faults: list[Fault] = []
        if self.kilometres is None:
            faults.append((ClaimFault.KILOMETRES, ("kilometres",)))
        for field in ("amount", "currency", "foreign_amount", "rate", "rate_date", "rate_source"):
            if getattr(self, field) is not None:
                faults.append((ClaimFault.AMOUNT_OF_CAR, (field,)))
        return faults

    def _amount_faults(self) -> list[Fault]:
        faults: list[Fault] = []
        if self.kilometres is not None:
            faults.append((ClaimFault.ONLY_FOR_CAR, ("kilometres",)))
        if self.passengers:
            faults.append((ClaimFault.ONLY_FOR_CAR, ("passengers",)))
        conversion = ("currency", "foreign_amount", "rate", "rate_date", "rate_source")
        given = {field for field in conversion if getattr(self, field) is not None}
        if self.amount is not None and "rate" in given:
            faults.append((ClaimFault.AMOUNT_AND_RATE, ("rate",)))
        if self.amount is None and not given:
            faults.append((ClaimFault.AMOUNT_EMPTY, ("amount",)))
        if self.amount is None and given:
            lacking = [field for field in conversion if field not in given]
            faults.extend((ClaimFault.CURRENCY_INCOMPLETE, (field,)) for field in lacking)
        return faults


class ClaimIn(_Part):
    """The claim of one municipality for one gathering. No lines: say `no_cost`."""

    participants: Annotated[tuple[ParticipantIn, ...], Field(max_length=40)]
    lines: Annotated[tuple[LineIn, ...], Field(max_length=200)] = ()
    account_number: AccountNumber = ""
    kid: Annotated[Kid | None, BLANK_IS_NONE] = None
    vat: Literal["included", "excluded"]
    no_cost: bool = False
    declared: Declared

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        faults: list[Fault] = [
            *_twice("participants", [each.id for each in self.participants]),
            *_twice("lines", [each.id for each in self.lines]),
            *self._person_faults(),
        ]
        if not self.participants:
            faults.append((ClaimFault.NO_PARTICIPANTS, ("participants",)))
        if self.no_cost and self.lines:
            faults.append((ClaimFault.LINES_DESPITE_NO_COST, ("no_cost",)))
        if not self.no_cost and not self.lines:
            faults.append((ClaimFault.NO_LINES, ("lines",)))
        if not self.no_cost and not self.account_number:
            faults.append((ClaimFault.ACCOUNT_NUMBER, ("account_number",)))
        _refuse("ClaimIn", faults)
        return self

    def _person_faults(self) -> list[Fault]:
        known = {each.id for each in self.participants}
        faults: list[Fault] = []
        for place, line in enumerate(self.lines):
            if line.participant not in known:
                faults.append((ClaimFault.UNKNOWN_PARTICIPANT, ("lines", place, "participant")))
            for seat, passenger in enumerate(line.passengers):
                if self.find_participant(passenger) == line.participant:
                    path = ("lines", place, "passengers", seat)
                    faults.append((ClaimFault.PASSENGER_IS_DRIVER, path))
        return faults

    def find_participant(self, id_or_name: str) -> str | None:
        """The id of the participant with that id or name, if the claim has one."""
        wanted = id_or_name.casefold()
        return next(
            (
                each.id
                for each in self.participants
                if each.id == id_or_name or each.name.casefold() == wanted
            ),
            None,
        )

    def participant(self, participant_id: str) -> ParticipantIn:
        return next(each for each in self.participants if each.id == participant_id)


def _twice(field: str, ids: list[str]) -> list[Fault]:
    return [
        (ClaimFault.ID_TWICE, (field, place, "id"))
        for place, each in enumerate(ids)
        if each in ids[:place]
    ]


def _refuse(title: str, faults: list[Fault]) -> None:
    """Raises all faults at once, each at the path of its field."""
    if faults:
        raise ValidationError.from_exception_data(
            title,
            [
                InitErrorDetails(type=claim_fault(code), loc=path, input=None)
                for code, path in faults
            ],
        )


class FieldError(NamedTuple):
    """One fault to tell: `lines.2.amount`, the code of its text, and what the text may mention."""

    path: str
    code: str
    values: dict[str, str]


PYDANTIC_FAULTS = frozenset(
    {
        *("bool_parsing", "bool_type", "extra_forbidden", "literal_error", "missing"),
        *("model_type", "string_pattern_mismatch", "string_too_long", "string_too_short"),
        *("string_type", "string_unicode", "too_long", "tuple_type"),
    }
)
"""The faults pydantic can find in a ClaimIn by itself; each has its text as well."""


def field_errors(fault: ValidationError) -> tuple[FieldError, ...]:
    """The faults of a refused claim, in the order of its fields."""
    return tuple(_field_error(each) for each in fault.errors(include_url=False))


def _field_error(detail: ErrorDetails) -> FieldError:
    return FieldError(
        path=".".join(str(part) for part in detail["loc"]),
        code=detail["type"],
        values={name: str(value) for name, value in detail.get("ctx", {}).items()},
    )
