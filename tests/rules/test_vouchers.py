"""The vouchers of a batch, read again from their PDF: claim, calculation and receipts in order."""

import io
from collections.abc import Mapping

import pypdf
import pytest
import typst

from kulturkontor import voucher_pages
from kulturkontor.batch_files import VoucherFile
from kulturkontor.claims import TravelClaim
from kulturkontor.payments import PaymentBatch
from kulturkontor.uploads import DOCX, JPEG, PDF, PNG
from kulturkontor.voucher_pages import VoucherPart, set_vouchers
from kulturkontor.voucher_typesetting import STANDARDS, fonts
from tests.rules.claim_factory import KIFK2, car, line, night
from tests.rules.payment_factory import RELEASED_AT
from tests.rules.voucher_factory import (
    a_batch_of,
    a_file,
    a_pdf,
    a_png,
    attested_claim,
    vouchers_of,
)

Sent = Mapping[str, tuple[bytes, str, int]]
"""Receipts by id: bytes, media type, pages."""

TICKET = (a_pdf("Togbillett til Oslo", "Vilkår for billetten"), PDF, 2)
PICTURE = (a_png(), PNG, 1)


def set_pages(claims: list[TravelClaim], sent: Sent) -> tuple[PaymentBatch, list[VoucherPart]]:
    files = {name: a_file(name, *found[:2], pages=found[2]) for name, found in sent.items()}
    kept = {files[name].accepted_key: found[0] for name, found in sent.items()}
    batch = a_batch_of(*claims)
    vouchers = vouchers_of(batch, claims, files)
    return batch, list(
        set_vouchers(vouchers, kept.get, batch=batch, programme=KIFK2, at=RELEASED_AT)
    )


