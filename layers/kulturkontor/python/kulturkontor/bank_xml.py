"""Reading the bank's XML without trusting it: a size limit, and no document type or entities.

An entity needs a document type declaration, so refusing the declaration refuses every entity
attack; the parser itself reports it, whatever the file's encoding.
"""

from enum import StrEnum
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

LARGEST_FILE: Final = 5_000_000


class XmlFault(StrEnum):
    """Why a file was refused; the pages have a sentence for each."""

    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    HAS_DOCUMENT_TYPE = "has_document_type"


class BankXmlError(ValueError):
    """The bytes are not XML we read; `code` says why."""

    def __init__(self, code: XmlFault, detail: str = "") -> None:
        super().__init__(": ".join(filter(None, (f"not a readable XML file ({code})", detail))))
        self.code = code


def read_xml(data: bytes) -> Element:
    """The root, with the namespace of every element taken off. Raises BankXmlError."""
    if len(data) > LARGEST_FILE:
        raise BankXmlError(XmlFault.TOO_LARGE)
    try:
        _refuse_document_type(data)
        root = ElementTree.fromstring(data)  # noqa: S314 - a document type is refused above
    except BankXmlError:
        raise
    except (expat.ExpatError, SyntaxError, LookupError, ValueError) as fault:
        raise BankXmlError(XmlFault.NOT_XML, str(fault)) from fault
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def texts(element: Element, path: str) -> list[str]:
    """What stands in the elements at the path, without the white space around it."""
    return [(each.text or "").strip() for each in element.findall(path)]


def text(element: Element, path: str) -> str:
    """What stands in the first element at the path, or ""."""
    return next(iter(texts(element, path)), "")


def _refuse_document_type(data: bytes) -> None:
    def refuse(*_: object) -> None:
        raise BankXmlError(XmlFault.HAS_DOCUMENT_TYPE)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(data, True)
