"""Sets one file of vouchers with typst: PDF/A-2a and PDF/UA-1, or PDF 2.0 when a receipt in it is a
PDF. typst embeds those without the standards, and none that is newer than the file itself.

The vouchers go in as JSON and are never part of the source; the compiler sees one folder, with the
template, the data and the receipts. The same content and time give the same bytes.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst

from kulturkontor.letters import TEMPLATE_FOLDER
from kulturkontor.printable import find_unprintable

STANDARDS: Final = ("PDF/A-2a", "PDF/UA-1")

_PACKAGE = Path(__file__).parent
_TEMPLATE = _PACKAGE / "voucher_template" / "voucher.typ"
_FORGOTTEN_AFTER = 11
"""typst keeps what it has unpacked until so many documents have not used it."""


class UnreadableReceiptError(RuntimeError):
    """Some receipt cannot be set; `is_readable` tells which."""


class VoucherError(RuntimeError):
    """The vouchers were set with a warning: mend the template, no receipt is at fault."""


def typeset_vouchers(
    folder: Path, data: Mapping[str, Any], *, is_archival: bool, at: datetime
) -> tuple[bytes, tuple[str, ...]]:
    """The PDF and the standards it follows. `folder` holds the receipts that `data` names.

    Raises UnreadableReceiptError, VoucherError.
    """
    copyfile(_TEMPLATE, folder / _TEMPLATE.name)
    text = json.dumps(_printable(data), ensure_ascii=False)
    (folder / "vouchers.json").write_text(text, "utf-8")
    try:
        pdf, warnings = _compiler(folder / _TEMPLATE.name).compile_with_warnings(
            pdf_standards=["a-2a", "ua-1"] if is_archival else ["2.0"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as fault:
        raise UnreadableReceiptError(fault.message) from fault
    if warnings or not isinstance(pdf, bytes):
        raise VoucherError("; ".join(each.message for each in warnings))
    return pdf, STANDARDS if is_archival else ()


def is_readable(receipt: Path, pages: int) -> bool:
    """Whether so many pages of the file can be set."""
    probe = receipt.with_suffix(".typ")
    shown = (f'#image("{receipt.name}", page: {number})' for number in range(1, pages + 1))
    probe.write_text("".join(shown), "utf-8")
    try:
        _compiler(probe).compile(pdf_standards=["2.0"])
    except typst.TypstError:
        return False
    return True


def forget_pictures() -> None:
    """Give back the memory of what was set before."""
    with TemporaryDirectory() as scratch:
        blank = Path(scratch) / "blank.typ"
        blank.write_text("", "utf-8")
        compiler = _compiler(blank)
        for _ in range(_FORGOTTEN_AFTER):
            compiler.compile()


def _compiler(source: Path) -> typst.Compiler:
    return typst.Compiler(source, root=source.parent, font_paths=fonts())


@cache
def fonts() -> typst.Fonts:
    """Those of the letters, and no others."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_PACKAGE / TEMPLATE_FOLDER / "fonts"],
    )


def _printable(value: Any) -> Any:
    """The same data where every character that the fonts lack is a question mark."""
    match value:
        case str():
            return "".join("?" if find_unprintable(each) else each for each in value)
        case list() | tuple():
            return [_printable(each) for each in value]
        case dict():
            return {key: _printable(each) for key, each in value.items()}
        case _:
            return value
