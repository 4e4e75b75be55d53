"""Vouchers for an accounting system: 28 columns, and each voucher sums to zero."""

import csv
import io
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.gbat10 import COLUMNS, faults_in_gbat10, write_gbat10
from kulturkontor.payments import PaymentBatch, PaymentNetting
from kulturkontor.programme import Programme
from tests.rules.payment_factory import (
    PROGRAMME,
    RULES,
    a_line,
    a_payment,
    a_released_batch,
    worked_examples,
)


def with_accounts(**changes: Any) -> Programme:
    accounts = RULES.accounts.model_copy(update=changes)
    return PROGRAMME.model_copy(update={"payment": RULES.model_copy(update={"accounts": accounts})})


def rows(batch: PaymentBatch, programme: Programme = PROGRAMME) -> list[list[str]]:
    text = write_gbat10(batch, programme).decode()
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_voucher_is_its_costs_on_their_accounts_against_the_clearing_account() -> None:
    assert write_gbat10(a_released_batch(*worked_examples()[:1]), PROGRAMME).decode() == (
        "GBAT10;7;20261016;9;10;2026;7140;0;3883.75;;;;;;;KFK2-2026-4601-S1;;;;;"
        "Reiserefusjon KFK2-2026-4601-S1 Bergen;;;;;;T;3883.75\r\n"
        "GBAT10;7;20261016;9;10;2026;7141;0;6380.00;;;;;;;KFK2-2026-4601-S1;;;;;"
        "Reiserefusjon KFK2-2026-4601-S1 Bergen;;;;;;T;6380.00\r\n"
        "GBAT10;7;20261016;9;10;2026;2990;0;-10263.75;;;;;;;KFK2-2026-4601-S1;;;;;"
        "Reiserefusjon KFK2-2026-4601-S1 Bergen;;;;;;T;-10263.75\r\n"
    )


def test_project_and_department_stand_where_the_format_has_them() -> None:
    batch = a_released_batch(a_payment(kid="2345676"))
    for row in rows(batch, with_accounts(project="12", department="3", vat_code="1")):
        assert (len(row), row[7], row[16], row[23], row[24]) == (COLUMNS, "1", "2345676", "12", "3")


def test_what_nobody_confirmed_or_needs_stays_empty() -> None:
    batch = a_released_batch(a_payment(kid="2345676"))
    filled = {place for row in rows(batch) for place, cell in enumerate(row, start=1) if cell}
    assert set(range(1, 29)) - filled == {10, 11, 12, 13, 14, 15, 18, 19, 20, 22, 23, 24, 25, 26}


def test_one_account_for_both_costs_has_a_row_for_each() -> None:
    found = rows(a_released_batch(*worked_examples()[:1]), with_accounts(overnight="7140"))
    assert [(row[6], row[8]) for row in found] == [
        ("7140", "3883.75"),
        ("7140", "6380.00"),
        ("2990", "-10263.75"),
    ]


def test_a_correction_may_give_a_cost_back() -> None:
    night = a_line(kind="overnight", actual_ore=1000_00, council_ore=1000_00, municipality_ore=0)
    debt = PaymentNetting(
        claim_number="KFK2-2026-4601-S2",
        gathering="S2",
        claim_version=2,
        amount_ore=100_00,
        overnight_ore=0,
    )
    payment = a_payment(lines=(night,), adjustment_ore=-50_00, nettings=(debt,), amount_ore=850_00)
    assert [(row[6], row[8]) for row in rows(a_released_batch(payment))] == [
        ("7140", "-150.00"),
        ("7141", "1000.00"),
        ("2990", "-850.00"),
    ]


def test_words_never_end_a_column_or_a_row() -> None:
    batch = a_released_batch(a_payment(municipality='A;B"C\r\nD' + "x" * 200))
    text = write_gbat10(batch, PROGRAMME).decode()
    for line in text.splitlines():
        assert line.count(";") == COLUMNS - 1
        assert '"' not in line
        assert len(line.split(";")[20]) == 100


_KINDS = st.sampled_from(["travel", "overnight"])
_AMOUNTS = st.integers(1, 99_999_99)


@given(
    st.lists(st.lists(st.tuples(_KINDS, _AMOUNTS), min_size=1, max_size=6), min_size=1, max_size=5)
)
def test_every_voucher_sums_to_zero_and_pays_what_the_bank_pays(
    payments: list[list[tuple[str, int]]],
) -> None:
    batch = a_released_batch(
        *(
            a_payment(
                f"46{at:02}",
                lines=tuple(a_line(kind=kind, council_ore=ore) for kind, ore in lines),
            )
            for at, lines in enumerate(payments)
        )
    )
    sums: dict[str, Decimal] = defaultdict(Decimal)
    cleared = {}
    for row in rows(batch):
        sums[row[1]] += Decimal(row[8])
        assert row[8] == row[27]
        if row[6] == "2990":
            cleared[row[1]] = -Decimal(row[8])
    assert set(sums.values()) == {0}
    assert cleared == {
        str(batch.voucher(each)): Decimal(each.amount_ore) / 100 for each in batch.payments
    }


@pytest.mark.parametrize(
    ("paid", "faults"),
    [
        ({"7": 10263_75}, []),
        ({"7": 10263_76}, ["voucher 7 pays 10263.75 for 10263.76"]),
        ({"8": 1}, ["voucher 8 pays 0.00 for 0.01", "voucher 7 is not of this batch"]),
    ],
)
def test_check_compares_with_what_the_bank_pays(paid: dict[str, int], faults: list[str]) -> None:
    data = write_gbat10(a_released_batch(*worked_examples()[:1]), PROGRAMME)
    assert faults_in_gbat10(data, clearing="2990", paid=paid) == faults
