from datetime import UTC
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kulturkontor.accounts import AccountNumberError
from kulturkontor.bank_xml import read_xml, text, texts
from kulturkontor.pain001 import PainVersion, bank_text, check_pain001, write_pain001
from kulturkontor.payments import MOST_PAYMENTS, BatchStateError
from tests.rules.payment_factory import (
    RELEASED_AT,
    RULES,
    a_batch,
    a_line,
    a_payment,
    a_released_batch,
    worked_examples,
)

VERSIONS: tuple[PainVersion, ...] = ("09", "03")

ONE_PAYMENT = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>KIFK2-20261012-1</MsgId>
      <CreDtTm>2026-10-14T09:30:15</CreDtTm>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>1172.50</CtrlSum>
      <InitgPty>
        <Nm>Norsk kulturskoleråd</Nm>
        <Id>
          <OrgId>
            <Othr>
              <Id>310000000</Id>
              <SchmeNm>
                <Cd>CUST</Cd>
              </SchmeNm>
            </Othr>
          </OrgId>
        </Id>
      </InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>KIFK2-20261012-1</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <BtchBookg>false</BtchBookg>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>1172.50</CtrlSum>
      <PmtTpInf>
        <SvcLvl>
          <Cd>NURG</Cd>
        </SvcLvl>
      </PmtTpInf>
      <ReqdExctnDt>
        <Dt>2026-10-16</Dt>
      </ReqdExctnDt>
      <Dbtr>
        <Nm>Norsk kulturskoleråd</Nm>
        <Id>
          <OrgId>
            <Othr>
              <Id>310000000</Id>
              <SchmeNm>
                <Cd>CUST</Cd>
              </SchmeNm>
            </Othr>
          </OrgId>
        </Id>
      </Dbtr>
      <DbtrAcct>
        <Id>
          <Othr>
            <Id>99990012349</Id>
            <SchmeNm>
              <Cd>BBAN</Cd>
            </SchmeNm>
          </Othr>
        </Id>
        <Ccy>NOK</Ccy>
      </DbtrAcct>
      <DbtrAgt>
        <FinInstnId>
          <BICFI>DNBANOKK</BICFI>
        </FinInstnId>
      </DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
      <CdtTrfTxInf>
        <PmtId>
          <InstrId>KIFK2-S1-4601-R1</InstrId>
          <EndToEndId>KIFK2-S1-4601-R1</EndToEndId>
        </PmtId>
        <Amt>
          <InstdAmt Ccy="NOK">1172.50</InstdAmt>
        </Amt>
        <Cdtr>
          <Nm>Bergen</Nm>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <Othr>
              <Id>12345678903</Id>
              <SchmeNm>
                <Cd>BBAN</Cd>
              </SchmeNm>
            </Othr>
          </Id>
        </CdtrAcct>
        <RmtInf>
          <Ustrd>KFK2-2026-4601-S1</Ustrd>
        </RmtInf>
      </CdtTrfTxInf>
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
"""


def faults_in_schema(data: bytes, version: str) -> list[str]:
    schema = files("sepaxml") / "schemas" / f"pain.001.001.{version}.xsd"
    validator = etree.XMLSchema(etree.fromstring(schema.read_bytes()))
    validator.validate(etree.fromstring(data))
    return [str(each) for each in validator.error_log]


def test_file_is_what_the_bank_expects_to_the_letter() -> None:
    assert write_pain001(a_released_batch(), RULES, "09").decode() == ONE_PAYMENT


def test_older_version_differs_only_in_namespace_date_and_bank_code() -> None:
    older = (
        ONE_PAYMENT.replace("pain.001.001.09", "pain.001.001.03")
        .replace("BICFI", "BIC")
        .replace(
            "<ReqdExctnDt>\n        <Dt>2026-10-16</Dt>\n      </ReqdExctnDt>",
            "<ReqdExctnDt>2026-10-16</ReqdExctnDt>",
        )
    )
    assert write_pain001(a_released_batch(), RULES, "03").decode() == older


@pytest.mark.parametrize("version", VERSIONS)
def test_file_follows_the_schema_and_passes_its_second_check(version: PainVersion) -> None:
    full = [a_payment(f"46{at:02}", kid="2345676" if at % 2 else None) for at in range(24)]
    assert len(full) == MOST_PAYMENTS
    for batch in (a_released_batch(*worked_examples()), a_released_batch(*full)):
        data = write_pain001(batch, RULES, version)
        assert faults_in_schema(data, version) == []
        assert check_pain001(data) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_schema_refuses_the_other_version(version: PainVersion) -> None:
    other = VERSIONS[1 - VERSIONS.index(version)]
    assert faults_in_schema(write_pain001(a_released_batch(), RULES, version), other) != []


def test_file_is_the_same_bytes_whenever_it_is_written() -> None:
    batch = a_released_batch(*worked_examples())
    stored = batch.but(released_at=RELEASED_AT.astimezone(UTC))
    assert write_pain001(stored, RULES, "09") == write_pain001(batch, RULES, "09")


def test_file_is_not_written_before_the_release() -> None:
    with pytest.raises(BatchStateError):
        write_pain001(a_batch(), RULES, "09")


def test_wrong_account_in_the_programme_stops_the_file() -> None:
    rules = RULES.model_copy(update={"debtor_account": "99990012340"})
    with pytest.raises(AccountNumberError):
        write_pain001(a_released_batch(), rules, "09")


def test_sums_are_those_of_the_worked_examples() -> None:
    root = read_xml(write_pain001(a_released_batch(*worked_examples()), RULES, "09"))
    assert texts(root, "*/PmtInf/CdtTrfTxInf/Amt/InstdAmt") == ["10263.75", "306.00", "500.01"]
    assert text(root, "*/GrpHdr/CtrlSum") == text(root, "*/PmtInf/CtrlSum") == "11069.76"


@pytest.mark.parametrize("version", VERSIONS)
def test_another_parser_reads_every_payment_as_it_was_sealed(version: PainVersion) -> None:
    batch = a_released_batch(*worked_examples())
    schema = xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / f"pain.001.001.{version}.xsd"))
    read: Any = schema.to_dict(write_pain001(batch, RULES, version).decode())
    (block,) = read["CstmrCdtTrfInitn"]["PmtInf"]
    assert [
        (
            each["PmtId"]["EndToEndId"],
            each["Amt"]["InstdAmt"]["$"],
            each["Amt"]["InstdAmt"]["@Ccy"],
            each["CdtrAcct"]["Id"]["Othr"]["Id"],
            each["Cdtr"]["Nm"],
        )
        for each in block["CdtTrfTxInf"]
    ] == [
        (
            each.end_to_end_id,
            Decimal(each.amount_ore) / 100,
            "NOK",
            each.account_number,
            bank_text(each.creditor),
        )
        for each in batch.payments
    ]
    assert block["CtrlSum"] == Decimal(batch.control_sum_ore) / 100


@pytest.mark.parametrize("version", VERSIONS)
def test_the_customers_number_is_called_what_the_bank_calls_it(version: PainVersion) -> None:
    rules = RULES.model_copy(update={"customer_scheme": "BANK"})
    data = write_pain001(a_released_batch(), rules, version)
    assert texts(read_xml(data), ".//OrgId/Othr/SchmeNm/Cd") == ["BANK", "BANK"]
    assert faults_in_schema(data, version) == []


def test_kid_stands_alone_as_a_structured_reference() -> None:
    root = read_xml(write_pain001(a_released_batch(a_payment(kid="6-")), RULES, "09"))
    reference = root.find(".//RmtInf/Strd/CdtrRefInf")
    assert reference is not None
    assert [text(reference, "Tp/CdOrPrtry/Cd"), text(reference, "Ref")] == ["SCOR", "6-"]
    assert root.find(".//Ustrd") is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Norsk kulturskoleråd", "Norsk kulturskoleråd"),
        ("ÆØÅ æøå Ä ö ü é ç ß", "ÆØÅ æøå Ä ö ü é ç ß"),
        ("Kárášjohka", "Kárásjohka"),
        ("Deatnu Čáhcesuolu ŽŽ", "Deatnu Cáhcesuolu ZZ"),
        ("Porsáŋgu Đ đ Ŧ ŧ", "Porsángu D d T t"),
        ("Stïentje", "Stientje"),
        ("A\u030alesund", "Ålesund"),
        ("S1 \u2013 \u201creise\u201d; \U0001f600 100 %", "S1 reise 100 %"),
        ("a_b\n<c>\u00a0d", "a b c d"),
    ],
)
def test_words_are_written_in_letters_that_banks_accept(words: str, expected: str) -> None:
    assert bank_text(words) == expected


@given(st.text())
def test_any_words_become_latin_1_in_which_nothing_is_left_to_fold(words: str) -> None:
    folded = bank_text(words)
    assert bank_text(folded) == folded
    assert folded.encode("latin-1").decode("latin-1") == folded


def test_long_or_foreign_names_stay_within_the_schema() -> None:
    payment = a_payment(municipality="Š" * 200, claim_number="\u2013" + "K" * 200)
    data = write_pain001(a_released_batch(payment), RULES, "09")
    assert faults_in_schema(data, "09") == []
    assert check_pain001(data) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        pytest.param(
            '"NOK">1172.50',
            '"NOK">1172.51',
            [
                "GrpHdr has the control sum 1172.50 for 1172.51",
                "PmtInf has the control sum 1172.50 for 1172.51",
            ],
            id="sum",
        ),
        pytest.param(
            "<NbOfTxs>1<",
            "<NbOfTxs>2<",
            ["GrpHdr counts 2 payments of 1", "PmtInf counts 2 payments of 1"],
            id="count",
        ),
        pytest.param("1172.50", "0.00", ["'0.00' is not a payable amount"], id="nothing"),
        pytest.param("12345678903", "12345678904", ["'12345678904' is not an account number"],
                     id="creditor account"),
        pytest.param("99990012349", "1234567", ["'1234567' is not an account number"],
                     id="debtor account"),
        pytest.param("<Nm>Bergen</Nm>", "<Nm>B\u2013n</Nm>",
                     ["Nm has '\u2013', which banks refuse"], id="letter"),
        pytest.param("<Nm>Bergen</Nm>",
                     "<Nm>Bergen</Nm><PstlAdr><AdrLine>Torget 1</AdrLine></PstlAdr>",
                     ["there is an address line"], id="address"),
        pytest.param("<Ustrd>KFK2-2026-4601-S1</Ustrd>",
                     "<Strd><CdtrRefInf><Ref>2345677</Ref></CdtrRefInf></Strd>",
                     ["'2345677' is not a KID"], id="KID"),
        pytest.param('Ccy="NOK"', 'Ccy="EUR"', ["an amount is not in NOK"], id="currency"),
        pytest.param("PmtInf>", "PmtInfo>", ["there is no GrpHdr or no PmtInf"], id="no block"),
    ],
)  # fmt: skip
def test_second_check_finds_what_the_schema_does_not(old: str, new: str, faults: list[str]) -> None:
    assert old in ONE_PAYMENT
    assert check_pain001(ONE_PAYMENT.replace(old, new).encode()) == faults


@pytest.mark.parametrize(
    "amount",
    [
        "1172.5",
        "1172.500",
        "1172",
        "-1172.50",
        "1172,50",
        "1e3.00",
        "",
        ".50",
        "1.172.50",
        "\u0661.00",
    ],
)
def test_second_check_wants_kroner_and_two_digits_of_ore(amount: str) -> None:
    data = ONE_PAYMENT.replace('"NOK">1172.50', f'"NOK">{amount}').encode()
    assert f"{amount!r} is not a payable amount" in check_pain001(data)


def test_second_check_finds_a_payment_that_stands_twice() -> None:
    lines = (a_line(council_ore=100),)
    batch = a_released_batch(a_payment("4601", lines=lines), a_payment("0301", lines=lines))
    data = write_pain001(batch, RULES, "09").replace(b"-0301-R1", b"-4601-R1")
    assert check_pain001(data) == ["EndToEndId KIFK2-S1-4601-R1 stands 2 times"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "not a readable XML file (not_xml): no element found: line 1, column 0"),
        (b"<!DOCTYPE d><d/>", "not a readable XML file (has_document_type)"),
    ],
)
def test_second_check_of_something_else_says_so(data: bytes, fault: str) -> None:
    assert check_pain001(data) == [fault]
