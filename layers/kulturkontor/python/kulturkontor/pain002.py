"""The bank's answer to a payment order: ISO 20022 pain.002, versions .03, .10 and .12.

Only what all versions share is read, whatever the namespace. An answer about the whole file (or
about its one payment block) counts for every payment it does not list: a refused file lists
none.
A code nobody knows is passed on; `payments.apply_bank_status` shows it to staff.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final
from xml.etree.ElementTree import Element

from pydantic import BaseModel, ConfigDict

from kulturkontor.bank_answers import BankStatus
from kulturkontor.bank_xml import BankXmlError, read_xml, text, texts
from kulturkontor.pain001 import message_id
from kulturkontor.payments import PaymentBatch

_REPORT: Final = "CstmrPmtStsRpt"
_NO_CODE: Final = "NONE"


class ReportFault(StrEnum):
    """Why a file was refused; the pages have a sentence for each."""

    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    HAS_DOCUMENT_TYPE = "has_document_type"
    NOT_A_STATUS_REPORT = "not_a_status_report"
    NO_ORIGINAL_MESSAGE = "no_original_message"


class PaymentStatusFileError(ValueError):
    """Not a pain.002 that can be read; `code` says why. Fetch the file from the bank again."""

    def __init__(self, code: ReportFault, detail: str) -> None:
        super().__init__(f"{detail} ({code})")
        self.code = code


class BankReport(BaseModel):
    """One pain.002: the order it answers, its word on the whole, and on the payments it lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: str
    original_message_id: str
    group_status: str
    group_reason: str
    statuses: tuple[BankStatus, ...]

    def statuses_for(self, batch: PaymentBatch) -> tuple[BankStatus, ...]:
        """A status for every payment the report speaks of, listed or not."""
        if self.original_message_id != message_id(batch) or not self.group_status:
            return self.statuses
        listed = {status.end_to_end_id for status in self.statuses}
        others = (each.end_to_end_id for each in batch.payments)
        of_the_whole = (
            BankStatus(end_to_end_id=each, code=self.group_status, reason=self.group_reason)
            for each in others
            if each not in listed
        )
        return (*self.statuses, *of_the_whole)


def read_pain002(data: bytes) -> BankReport:
    """The bank's answer from the bytes of its file. Raises PaymentStatusFileError."""
    try:
        root = read_xml(data)
    except BankXmlError as fault:
        raise PaymentStatusFileError(ReportFault(fault.code), str(fault)) from fault
    report = next(root.iter(_REPORT), None)
    if report is None:
        found = root[0].tag if len(root) else root.tag
        detail = f"the file holds {found}, not the bank's status report {_REPORT}"
        raise PaymentStatusFileError(ReportFault.NOT_A_STATUS_REPORT, detail)
    original = text(report, "OrgnlGrpInfAndSts/OrgnlMsgId")
    if not original:
        detail = "the report does not say which payment file it answers"
        raise PaymentStatusFileError(ReportFault.NO_ORIGINAL_MESSAGE, detail)
    whole = _whole(report)
    return BankReport(
        message_id=text(report, "GrpHdr/MsgId"),
        original_message_id=original,
        group_status=_status(whole),
        group_reason=_reason(whole),
        statuses=tuple(_statuses(report)),
    )


def _whole(report: Element) -> Element:
    """Where the word on the whole stands: the payment block if it lists nothing, else the group."""
    blocks = report.findall("OrgnlPmtInfAndSts")
    silent = (each for each in blocks if _status(each) and each.find("TxInfAndSts") is None)
    group = report.find("OrgnlGrpInfAndSts")
    return next(silent, report if group is None else group)


def _statuses(report: Element) -> Iterator[BankStatus]:
    group = text(report, "OrgnlGrpInfAndSts/GrpSts")
    for block in report.findall("OrgnlPmtInfAndSts"):
        for payment in block.findall("TxInfAndSts"):
            yield BankStatus(
                end_to_end_id=text(payment, "OrgnlEndToEndId") or text(payment, "OrgnlInstrId"),
                code=_status(payment) or _status(block) or group or _NO_CODE,
                reason=_reason(payment),
            )


def _status(element: Element) -> str:
    return text(element, "TxSts") or text(element, "PmtInfSts") or text(element, "GrpSts")


def _reason(element: Element) -> str:
    """ "AC01 Wrong account", or several such parted by a semicolon."""
    return "; ".join(filter(None, map(_one_reason, element.findall("StsRsnInf"))))


def _one_reason(given: Element) -> str:
    codes = (*texts(given, "Rsn/Cd"), *texts(given, "Rsn/Prtry"))
    return " ".join((*codes, *texts(given, "AddtlInf")))
