"""A written message as blocks, and its three shapes: plain text, HTML mail, and data for a letter.

Values are already in place and are only text here; each shape escapes for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kulturkontor.programme import Language

TEXT_WIDTH = 76


class LinkAddressError(ValueError):
    """The address of a link is not a web address; pass the whole URL of the page."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `url` makes it a link within a sentence."""

    text: str
    bold: bool = False
    url: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link: on a line of its own a button in HTML, within a sentence an ordinary link."""

    label: str
    url: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise LinkAddressError(f"a link takes an http address, not {self.url!r}")


Block = Heading | Paragraph | Items | Table | Link


@dataclass(frozen=True, slots=True)
class Document:
    language: Language
    subject: str
    blocks: tuple[Block, ...]


def as_text(document: Document) -> str:
    """The body of a plain text mail; the subject is not part of it."""
    return "\n\n".join(_block_as_text(block) for block in document.blocks) + "\n"


def _block_as_text(block: Block) -> str:
    match block:
        case Heading(_, spans):
            title = _plain(spans)
            return f"{title}\n{'-' * min(len(title), TEXT_WIDTH)}"
        case Paragraph(spans):
            return _plain(spans)
        case Items(items):
            return "\n".join(f"- {_plain(item)}".replace("\n", "\n  ") for item in items)
        case Table(header, rows):
            return _table_as_text(header, rows)
        case Link(label, url):
            return f"{label}:\n{url}"


def _plain(spans: Spans) -> str:
    return "".join(f"{span.text} ({span.url})" if span.url else span.text for span in spans)


def _table_as_text(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns where they fit, else one line for each cell."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    if sum(widths) + 2 * (len(widths) - 1) > TEXT_WIDTH:
        return "\n\n".join(
            "\n".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True))
            for row in rows
        )
    right = [_is_money(rows, column) for column in range(len(header))]
    aligned = (
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )
    return "\n".join(aligned)


def _is_money(rows: Sequence[Sequence[str]], column: int) -> bool:
    return bool(rows) and all(row[column].endswith("\N{NO-BREAK SPACE}kr") for row in rows)


_PAGE = (
    '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    '<meta name="supported-color-schemes" content="light dark">\n'
    "<title>{title}</title>\n"
    "<style>:root {{ color-scheme: light dark; }}</style>\n</head>\n"
    '<body style="margin:0;padding:24px 16px;font:16px/1.55 system-ui,-apple-system,'
    "'Segoe UI',Roboto,Arial,sans-serif\">\n"
    '<div style="max-width:600px;margin:0 auto;overflow-wrap:break-word">\n'
    "{body}\n</div>\n</body>\n</html>\n"
)
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:4px;background-color:#0b4f6c;"
    "color:#ffffff;font-weight:600;text-decoration:none"
)
_CELL = "padding:6px 12px 6px 0;border-bottom:1px solid #808080;vertical-align:top;text-align:"


def as_html(document: Document) -> str:
    """A whole HTML mail, readable by screen readers and in dark mode."""
    return _PAGE.format(
        language=document.language,
        title=escape(document.subject),
        body="\n".join(_block_as_html(block) for block in document.blocks),
    )


def _block_as_html(block: Block) -> str:
    match block:
        case Heading(level, spans):
            style = f"margin:{28 if level > 1 else 0}px 0 8px;font-size:{24 - 2 * level}px"
            return f'<h{level} style="{style}">{_marked(spans)}</h{level}>'
        case Paragraph(spans):
            return f'<p style="margin:0 0 16px">{_marked(spans)}</p>'
        case Items(items):
            lines = "".join(f'<li style="margin:0 0 6px">{_marked(item)}</li>' for item in items)
            return f'<ul style="margin:0 0 16px;padding-left:24px">{lines}</ul>'
        case Table(header, rows):
            return _table_as_html(header, rows)
        case Link(label, url):
            button = f'<a href="{escape(url)}" style="{_BUTTON}">{escape(label)}</a>'
            return f'<p style="margin:0 0 16px">{button}</p>'


def _marked(spans: Spans) -> str:
    return "".join(_span_as_html(span) for span in spans)


def _span_as_html(span: Span) -> str:
    text = escape(span.text).replace("\n", "<br>\n")
    if span.url:
        text = f'<a href="{escape(span.url)}">{text}</a>'
    return f"<strong>{text}</strong>" if span.bold else text


def _table_as_html(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    sides = [
        "right;white-space:nowrap" if _is_money(rows, column) else "left"
        for column in range(len(header))
    ]

    def line(tag: str, cells: Sequence[str]) -> str:
        return "".join(
            f'<{tag} style="{_CELL}{side}">{escape(cell)}</{tag.split()[0]}>'
            for cell, side in zip(cells, sides, strict=True)
        )

    head = line('th scope="col"', header)
    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return (
        '<table style="border-collapse:collapse;margin:0 0 16px;width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def as_data(document: Document) -> list[dict[str, Any]]:
    """The blocks as JSON-able values, the shape `typesetting.LetterData.blocks` takes."""
    return [_block_as_data(block) for block in document.blocks]


def _block_as_data(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, spans):
            return {"kind": "heading", "level": level, "spans": _spans_as_data(spans)}
        case Paragraph(spans):
            return {"kind": "paragraph", "spans": _spans_as_data(spans)}
        case Items(items):
            return {"kind": "items", "items": [_spans_as_data(item) for item in items]}
        case Table(header, rows):
            return {"kind": "table", "header": list(header), "rows": [list(row) for row in rows]}
        case Link(label, url):
            return {"kind": "link", "label": label, "url": url}


def _spans_as_data(spans: Spans) -> list[dict[str, Any]]:
    return [
        {"text": span.text, "bold": span.bold} | ({"url": span.url} if span.url else {})
        for span in spans
    ]
