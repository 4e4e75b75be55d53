"""Sets a letter as PDF: one file that is PDF/A-2a (kept for ever) and PDF/UA-1 (read by everyone).

The letter goes in as JSON and is never part of the source; the compiler sees its own folder and
fonts only. The same letter and time give the same bytes. What cannot be printed as it is written is
refused.
"""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kulturkontor.letters import TEMPLATE_FOLDER, LetterData

_FOLDER = Path(__file__).parent / TEMPLATE_FOLDER
_UNPRINTABLE = re.compile(r'the text `?"(?P<text>.*?)"`? could not be displayed', re.DOTALL)
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_LONG_WORD = re.compile(r"\S{41,}")
_CHUNK = re.compile(r"\S{1,20}")
_SOFT_BREAK = "\N{ZERO WIDTH SPACE}"
_DAY_OF_MONTH = re.compile(r"(?<=\d\.) (?=[a-zæøå])")
_NO_BREAK = "\N{NO-BREAK SPACE}"
_EXCERPT = 20


class UnprintableTextError(ValueError):
    """The letter's font lacks a character; take it out of the text or write it another way."""

    def __init__(self, character: str, where: str) -> None:
        self.character = character
        self.code = " ".join(f"U+{ord(each):04X}" for each in character)
        self.where = where
        shown = character if character.isprintable() else ""
        super().__init__(f"«{shown}» ({self.code}) cannot be printed, in «{where}»")


class LetterWarningError(RuntimeError):
    """The template compiled with a warning: mend the template, nothing is wrong with the letter."""


def typeset_letter(letter: LetterData, *, at: datetime) -> bytes:
    """The PDF; raises UnprintableTextError for the letter's text, typst's own errors for the rest.

    `at` is written into the file as its time; the same time gives the same bytes.
    """
    data = with_line_breaks(letter.model_dump(mode="json"))
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as fault:
        unprintable = _UNPRINTABLE.search(fault.message)
        if unprintable is None:
            raise
        character = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), unprintable["text"])
        raise UnprintableTextError(character, _find(character, letter)) from fault
    if warnings:
        raise LetterWarningError("; ".join(warning.message for warning in warnings))
    if not isinstance(pdf, bytes):
        raise LetterWarningError("the template made no document")
    return pdf


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_FOLDER / "fonts"],
    )
    return typst.Compiler(_FOLDER / "letter.typ", root=_FOLDER, font_paths=fonts)


def with_line_breaks(value: Any) -> Any:
    """The same data where words too long for a line may break, and days stay with their month."""
    match value:
        case str():
            text = _DAY_OF_MONTH.sub(_NO_BREAK, value)
            return _LONG_WORD.sub(lambda word: _SOFT_BREAK.join(_CHUNK.findall(word[0])), text)
        case list():
            return [with_line_breaks(each) for each in value]
        case dict():
            return {key: with_line_breaks(each) for key, each in value.items()}
        case _:
            return value


def _find(character: str, letter: LetterData) -> str:
    """The words around the character, for the person who mends them."""
    for text in _texts(letter.model_dump(mode="json")):
        start = text.find(character)
        if start >= 0:
            excerpt = text[max(0, start - _EXCERPT) : start + len(character) + _EXCERPT]
            return "".join(each if each.isprintable() else " " for each in excerpt).strip()
    return letter.title


def _texts(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for each in value for text in _texts(each)]
        case dict():
            return [text for each in value.values() for text in _texts(each)]
        case _:
            return []