def outline(pdf: bytes) -> list[tuple[int, str, int]]:
    """Level, words and page of each bookmark."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))

    def walk(items: list[object], level: int) -> list[tuple[int, str, int]]:
        found: list[tuple[int, str, int]] = []
        for each in items:
            if isinstance(each, list):
                found += walk(each, level + 1)
            else:
                assert isinstance(each, pypdf.generic.Destination)
                page = reader.get_destination_page_number(each)
                found.append((level, str(each.title), (page or 0) + 1))
        return found

    return walk(list(reader.outline), 1)


def texts(pdf: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [page.extract_text().replace("\xa0", " ") for page in pages]


def test_each_claim_is_followed_by_its_receipts_with_a_bookmark_for_each() -> None:
    first = attested_claim(line("l1"), line("l2", "p2"))
    second = attested_claim(
        car("l1"), id="claim02", reference="KFK2-2026-5610", kommunenummer="5610"
    )
    _, (part,) = set_pages([first, second], {"r-l1": TICKET, "r-l2": PICTURE})
    assert outline(part.pdf) == [
        (1, "Bilag 7 · Bergen · KFK2-2026-4601-S1", 1),
        (2, "Bilag 7, kvittering 1: r-l1.pdf", 2),
        (2, "Bilag 7, kvittering 2: r-l2.png", 4),
        (1, "Bilag 8 · Bergen · KFK2-2026-5610-S1", 5),
    ]
    pages = texts(part.pdf)
    assert "Togbillett til Oslo" in pages[1]
    assert "Vilkår for billetten" in pages[2]
    assert [each.is_shown for each in part.receipts] == [True, True]


def test_a_voucher_tells_what_was_claimed_decided_and_paid() -> None:
    claim = attested_claim(
        line("l1", route="Bergen–Oslo", note="Kjøpt i appen"),
        car("l2", "p2", passengers=["Prøve Person 1"]),
        night("l3"),
    )
    batch, (part,) = set_pages([claim], {"r-l1": PICTURE})
    (payment,) = batch.payments
    told = texts(part.pdf)[0]
    for words in (
        "7 / 2026",
        "KFK2-2026-4601-S1, versjon 1",
        "S1: 24.–25. september 2026, Gardermoen",
        "1234.56.78903",
        "16. oktober 2026",
        "anne@example.org, 1. oktober 2026 kl. 12.00",
        "rolf@example.org, 14. oktober 2026 kl. 09.30",
        "Prøve Person 1, Tog, Bergen–Oslo",
        "Merknad: Kjøpt i appen",
        "Godkjent: Vi dekker 50 prosent av reisekostnadene.",
        "Kvittering 1",
        "Passasjerer: Prøve Person 1",
        "120,0 km × 6,30 kr",
        "Uten kvittering",
        "249,00 kr",
        "1 595,00 kr",
        "Av dette på konto 7141",
    ):
        assert words in told, words
    assert f"Utbetales {payment.amount_ore / 100:,.2f}".replace(",", " ").replace(".", ",") in told


def test_foreign_currency_is_told_with_its_rate_and_source() -> None:
    claim = attested_claim(
        line(
            "l1",
            amount=None,
            currency="EUR",
            foreign_amount="50,00",
            rate="11,5",
            rate_date="2026-09-24",
            rate_source="Norges Bank",
        )
    )
    _, (part,) = set_pages([claim], {"r-l1": PICTURE})
    assert "50,00 EUR × 11,5 (kurs 24. september 2026, Norges Bank)" in texts(part.pdf)[0]


@pytest.mark.parametrize(
    ("receipt", "words"),
    [
        pytest.param((b"%PDF-1.7 broken", PDF, 1), "skadet, kryptert", id="broken PDF"),
        pytest.param((TICKET[0], PDF, 3), "skadet, kryptert", id="PDF of fewer pages"),
        pytest.param((b"\x89PNG\r\n\x1a\n", PNG, 1), "skadet, kryptert", id="broken picture"),
        pytest.param((b"\xff\xd8\xff\xd9", JPEG, 1), "skadet, kryptert", id="broken photo"),
        pytest.param((b"PK", DOCX, 1), "verken PDF eller bilde", id="document"),
    ],
)
def test_a_receipt_that_cannot_be_shown_is_told_of_and_stops_nothing(
    receipt: tuple[bytes, str, int], words: str
) -> None:
    claim = attested_claim(line("l1"), line("l2"))
    _, (part,) = set_pages([claim], {"r-l1": receipt, "r-l2": PICTURE})
    page = " ".join(texts(part.pdf)[1].split())
    assert words in page
    assert part.receipts[0].sha256 in page
    assert [each.is_shown for each in part.receipts] == [False, True]
    assert part.file.standards == STANDARDS


def test_a_receipt_of_the_newest_version_of_pdf_is_shown() -> None:
    newest = typst.compile(
        b'#set text(font: "Inter")\nBillett', font_paths=fonts(), pdf_standards=["2.0"]
    )
    assert isinstance(newest, bytes)
    _, (part,) = set_pages([attested_claim(line("l1"))], {"r-l1": (newest, PDF, 1)})
    assert [each.is_shown for each in part.receipts] == [True]
    assert "Billett" in texts(part.pdf)[1]


def test_an_encrypted_receipt_is_told_of() -> None:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(TICKET[0]))
    writer.encrypt("hemmelig")
    locked = io.BytesIO()
    writer.write(locked)
    _, (part,) = set_pages([attested_claim(line("l1"))], {"r-l1": (locked.getvalue(), PDF, 2)})
    assert "kryptert eller låst med passord" in " ".join(texts(part.pdf)[1].split())


def test_a_receipt_that_the_archive_has_lost_is_told_of() -> None:
    claim = attested_claim(line("l1"))
    batch = a_batch_of(claim)
    vouchers = vouchers_of(batch, [claim], {"r-l1": a_file("r-l1", *PICTURE[:2])})
    (part,) = set_vouchers(vouchers, lambda _: None, batch=batch, programme=KIFK2, at=RELEASED_AT)
    assert "Filen finnes ikke lenger i arkivet." in texts(part.pdf)[1]


def test_letters_that_the_font_lacks_become_a_question_mark() -> None:
    _, (part,) = set_pages([attested_claim(line("l1", note="Tog 🚂 čđŋšŧž"))], {"r-l1": PICTURE})
    assert "Merknad: Tog ? čđŋšŧž" in texts(part.pdf)[0]


def test_vouchers_are_archival_and_accessible_unless_a_receipt_is_a_pdf() -> None:
    claim = attested_claim(line("l1"))
    found = [set_pages([claim], {"r-l1": each})[1][0].file for each in (PICTURE, TICKET)]
    assert found == [
        VoucherFile(name="vouchers.pdf", standards=STANDARDS, vouchers=(7,)),
        VoucherFile(name="vouchers.pdf", standards=(), vouchers=(7,)),
    ]


@pytest.mark.parametrize("receipt", [PICTURE, TICKET], ids=["archival", "with a PDF"])
def test_the_same_claims_give_the_same_bytes(receipt: tuple[bytes, str, int]) -> None:
    claim = attested_claim(line("l1"))
    first, second = (set_pages([claim], {"r-l1": receipt})[1][0].pdf for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_PIXELS", 2 * 40 * 30), ("MOST_BYTES", 2 * len(PICTURE[0]))]
)
def test_many_receipts_are_parted_so_that_each_part_fits_in_memory(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(voucher_pages, limit, most)
    claims = [
        attested_claim(*(line(f"l{number}") for number in range(1, 4))),
        attested_claim(line("l4"), id="claim02", reference="KFK2-2026-5610", kommunenummer="5610"),
    ]
    _, parts = set_pages(claims, {f"r-l{number}": PICTURE for number in range(1, 5)})
    assert [(each.file.name, each.file.vouchers) for each in parts] == [
        ("vouchers.pdf", (7,)),
        ("vouchers-2.pdf", (7, 8)),
    ]
    assert [title for _, title, _ in outline(parts[1].pdf)] == [
        "Bilag 7 · Bergen · flere kvitteringer",
        "Bilag 7, kvittering 3: r-l3.png",
        "Bilag 8 · Bergen · KFK2-2026-5610-S1",
        "Bilag 8, kvittering 1: r-l4.png",
    ]
    assert [len(each.receipts) for each in parts] == [2, 2]


def test_a_receipt_of_several_lines_stands_once() -> None:
    claim = attested_claim(line("l1"), line("l2", receipt_ids=["r-l1"]))
    _, (part,) = set_pages([claim], {"r-l1": PICTURE})
    assert len(part.receipts) == 1
    assert "Gjelder linje 1, 2." in texts(part.pdf)[1]
