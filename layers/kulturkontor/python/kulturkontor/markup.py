"""The light markup of the texts, parsed: a subject line, then headings, items and paragraphs.

The first line is `Emne: ` and the subject; then `# ` and `## ` headings, `- ` list items,
paragraphs parted by blank lines; `**bold**` and `{placeholder}` anywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(r"(?P<bold>\*\*)|\{(?P<slot>[a-z][a-z0-9_]*)\}")


class TextError(ValueError):
    """A text cannot be read or filled; the message names the text and the place in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the text, or the slot of a value."""

    words: str = ""
    slot: str = ""
    bold: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Part:
    kind: Literal["heading", "paragraph", "item"]
    pieces: Pieces
    level: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    where: str
    subject: Pieces
    parts: tuple[Part, ...]

    @property
    def slots(self) -> frozenset[str]:
        return slots_of((*self.subject, *(piece for part in self.parts for piece in part.pieces)))


def parse_template(where: str, text: str) -> Template:
    """The parsed form of a text file; raises TextError where its markup is at fault."""
    first, _, body = text.partition("\n")
    label, _, subject = first.partition(": ")
    if label != "Emne" or not subject:
        raise TextError(f"{where}: the first line must be «Emne: …»")
    return Template(where, parse_line(where, subject), tuple(_parts(where, body)))


def slots_of(pieces: Pieces) -> frozenset[str]:
    return frozenset(piece.slot for piece in pieces if piece.slot)


def _parts(where: str, body: str) -> Iterator[Part]:
    paragraph: list[str] = []
    for line in (*body.split("\n"), ""):
        marked = re.match(r"(#{1,2}|-) (.+)", line)
        if paragraph and (marked or not line):
            yield Part("paragraph", parse_line(where, "\n".join(paragraph)))
            paragraph = []
        if marked and marked[1] == "-":
            yield Part("item", parse_line(where, marked[2]))
        elif marked:
            yield Part("heading", parse_line(where, marked[2]), len(marked[1]))
        elif line:
            paragraph.append(line)


def parse_line(where: str, text: str) -> Pieces:
    found: list[Piece] = []
    bold, end = False, 0
    for token in _TOKEN.finditer(text):
        found.append(Piece(text[end : token.start()], bold=bold))
        end = token.end()
        if token["bold"]:
            bold = not bold
        else:
            found.append(Piece(slot=token["slot"], bold=bold))
    found.append(Piece(text[end:], bold=bold))
    if bold or any(brace in piece.words for piece in found for brace in "{}"):
        raise TextError(f"{where}: unbalanced ** or braces in «{text}»")
    return tuple(piece for piece in found if piece.words or piece.slot)
