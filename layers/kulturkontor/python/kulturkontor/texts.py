"""The office's texts: `texts/<language>/<name>.txt`, light markup filled with values.

A text is parsed first (`markup`) and filled afterwards, so a value is never read as markup nor
filled again. A paragraph or an item that is only a placeholder may be filled with text, a list, a
table (a list of rows, the header first), a Link or nothing; elsewhere with text or a Link. A
heading with nothing under it vanishes.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kulturkontor.documents import (
    Block,
    Document,
    Heading,
    Items,
    Link,
    Paragraph,
    Span,
    Spans,
    Table,
)
from kulturkontor.markup import (
    Part,
    Piece,
    Pieces,
    Template,
    parse_line,
    parse_template,
    slots_of,
)
from kulturkontor.markup import (
    TextError as TextError,
)
from kulturkontor.programme import Language


@dataclass(frozen=True, slots=True)
class Blocks:
    """What was written and filled before, to stand in a paragraph of its own in another text."""

    blocks: tuple[Block, ...]


Lines = Sequence[str | Link] | Sequence[Sequence[str]]
"""The items of a list, or the rows of a table with its headings first."""
Value = str | int | Link | Blocks | Sequence[str] | Lines | None

STAFF_TEXTS = frozenset({"staff_summary", "staff_nothing_new", "staff_notice", "preflight"})
"""Texts that exist in bokmål only: staff read them, applicants never do."""

_TEXTS = files("kulturkontor") / "texts"
_LINE_BREAKS = re.compile(r"[\t\n\r\f\v\x85\u2028\u2029]+")


def names(language: Language) -> tuple[str, ...]:
    """Every text that exists in the language."""
    entries = (entry.name for entry in (_TEXTS / language).iterdir())
    return tuple(sorted(entry[:-4] for entry in entries if entry.endswith(".txt")))


def placeholders(language: Language, name: str) -> frozenset[str]:
    """What `compose` must be given for the text."""
    return shipped(language, name).slots


@cache
def phrases(language: Language) -> dict[str, frozenset[str]]:
    """Every phrase of the language, and its placeholders."""
    return {key: slots_of(pieces) for key, pieces in _phrases(language).items()}


def compose(language: Language, name: str, values: Mapping[str, Value]) -> Document:
    """The text with exactly its values; raises TextError on one missing, unknown or ill-fitting."""
    return fill(shipped(language, name), language, values)


def fill(template: Template, language: Language, values: Mapping[str, Value]) -> Document:
    """A parsed text with exactly its values; raises TextError as `compose` does."""
    if missing := template.slots - values.keys():
        raise TextError(f"{template.where}: no value for {{{min(missing)}}}")
    if unknown := values.keys() - template.slots:
        raise TextError(f"{template.where}: the text has no {{{min(unknown)}}}")
    filling = _Filling(template.where, values)
    subject = "".join(span.text for span in filling.spans(template.subject))
    blocks = _without_empty_headings(_joined(filling.blocks(template.parts)))
    return Document(language, subject, blocks)


def phrase(language: Language, key: str, **values: str | int) -> str:
    """A fragment of `phrases.toml` with exactly its values."""
    pieces = _phrases(language).get(key)
    if pieces is None:
        raise TextError(f"{language}/phrases: there is no phrase {key}")
    if odd := slots_of(pieces) ^ values.keys():
        raise TextError(f"{language}/phrases: {key} and its values differ in {{{min(odd)}}}")
    return "".join(str(values[piece.slot]) if piece.slot else piece.words for piece in pieces)


def number(language: Language, count: int) -> str:
    """A count as it is written in a sentence: in words up to twelve, then digits."""
    key = f"number_{count}"
    return phrase(language, key) if key in _phrases(language) else str(count)


def counted(language: Language, key: str, count: int) -> str:
    """A count with its noun: phrase `<key>_one`, or `<key>_many` with `{count}`."""
    if count == 1:
        return phrase(language, f"{key}_one")
    return phrase(language, f"{key}_many", count=number(language, count))


@cache
def shipped(language: Language, name: str) -> Template:
    """The text as its file has it; raises TextError for one that is not there."""
    return parse_template(f"{language}/{name}", shipped_words(language, name))


def shipped_words(language: Language, name: str) -> str:
    """The file of that text, markup and all."""
    if name not in names(language):
        raise TextError(f"{language}/{name}: there is no such text")
    return (_TEXTS / language / f"{name}.txt").read_text("utf-8")


def shipped_phrase(language: Language, key: str) -> str:
    """The phrase as its file has it, placeholders and all."""
    return _phrase_file(language)[key]


@cache
def _phrase_file(language: Language) -> dict[str, str]:
    return tomllib.loads((_TEXTS / language / "phrases.toml").read_text("utf-8"))


@cache
def _phrases(language: Language) -> dict[str, Pieces]:
    entries = _phrase_file(language).items()
    return {key: parse_line(f"{language}/phrases {key}", text) for key, text in entries}


@dataclass(frozen=True, slots=True)
class _Filling:
    where: str
    values: Mapping[str, Value]

    def blocks(self, parts: Sequence[Part]) -> Iterator[Block]:
        for part in parts:
            if part.kind == "heading":
                yield Heading(part.level, self.spans(part.pieces))
            elif len(part.pieces) == 1 and part.pieces[0].slot:
                yield from self._alone(part, part.pieces[0])
            else:
                yield _item_or_paragraph(part, self.spans(part.pieces))

    def spans(self, pieces: Pieces) -> Spans:
        return tuple(self._span(piece) for piece in pieces)

    def _span(self, piece: Piece) -> Span:
        if not piece.slot:
            return Span(piece.words, piece.bold)
        value = self.values[piece.slot]
        if isinstance(value, Link):
            return Span(value.label, piece.bold, value.url)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise TextError(f"{self.where}: {{{piece.slot}}} stands in a line and takes text only")
        return Span(_one_line(str(value)), piece.bold)

    def _alone(self, part: Part, piece: Piece) -> Iterator[Block]:
        value = self.values[piece.slot]
        if isinstance(value, Link):
            yield value
        elif isinstance(value, Blocks):
            yield from value.blocks
        elif isinstance(value, str | int):
            paragraphs = re.split(r"\n\s*\n", str(value).replace("\r\n", "\n").strip())
            spans = ((Span(text, piece.bold),) for text in paragraphs if text)
            yield from (_item_or_paragraph(part, each) for each in spans)
        elif value and not _is_header_alone(value):
            yield self._listed(piece, value)

    def _listed(self, piece: Piece, value: Lines) -> Block:
        if isinstance(value[0], str | Link):
            return Items(tuple((_item(each, piece.bold),) for each in value))
        lines = (row for row in value if not isinstance(row, Link))
        rows = tuple(tuple(_one_line(cell) for cell in row) for row in lines)
        if len({len(row) for row in rows}) != 1:
            raise TextError(f"{self.where}: the rows of {{{piece.slot}}} differ in length")
        return Table(rows[0], rows[1:])


def _item(value: object, bold: bool) -> Span:
    if isinstance(value, Link):
        return Span(value.label.strip(), bold, value.url)
    return Span(str(value).strip(), bold)


def _item_or_paragraph(part: Part, spans: Spans) -> Block:
    return Items((spans,)) if part.kind == "item" else Paragraph(spans)


def _is_header_alone(value: Lines) -> bool:
    return len(value) == 1 and not isinstance(value[0], str | Link)


def _one_line(value: str) -> str:
    return _LINE_BREAKS.sub(" ", value)


def _joined(blocks: Iterator[Block]) -> list[Block]:
    """Items that follow each other as one list."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(block, Items) and isinstance(last, Items):
            joined[-1] = Items(last.items + block.items)
        else:
            joined.append(block)
    return joined


def _without_empty_headings(blocks: list[Block]) -> tuple[Block, ...]:
    kept: list[Block] = []  # from the end
    for block in reversed(blocks):
        below = kept[-1] if kept else None
        if not (isinstance(block, Heading) and _ends_section(below, block.level)):
            kept.append(block)
    return tuple(reversed(kept))


def _ends_section(block: Block | None, level: int) -> bool:
    return block is None or (isinstance(block, Heading) and block.level <= level)
