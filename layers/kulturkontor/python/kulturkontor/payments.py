"""Payment batches: sealed by the week's run, released by a second person, settled by the bank.

A batch is one transaction's worth of claims, so at most 24 payments.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from kulturkontor.accounts import is_kid, parse_account_number, parse_organisation_number
from kulturkontor.programme import OSLO
from kulturkontor.records import Key, OpenWork, Record
from kulturkontor.refusals import Refusal

MOST_PAYMENTS: Final = 24
TO_RELEASE: Final = "batch-to-release"
TO_WRITE: Final = "batch-files-to-write"
AT_BANK: Final = "batch-at-bank"
TRAVEL: Final = "travel"
OVERNIGHT: Final = "overnight"

PAID_CODES = frozenset({"ACSC", "ACCC"})
REJECTED_CODES = frozenset({"RJCT", "CANC"})
_UNDER_WAY = frozenset(
    {"RCVD", "PDNG", "PART", "ACTC", "ACCP", "ACWC", "ACFC", "ACSP", "ACWP", "PATC", "PRES"}
)


def _valid_kid(text: str) -> str:
    if not is_kid(text):
        raise ValueError("not a KID under mod 10 or mod 11")
    return text


BankId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,35}$")]
AccountNumber = Annotated[str, AfterValidator(parse_account_number)]
OrganisationNumber = Annotated[str, AfterValidator(parse_organisation_number)]
Kid = Annotated[str, AfterValidator(_valid_kid)]


class BatchStateError(Refusal):
    """The batch is not in the state the step needs; read it again and see what was done to it."""

    code = "batch_state"


class PaymentState(StrEnum):
    SEALED = "sealed"
    RELEASED = "released"
    PAID = "paid"
    REJECTED = "rejected"


class BatchState(StrEnum):
    PROPOSED = "proposed"
    RELEASED = "released"
    REFUSED = "refused"
    SETTLED = "settled"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PaymentLine(_Part):
    """One participant's travel or overnight at one gathering, as it was judged."""

    participant: str
    kind: str
    gathering: str
    state: str
    reason: str
    actual_ore: int
    council_ore: int
    municipality_ore: int


class PaymentNetting(_Part):
    """What a payment is reduced by: the debt that a correction of another claim left."""

    claim_number: str
    gathering: str
    claim_version: Annotated[int, Field(ge=1)]
    amount_ore: Annotated[int, Field(gt=0)]
    overnight_ore: int
    """How much of it is for nights; with the travel it makes up the amount."""


class Payment(_Part):
    """What one version of a claim pays: its lines, adjusted for what earlier versions settled, less
    what the municipality owes. `payee`: who is paid instead of the municipality, if anybody.
    """

    end_to_end_id: BankId
    claim_id: str
    claim_number: str
    claim_version: Annotated[int, Field(ge=1)]
    reference: str
    municipality: Annotated[str, Field(min_length=1)]
    kommunenummer: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    organisation_number: OrganisationNumber
    account_number: AccountNumber
    kid: Kid | None
    amount_ore: Annotated[int, Field(gt=0)]
    adjustment_ore: int = 0
    adjustment_overnight_ore: int = 0
    """How much of the adjustment is for nights."""
    nettings: tuple[PaymentNetting, ...] = ()
    payee: str = ""
    attested_by: str = ""
    lines: tuple[PaymentLine, ...]
    state: PaymentState = PaymentState.SEALED
    status_reason: str = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        lines = sum(line.council_ore for line in self.lines)
        if lines + self.adjustment_ore - self.netted_ore != self.amount_ore:
            raise ValueError("lines, adjustment and nettings must add up to the amount")
        return self

    @property
    def netted_ore(self) -> int:
        return sum(each.amount_ore for each in self.nettings)

    @property
    def overnight_ore(self) -> int:
        """How much of what the claim moves is for nights, before anything is netted."""
        nights = sum(each.council_ore for each in self.lines if each.kind == OVERNIGHT)
        return nights + self.adjustment_overnight_ore

    @property
    def travel_ore(self) -> int:
        return self.amount_ore + self.netted_ore - self.overnight_ore

    @property
    def creditor(self) -> str:
        """Whose account it is."""
        return self.payee or self.municipality

    @property
    def is_unclear(self) -> bool:
        """The bank's last answer is unknown, or contradicts an earlier one: staff must look."""
        code = self.status_reason.partition(" ")[0]
        return bool(code) and code not in _EXPECTED[self.state]


_EXPECTED = {
    PaymentState.SEALED: frozenset[str](),
    PaymentState.RELEASED: _UNDER_WAY,
    PaymentState.PAID: PAID_CODES,
    PaymentState.REJECTED: REJECTED_CODES,
}


class PaymentBatch(Record):
    """The payments sealed together. `id` names the file to the bank, so it is never used twice."""

    id: BankId
    programme: str
    state: BatchState
    sealed_at: AwareDatetime
    sealed_by: str
    released_at: AwareDatetime | None = None
    released_by: str | None = None
    execution_date: date | None = None
    first_voucher: Annotated[int, Field(ge=1)] | None = None
    """The number of the first payment's voucher; the others follow in the order of the payments."""
    files_written_at: AwareDatetime | None = None
    payments: Annotated[tuple[Payment, ...], Field(min_length=1, max_length=MOST_PAYMENTS)]
    rule_version: str
    note: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for name in ("end_to_end_id", "claim_id"):
            if len({getattr(each, name) for each in self.payments}) != self.count:
                raise ValueError(f"two payments have the same {name}")
        is_released = self.state in (BatchState.RELEASED, BatchState.SETTLED)
        of_release = (self.released_at, self.released_by, self.execution_date, self.first_voucher)
        for value in of_release:
            if (value is not None) is not is_released:
                raise ValueError("time, releaser, execution date and vouchers go with the release")
        if self.files_written_at and not is_released:
            raise ValueError("only a released batch has files")
        return self

    @property
    def key(self) -> Key:
        return Key(f"PROGRAMME#{self.programme}", f"BATCH#{self.id}")

    @property
    def open_work(self) -> OpenWork | None:
        if self.state is BatchState.PROPOSED:
            return OpenWork(TO_RELEASE, self.sealed_at)
        if self.released_at is not None and self.files_written_at is None:
            return OpenWork(TO_WRITE, self.released_at)
        if self.state is BatchState.RELEASED and self.released_at is not None:
            return OpenWork(AT_BANK, self.released_at)
        return None

    @property
    def accounting_year(self) -> int:
        """The year whose books it is in: that of the payment, or until then of the sealing."""
        return (self.execution_date or self.sealed_at.astimezone(OSLO).date()).year

    def voucher(self, payment: Payment) -> int | None:
        """The number of the payment's voucher, once the batch is released."""
        if self.first_voucher is None:
            return None
        return self.first_voucher + self.payments.index(payment)

    @property
    def count(self) -> int:
        return len(self.payments)

    @property
    def control_sum_ore(self) -> int:
        return sum(payment.amount_ore for payment in self.payments)


def end_to_end_id(*, prefix: str, gathering: str, kommunenummer: str, version: int) -> str:
    """The payment's name at the bank; a corrected or repeated payment is a new version."""
    return f"{prefix}-{gathering}-{kommunenummer}-R{version}"
