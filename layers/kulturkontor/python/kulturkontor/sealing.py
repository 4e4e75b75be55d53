"""What is put into payment batches: which claims are paid, to whom, less which debts, and in how
many batches.

A batch is one transaction, and a transaction has at most 100 items: the batch and its mail, for
each claim itself, its row and its audit row, for each municipality a look that its confirmed
account is still the one it was, and each debt that is netted. A claim that a debt takes whole is a
transaction of its own and goes to no bank.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from kulturkontor.claims import TravelClaim
from kulturkontor.payee_accounts import AccountHold, MunicipalityAccount, Payee, payee_of
from kulturkontor.payments import MOST_PAYMENTS
from kulturkontor.receivables import Netting, Receivable, net

MOST_LINES: Final = 600
"""Two for each participant: the table keeps 400 kB in one item."""
MOST_ITEMS: Final = 100
_OF_THE_BATCH: Final = 2
_OF_EACH_CLAIM: Final = 3


class PlannedPayment(NamedTuple):
    """A claim that will be paid. `payee` is None where debts take it whole."""

    claim: TravelClaim
    payee: Payee | None
    nettings: tuple[tuple[Receivable, Netting], ...]

    @property
    def netted_ore(self) -> int:
        return sum(netting.amount_ore for _, netting in self.nettings)

    @property
    def amount_ore(self) -> int:
        """What goes to the bank."""
        return self.claim.settlement.pay_ore - self.netted_ore


class Step(NamedTuple):
    """One transaction: a batch, or (without `batch_id`) a claim that debts take whole.

    `debts` are written as they become; `accounts` must be as they were read.
    """

    batch_id: str
    payments: tuple[PlannedPayment, ...]
    debts: tuple[Receivable, ...]
    accounts: tuple[MunicipalityAccount, ...]

    @property
    def items(self) -> int:
        claims = _OF_EACH_CLAIM * len(self.payments)
        return _OF_THE_BATCH + claims + len(self.debts) + len(self.accounts)

    @property
    def amount_ore(self) -> int:
        return sum(each.amount_ore for each in self.payments)


class HeldClaim(NamedTuple):
    """An attested claim that waits, and why."""

    claim: TravelClaim
    hold: AccountHold


@dataclass
class _Books:
    """The debts as they stand while steps are planned, by municipality."""

    debts: dict[str, list[Receivable]] = field(default_factory=dict)

    def of(self, claim: TravelClaim) -> list[Receivable]:
        return self.debts.get(claim.kommunenummer, [])

    def put(self, changed: Iterable[Receivable]) -> None:
        for debt in changed:
            known = self.debts[debt.kommunenummer]
            self.debts[debt.kommunenummer] = [
                debt if each.id == debt.id else each for each in known
            ]


def plan_steps(
    claims: Sequence[TravelClaim],
    accounts: Mapping[str, MunicipalityAccount],
    debts: Sequence[Receivable],
    batch_ids: Iterator[str],
    *,
    at: datetime,
) -> Iterator[Step]:
    """The transactions, by gathering and reference. Each supposes that those before it were
    written; `accounts` by municipality number.
    """
    books = _Books()
    for debt in debts:
        books.debts.setdefault(debt.kommunenummer, []).append(debt)
    waiting: list[TravelClaim] = []
    for claim in sorted(claims, key=lambda each: (each.gathering, each.reference)):
        netted = net(books.of(claim), claim, batch_id="", at=at)
        if netted.ore < claim.settlement.pay_ore:
            waiting.append(claim)
            continue
        changed = _changed(netted.debts, netted.nettings)
        yield Step("", (PlannedPayment(claim, None, netted.nettings),), changed, ())
        books.put(_as_written(changed))
    yield from _plan_batches(waiting, accounts, books, batch_ids, at)


def _plan_batches(
    claims: Iterable[TravelClaim],
    accounts: Mapping[str, MunicipalityAccount],
    books: _Books,
    batch_ids: Iterator[str],
    at: datetime,
) -> Iterator[Step]:
    step: Step | None = None
    lines = 0
    for claim in claims:
        payee = find_payee(claim, accounts)
        if isinstance(payee, AccountHold):
            continue
        own_lines = 2 * len(claim.claim.participants)
        if step is not None:
            longer = _with(step, claim, payee, accounts, books, at)
            if _holds(longer, lines + own_lines):
                books.put(longer.debts)
                step, lines = longer, lines + own_lines
                continue
            yield step
            books.put(_as_written(step.debts))
        step = _with(Step(next(batch_ids), (), (), ()), claim, payee, accounts, books, at)
        books.put(step.debts)
        lines = own_lines
    if step is not None:
        yield step


def _holds(step: Step, lines: int) -> bool:
    return len(step.payments) <= MOST_PAYMENTS and step.items <= MOST_ITEMS and lines <= MOST_LINES


def _with(
    step: Step,
    claim: TravelClaim,
    payee: Payee,
    accounts: Mapping[str, MunicipalityAccount],
    books: _Books,
    at: datetime,
) -> Step:
    netted = net(books.of(claim), claim, batch_id=step.batch_id, at=at)
    debts = {each.id: each for each in (*step.debts, *_changed(netted.debts, netted.nettings))}
    account = accounts[claim.kommunenummer]
    return Step(
        step.batch_id,
        (*step.payments, PlannedPayment(claim, payee, netted.nettings)),
        tuple(debts.values()),
        step.accounts if account in step.accounts else (*step.accounts, account),
    )


def _changed(
    debts: Iterable[Receivable], nettings: Iterable[tuple[Receivable, Netting]]
) -> tuple[Receivable, ...]:
    touched = {debt.id for debt, _ in nettings}
    return tuple(each for each in debts if each.id in touched)


def _as_written(debts: Iterable[Receivable]) -> list[Receivable]:
    return [each.but(revision=each.revision + 1) for each in debts]


def find_holds(
    claims: Iterable[TravelClaim], accounts: Mapping[str, MunicipalityAccount]
) -> list[HeldClaim]:
    """The claims that wait for an account to be confirmed, and why."""
    found = ((each, find_payee(each, accounts)) for each in claims)
    return [HeldClaim(claim, hold) for claim, hold in found if isinstance(hold, AccountHold)]


def find_payee(
    claim: TravelClaim, accounts: Mapping[str, MunicipalityAccount]
) -> Payee | AccountHold:
    account = accounts.get(claim.kommunenummer)
    return AccountHold.FIRST_ACCOUNT if account is None else payee_of(claim, account)
