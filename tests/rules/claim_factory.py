"""Synthetic travel claims for the tests: nobody in them exists."""

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from kulturkontor.claim_form import ClaimIn
from kulturkontor.claims import TravelClaim
from kulturkontor.judgement import Judgement, ReceiptFact
from kulturkontor.programme import OSLO, Gathering, Programme, load_programme, parse_programme
from kulturkontor.travel import judge_claim

KIFK2 = load_programme("kifk2")
RECEIVED_AT = datetime(2026, 10, 1, 12, 0, tzinfo=OSLO)
ACCOUNT = "12345678903"


def gathering(gathering_id: str, programme: Programme = KIFK2) -> Gathering:
    return next(each for each in programme.gatherings if each.id == gathering_id)


def another_programme() -> Programme:
    """Other share, persons, dates and rate than the shipped programme: data only."""
    text = (files("kulturkontor") / "programmes" / "kifk2.toml").read_text("utf-8")
    for here, there in (
        ('id = "kifk2"', 'id = "annet"'),
        ("ends = 2027-12-31", "ends = 2028-12-31"),
        ("share_percent = 50", "share_percent = 60"),
        ("max_persons = 4", "max_persons = 2"),
        ("days_around = 2", "days_around = 0"),
        ("valid_to = 2026-12-31\nore_per_km = 530", "valid_to = 2028-12-31\nore_per_km = 610"),
        (
            "first_day = 2026-09-24\nlast_day = 2026-09-25",
            "first_day = 2028-03-06\nlast_day = 2028-03-08",
        ),
    ):
        assert here in text
        text = text.replace(here, there)
    return parse_programme(text)


def person(number: int, **changes: object) -> dict[str, object]:
    return {"id": f"p{number}", "name": f"Prøve Person {number}", "role": "Rektor"} | changes


def line(line_id: str, participant: str = "p1", **changes: object) -> dict[str, object]:
    """A train ticket of 498 kroner with its own receipt, unless said otherwise."""
    usual = {
        "id": line_id,
        "participant": participant,
        "kind": "train",
        "date": "2026-09-24",
        "amount": "498,00",
        "receipt_ids": [f"r-{line_id}"],
    }
    return usual | changes


def car(line_id: str, participant: str = "p1", **changes: object) -> dict[str, object]:
    return {
        "id": line_id,
        "participant": participant,
        "kind": "car",
        "date": "2026-09-24",
        "kilometres": "120",
    } | changes


def night(line_id: str, participant: str = "p1", **changes: object) -> dict[str, object]:
    """The night between the days at 1595 kroner, unless said otherwise."""
    return line(line_id, participant, **({"kind": "overnight", "amount": "1595,00"} | changes))


def body(*lines: dict[str, object], persons: int = 4, **changes: object) -> dict[str, Any]:
    """A claim as it comes from outside."""
    return {
        "participants": [person(number) for number in range(1, persons + 1)],
        "lines": list(lines),
        "account_number": ACCOUNT,
        "vat": "included",
        "no_cost": not lines,
        "declared": True,
    } | changes


def claim(*lines: dict[str, object], persons: int = 4, **changes: object) -> ClaimIn:
    return ClaimIn.model_validate(body(*lines, persons=persons, **changes))


def receipt(
    receipt_id: str,
    state: str = "accepted",
    file: str | None = None,
    media_type: str = "application/pdf",
) -> ReceiptFact:
    """A PDF of its own, unless said otherwise."""
    if state != "accepted":
        return ReceiptFact.model_validate({"id": receipt_id, "state": state})
    return ReceiptFact(
        id=receipt_id, state="accepted", sha256=f"sha-{file or receipt_id}", media_type=media_type
    )


def receipts_of(claim: ClaimIn) -> Mapping[str, ReceiptFact]:
    """Every receipt the claim names: accepted, each a file of its own."""
    return {each: receipt(each) for line in claim.lines for each in line.receipt_ids}


def judge(claim: ClaimIn, **changes: Any) -> Judgement:
    """The claim judged for the first gathering with everything in order, unless said otherwise."""
    programme = changes.get("programme", KIFK2)
    usual: dict[str, Any] = {
        "programme": programme,
        "gathering": gathering("S1", programme),
        "registered": [each.id for each in claim.participants],
        "receipts": receipts_of(claim),
    }
    return judge_claim(claim, **(usual | changes))


def travel_claim(claim: ClaimIn, **changes: Any) -> TravelClaim:
    usual: dict[str, Any] = {
        "id": "claim01",
        "programme": "kifk2",
        "application_id": "app01",
        "reference": "KFK2-2026-4601",
        "kommunenummer": "4601",
        "municipality": "Bergen",
        "organisation_number": "310000000",
        "language": "nb",
        "gathering": "S1",
        "version": 1,
        "received_at": RECEIVED_AT,
        "claim": claim,
        "judgement": judge(claim),
    }
    return TravelClaim.model_validate(usual | changes)
