"""What a municipality owes after a correction downwards, until it is netted or invoiced.

A version of a claim that moves less than nothing leaves a debt. It is netted against what the
municipality's later claims pay, oldest debt first, whatever the gathering; or finance invoices it,
and what is invoiced is never netted. Amounts are øre; a netting knows how much of it is for nights,
so that travel and nights each add up.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.application_rows import programme_partition
from kulturkontor.claims import TravelClaim, claim_key
from kulturkontor.payments import Payment
from kulturkontor.records import Key, Record
from kulturkontor.refusals import Refusal


class ReceivableState(StrEnum):
    OPEN = "open"
    NETTED = "netted"
    INVOICED = "invoiced"
    SETTLED = "settled"


class ReceivableStateError(Refusal):
    """The debt is not in the state the step needs; read it again and see what was done to it."""

    code = "debt_state"


class Netting(BaseModel):
    """So much of the debt was taken from what that version of a claim pays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim_id: str
    claim_number: str
    gathering: str
    amount_ore: Annotated[int, Field(gt=0)]
    overnight_ore: int
    batch_id: str = ""
    """Empty where it took all that the claim pays, so that nothing went to the bank."""
    at: datetime


class Receivable(Record):
    """The debt that one version of a claim left."""

    programme: str
    kommunenummer: str
    municipality: str
    application_id: str
    reference: str
    gathering: str
    claim_version: int
    amount_ore: Annotated[int, Field(gt=0)]
    overnight_ore: int
    """How much of it was for nights; with the travel it makes up the amount."""
    owed_since: datetime
    nettings: tuple[Netting, ...] = ()
    voucher: str = ""
    """The number of the invoice that finance sent for what was left."""
    invoiced_by: str = ""
    invoiced_at: datetime | None = None
    settled_by: str = ""
    settled_at: datetime | None = None

    @property
    def key(self) -> Key:
        return _key(self.programme, self.kommunenummer, self.gathering, self.claim_version)

    @property
    def id(self) -> str:
        return f"{self.kommunenummer}-{self.gathering}-{self.claim_version}"

    @property
    def claim_key(self) -> Key:
        """The version of the claim that left it."""
        return claim_key(self.application_id, self.gathering, self.claim_version)

    @property
    def claim_number(self) -> str:
        return f"{self.reference}-{self.gathering}"

    @property
    def left_ore(self) -> int:
        """What no netting has taken."""
        return self.amount_ore - sum(each.amount_ore for each in self.nettings)

    @property
    def left_overnight_ore(self) -> int:
        return self.overnight_ore - sum(each.overnight_ore for each in self.nettings)

    @property
    def state(self) -> ReceivableState:
        if self.settled_at is not None:
            return ReceivableState.SETTLED
        if self.invoiced_at is not None:
            return ReceivableState.INVOICED
        return ReceivableState.OPEN if self.left_ore else ReceivableState.NETTED


def receivable_key(programme_id: str, receivable_id: str) -> Key:
    """Raises ValueError for what is no id of a debt."""
    kommunenummer, gathering, version = receivable_id.rsplit("-", 2)
    return _key(programme_id, kommunenummer, gathering, int(version))


def receivable_of(claim: TravelClaim, now: datetime) -> Receivable | None:
    """What the municipality owes by this version, if it moves less than nothing."""
    moved = claim.moved
    if moved.ore >= 0:
        return None
    return Receivable(
        programme=claim.programme,
        kommunenummer=claim.kommunenummer,
        municipality=claim.municipality,
        application_id=claim.application_id,
        reference=claim.reference,
        gathering=claim.gathering,
        claim_version=claim.version,
        amount_ore=-moved.ore,
        overnight_ore=-moved.overnight_ore,
        owed_since=now,
    )


def netted_keys(programme_id: str, payments: Iterable[Payment]) -> list[Key]:
    """Where the debts lie that these payments net."""
    return [
        _key(programme_id, payment.kommunenummer, each.gathering, each.claim_version)
        for payment in payments
        for each in payment.nettings
    ]


def _key(programme_id: str, kommunenummer: str, gathering: str, version: int) -> Key:
    place = f"RECEIVABLE#{kommunenummer}#{gathering}#{version:03d}"
    return Key(programme_partition(programme_id), place)


class Netted(NamedTuple):
    """The debts after the netting, those that it touched, and what it took in all."""

    debts: tuple[Receivable, ...]
    nettings: tuple[tuple[Receivable, Netting], ...]

    @property
    def ore(self) -> int:
        return sum(netting.amount_ore for _, netting in self.nettings)


def net(debts: Sequence[Receivable], claim: TravelClaim, *, batch_id: str, at: datetime) -> Netted:
    """What that municipality's open debts take of what the claim pays, the oldest first."""
    left = claim.settlement.pay_ore
    after: dict[str, Receivable] = {each.id: each for each in debts}
    nettings: list[tuple[Receivable, Netting]] = []
    for debt in sorted(debts, key=lambda each: (each.owed_since, each.key)):
        amount = min(left, debt.left_ore)
        if not amount or debt.state is not ReceivableState.OPEN:
            continue
        netting = Netting(
            claim_id=claim.id,
            claim_number=claim.claim_number,
            gathering=claim.gathering,
            amount_ore=amount,
            overnight_ore=_overnight_part(debt, amount),
            batch_id=batch_id,
            at=at,
        )
        after[debt.id] = debt.but(nettings=(*debt.nettings, netting))
        nettings.append((debt, netting))
        left -= amount
    return Netted(tuple(after.values()), tuple(nettings))


def _overnight_part(debt: Receivable, amount: int) -> int:
    """Its nights in proportion, whole øre; the last netting takes what is left of both."""
    return debt.left_overnight_ore * amount // debt.left_ore


def free(debt: Receivable, claim_ids: Iterable[str]) -> Receivable:
    """The debt as if these claims had never paid on it: their payment was refused or rejected."""
    freed = frozenset(claim_ids)
    return debt.but(nettings=tuple(each for each in debt.nettings if each.claim_id not in freed))


def invoice(debt: Receivable, *, voucher: str, by: str, at: datetime) -> Receivable:
    """Finance has invoiced what is left; told again, it is the number that is mended."""
    if debt.state not in (ReceivableState.OPEN, ReceivableState.INVOICED):
        raise ReceivableStateError(f"a debt that is {debt.state} cannot be invoiced")
    return debt.but(voucher=voucher, invoiced_by=by, invoiced_at=at)


def settle_invoice(debt: Receivable, *, by: str, at: datetime) -> Receivable:
    """The municipality has paid the invoice."""
    if debt.state is not ReceivableState.INVOICED:
        raise ReceivableStateError(f"a debt that is {debt.state} has no invoice to settle")
    return debt.but(settled_by=by, settled_at=at)


def take_back_invoice(debt: Receivable) -> Receivable:
    """The invoice was a mistake or credited: the debt is open again, to be netted."""
    if debt.state is not ReceivableState.INVOICED:
        raise ReceivableStateError(f"a debt that is {debt.state} has no invoice to take back")
    return debt.but(voucher="", invoiced_by="", invoiced_at=None)
