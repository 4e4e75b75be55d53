"""What stands on the paper in somebody's hand finds the claim, payment, debt or voucher."""

from typing import NamedTuple

import pytest

from kulturkontor.claims import ClaimRow, ClaimState, claim_row
from kulturkontor.finance_search import search
from kulturkontor.outside_payments import OutsidePayment, outside_payment
from kulturkontor.payments import PaymentBatch
from kulturkontor.receivables import Receivable, invoice
from tests.rules.money_factory import NOW, attested, debt
from tests.rules.payment_factory import a_batch, a_payment

NAMES = {"KFK2-2026-4601": "Bergen", "KFK2-2026-0301": "Oslo"}


class Books(NamedTuple):
    rows: list[ClaimRow]
    batches: list[PaymentBatch]
    debts: list[Receivable]
    outside: list[OutsidePayment]


BOOKS = Books(
    rows=[claim_row(attested(1_234_50).but(state=ClaimState.PAID), revision=1)],
    batches=[a_batch(a_payment("4601", kid="2345676"), a_payment("0301", municipality="Oslo"))],
    debts=[invoice(debt(77_00), voucher="F-20261", by="ola", at=NOW)],
    outside=[
        outside_payment(
            attested(9_00, gathering="S2"), voucher="B-99", reason="x", by="ola", at=NOW
        )
    ],
)


def found(wanted: str) -> tuple[int, int, int, int]:
    hits = search(wanted, BOOKS, name_of=NAMES.__getitem__)
    return len(hits.rows), len(hits.payments), len(hits.debts), len(hits.outside)


@pytest.mark.parametrize(
    ("wanted", "counts"),
    [
        pytest.param("KFK2-2026-4601", (1, 1, 1, 1), id="reference"),
        pytest.param("kfk2-2026-0301-s1", (0, 1, 0, 0), id="number of a claim"),
        pytest.param("bergen", (1, 1, 1, 1), id="municipality"),
        pytest.param("4601", (1, 1, 1, 1), id="number of a municipality"),
        pytest.param("2345676", (0, 1, 0, 0), id="KID"),
        pytest.param("1234.56.78903", (0, 2, 0, 0), id="account with points"),
        pytest.param("1234 56 78903", (0, 2, 0, 0), id="account with spaces"),
        pytest.param("KIFK2-S1-0301-R1", (0, 1, 0, 0), id="end-to-end id"),
        pytest.param("1 234,50", (1, 0, 0, 0), id="amount of a claim"),
        pytest.param("kr 1172,50", (0, 2, 0, 0), id="amount of a payment"),
        pytest.param("77", (0, 0, 1, 0), id="amount of a debt"),
        pytest.param("F-20261", (0, 0, 1, 0), id="voucher of an invoice"),
        pytest.param("b-99", (0, 0, 0, 1), id="voucher of an outside payment"),
        pytest.param("Tromsø", (0, 0, 0, 0), id="nobody"),
        pytest.param("  ", (0, 0, 0, 0), id="nothing"),
    ],
)
def test_search_finds_what_it_is_asked_for(wanted: str, counts: tuple[int, int, int, int]) -> None:
    assert found(wanted) == counts
