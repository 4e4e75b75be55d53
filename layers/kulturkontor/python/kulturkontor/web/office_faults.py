"""What can go wrong for staff, as an answer: a status, the code of its words, the faulty fields."""

from typing import Final, NamedTuple

from pydantic import ValidationError

from kulturkontor.actions.apply import ApplicationStateError
from kulturkontor.actions.choose import ChoiceError
from kulturkontor.actions.claim_files import ClaimRefusedError
from kulturkontor.actions.decide import DecisionStateError
from kulturkontor.actions.extend import ExtensionError
from kulturkontor.actions.handle_mails import UnknownMailError
from kulturkontor.actions.ports import FileMissingError
from kulturkontor.actions.review_claims import ClaimChangedError
from kulturkontor.actions.settle import UnknownBatchError
from kulturkontor.actions.settle_debts import UnknownDebtError
from kulturkontor.actions.sign_in import SignInError
from kulturkontor.attendance import AttendanceError
from kulturkontor.batch_steps import SamePersonError
from kulturkontor.calendar_changes import CalendarError
from kulturkontor.claim_case import UnknownLineError
from kulturkontor.claim_steps import ClaimStateError, NothingToPayError
from kulturkontor.mails import MailStateError
from kulturkontor.payee_accounts import AccountChangedError, ConfirmerError
from kulturkontor.payments import BatchStateError
from kulturkontor.programme_settings import SettingsError
from kulturkontor.receivables import ReceivableStateError
from kulturkontor.records import Conflict


class FieldFault(NamedTuple):
    field: str
    code: str


class OfficeError(Exception):
    """The request cannot be done; `code` names the words that tell why and what to do instead."""

    def __init__(self, status: int, code: str, *, errors: tuple[FieldFault, ...] = ()) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = errors


_TOLD: Final[dict[type[Exception], tuple[int, str]]] = {
    ApplicationStateError: (409, "application_state"),
    ClaimStateError: (409, "claim_state"),
    MailStateError: (409, "mail_on_its_way"),
    BatchStateError: (409, "batch_state"),
    SamePersonError: (403, "same_person"),
    ConfirmerError: (403, "same_confirmer"),
    AccountChangedError: (409, "changed_meanwhile"),
    NothingToPayError: (409, "nothing_to_pay"),
    ReceivableStateError: (409, "debt_state"),
    UnknownDebtError: (404, "unknown"),
    UnknownLineError: (422, "unknown_line"),
    Conflict: (409, "changed_meanwhile"),
    ClaimChangedError: (409, "changed_meanwhile"),
    SignInError: (400, "sign_in"),
    FileMissingError: (404, "file_missing"),
    UnknownMailError: (404, "unknown"),
    UnknownBatchError: (404, "unknown"),
    SettingsError: (422, "settings"),
}
_WITH_PREFIX: Final[dict[type[Exception], str]] = {
    AttendanceError: "attendance",
    CalendarError: "calendar",
}
_WITH_CODE: Final = (DecisionStateError, ClaimRefusedError, ChoiceError, ExtensionError)
_ABSENT: Final = frozenset({"unknown", "unknown_claim", "unknown_gathering", "no_place"})
TOLD: Final[tuple[type[Exception], ...]] = (
    OfficeError,
    *_WITH_CODE,
    *_WITH_PREFIX,
    *_TOLD,
)
"""Every exception that is an answer; any other is a fault of ours and is raised."""


def as_office_error(fault: Exception) -> OfficeError:
    if isinstance(fault, OfficeError):
        return fault
    if isinstance(fault, _WITH_CODE):
        code = str(fault.args[0])
        return OfficeError(404, "unknown") if code in _ABSENT else OfficeError(409, code)
    if prefix := _WITH_PREFIX.get(type(fault)):
        code = str(fault.args[0])
        is_absent = code in _ABSENT
        return OfficeError(404, "unknown") if is_absent else OfficeError(409, f"{prefix}_{code}")
    if isinstance(fault, ApplicationStateError) and fault.args[0] == "unknown":
        return OfficeError(404, "unknown")
    status, code = next(told for kind, told in _TOLD.items() if isinstance(fault, kind))
    return OfficeError(status, code)


def field_faults(fault: ValidationError) -> tuple[FieldFault, ...]:
    return tuple(
        FieldFault(".".join(str(part) for part in each["loc"]) or "body", each["type"])
        for each in fault.errors(include_url=False, include_input=False)
    )
