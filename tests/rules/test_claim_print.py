"""The calculation of a claim on paper."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from kulturkontor.claim_print import calculation_data, print_calculation
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.programme import Language
from tests.rules.claim_factory import KIFK2, car, claim, line, night, travel_claim


def a_claim(**changes: Any) -> TravelClaim:
    lines = (
        line("l1", route="Bergen–Gardermoen"),
        night("l2"),
        car("l3", "p2", kilometres="100,5", passengers=["Prøve Person 3"]),
        line("l4", "p3", receipt_ids=[]),
    )
    return travel_claim(claim(*lines), **changes)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_paper_tells_the_claim_its_version_its_lines_its_sums_and_its_rules() -> None:
    told = text_of(print_calculation(a_claim(version=2), KIFK2, "nb"))
    for words in (
        "Utregning av reisekrav KFK2-2026-4601-S1",
        "KFK2-2026-4601-S1, versjon 2",
        "Bergen kommune",
        "24.–25. september 2026, Gardermoen",
        "Vår del av reisen (50 prosent) 565,58 kr",
        "Vår del av overnattingen (én natt) 1 595,00 kr",
        "Kommunens del 565,57 kr",
        "Venter på avklaring, ikke regnet med 498,00 kr",
        "100,5 km à 6,30 kr. Vi dekker 50 prosent av reisekostnadene.",
        "Linjen venter på kvittering.",
        f"Regelversjon {a_claim().judgement.rule_version}.",
        "rundet av til nærmeste øre, halve opp, én gang per deltaker",
        "Hele prisen for én natt per deltaker, for inntil fire personer.",
        "Brukt kilometersats, med eventuelt passasjertillegg: 6,30 kr.",
        "Utregningen er foreløpig",
    ):
        assert words in told


def test_paper_of_an_attested_claim_is_not_preliminary() -> None:
    attested = a_claim(state=ClaimState.ATTESTED, attested_by="stab")
    told = text_of(print_calculation(attested, KIFK2, "nb"))
    assert "Utregningen er foreløpig" not in told
    assert "Vi utbetaler nå 2 160,58 kr" in told


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_paper_is_the_same_bytes_each_time_and_can_be_read_by_everyone(language: Language) -> None:
    pdf = print_calculation(a_claim(), KIFK2, language)
    assert print_calculation(a_claim(), KIFK2, language) == pdf
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/Lang"] == language
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_what_people_wrote_is_never_read_as_markup() -> None:
    route = '#panic("x") *fet* $x$ \\ [a] "b" <c>'
    told = text_of(print_calculation(travel_claim(claim(line("l1", route=route))), KIFK2, "nb"))
    assert route in told


def test_sign_that_the_font_lacks_is_replaced_and_said_so() -> None:
    wrote = travel_claim(claim(line("l1", route="Til \N{SNOWMAN}")))
    told = text_of(print_calculation(wrote, KIFK2, "nb"))
    assert "Til \N{CURRENCY SIGN}" in told
    assert "U+2603" in told


def test_two_hundred_lines_fit_on_paper() -> None:
    many = claim(*(line(f"l{number}", receipt_ids=["r"]) for number in range(200)))
    pages = PdfReader(BytesIO(print_calculation(travel_claim(many), KIFK2, "nb"))).pages
    assert 5 < len(pages) < 25


def test_claim_without_costs_has_no_table_of_lines() -> None:
    headings = [
        each["heading"] for each in calculation_data(travel_claim(claim()), KIFK2, "nb")["tables"]
    ]
    assert headings == ["I sum", "Per deltaker"]
