"""Reads all that is known of a year's accounts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kulturkontor.actions.read_finance import FinanceFile, read_audit, read_finance
from kulturkontor.audit import AuditRow
from kulturkontor.claims import TravelClaim
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Records
from kulturkontor.retention import accounting_year
from kulturkontor.year_tables import Year


def read_year(year: int, programme: Programme, records: Records) -> Year:
    """The batches of the year, and the claims that were paid by them or whose gathering was in
    it.
    """
    found = read_finance(programme, records)
    batches = [
        each
        for each in found.batches
        if each.accounting_year == year and each.released_at is not None
    ]
    wanted = _wanted_claims(year, found, batches, programme)
    claims: list[TravelClaim] = []
    files: dict[str, ReceivedFile] = {}
    for application_id, gatherings in wanted.items():
        partition = f"APPLICATION#{application_id}"
        versions = records.list(TravelClaim, partition, "CLAIM#")
        claims += [each for each in versions if each.gathering in gatherings]
        sent = records.list(ReceivedFile, partition, "FILE#")
        files |= {each.id: each for each in sent if each.state is FileState.ACCEPTED}
    claims.sort(key=lambda each: (each.claim_number, each.version))
    numbers = {each.claim_number for each in claims}
    return Year(
        year=year,
        batches=sorted(batches, key=lambda each: each.id),
        claims=claims,
        files=files,
        debts=[each for each in found.debts if each.claim_number in numbers],
        log=_of_year(read_audit(programme, records), claims, batches),
    )


def _wanted_claims(
    year: int, found: FinanceFile, batches: Sequence[PaymentBatch], programme: Programme
) -> dict[str, set[str]]:
    """The gatherings whose claims belong to the year, by application."""
    paid = {payment.claim_id.rpartition("-")[0] for each in batches for payment in each.payments}
    wanted = defaultdict(set)
    for row in found.rows:
        gathering = programme.gathering(row.gathering)
        was_here = gathering is not None and gathering.last_day.year == year
        is_booked = accounting_year(row, found.batches, programme) == year
        if was_here or is_booked or f"{row.application_id}-{row.gathering}" in paid:
            wanted[row.application_id].add(row.gathering)
    return dict(wanted)


def _of_year(
    rows: Iterable[AuditRow], claims: Sequence[TravelClaim], batches: Sequence[PaymentBatch]
) -> list[AuditRow]:
    """What was done to these claims and batches, and to the accounts they were paid to."""
    of_claims = {(each.key.partition, each.gathering) for each in claims}
    of_batches = {each.id for each in batches}
    numbers = {each.kommunenummer for each in claims}
    found = []
    for row in rows:
        about = row.what.partition("#")[2].partition(" ")[0]
        is_account = row.subject.startswith("MUNICIPALITY#")
        is_ours = row.subject.rpartition("#")[2] in numbers if is_account else about in of_batches
        if is_ours or (row.subject, about) in of_claims:
            found.append(row)
    return found
