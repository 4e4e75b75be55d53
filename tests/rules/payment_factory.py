"""Synthetic claims and batches for the tests of payments and their files."""

from datetime import date, datetime

from kulturkontor.payments import (
    BatchState,
    Payment,
    PaymentBatch,
    PaymentLine,
    PaymentState,
    end_to_end_id,
)
from kulturkontor.programme import OSLO, load_programme

PROGRAMME = load_programme("kifk2")
RULES = PROGRAMME.payment
SEALED_AT = datetime(2026, 10, 12, 6, 0, tzinfo=OSLO)
RELEASED_AT = datetime(2026, 10, 14, 9, 30, 15, 123456, tzinfo=OSLO)
EXECUTION_DATE = date(2026, 10, 16)


def a_line(**changes: object) -> PaymentLine:
    line = {
        "participant": "Kari Prøve",
        "kind": "travel",
        "gathering": "S1",
        "state": "approved",
        "reason": "",
        "actual_ore": 234500,
        "council_ore": 117250,
        "municipality_ore": 117250,
    }
    return PaymentLine.model_validate(line | changes)


def a_payment(kommunenummer: str = "4601", **changes: object) -> Payment:
    reference = f"KFK2-2026-{kommunenummer}"
    lines = changes.setdefault("lines", (a_line(),))
    assert isinstance(lines, tuple)
    payment = {
        "end_to_end_id": end_to_end_id(
            prefix="KIFK2", gathering="S1", kommunenummer=kommunenummer, version=1
        ),
        "claim_id": f"claim-{kommunenummer}-S1",
        "claim_number": f"{reference}-S1",
        "claim_version": 1,
        "reference": reference,
        "municipality": "Bergen",
        "kommunenummer": kommunenummer,
        "organisation_number": "999999999",
        "account_number": "12345678903",
        "kid": None,
        "amount_ore": sum(line.council_ore for line in lines),
    }
    return Payment.model_validate(payment | changes)


def a_batch(*payments: Payment, **changes: object) -> PaymentBatch:
    batch = {
        "id": "KIFK2-20261012-1",
        "programme": "kifk2",
        "state": BatchState.PROPOSED,
        "sealed_at": SEALED_AT,
        "sealed_by": "settle_travel",
        "payments": payments or (a_payment(),),
        "rule_version": "2026-1",
    }
    return PaymentBatch.model_validate(batch | changes)


def a_released_batch(*payments: Payment, **changes: object) -> PaymentBatch:
    proposed = a_batch(*payments)
    released = {
        "state": BatchState.RELEASED,
        "released_at": RELEASED_AT,
        "released_by": "rolf@example.org",
        "execution_date": EXECUTION_DATE,
        "first_voucher": 7,
        "payments": tuple(in_state(each, PaymentState.RELEASED) for each in proposed.payments),
    }
    return proposed.but(**released | changes)


def in_state(payment: Payment, state: PaymentState, status_reason: str = "") -> Payment:
    return payment.model_copy(update={"state": state, "status_reason": status_reason})


def worked_examples() -> tuple[Payment, ...]:
    """Base case, missing receipt paid in two versions, odd øre, and a KID."""
    travel = ((234500, 117250), (189050, 94525), (312000, 156000), (41200, 20600))
    base = (
        *(
            a_line(
                participant=f"Deltaker {at}",
                actual_ore=actual,
                council_ore=council,
                municipality_ore=actual - council,
            )
            for at, (actual, council) in enumerate(travel)
        ),
        *(
            a_line(
                participant=f"Deltaker {at}",
                kind="overnight",
                actual_ore=159500,
                council_ore=159500,
                municipality_ore=0,
            )
            for at in range(4)
        ),
    )
    odd = tuple(
        a_line(
            participant=f"Deltaker {at}",
            actual_ore=33333,
            council_ore=16667,
            municipality_ore=16666,
        )
        for at in range(3)
    )
    return (
        a_payment("4601", lines=base),
        a_payment(
            "0301",
            municipality="Oslo",
            end_to_end_id="KIFK2-S1-0301-R2",
            claim_version=2,
            lines=(a_line(actual_ore=111000, council_ore=55500, municipality_ore=55500),),
            adjustment_ore=-24900,
            amount_ore=30600,
        ),
        a_payment("5610", municipality="Kárášjohka", kid="2345676", lines=odd),
    )
