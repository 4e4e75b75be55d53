"""Reads the size of a JPEG or PNG from its own headers, without decoding a pixel.

A small file may unfold to a picture of gigabytes, so the size is judged before anyone opens it
(ITU-T T.81 B.2.2; PNG third edition 5.6 and 11.2.1).
"""

import struct
import zlib
from typing import NamedTuple

JPEG_START = b"\xff\xd8\xff"
PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_LAST_CHUNK = b"IEND\xaeB`\x82"
_STARTS_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_END_OF_IMAGE, _START_OF_SCAN = 0xD9, 0xDA


class BrokenImageError(ValueError):
    """The picture is not whole; save it anew."""


class ImageSize(NamedTuple):
    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def png_size(data: bytes) -> ImageSize:
    """Raises BrokenImageError."""
    header = data[8:33]
    if len(header) < 25 or header[:8] != b"\0\0\0\rIHDR" or _PNG_LAST_CHUNK not in data:
        raise BrokenImageError
    width, height, *_, check = struct.unpack(">2I5BI", header[8:])
    if zlib.crc32(header[4:21]) != check:
        raise BrokenImageError
    return _checked(width, height)


def jpeg_size(data: bytes) -> ImageSize:
    """Raises BrokenImageError."""
    place = 2
    size: ImageSize | None = None
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            break
        marker = data[place + 1]
        if marker == 0xFF or marker in _ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        if marker == _START_OF_SCAN and size and b"\xff\xd9" in data[place:]:
            return size
        if marker in (_END_OF_IMAGE, _START_OF_SCAN):
            break
        if marker in _STARTS_OF_FRAME and place + 9 <= len(data):
            height, width = struct.unpack_from(">2H", data, place + 5)
            size = _checked(width, height)
        place += 2 + max(2, int.from_bytes(data[place + 2 : place + 4]))
    raise BrokenImageError


def _checked(width: int, height: int) -> ImageSize:
    if not width or not height:
        raise BrokenImageError
    return ImageSize(width, height)
