"""Sets vouchers with their receipts as PDF: bookmarks for each, in parts that fit in memory.

A picture is unpacked to be set, a telephone's to some fifty megabytes, so a part holds so many
pixels and bytes and no more; a claim's receipts may go on in the next part. A receipt that cannot
be shown becomes a page that says so, with its name and hash: nothing else waits for it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from kulturkontor.batch_files import ReceiptEntry, VoucherFile
from kulturkontor.image_files import BrokenImageError, jpeg_size, png_size
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.uploads import JPEG, PDF, PNG
from kulturkontor.voucher_typesetting import (
    UnreadableReceiptError,
    forget_pictures,
    is_readable,
    typeset_vouchers,
)
from kulturkontor.vouchers import Voucher, VoucherReceipt, words

MOST_PIXELS: Final = 200_000_000
MOST_BYTES: Final = 60_000_000

_ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

Read = Callable[[str], bytes | None]
"""The bytes at a key of the archive; None where there are none."""


class VoucherPart(NamedTuple):
    pdf: bytes
    file: VoucherFile
    receipts: tuple[ReceiptEntry, ...]


class _Receipt(NamedTuple):
    """A receipt on its way into a part; `file` is empty where it cannot be shown."""

    voucher: int
    receipt: VoucherReceipt
    file: str
    because: str = ""


@dataclass
class _Part:
    """Vouchers, or what goes on of one, with the receipts that follow them."""

    number: int
    folder: Path
    vouchers: list[tuple[Voucher, bool, list[_Receipt]]] = field(default_factory=list)
    pixels: int = 0
    size: int = 0

    def has_room(self, pixels: int, size: int) -> bool:
        fits = self.pixels + pixels <= MOST_PIXELS and self.size + size <= MOST_BYTES
        return fits or not (self.pixels or self.size)


def set_vouchers(
    vouchers: Iterable[Voucher],
    read: Read,
    *,
    batch: PaymentBatch,
    programme: Programme,
    at: datetime,
) -> Iterator[VoucherPart]:
    """The parts in order; `at` is the time in the files: the same gives the same bytes."""
    with TemporaryDirectory() as scratch:
        part = _new_part(1, Path(scratch))
        for voucher in vouchers:
            part.vouchers.append((voucher, False, []))
            for receipt in voucher.receipts:
                data = read(receipt.key)
                pixels, size = _weight(receipt, data)
                if not part.has_room(pixels, size):
                    yield _set(part, batch, programme, at)
                    part = _new_part(part.number + 1, Path(scratch))
                    part.vouchers.append((voucher, True, []))
                _add(part, receipt, data)
                part.pixels += pixels
                part.size += size
        yield _set(part, batch, programme, at)


def _new_part(number: int, scratch: Path) -> _Part:
    folder = scratch / str(number)
    folder.mkdir()
    return _Part(number, folder)


def _weight(receipt: VoucherReceipt, data: bytes | None) -> tuple[int, int]:
    """Pixels and bytes; a broken picture is found when it is set."""
    if data is None or receipt.media_type not in _ENDINGS:
        return 0, 0
    try:
        if receipt.media_type == JPEG:
            return jpeg_size(data).pixels, len(data)
        if receipt.media_type == PNG:
            return png_size(data).pixels, len(data)
    except BrokenImageError:
        return 0, len(data)
    return 0, len(data)


def _add(part: _Part, receipt: VoucherReceipt, data: bytes | None) -> None:
    voucher, _, receipts = part.vouchers[-1]
    name, because = "", "missing"
    if data is not None:
        ending, because = _ENDINGS.get(receipt.media_type), "not_a_page"
        if ending:
            name, because = f"{voucher.number}-{receipt.number}.{ending}", ""
            (part.folder / name).write_bytes(data)
    receipts.append(_Receipt(voucher.number, receipt, name, because))


def _set(part: _Part, batch: PaymentBatch, programme: Programme, at: datetime) -> VoucherPart:
    def typeset() -> tuple[bytes, tuple[str, ...]]:
        data = _as_data(part, batch, programme)
        return typeset_vouchers(part.folder, data, is_archival=not _has_pdf(part), at=at)

    try:
        pdf, standards = typeset()
    except UnreadableReceiptError:
        _take_out_unreadable(part)
        pdf, standards = typeset()
    finally:
        forget_pictures()
    entries = [each for _, _, receipts in part.vouchers for each in receipts]
    return VoucherPart(
        pdf=pdf,
        file=VoucherFile(
            name="vouchers.pdf" if part.number == 1 else f"vouchers-{part.number}.pdf",
            standards=standards,
            vouchers=tuple(voucher.number for voucher, _, _ in part.vouchers),
        ),
        receipts=tuple(
            ReceiptEntry(voucher=each.voucher, sha256=each.receipt.sha256, is_shown=bool(each.file))
            for each in entries
        ),
    )


def _has_pdf(part: _Part) -> bool:
    return any(
        each.file.endswith(_ENDINGS[PDF]) for _, _, receipts in part.vouchers for each in receipts
    )


def _take_out_unreadable(part: _Part) -> None:
    """Each receipt set alone: those that fail become a page of words."""
    for _, _, receipts in part.vouchers:
        for place, each in enumerate(receipts):
            if each.file and not is_readable(part.folder / each.file, each.receipt.pages):
                receipts[place] = each._replace(file="", because="unreadable")


def _as_data(part: _Part, batch: PaymentBatch, programme: Programme) -> dict[str, Any]:
    """What the template reads."""
    said = words()
    return {
        "title": said["title"].format(batch=batch.id),
        "author": programme.organiser,
        "footer": said["footer"].format(organiser=programme.organiser, batch=batch.id),
        "page_label": said["page"],
        **{name: said[name] for name in ("calculation", "persons", "sums")},
        "vouchers": [
            {
                **voucher.model_dump(mode="json", exclude={"receipts"}),
                "is_continued": is_continued,
                "receipts": [_receipt_data(each) for each in receipts],
            }
            for voucher, is_continued, receipts in part.vouchers
        ],
    }


def _receipt_data(each: _Receipt) -> dict[str, Any]:
    said, receipt = words()["receipt"], each.receipt
    named = {"voucher": each.voucher, "number": receipt.number, "pages": receipt.pages}
    pages = range(1, receipt.pages + 1) if each.file else ()
    return {
        "heading": said["heading"].format(**named, name=receipt.name),
        "facts": said["facts"].format(
            lines=", ".join(map(str, receipt.lines)),
            size=-(-receipt.size // 1000),
            sha256=receipt.sha256,
        ),
        "file": each.file,
        "pages": [said["page"].format(**named, page=number) for number in pages],
        "told": [said[each.because]] if each.because else [],
    }
