"""Synthetic claims with receipts, taken as far as the vouchers of their batch."""

import hashlib
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import typst

from kulturkontor.claim_payments import payment_of
from kulturkontor.claims import TravelClaim
from kulturkontor.payee_accounts import Payee
from kulturkontor.payments import PaymentBatch
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.sealing import PlannedPayment
from kulturkontor.uploads import JPEG, PDF, PNG
from kulturkontor.voucher_typesetting import fonts
from kulturkontor.vouchers import Voucher, VoucherSource, write_voucher
from tests.rules.claim_factory import ACCOUNT, KIFK2, RECEIVED_AT, claim, travel_claim
from tests.rules.payment_factory import a_released_batch

_ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}


def a_file(
    receipt_id: str, data: bytes, media_type: str = PDF, *, pages: int = 1, name: str = ""
) -> ReceivedFile:
    return ReceivedFile(
        id=receipt_id,
        application_id="app01",
        programme="kifk2",
        purpose="receipts",
        name=name or f"{receipt_id}{_ENDINGS.get(media_type, '.docx')}",
        state=FileState.ACCEPTED,
        promised_at=RECEIVED_AT,
        media_type=media_type,
        pages=pages,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def attested_claim(*lines: dict[str, object], persons: int = 2, **changes: Any) -> TravelClaim:
    usual: dict[str, Any] = {"attested_by": "anne@example.org", "attested_at": RECEIVED_AT}
    return travel_claim(claim(*lines, persons=persons), **(usual | changes))


def a_batch_of(*claims: TravelClaim) -> PaymentBatch:
    """Released, each claim paid to its own municipality."""
    payments = [
        payment_of(
            PlannedPayment(each, None, ()), Payee("", "310000000", ACCOUNT, each.claim.kid), KIFK2
        )
        for each in claims
    ]
    return a_released_batch(*payments)


def vouchers_of(
    batch: PaymentBatch, claims: list[TravelClaim], files: Mapping[str, ReceivedFile]
) -> list[Voucher]:
    return [
        write_voucher(VoucherSource(payment, each, files), batch, KIFK2)
        for payment, each in zip(batch.payments, claims, strict=True)
    ]


def a_png(width: int = 40, height: int = 30, colour: tuple[int, int, int] = (200, 30, 90)) -> bytes:
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_pdf(*pages: str) -> bytes:
    """A page of each text."""
    source = "\n#pagebreak()\n".join(pages)
    pdf = typst.compile(f'#set text(font: "Inter")\n{source}'.encode(), font_paths=fonts())
    assert isinstance(pdf, bytes)
    return pdf
