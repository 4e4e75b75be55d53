"""The numbers of vouchers: one unbroken series for each programme and year.

A batch takes its numbers in the transaction that releases it, so that no number is given twice or
left out; a refused batch takes none. Source: bokføringsforskriften § 5-1-1 (vouchers are numbered
without gaps).
"""

from kulturkontor.programme_rules import PaymentRules
from kulturkontor.records import Key, Record


class VoucherSeries(Record):
    """How far the numbers of a year have come."""

    programme: str
    year: int
    next_number: int

    @property
    def key(self) -> Key:
        return voucher_key(self.programme, self.year)


def voucher_key(programme_id: str, year: int) -> Key:
    return Key(f"PROGRAMME#{programme_id}", f"VOUCHERS#{year}")


def take_vouchers(
    known: VoucherSeries | None, count: int, *, programme_id: str, year: int, rules: PaymentRules
) -> tuple[int, VoucherSeries]:
    """The first of so many numbers, and the series as it becomes."""
    series = known or VoucherSeries(
        programme=programme_id, year=year, next_number=rules.first_voucher
    )
    first = series.next_number
    return first, series.but(next_number=first + count)
