"""Judges a file that an applicant sends: what it really is, and whether it is whole and harmless.

The bytes decide, never the name or what the browser claims: PDF, JPEG, PNG and DOCX by their
beginning and their structure (OWASP ASVS 5.0, 5.2.1 to 5.2.6). Everything else is refused with a
reason the applicant can act on. The malware scanner looks at the same file on its own.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from pathlib import PurePosixPath, PureWindowsPath

from pydantic import BaseModel, ConfigDict

from kulturkontor.image_files import (
    JPEG_START,
    PNG_START,
    BrokenImageError,
    ImageSize,
    jpeg_size,
    png_size,
)
from kulturkontor.malware_signatures import is_known_malware
from kulturkontor.pdf_files import PdfError, count_pages, is_pdf
from kulturkontor.upload_reasons import UploadReason
from kulturkontor.word_files import WordError, WordFault, check_word

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ENDINGS: Mapping[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PNG: (".png",),
    DOCX: (".docx",),
}
"""How names of each type may end; the first is what we give one that has none."""

_EXTENSIONS = frozenset(ending for endings in ENDINGS.values() for ending in endings)
_LOOKS_LIKE_EXTENSION = re.compile(r"\.[a-z][a-z0-9]{1,4}")
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
LONGEST_NAME = 120
"""Characters, the ending included."""
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*\\/]')


class UploadState(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UploadLimits(_Part):
    """`max_unpacked` is how many bytes a file may unfold to while we look at it."""

    max_bytes: int
    max_unpacked: int
    max_pages: int
    max_pixels: int


DEFAULT_LIMITS = UploadLimits(
    max_bytes=15_000_000, max_unpacked=150_000_000, max_pages=200, max_pixels=80_000_000
)
"""What scans and telephone pictures need, with room: a telephone takes 50 million pixels."""


class Inspection(_Part):
    """The verdict on one file: `reason` set when it is refused, `media_type` when it is known."""

    state: UploadState
    reason: UploadReason | None = None
    media_type: str | None = None
    pages: int | None = None
    sha256: str
    size: int


class _RefusedError(Exception):
    def __init__(self, reason: UploadReason, media_type: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.media_type = media_type


def inspect(data: bytes, *, declared_name: str, limits: UploadLimits) -> Inspection:
    """The verdict on the bytes; never raises, whatever they are."""
    digest, size = sha256(data).hexdigest(), len(data)
    try:
        _check_outside(data, declared_name, limits)
        media_type, pages = _look_inside(data, limits)
    except _RefusedError as refusal:
        return Inspection(
            state=UploadState.REFUSED,
            reason=refusal.reason,
            media_type=refusal.media_type,
            sha256=digest,
            size=size,
        )
    return Inspection(
        state=UploadState.ACCEPTED, media_type=media_type, pages=pages, sha256=digest, size=size
    )


def clean_file_name(text: str) -> str:
    """A name that can be shown and saved anywhere: the last part of a path, its extension kept."""
    name = unicodedata.normalize("NFC", PureWindowsPath(PurePosixPath(text).name).name)
    shown = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    plain = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", shown).split()).rstrip(". ")
    extension = _extension(plain)
    stem = plain.removesuffix(extension) if extension else plain
    return (stem.strip(". ")[: LONGEST_NAME - len(extension)].rstrip(". ") or "fil") + extension


def name_for(name: str, media_type: str) -> str:
    """The name with an ending that says what the file is; one that says otherwise is replaced."""
    extension = _extension(name)
    if extension.lower() in ENDINGS[media_type]:
        return name
    ending = ENDINGS[media_type][0]
    stem = name.removesuffix(extension) if extension else name
    return stem[: LONGEST_NAME - len(ending)].rstrip(". ") + ending


def _check_outside(data: bytes, declared_name: str, limits: UploadLimits) -> None:
    if not data:
        raise _RefusedError(UploadReason.EMPTY)
    if len(data) > limits.max_bytes:
        raise _RefusedError(UploadReason.TOO_LARGE)
    if is_known_malware(data):
        raise _RefusedError(UploadReason.MALWARE)
    extension = _extension(clean_file_name(declared_name)).lower()
    if extension and extension not in _EXTENSIONS:
        raise _RefusedError(UploadReason.NOT_ALLOWED_TYPE)


def _look_inside(data: bytes, limits: UploadLimits) -> tuple[str, int | None]:
    """The media type and pages."""
    if is_pdf(data):
        return PDF, _look_at_pdf(data, limits)
    if data.startswith(JPEG_START):
        return JPEG, _look_at_picture(data, JPEG, limits)
    if data.startswith(PNG_START):
        return PNG, _look_at_picture(data, PNG, limits)
    if data.startswith(_ZIP):
        _look_at_word(data, limits)
        return DOCX, None
    is_locked = data.startswith(_OLD_OFFICE) and _LOCKED_OFFICE in data
    raise _RefusedError(UploadReason.ENCRYPTED if is_locked else UploadReason.NOT_ALLOWED_TYPE)


def _look_at_pdf(data: bytes, limits: UploadLimits) -> int:
    try:
        pages = count_pages(data, max_unpacked=limits.max_unpacked)
    except PdfError as fault:
        raise _RefusedError(UploadReason(fault.code), PDF) from fault
    if pages > limits.max_pages:
        raise _RefusedError(UploadReason.TOO_MANY_PAGES, PDF)
    return pages


def _look_at_picture(data: bytes, media_type: str, limits: UploadLimits) -> int:
    """One page, as a picture is on paper."""
    try:
        size: ImageSize = jpeg_size(data) if media_type == JPEG else png_size(data)
    except BrokenImageError as fault:
        raise _RefusedError(UploadReason.BROKEN, media_type) from fault
    if size.pixels > limits.max_pixels:
        raise _RefusedError(UploadReason.TOO_MANY_PIXELS, media_type)
    return 1


def _look_at_word(data: bytes, limits: UploadLimits) -> None:
    try:
        check_word(data, max_unpacked=limits.max_unpacked)
    except WordError as fault:
        if fault.code is WordFault.NOT_WORD:
            raise _RefusedError(UploadReason.NOT_ALLOWED_TYPE) from fault
        raise _RefusedError(UploadReason(fault.code), DOCX) from fault


def _extension(name: str) -> str:
    """The extension as it is written, or nothing where the last dot belongs to the words."""
    found = re.search(r"\.[^.\s]+$", name)
    is_one = found is not None and _LOOKS_LIKE_EXTENSION.fullmatch(found[0].lower())
    return found[0] if found is not None and is_one else ""
