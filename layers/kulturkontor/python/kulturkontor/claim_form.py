"""What a municipality sends as its travel claim: participants, lines, account and declaration.

Each fault has a code and the path of its field; `field_errors` lists them,
`texts/*/claim_errors.toml` has the words. The lines themselves are in `claim_lines`.
"""

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from kulturkontor.claim_fields import (
    BLANK_IS_NONE,
    AccountNumber,
    ClaimFault,
    Declared,
    Id,
    Kid,
    Name,
    name_key,
)
from kulturkontor.claim_lines import Fault, LineIn, find_line_faults, refuse


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ParticipantIn(_Part):
    """One who travelled. `covered_night`: the municipality marks whose nights are paid first."""

    id: Id
    name: Name
    role: Annotated[Name | None, BLANK_IS_NONE] = None
    covered_night: bool | None = None


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
            *find_line_faults(
                self.lines, self.find_participant, {each.id for each in self.participants}
            ),
        ]
        if not self.participants:
            faults.append((ClaimFault.NO_PARTICIPANTS, ("participants",)))
        if self.no_cost and self.lines:
            faults.append((ClaimFault.LINES_DESPITE_NO_COST, ("no_cost",)))
        if not self.no_cost and not self.lines:
            faults.append((ClaimFault.NO_LINES, ("lines",)))
        if not self.no_cost and not self.account_number:
            faults.append((ClaimFault.ACCOUNT_NUMBER, ("account_number",)))
        refuse("ClaimIn", faults)
        return self

    def find_participant(self, id_or_name: str) -> str | None:
        """The id of the participant with that id or name, if the claim has one."""
        wanted = name_key(id_or_name)
        return next(
            (
                each.id
                for each in self.participants
                if each.id == id_or_name or name_key(each.name) == wanted
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
