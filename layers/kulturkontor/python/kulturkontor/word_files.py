"""Looks into a DOCX: a document of Word, and nothing in it that runs or is fetched.

Refused are macros, ActiveX, packaged objects, and a template, frame or object that Word would fetch
from the web when the file is opened (ISO/IEC 29500-2; MITRE ATT&CK T1221). A template on the
sender's own disk is ordinary and stays.
"""

import re
from enum import StrEnum
from xml.etree import ElementTree

from kulturkontor.archives import ArchiveError, ArchiveFault, unpack

_NEEDED = ("[Content_Types].xml", "word/document.xml")
_ACTIVE_PART = re.compile(
    r"(vbaProject\.bin|vbaData\.xml|/activeX/|/embeddings/[^/]*\.bin|\.(exe|dll|js|vbs|ps1|bat|scr))$"
    r"|/activeX/",
    re.IGNORECASE,
)
_FETCHED_KINDS = ("attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk")
_WEB = re.compile(r"(https?|ftp):", re.IGNORECASE)
_DYNAMIC_DATA = re.compile(rb"(?:instrText[^>]*>|instr=[\"'])\s*DDE(?:AUTO)?\b", re.IGNORECASE)


class WordFault(StrEnum):
    NOT_WORD = "not_word"
    BROKEN = "broken"
    ACTIVE_CONTENT = "active_content"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    MALWARE = "malware"


_OF_THE_ARCHIVE = {
    ArchiveFault.DAMAGED: WordFault.BROKEN,
    ArchiveFault.UNPACKS_TOO_LARGE: WordFault.UNPACKS_TOO_LARGE,
    ArchiveFault.MALWARE: WordFault.MALWARE,
}


class WordError(ValueError):
    """The document cannot be taken in; `code` says why."""

    def __init__(self, code: WordFault) -> None:
        super().__init__(f"save the document as PDF and send that ({code})")
        self.code = code


def check_word(data: bytes, *, max_unpacked: int) -> None:
    """Raises WordError unless the archive is a passive document; `max_unpacked` in bytes."""
    try:
        parts = unpack(data, max_unpacked=max_unpacked, keep=_is_read)
    except ArchiveError as fault:
        raise WordError(_OF_THE_ARCHIVE[fault.code]) from fault
    if not all(name in parts for name in _NEEDED):
        raise WordError(WordFault.NOT_WORD)
    if any(_ACTIVE_PART.search(name) for name in parts):
        raise WordError(WordFault.ACTIVE_CONTENT)
    if b"macroEnabled" in parts["[Content_Types].xml"]:
        raise WordError(WordFault.ACTIVE_CONTENT)
    for name, content in parts.items():
        if name.endswith(".rels"):
            _check_relationships(content)
        elif name.startswith("word/") and _DYNAMIC_DATA.search(content):
            raise WordError(WordFault.ACTIVE_CONTENT)


def _is_read(name: str) -> bool:
    return name.endswith((".rels", ".xml"))


def _check_relationships(content: bytes) -> None:
    if b"<!DOCTYPE" in content:
        raise WordError(WordFault.BROKEN)
    try:
        relationships = ElementTree.fromstring(content)  # noqa: S314 - bounded, and no DTD
    except (ElementTree.ParseError, LookupError, ValueError) as fault:
        raise WordError(WordFault.BROKEN) from fault
    for each in relationships:
        is_fetched = each.get("Type", "").endswith(_FETCHED_KINDS)
        if is_fetched and _WEB.match(each.get("Target", "").strip()):
            raise WordError(WordFault.ACTIVE_CONTENT)
