"""The payment order to the bank: ISO 20022 pain.001.001.09, or .03 for a bank that wants it.

Domestic kroner: accounts as BBAN, service level NURG, charges SLEV, one booking for each
payment; a KID goes as a structured reference, otherwise the claim's number as free text. No
address lines and no creditor's bank. Nothing in the file is random: the message is named after
the batch and timed by its release, so a file written twice is the same file and the bank refuses
the second one.
Characters: those that both the Norwegian banks' guide and the Latin-1 rule of Nordea allow.
Norwegian letters stay; Sami letters are folded to their base letter, here and nowhere else.
Source: the Norwegian banks' guide for pain.001 (BSK), and the schemas.
"""

import unicodedata
from collections import Counter
from typing import Final, Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kulturkontor.accounts import AccountNumberError, is_kid, parse_account_number
from kulturkontor.bank_xml import BankXmlError, read_xml, text, texts
from kulturkontor.money import decimal_point
from kulturkontor.payments import BatchStateError, Payment, PaymentBatch
from kulturkontor.programme import OSLO
from kulturkontor.programme_rules import PaymentRules

PainVersion = Literal["09", "03"]

_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZÁÄÇÉÍÓÖÚÜÝÆØÅ"
_ALLOWED: Final = frozenset(_LETTERS + _LETTERS.lower() + "0123456789/-?:().,'+ ß%&=@§")
_FOLDED: Final = str.maketrans("ĐđŊŋŦŧ", "DdNnTt")
_LONGEST_NAME: Final = 70
_LONGEST_TEXT: Final = 140


def message_id(batch: PaymentBatch) -> str:
    """The file's name at the bank, which comes back in its answer."""
    return batch.id


