"""Every municipality of the country, six persons each, at six gatherings, settled in one run."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from time import perf_counter

from kulturkontor.actions.seal import preview_batches, seal_batches
from kulturkontor.balances import count_balances, total
from kulturkontor.batch_steps import release_batch
from kulturkontor.claims import ClaimRow, ClaimState, TravelClaim, put_claim
from kulturkontor.finance_csv import read_amounts
from kulturkontor.finance_files import write_tables
from kulturkontor.finance_rows import PAYMENT_TABLE
from kulturkontor.municipalities import all_municipalities
from kulturkontor.payments import MOST_PAYMENTS, PaymentBatch
from kulturkontor.programme import OSLO
from kulturkontor.receivables import Receivable
from kulturkontor.records import Put
from tests.actions.memory_records import MemoryRecords
from tests.rules.claim_factory import (
    KIFK2,
    claim,
    gathering,
    judge,
    line,
    night,
    travel_claim,
)
from tests.rules.money_factory import account, debt

NOW = datetime(2027, 12, 20, 6, 0, tzinfo=OSLO)
PERSONS = 6
SECONDS = 120
"""Far more than the two it takes: 82 batches, 186 claims netted whole, 504 calls."""


class NoQueue:
    def send(self, messages: Iterable[Mapping[str, object]]) -> None:
        """The tests look at the records."""


def everybody() -> MemoryRecords:
    """2142 attested claims with 12 lines each; one municipality in ten owes something."""
    records = MemoryRecords()
    claims = {each.id: _claims_of(each.id) for each in KIFK2.gatherings}
    for place, here in enumerate(all_municipalities()):
        records.write(Put(account(here.kommunenummer)))
        for made in claims.values():
            own = made.but(
                id=f"app{here.kommunenummer}-{made.gathering}-1",
                application_id=f"app{here.kommunenummer}",
                reference=f"KFK2-2026-{here.kommunenummer}",
                kommunenummer=here.kommunenummer,
                municipality=here.name,
                organisation_number=here.organisation_number,
            )
            records.write(*put_claim(own, row_revision=0))
        if place % 10 == 0:
            owes = debt(1_000_01 * (place + 1), kommunenummer=here.kommunenummer, gathering="S0")
            records.write(Put(owes.but(revision=0)))
    return records


def _claims_of(gathering_id: str) -> TravelClaim:
    where = gathering(gathering_id)
    day = where.first_day.isoformat()
    typed = claim(
        *(line(f"t{n}", f"p{n}", date=day, amount="2345,33") for n in range(1, PERSONS + 1)),
        *(night(f"n{n}", f"p{n}", date=day) for n in range(1, PERSONS + 1)),
        persons=PERSONS,
    )
    return travel_claim(
        typed,
        gathering=gathering_id,
        judgement=judge(typed, gathering=where),
        state=ClaimState.ATTESTED,
        attested_by="anne@example.org",
        attested_at=NOW,
    )


def test_the_whole_country_is_settled_in_one_run_and_every_sum_is_the_same() -> None:
    records = everybody()
    records.calls = 0
    began = perf_counter()
    batches = seal_batches(
        now=NOW,
        by="settle_travel",
        finance_address="okonomi@example.org",
        programme=KIFK2,
        records=records,
        mail_queue=NoQueue(),
    )
    took = perf_counter() - began
    count = 357 * len(KIFK2.gatherings)
    rows = records.list(ClaimRow, "PROGRAMME#kifk2", "CLAIM#")
    debts = records.list(Receivable, "PROGRAMME#kifk2", "RECEIVABLE#")
    netted_whole = sum(row.state is ClaimState.NETTED for row in rows)
    assert (len(rows), {row.state for row in rows}) == (
        count,
        {ClaimState.IN_BATCH, ClaimState.NETTED},
    )
    assert sum(batch.count for batch in batches) + netted_whole == count
    assert len(batches) == -(-(count - netted_whole) // MOST_PAYMENTS)
    claimed = sum(row.council_ore for row in rows)
    taken = sum(each.amount_ore - each.left_ore for each in debts)
    assert sum(batch.control_sum_ore for batch in batches) + taken == claimed
    whole = total(count_balances(rows, batches, debts, []))
    assert (whole.entitled_ore, whole.at_bank_ore) == (claimed, claimed - taken)
    assert _bank_sum(batches) == claimed - taken
    assert preview_batches(now=NOW, programme=KIFK2, records=records).steps == []
    assert took < SECONDS
    assert records.calls < 5 * len(batches) + 2 * netted_whole


def _bank_sum(batches: Iterable[PaymentBatch]) -> int:
    """What the spreadsheets of all batches add up to when they are released."""
    amounts = 0
    for number, batch in enumerate(batches):
        released = release_batch(
            batch,
            by="ola@example.org",
            attested_by=frozenset(),
            now=NOW,
            first_voucher=1 + MOST_PAYMENTS * number,
            rules=KIFK2.payment,
        )
        written = write_tables(released, KIFK2)["payments.csv"]
        amounts += sum(ore for _, ore in read_amounts(written, PAYMENT_TABLE, "amount"))
    return amounts
