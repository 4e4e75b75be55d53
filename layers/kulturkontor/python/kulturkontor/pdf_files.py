"""Reads of a PDF what must be known before it is kept: whole, open, without actions, its pages.

No renderer is let near the file. Objects are taken one after another, those packed in object
streams are unpacked under a limit, and names are compared with their `#xx` escapes undone
(ISO 32000-2, 7.3.5 and 7.5.7).
"""

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-[12]\.[0-9]")
_END_WITHIN = 2_048
_OBJECT = re.compile(rb"\b[0-9]{1,10}\s+[0-9]{1,5}\s+obj\b")
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:[0-9]+\s+[0-9]+\s+R|<<)")
_PACKED = re.compile(rb"/Type\s*/ObjStm\b|/First\s")
_FIRST = re.compile(rb"/First\s+([0-9]{1,9})\b")
_FLATE_ONLY = re.compile(rb"/Filter\s*(?:\[\s*)?/(?:FlateDecode|Fl)\s*(?:\]\s*)?(?=/|>>)")
_PREDICTED = re.compile(rb"/Predictor\s*(?!1\b)[0-9]")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_PAGES = re.compile(rb"/Type\s*/Pages\b")
_COUNT = re.compile(rb"/Count\s+([0-9]{1,7})\b")
_ACTIVE_ANYWHERE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE)\b"
)
_ACTIVE_IN_OBJECT = re.compile(rb"/(?:JS|AA|XFA)\b\s*[(<\[0-9]")


class PdfFault(StrEnum):
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    ACTIVE_CONTENT = "active_content"
    UNPACKS_TOO_LARGE = "unpacks_too_large"


class PdfError(ValueError):
    """The PDF cannot be taken in; `code` says why."""

    def __init__(self, code: PdfFault) -> None:
        super().__init__(f"save the document as PDF anew ({code})")
        self.code = code


def is_pdf(data: bytes) -> bool:
    return _HEADER.match(data) is not None


def count_pages(data: bytes, *, max_unpacked: int) -> int:
    """The pages of a whole, open and passive PDF; `max_unpacked` in bytes. Raises PdfError."""
    if b"%%EOF" not in data[-_END_WITHIN:]:
        raise PdfError(PdfFault.BROKEN)
    if _ENCRYPTED.search(data):
        raise PdfError(PdfFault.ENCRYPTED)
    if _ACTIVE_ANYWHERE.search(_unescape(data)):
        raise PdfError(PdfFault.ACTIVE_CONTENT)
    single, total = 0, 0
    for written in _objects(data, max_unpacked):
        if _ACTIVE_ANYWHERE.search(written) or _ACTIVE_IN_OBJECT.search(written):
            raise PdfError(PdfFault.ACTIVE_CONTENT)
        single += len(_PAGE.findall(written))
        if _PAGES.search(written):
            total = max([total, *(int(count) for count in _COUNT.findall(written))])
    if not single:
        raise PdfError(PdfFault.BROKEN)
    return total or single


def _objects(data: bytes, allowed: int) -> Iterator[bytes]:
    """Every object without its stream, escapes undone; packed ones one by one."""
    place = 0
    while start := _OBJECT.search(data, place):
        end = data.find(b"endobj", start.end())
        end = len(data) if end < 0 else end
        stream = _STREAM.search(data, start.end(), end)
        if stream is None:
            yield _unescape(data[start.end() : end])
        else:
            end = data.find(b"endstream", stream.end())
            end = len(data) if end < 0 else end
            head = _unescape(data[start.end() : stream.start()])
            yield head
            if _PACKED.search(head):
                unpacked = _unpack(head, data[stream.end() : end], allowed)
                allowed -= len(unpacked)
                yield from (_unescape(each) for each in _split(head, unpacked))
        place = end


def _unpack(head: bytes, body: bytes, allowed: int) -> bytes:
    if b"/Filter" not in head:
        return body
    if not _FLATE_ONLY.search(head) or _PREDICTED.search(head):
        raise PdfError(PdfFault.BROKEN)
    try:
        unpacked = zlib.decompressobj().decompress(body, allowed + 1)
    except zlib.error as fault:
        raise PdfError(PdfFault.BROKEN) from fault
    if len(unpacked) > allowed:
        raise PdfError(PdfFault.UNPACKS_TOO_LARGE)
    return unpacked


def _split(head: bytes, unpacked: bytes) -> Iterator[bytes]:
    """The objects of a stream, by the table of numbers and offsets before `/First`."""
    first = _FIRST.search(head)
    if first is None:
        raise PdfError(PdfFault.BROKEN)
    start = int(first[1])
    table = unpacked[:start].split()
    if not all(each.isdigit() and len(each) < 10 for each in table):
        raise PdfError(PdfFault.BROKEN)
    places = [start, *sorted({start + int(offset) for offset in table[1::2]}), len(unpacked)]
    return (unpacked[here:there] for here, there in pairwise(places))


def _unescape(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name)
