"""Unpacks a ZIP from outside (DOCX, XLSX) without trusting what it says of itself.

A small file may unpack to gigabytes, name a part twice, or use a method no office program writes;
each is refused before anything else reads it (OWASP ASVS 5.0, 5.2.3). So is one with known malware
in a part, which its packing hides from whoever looks at the whole.
"""

import zipfile
import zlib
from collections.abc import Callable
from enum import StrEnum
from io import BytesIO

from kulturkontor.malware_signatures import is_known_malware

MAX_PARTS = 5_000
MAX_RATIO = 100
SMALL_ENOUGH = 1_000_000
"""Bytes that may come of any archive, however small: text repeats itself and packs well."""

_CHUNK = 65_536
_IS_ENCRYPTED = 0x1
_READ_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class ArchiveFault(StrEnum):
    DAMAGED = "damaged"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    MALWARE = "malware"


class ArchiveError(ValueError):
    """The archive cannot be taken in; `code` says why."""

    def __init__(self, code: ArchiveFault) -> None:
        super().__init__(f"save the file anew and send it again ({code})")
        self.code = code


def unpack(
    data: bytes, *, max_unpacked: int, keep: Callable[[str], bool] = lambda name: True
) -> dict[str, bytes]:
    """Every part by its name, empty where `keep` does not want it; all count towards the limit.

    `max_unpacked` is in bytes. Raises ArchiveError.
    """
    allowed = min(max_unpacked, max(SMALL_ENOUGH, MAX_RATIO * len(data)))
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in _checked(archive.infolist(), allowed):
                content = _read(archive, info, allowed)
                allowed -= len(content)
                if is_known_malware(content):
                    raise ArchiveError(ArchiveFault.MALWARE)
                parts[info.filename] = content if keep(info.filename) else b""
    except ArchiveError:
        raise
    except _READ_FAULTS as fault:
        raise ArchiveError(ArchiveFault.DAMAGED) from fault
    return parts


def pack(parts: dict[str, bytes]) -> bytes:
    """An archive of exactly these parts."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _checked(parts: list[zipfile.ZipInfo], allowed: int) -> list[zipfile.ZipInfo]:
    if sum(part.file_size for part in parts) > allowed or len(parts) > MAX_PARTS:
        raise ArchiveError(ArchiveFault.UNPACKS_TOO_LARGE)
    methods = {part.compress_type for part in parts}
    is_odd = not methods <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    is_repeated = len({part.filename for part in parts}) != len(parts)
    if is_odd or is_repeated or any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise ArchiveError(ArchiveFault.DAMAGED)
    return parts


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, allowed: int) -> bytes:
    content = bytearray()
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > allowed:
                raise ArchiveError(ArchiveFault.UNPACKS_TOO_LARGE)
    return bytes(content)