def write_pain001(batch: PaymentBatch, rules: PaymentRules, version: PainVersion) -> bytes:
    """The file for a released batch, the same bytes every time. Raises BatchStateError."""
    if batch.released_at is None or batch.execution_date is None:
        raise BatchStateError("only a released batch goes to the bank")
    document = Element("Document", xmlns=f"{_NAMESPACE}{version}")
    order = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(order, "GrpHdr")
    _put(header, "MsgId", message_id(batch))
    created = batch.released_at.astimezone(OSLO).replace(microsecond=0, tzinfo=None)
    _put(header, "CreDtTm", created.isoformat())
    _put_totals(header, batch)
    _put_customer(SubElement(header, "InitgPty"), rules)

    payments = SubElement(order, "PmtInf")
    _put(payments, "PmtInfId", message_id(batch))
    _put(payments, "PmtMtd", "TRF")
    _put(payments, "BtchBookg", "false")
    _put_totals(payments, batch)
    _put(payments, "PmtTpInf/SvcLvl/Cd", "NURG")
    date_path = "ReqdExctnDt" if version == "03" else "ReqdExctnDt/Dt"
    _put(payments, date_path, batch.execution_date.isoformat())
    _put_customer(SubElement(payments, "Dbtr"), rules)
    debtor_account = SubElement(payments, "DbtrAcct")
    _put_account(debtor_account, parse_account_number(rules.debtor_account))
    _put(debtor_account, "Ccy", "NOK")
    bic = "BIC" if version == "03" else "BICFI"
    _put(payments, f"DbtrAgt/FinInstnId/{bic}", rules.debtor_bic)
    _put(payments, "ChrgBr", "SLEV")
    for payment in batch.payments:
        _put_payment(SubElement(payments, "CdtTrfTxInf"), payment)

    indent(document)
    body = tostring(document, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _put_payment(parent: Element, payment: Payment) -> None:
    identity = SubElement(parent, "PmtId")
    _put(identity, "InstrId", payment.end_to_end_id)
    _put(identity, "EndToEndId", payment.end_to_end_id)
    _put(parent, "Amt/InstdAmt", decimal_point(payment.amount_ore)).set("Ccy", "NOK")
    _put(parent, "Cdtr/Nm", bank_text(payment.creditor)[:_LONGEST_NAME])
    _put_account(SubElement(parent, "CdtrAcct"), payment.account_number)
    remittance = SubElement(parent, "RmtInf")
    if payment.kid is None:
        _put(remittance, "Ustrd", bank_text(payment.claim_number)[:_LONGEST_TEXT])
        return
    reference = SubElement(SubElement(remittance, "Strd"), "CdtrRefInf")
    _put(reference, "Tp/CdOrPrtry/Cd", "SCOR")
    _put(reference, "Ref", payment.kid)


def _put_totals(parent: Element, batch: PaymentBatch) -> None:
    _put(parent, "NbOfTxs", str(batch.count))
    _put(parent, "CtrlSum", decimal_point(batch.control_sum_ore))


def _put_customer(parent: Element, rules: PaymentRules) -> None:
    _put(parent, "Nm", bank_text(rules.debtor_name)[:_LONGEST_NAME])
    identity = SubElement(SubElement(SubElement(parent, "Id"), "OrgId"), "Othr")
    _put(identity, "Id", rules.customer_id)
    _put(identity, "SchmeNm/Cd", rules.customer_scheme)


def _put_account(parent: Element, digits: str) -> None:
    other = SubElement(SubElement(parent, "Id"), "Othr")
    _put(other, "Id", digits)
    _put(other, "SchmeNm/Cd", "BBAN")


def _put(parent: Element, path: str, value: str) -> Element:
    for name in path.split("/"):
        parent = SubElement(parent, name)
    parent.text = value
    return parent


def bank_text(words: str) -> str:
    """The words in the letters banks accept; what has no such letter becomes a space."""
    letters = "".join(_bank_letter(each) for each in unicodedata.normalize("NFC", words))
    return " ".join(letters.split())


def _bank_letter(letter: str) -> str:
    if letter in _ALLOWED:
        return letter
    base = unicodedata.normalize("NFD", letter.translate(_FOLDED))[0]
    return base if base in _ALLOWED else " "


def check_pain001(data: bytes) -> list[str]:
    """What is wrong with the written file that its schema cannot see; empty when nothing is."""
    try:
        root = read_xml(data)
    except BankXmlError as fault:
        return [str(fault)]
    header, payments = root.find("*/GrpHdr"), root.find("*/PmtInf")
    if header is None or payments is None:
        return ["there is no GrpHdr or no PmtInf"]
    transfers = payments.findall("CdtTrfTxInf")
    return [
        *_faults_in_totals(header, payments, transfers),
        *_faults_in_ids(transfers),
        *_faults_in_accounts(payments),
        *_faults_in_words(root),
    ]


def _faults_in_totals(header: Element, payments: Element, transfers: list[Element]) -> list[str]:
    faults = []
    amounts = [text(each, "Amt/InstdAmt") for each in transfers]
    well_formed = [each for each in amounts if _is_amount(each)]
    faults += [f"{each!r} is not a payable amount" for each in amounts if each not in well_formed]
    total = decimal_point(sum(int(each.replace(".", "")) for each in well_formed))
    for part in (header, payments):
        if (stated := text(part, "NbOfTxs")) != str(len(transfers)):
            faults.append(f"{part.tag} counts {stated} payments of {len(transfers)}")
        if (stated := text(part, "CtrlSum")) != total:
            faults.append(f"{part.tag} has the control sum {stated} for {total}")
    currencies = {each.get("Ccy") for each in payments.iterfind("CdtTrfTxInf/Amt/InstdAmt")}
    return faults if currencies <= {"NOK"} else [*faults, "an amount is not in NOK"]


def _is_amount(stated: str) -> bool:
    kroner, point, ore = stated.partition(".")
    is_plain = stated.isascii() and kroner.isdigit() and ore.isdigit() and len(ore) == 2
    return bool(point) and is_plain and int(kroner + ore) > 0


def _faults_in_ids(transfers: list[Element]) -> list[str]:
    ids = Counter(text(each, "PmtId/EndToEndId") for each in transfers)
    kids = [kid for each in transfers for kid in texts(each, "RmtInf/Strd/CdtrRefInf/Ref")]
    return [
        *(f"EndToEndId {each} stands {times} times" for each, times in ids.items() if times > 1),
        *(f"{kid!r} is not a KID" for kid in kids if not is_kid(kid)),
    ]


def _faults_in_accounts(payments: Element) -> list[str]:
    stated = [
        each for path in ("DbtrAcct", "CdtTrfTxInf/CdtrAcct") for each in payments.findall(path)
    ]
    numbers = [text(each, "Id/Othr/Id") for each in stated]
    return [f"{each!r} is not an account number" for each in numbers if not _is_account(each)]


def _is_account(number: str) -> bool:
    try:
        return parse_account_number(number) == number
    except AccountNumberError:
        return False


def _faults_in_words(root: Element) -> list[str]:
    faults = ["there is an address line"] if root.find(".//AdrLine") is not None else []
    for element in root.iter():
        if len(element) == 0 and (odd := set(element.text or "") - _ALLOWED):
            faults.append(f"{element.tag} has {''.join(sorted(odd))!r}, which banks refuse")
    return faults
