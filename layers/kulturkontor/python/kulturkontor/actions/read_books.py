"""Read all that the overview of a programme shows: four reads, however much there is to count."""

from collections.abc import Iterable
from typing import NamedTuple

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.books import Books, count_books
from kulturkontor.claims import ClaimRow, ClaimState, TravelClaim, claim_key
from kulturkontor.mails import Mail
from kulturkontor.outside_payments import OutsidePayment
from kulturkontor.payee_accounts import MunicipalityAccount, account_key
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.receivables import Receivable
from kulturkontor.records import Record, Records
from kulturkontor.refused_attempts import RefusedAttempt
from kulturkontor.release import Release
from kulturkontor.release_control import ReleaseControl
from kulturkontor.sealing import HeldClaim, find_holds
from kulturkontor.sheet_imports import SheetImport


class OfficeFile(NamedTuple):
    rows: list[ApplicationRow]
    claim_rows: list[ClaimRow]
    batches: list[PaymentBatch]
    sheets: list[SheetImport]
    refused: list[RefusedAttempt]
    debts: list[Receivable]
    outside: list[OutsidePayment]
    mails: list[Mail]
    claims: list[TravelClaim]
    accounts: dict[str, MunicipalityAccount]
    """By municipality number; of those whose claims wait to be paid."""
    release: Release | None
    control: ReleaseControl | None

    @property
    def held(self) -> list[HeldClaim]:
        """The claims whose account must be confirmed before anything is paid."""
        return find_holds(waiting_claims(self.claims), self.accounts)


def read_office(programme: Programme, records: Records) -> OfficeFile:
    kinds: dict[str, type[Record]] = {
        "APPLICATION": ApplicationRow,
        "CLAIM": ClaimRow,
        "BATCH": PaymentBatch,
        "SHEET": SheetImport,
        "REFUSED": RefusedAttempt,
        "RECEIVABLE": Receivable,
        "OUTSIDE": OutsidePayment,
        "RELEASE": Release,
        "RELEASE-CONTROL": ReleaseControl,
    }
    found = records.list_partition(programme_partition(programme.id), kinds)
    claim_rows = [each for each in found if isinstance(each, ClaimRow)]
    claims = read_last_claims(claim_rows, records)
    return OfficeFile(
        rows=[each for each in found if isinstance(each, ApplicationRow)],
        claim_rows=claim_rows,
        batches=[each for each in found if isinstance(each, PaymentBatch)],
        sheets=[each for each in found if isinstance(each, SheetImport)],
        refused=[each for each in found if isinstance(each, RefusedAttempt)],
        debts=[each for each in found if isinstance(each, Receivable)],
        outside=[each for each in found if isinstance(each, OutsidePayment)],
        mails=read_mails(programme, records),
        claims=claims,
        accounts=read_accounts(waiting_claims(claims), records),
        release=next((each for each in found if isinstance(each, Release)), None),
        control=next((each for each in found if isinstance(each, ReleaseControl)), None),
    )


def waiting_claims(claims: Iterable[TravelClaim]) -> list[TravelClaim]:
    """Those that will pay something, to an account that they name."""
    return [
        each
        for each in claims
        if each.state in (ClaimState.RECEIVED, ClaimState.ATTESTED)
        and each.settlement.pay_ore
        and each.claim.account_number
    ]


def read_accounts(
    claims: Iterable[TravelClaim], records: Records
) -> dict[str, MunicipalityAccount]:
    """The accounts of these claims' municipalities that anybody has looked at, by number."""
    keys = [account_key(each.programme, each.kommunenummer) for each in claims]
    found = records.read_many(MunicipalityAccount, keys) if keys else []
    return {each.kommunenummer: each for each in found}


def read_mails(programme: Programme, records: Records) -> list[Mail]:
    return records.list(Mail, f"MAILS#{programme.id}", "")


def read_last_claims(rows: list[ClaimRow], records: Records) -> list[TravelClaim]:
    keys = [claim_key(row.application_id, row.gathering, row.version) for row in rows]
    return records.read_many(TravelClaim, keys) if keys else []


def books_of(office: OfficeFile) -> Books:
    return count_books(
        rows=office.rows,
        mails=office.mails,
        claim_rows=office.claim_rows,
        claims=office.claims,
        batches=office.batches,
        debts=office.debts,
        outside=office.outside,
        refused=len(office.refused),
    )
