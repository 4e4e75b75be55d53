"""Files packed as one ZIP, on disk: the same files and time give the same bytes, however many."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from kulturkontor.programme import OSLO

_PACKED_ALREADY: Final = (".pdf", ".jpg", ".png", ".xlsx", ".docx", ".zip")
_READABLE: Final = 0o644 << 16


class Packing:
    """A ZIP that is being written; every file in it has the same time."""

    def __init__(self, target: BinaryIO, at: datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w")
        self._time = at.astimezone(OSLO).timetuple()[:6]

    def add(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name, self._time)
        entry.external_attr = _READABLE
        is_packed = name.lower().endswith(_PACKED_ALREADY)
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, data)

    def close(self) -> None:
        self._zip.close()


@contextmanager
def packing(at: datetime) -> Iterator[tuple[Packing, BinaryIO]]:
    """The ZIP and the file it is written to; close the one before reading the other."""
    with TemporaryFile() as target:
        packed = Packing(target, at)
        try:
            yield packed, target
        finally:
            packed.close()
