import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.bank_answers import BankStatus, apply_bank_status
from kulturkontor.bank_xml import LARGEST_FILE
from kulturkontor.pain002 import (
    BankReport,
    PaymentStatusFileError,
    ReportFault,
    read_pain002,
)
from kulturkontor.payments import BatchState
from tests.rules.payment_factory import a_payment, a_released_batch

BERGEN, OSLO_ID = "KIFK2-S1-4601-R1", "KIFK2-S1-0301-R1"
BATCH = a_released_batch(a_payment("4601"), a_payment("0301"))
HEADER = "<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-10-16T12:00:00</CreDtTm></GrpHdr>"


def a_report(body: str, version: str = "10", header: str = HEADER) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}">
  <CstmrPmtStsRpt>{header}{body}</CstmrPmtStsRpt>
</Document>""".encode()


def a_group(status: str = "", reason: str = "", original: str = BATCH.id) -> str:
    return (
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{f'<GrpSts>{status}</GrpSts>' if status else ''}{reason}</OrgnlGrpInfAndSts>"
    )


def a_block(*payments: str, status: str = "", reason: str = "") -> str:
    stated = f"<PmtInfSts>{status}</PmtInfSts>" if status else ""
    return (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{BATCH.id}</OrgnlPmtInfId>{stated}{reason}"
        f"{''.join(payments)}</OrgnlPmtInfAndSts>"
    )


def a_payment_status(
    payment: str, status: str = "", reason: str = "", name: str = "OrgnlEndToEndId"
) -> str:
    stated = f"<TxSts>{status}</TxSts>" if status else ""
    return f"<TxInfAndSts><{name}>{payment}</{name}>{stated}{reason}</TxInfAndSts>"


def because(code: str, *words: str, kind: str = "Cd") -> str:
    added = "".join(f"<AddtlInf>{each}</AddtlInf>" for each in words)
    return f"<StsRsnInf><Rsn><{kind}>{code}</{kind}></Rsn>{added}</StsRsnInf>"


def says(code: str, reason: str = "", of: str = BERGEN) -> BankStatus:
    return BankStatus(end_to_end_id=of, code=code, reason=reason)


PART = a_group("PART") + a_block(
    a_payment_status(BERGEN, "ACSC"),
    a_payment_status(OSLO_ID, "RJCT", because("AC01", "Feil", "kontonummer")),
)


@pytest.mark.parametrize("version", ["03", "10", "12"])
def test_answer_is_read_in_every_version(version: str) -> None:
    assert read_pain002(a_report(PART, version)) == BankReport(
        message_id="BANK-1",
        original_message_id=BATCH.id,
        group_status="PART",
        group_reason="",
        statuses=(says("ACSC"), says("RJCT", "AC01 Feil kontonummer", OSLO_ID)),
    )


def test_answer_is_read_under_a_prefix_in_an_envelope_and_in_another_encoding() -> None:
    prefixed = a_report(PART).decode().replace("xmlns=", "xmlns:b=")
    for name in ("Document", "CstmrPmtStsRpt", "OrgnlGrpInfAndSts", "OrgnlMsgId"):
        prefixed = prefixed.replace(f"<{name}", f"<b:{name}").replace(f"</{name}", f"</b:{name}")
    wrapped = prefixed.partition("?>")[2].strip()
    declared = f'<?xml version="1.0" encoding="ISO-8859-1"?><Envelope>{wrapped}</Envelope>'
    in_latin_1 = declared.replace("Feil", "Før").encode("latin-1")
    assert read_pain002(in_latin_1).statuses[1].reason == "AC01 Før kontonummer"
    assert read_pain002(a_report(PART).decode().replace("UTF-8", "UTF-16").encode("utf-16")) == (
        read_pain002(a_report(PART))
    )


def test_reasons_are_kept_in_the_words_of_the_bank() -> None:
    reasons = because("AC01") + because("NB-17", "Kontakt banken", kind="Prtry")
    report = a_report(a_group("RJCT", because("DU01", "Duplikat")) + a_block(
        a_payment_status(BERGEN, "RJCT", reasons)
    ))  # fmt: skip
    read = read_pain002(report)
    assert (read.group_reason, read.statuses[0].reason) == (
        "DU01 Duplikat",
        "AC01; NB-17 Kontakt banken",
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            a_group("RJCT", because("DU01")),
            (says("RJCT", "DU01"), says("RJCT", "DU01", OSLO_ID)),
            id="file refused, nothing listed",
        ),
        pytest.param(
            a_group("ACTC") + a_block(status="RJCT", reason=because("AC02")),
            (says("RJCT", "AC02"), says("RJCT", "AC02", OSLO_ID)),
            id="block refused, nothing listed",
        ),
        pytest.param(
            a_group("RJCT") + a_block(a_payment_status(BERGEN, "RJCT", because("AC01"))),
            (says("RJCT", "AC01"), says("RJCT", of=OSLO_ID)),
            id="file refused, one listed",
        ),
        pytest.param(
            a_group() + a_block(a_payment_status(BERGEN, "RJCT")),
            (says("RJCT"),),
            id="no word on the whole",
        ),
        pytest.param(
            a_group("RJCT", original="ANOTHER"), (), id="another file refused, nothing listed"
        ),
        pytest.param(
            a_group("ACSC") + a_block(a_payment_status(BERGEN)) + a_block(a_payment_status("X")),
            (says("ACSC"), says("ACSC", of="X"), says("ACSC", of=OSLO_ID)),
            id="payments without a word of their own",
        ),
        pytest.param(
            a_group() + a_block(a_payment_status(BERGEN), status="ACSP"),
            (says("ACSP"),),
            id="payment takes the word of its block",
        ),
        pytest.param(
            a_group() + a_block(a_payment_status(BERGEN, "ACSC", name="OrgnlInstrId")),
            (says("ACSC"),),
            id="named by its instruction",
        ),
        pytest.param(
            a_group() + a_block(a_payment_status(BERGEN)), (says("NONE"),), id="no word at all"
        ),
        pytest.param(
            a_group() + a_block("<TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts>"),
            (says("ACSC", of=""),),
            id="no name",
        ),
    ],
)
def test_word_on_the_whole_counts_for_payments_that_are_not_listed(
    body: str, expected: tuple[BankStatus, ...]
) -> None:
    assert read_pain002(a_report(body)).statuses_for(BATCH) == expected


def test_refused_file_returns_every_claim() -> None:
    report = read_pain002(a_report(a_group("RJCT", because("FF01"))))
    outcome = apply_bank_status(BATCH, report.statuses_for(BATCH))
    assert outcome.batch.state is BatchState.SETTLED
    assert outcome.rejected_claim_ids == ("claim-4601-S1", "claim-0301-S1")
    assert {each.status_reason for each in outcome.batch.payments} == {"RJCT FF01"}


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Document>&b;</Document>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", ReportFault.NOT_XML, id="empty"),
        pytest.param(b"%PDF-1.7", ReportFault.NOT_XML, id="pdf"),
        pytest.param(a_report(PART)[:-20], ReportFault.NOT_XML, id="cut off"),
        pytest.param(b"\xff\xfe\x00", ReportFault.NOT_XML, id="broken encoding"),
        pytest.param(b'<?xml version="1.0" encoding="x"?><d/>', ReportFault.NOT_XML, id="unknown"),
        pytest.param(b"<b:Document/>", ReportFault.NOT_XML, id="unbound prefix"),
        pytest.param(b"<Document>&b;</Document>", ReportFault.NOT_XML, id="undefined entity"),
        pytest.param(LAUGHS.encode(), ReportFault.HAS_DOCUMENT_TYPE, id="entities"),
        pytest.param(LAUGHS.encode("utf-16"), ReportFault.HAS_DOCUMENT_TYPE, id="utf-16 entities"),
        pytest.param(
            b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
            ReportFault.HAS_DOCUMENT_TYPE,
            id="outside file",
        ),
        pytest.param(b" " * (LARGEST_FILE + 1), ReportFault.TOO_LARGE, id="too large"),
        pytest.param(b"<Document/>", ReportFault.NOT_A_STATUS_REPORT, id="empty document"),
        pytest.param(
            b"<Document><CstmrCdtTrfInitn/></Document>",
            ReportFault.NOT_A_STATUS_REPORT,
            id="our own order",
        ),
        pytest.param(a_report(""), ReportFault.NO_ORIGINAL_MESSAGE, id="answers nothing"),
        pytest.param(
            a_report(a_group("RJCT", original=" ")), ReportFault.NO_ORIGINAL_MESSAGE, id="blank"
        ),
    ],
)
def test_file_that_is_not_an_answer_is_refused_with_its_reason(
    data: bytes, code: ReportFault
) -> None:
    with pytest.raises(PaymentStatusFileError) as refused:
        read_pain002(data)
    assert refused.value.code == code


def test_refusal_of_our_own_order_says_what_the_file_is() -> None:
    with pytest.raises(PaymentStatusFileError, match=r"holds CstmrCdtTrfInitn, not .*CstmrPmtSts"):
        read_pain002(b"<Document><CstmrCdtTrfInitn/></Document>")


@given(st.integers(0, len(a_report(PART)) - 1), st.binary(min_size=1, max_size=4))
def test_damaged_file_is_read_or_refused(at: int, damage: bytes) -> None:
    whole = a_report(PART)
    try:
        report = read_pain002(whole[:at] + damage + whole[at + len(damage) :])
    except PaymentStatusFileError:
        return
    assert report.original_message_id
    assert len(report.statuses) <= 2
