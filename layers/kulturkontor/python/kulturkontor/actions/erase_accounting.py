"""The accounting papers of one year, erased: claims with their receipts, what was owed and settled
by them, batches and their files, and who did what.
"""

from typing import Final, Protocol

from kulturkontor.application_rows import programme_partition
from kulturkontor.audit import AuditRow
from kulturkontor.claims import ClaimRow, TravelClaim
from kulturkontor.outside_payments import OutsidePayment
from kulturkontor.payee_accounts import MunicipalityAccount, account_key
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.receivables import Receivable
from kulturkontor.received_files import ReceivedFile
from kulturkontor.records import Change, Record, Records, Remove
from kulturkontor.retention import accounting_year

_AT_A_TIME: Final = 50


class Files(Protocol):
    def versions(self, prefix: str) -> list[tuple[str, str]]: ...

    def erase(self, versions: list[tuple[str, str]]) -> None: ...


def erase_accounting(year: int, programme: Programme, records: Records, archive: Files) -> None:
    """Batches last: what year a claim belongs to is read from them."""
    partition = programme_partition(programme.id)
    every_batch = records.list(PaymentBatch, partition, "BATCH#")
    batches = [each for each in every_batch if each.accounting_year == year]
    for batch in batches:
        archive.erase(archive.versions(f"payments/{programme.id}/{batch.id}/"))
    rows = records.list(ClaimRow, partition, "CLAIM#")
    due = [each for each in rows if accounting_year(each, every_batch, programme) == year]
    gone = [paper for row in due for paper in _papers_of(row, programme, records, archive)]
    for kommunenummer in _numbers(due, programme) - _numbers(_besides(rows, due), programme):
        gone += _account_of(kommunenummer, programme, records)
    ids = {batch.id for batch in batches}
    gone += [
        each
        for each in records.list(AuditRow, partition, "AUDIT#")
        if each.what.partition("#")[2].partition(" ")[0] in ids
    ]
    write_in_parts([Remove(each) for each in [*gone, *batches]], records)


def _papers_of(
    row: ClaimRow, programme: Programme, records: Records, archive: Files
) -> list[Record]:
    """A claim with its receipts, what was owed or settled by it, and who did what to it. Its row
    last, for it leads to the others.
    """
    found = records.list_partition(
        f"APPLICATION#{row.application_id}",
        {"CLAIM": TravelClaim, "FILE": ReceivedFile, "AUDIT": AuditRow},
    )
    claims = [
        each for each in found if isinstance(each, TravelClaim) and each.gathering == row.gathering
    ]
    wanted = {each for claim in claims for line in claim.claim.lines for each in line.receipt_ids}
    receipts = [each for each in found if isinstance(each, ReceivedFile) and each.id in wanted]
    for receipt in receipts:
        if receipt.sha256:
            archive.erase(archive.versions(receipt.accepted_key))
    audited = [
        each
        for each in found
        if isinstance(each, AuditRow) and each.what.endswith(f"#{row.gathering}")
    ]
    partition = programme_partition(programme.id)
    place = f"{_number(row, programme)}#{row.gathering}#"
    return [
        *claims,
        *receipts,
        *audited,
        *records.list(Receivable, partition, f"RECEIVABLE#{place}"),
        *records.list(OutsidePayment, partition, f"OUTSIDE#{place}"),
        row,
    ]


def _account_of(kommunenummer: str, programme: Programme, records: Records) -> list[Record]:
    """The account of a municipality without claims, and who confirmed what."""
    kinds: dict[str, type[Record]] = {"ACCOUNT": MunicipalityAccount, "AUDIT": AuditRow}
    return records.list_partition(account_key(programme.id, kommunenummer).partition, kinds)


def _numbers(rows: list[ClaimRow], programme: Programme) -> set[str]:
    return {_number(each, programme) for each in rows}


def _number(row: ClaimRow, programme: Programme) -> str:
    start = len(programme.reference_prefix) + 1
    return row.reference[start : start + 4]


def _besides(rows: list[ClaimRow], due: list[ClaimRow]) -> list[ClaimRow]:
    gone = {each.key for each in due}
    return [each for each in rows if each.key not in gone]


def write_in_parts(changes: list[Change], records: Records) -> None:
    for start in range(0, len(changes), _AT_A_TIME):
        records.write(*changes[start : start + _AT_A_TIME])
