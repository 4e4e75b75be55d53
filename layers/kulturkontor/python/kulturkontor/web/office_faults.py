"""What can go wrong for staff, as an answer: a status, the code of its words, the faulty fields."""

from typing import Final, NamedTuple

from pydantic import ValidationError

from kulturkontor.refusals import Refusal


class FieldFault(NamedTuple):
    """`message`: in the reader's words, where those of the code are not all there is to say."""

    field: str
    code: str
    message: str = ""


class OfficeError(Exception):
    """The request cannot be done; `code` names the words that tell why and what to do instead."""

    def __init__(self, status: int, code: str, *, errors: tuple[FieldFault, ...] = ()) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = errors


TOLD: Final = (OfficeError, Refusal)
"""Every exception that is an answer; any other is a fault of ours and is raised."""


def as_office_error(fault: Exception) -> OfficeError:
    if isinstance(fault, Refusal):
        return OfficeError(*fault.told)
    if isinstance(fault, OfficeError):
        return fault
    raise TypeError(type(fault).__name__)


def field_faults(fault: ValidationError) -> tuple[FieldFault, ...]:
    return tuple(
        FieldFault(".".join(str(part) for part in each["loc"]) or "body", each["type"])
        for each in fault.errors(include_url=False, include_input=False)
    )
