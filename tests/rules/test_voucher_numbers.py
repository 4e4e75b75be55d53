"""Vouchers are numbered without a gap, each year from where the accounts want it."""

from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.voucher_numbers import VoucherSeries, take_vouchers
from tests.rules.payment_factory import RULES


def take(known: VoucherSeries | None, count: int, year: int = 2026) -> tuple[int, VoucherSeries]:
    return take_vouchers(known, count, programme_id="kifk2", year=year, rules=RULES)


def test_the_first_batch_of_a_year_begins_where_the_programme_says() -> None:
    rules = RULES.model_copy(update={"first_voucher": 70001})
    assert take_vouchers(None, 3, programme_id="kifk2", year=2027, rules=rules) == (
        70001,
        VoucherSeries(programme="kifk2", year=2027, next_number=70004),
    )


def test_each_year_has_a_series_of_its_own() -> None:
    (first, this_year), (again, next_year) = take(None, 2, 2026), take(None, 2, 2027)
    assert (first, again) == (1, 1)
    assert this_year.key != next_year.key


@given(st.lists(st.integers(1, 24), min_size=1, max_size=30))
def test_batch_after_batch_no_number_is_left_out_or_given_twice(counts: list[int]) -> None:
    series, numbers = None, []
    for count in counts:
        first, series = take(series, count)
        numbers += range(first, first + count)
    assert numbers == list(range(1, sum(counts) + 1))
