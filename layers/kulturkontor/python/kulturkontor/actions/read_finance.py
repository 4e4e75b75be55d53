"""Read what finance looks at: one read of the programme, whatever is shown of it."""

from collections.abc import Iterable
from typing import NamedTuple

from kulturkontor.actions.read_books import read_accounts, waiting_claims
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.audit import AuditRow
from kulturkontor.balances import Balance, count_balances
from kulturkontor.claims import TO_ATTEST, TO_BATCH, ClaimRow, TravelClaim
from kulturkontor.outside_payments import OutsidePayment
from kulturkontor.payee_accounts import MunicipalityAccount, account_key
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.receivables import Receivable
from kulturkontor.records import Record, Records
from kulturkontor.sealing import HeldClaim, find_holds
from kulturkontor.year_exports import YearExport


class FinanceFile(NamedTuple):
    applications: list[ApplicationRow]
    rows: list[ClaimRow]
    batches: list[PaymentBatch]
    debts: list[Receivable]
    outside: list[OutsidePayment]
    exports: list[YearExport]

    @property
    def balances(self) -> list[Balance]:
        return count_balances(self.rows, self.batches, self.debts, self.outside)


def read_finance(programme: Programme, records: Records) -> FinanceFile:
    kinds: dict[str, type[Record]] = {
        "APPLICATION": ApplicationRow,
        "CLAIM": ClaimRow,
        "BATCH": PaymentBatch,
        "RECEIVABLE": Receivable,
        "OUTSIDE": OutsidePayment,
        "EXPORT": YearExport,
    }
    found = records.list_partition(programme_partition(programme.id), kinds)
    return FinanceFile(
        applications=[each for each in found if isinstance(each, ApplicationRow)],
        rows=[each for each in found if isinstance(each, ClaimRow)],
        batches=[each for each in found if isinstance(each, PaymentBatch)],
        debts=[each for each in found if isinstance(each, Receivable)],
        outside=[each for each in found if isinstance(each, OutsidePayment)],
        exports=[each for each in found if isinstance(each, YearExport)],
    )


class WaitingAccounts(NamedTuple):
    """Claims that could not be paid to their account now, and each payee nobody has confirmed."""

    held: list[HeldClaim]
    accounts: dict[str, MunicipalityAccount]
    """By municipality number."""


def read_waiting_accounts(programme: Programme, records: Records) -> WaitingAccounts:
    """Of every claim that is received or attested: three reads."""
    open_work = (TO_ATTEST, TO_BATCH)
    listed = (each for work in open_work for each in records.list_open(TravelClaim, work))
    claims = waiting_claims(each for each in listed if each.programme == programme.id)
    accounts = read_accounts(claims, records)
    claims.sort(key=lambda each: (each.gathering, each.reference))
    return WaitingAccounts(find_holds(claims, accounts), accounts)


def read_audit(programme: Programme, records: Records) -> list[AuditRow]:
    """Every change of claims, accounts, debts and batches, oldest first: one read for each
    municipality with a claim, and as many for their accounts.
    """
    rows = records.list(ClaimRow, programme_partition(programme.id), "CLAIM#")
    start = len(programme.reference_prefix) + 1
    partitions = [
        programme_partition(programme.id),
        *(f"APPLICATION#{each}" for each in sorted({row.application_id for row in rows})),
        *(
            account_key(programme.id, each).partition
            for each in sorted({row.reference[start : start + 4] for row in rows})
        ),
    ]
    found = (row for each in partitions for row in records.list(AuditRow, each, "AUDIT#"))
    return sorted(_of_money(found), key=lambda row: (row.at, row.subject, row.what))


def _of_money(rows: Iterable[AuditRow]) -> list[AuditRow]:
    return [row for row in rows if row.is_of_money]
