"""Sets a page of ours as PDF from data: what an applicant may print, beside the letters.

As the letters it is PDF/A-2a and PDF/UA-1, and the same data and time give the same bytes. What
people wrote is data to the template, never source. A character that the letters' font lacks is
printed as a sign that says so, with a note: here nothing waits for a person to mend it. Loaded only
when a PDF is asked for.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kulturkontor.letters import TEMPLATE_FOLDER
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Language
from kulturkontor.texts import phrase
from kulturkontor.typesetting import with_line_breaks

REPLACED = "\N{CURRENCY SIGN}"
"""A sign that nobody writes, and that the font has."""
_PACKAGE = Path(__file__).parent


class PrintError(RuntimeError):
    """The template did not make a clean document: mend the template, the data are not at fault."""


def as_printable(data: dict[str, Any], language: Language) -> dict[str, Any]:
    """The same data where every character can be printed, and `notes` on those that could not."""
    text = json.dumps(data, ensure_ascii=False)
    lacks = sorted({each for each in text if find_unprintable(each) is not None})
    codes = ", ".join(f"U+{ord(each):04X}" for each in lacks)
    note = phrase(language, "print_replaced", sign=REPLACED, codes=codes)
    table = {ord(each): REPLACED for each in lacks}
    printable: dict[str, Any] = _translated({**data, "notes": [note] if lacks else []}, table)
    return printable


def set_pdf(template: str, slot: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """`template`: its path in the package; it reads the data as JSON from `sys.inputs.<slot>`.
    `at` is written into the file as its time.
    """
    pdf, warnings = _compiler(template).compile_with_warnings(
        sys_inputs={slot: json.dumps(with_line_breaks(data), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    if warnings or not isinstance(pdf, bytes):
        raise PrintError("; ".join(warning.message for warning in warnings))
    return pdf


def _translated(value: Any, table: dict[int, str]) -> Any:
    match value:
        case str():
            return value.translate(table)
        case list():
            return [_translated(each, table) for each in value]
        case dict():
            return {key: _translated(each, table) for key, each in value.items()}
        case _:
            return value


@cache
def _compiler(template: str) -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_PACKAGE / TEMPLATE_FOLDER / "fonts"],
    )
    path = _PACKAGE / template
    return typst.Compiler(path, root=path.parent, font_paths=fonts)
