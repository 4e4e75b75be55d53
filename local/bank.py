"""The bank of the season: answers a payment order (pain.001) with a report (pain.002.001.10)."""

from collections.abc import Container
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

_STATUS = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"


def answer_payments(pain001: bytes, *, rejects: Container[str], at: datetime) -> bytes:
    """Every payment paid, but for those whose ids are in `rejects`: their account is closed."""
    order = ET.fromstring(pain001)  # noqa: S314 - our own system's file
    inside = f"{{{order.tag[1:].partition('}')[0]}}}"
    message_id = order.findtext(f".//{inside}GrpHdr/{inside}MsgId", "")
    payment_ids = [each.text or "" for each in order.iter(f"{inside}EndToEndId")]
    document = ET.Element("Document", xmlns=_STATUS)
    report = ET.SubElement(document, "CstmrPmtStsRpt")
    header = ET.SubElement(report, "GrpHdr")
    _write(header, "MsgId", f"STATUS-{message_id}"[:35])
    _write(header, "CreDtTm", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    original = ET.SubElement(report, "OrgnlGrpInfAndSts")
    _write(original, "OrgnlMsgId", message_id)
    _write(original, "OrgnlMsgNmId", inside[1:-1].rpartition(":")[2])
    block = ET.SubElement(report, "OrgnlPmtInfAndSts")
    _write(block, "OrgnlPmtInfId", order.findtext(f".//{inside}PmtInfId", ""))
    for payment_id in payment_ids:
        _write_payment(block, payment_id, is_rejected=payment_id in rejects)
    content: bytes = ET.tostring(document, encoding="utf-8", xml_declaration=True)
    return content


def _write_payment(block: ET.Element, payment_id: str, *, is_rejected: bool) -> None:
    payment = ET.SubElement(block, "TxInfAndSts")
    _write(payment, "OrgnlEndToEndId", payment_id)
    _write(payment, "TxSts", "RJCT" if is_rejected else "ACSC")
    if is_rejected:
        given = ET.SubElement(payment, "StsRsnInf")
        _write(ET.SubElement(given, "Rsn"), "Cd", "AC04")


def _write(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
