"""Read all that the overview of a programme shows: three reads, however much there is to count."""

from typing import NamedTuple

from kulturkontor.applications import ApplicationRow, programme_partition
from kulturkontor.books import Books, count_books
from kulturkontor.claims import ClaimRow, TravelClaim, claim_key
from kulturkontor.mails import Mail
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.records import Record, Records
from kulturkontor.refused_attempts import RefusedAttempt
from kulturkontor.sheet_imports import SheetImport


class OfficeFile(NamedTuple):
    rows: list[ApplicationRow]
    claim_rows: list[ClaimRow]
    batches: list[PaymentBatch]
    sheets: list[SheetImport]
    refused: list[RefusedAttempt]
    mails: list[Mail]
    claims: list[TravelClaim]


def read_office(programme: Programme, records: Records) -> OfficeFile:
    kinds: dict[str, type[Record]] = {
        "APPLICATION": ApplicationRow,
        "CLAIM": ClaimRow,
        "BATCH": PaymentBatch,
        "SHEET": SheetImport,
        "REFUSED": RefusedAttempt,
    }
    found = records.list_partition(programme_partition(programme.id), kinds)
    claim_rows = [each for each in found if isinstance(each, ClaimRow)]
    return OfficeFile(
        rows=[each for each in found if isinstance(each, ApplicationRow)],
        claim_rows=claim_rows,
        batches=[each for each in found if isinstance(each, PaymentBatch)],
        sheets=[each for each in found if isinstance(each, SheetImport)],
        refused=[each for each in found if isinstance(each, RefusedAttempt)],
        mails=read_mails(programme, records),
        claims=read_last_claims(claim_rows, records),
    )


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
        refused=len(office.refused),
    )
