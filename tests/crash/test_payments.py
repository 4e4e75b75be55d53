"""Each claim lies in one live batch and is paid once; no file stands before the release."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest

from kulturkontor import sealing, voucher_pages
from kulturkontor.actions.bank_reports import import_bank_report
from kulturkontor.actions.settle import list_batches, refuse_payment_batch
from kulturkontor.aws.wiring import Wiring
from kulturkontor.batch_files import VoucherFile
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.mails import MailState
from kulturkontor.pain001 import message_id
from kulturkontor.payments import BatchState, BatchStateError, PaymentState
from kulturkontor.records import Remove
from kulturkontor.voucher_pages import VoucherPart
from tests.crash.faults import Faults
from tests.crash.interleavings import every_interleaving
from tests.crash.world import World
from tests.office_factory import (
    FINANCE,
    admitted,
    all_mails,
    attest,
    claim_body,
    oslo,
    release_batch,
    seal,
    send_claim,
    write_batch_files,
)

GATHERINGS = {"S1": "2026-09-24", "S2": "2026-11-12"}
SEALED_AT, SEALED_LATER = "2026-11-30T06:00:00", "2026-12-07T06:00:00"


@pytest.fixture
def application_id(aws: Wiring, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two attested claims of one municipality, which fill a batch of one payment each."""
    monkeypatch.setattr(sealing, "MOST_PAYMENTS", 1)
    found = admitted(aws)
    for gathering, day in GATHERINGS.items():
        send_claim(aws, found, gathering, at="2026-11-20T10:00:00", body=claim_body(date=day))
        attest(aws, found, gathering, at=f"2026-11-2{gathering[1]}T12:00:00")
    _forget_mails(aws)
    return found


@pytest.fixture
def _plain_vouchers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are set without a call to AWS, and slowly: here it is enough that there is one."""
    file = VoucherFile(name="vouchers.pdf", standards=(), vouchers=(1,))
    part = VoucherPart(b"%PDF-1.7 one page", file, ())
    monkeypatch.setattr(voucher_pages, "set_vouchers", lambda *_, **__: iter([part]))


def test_one_or_two_faults_put_each_claim_in_one_live_batch(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    world.keep()

    def outcome() -> tuple[object, ...]:
        seal(aws, SEALED_LATER)
        batches = list_batches(aws.programme, aws.records)
        return (
            sorted(payment.claim_id for batch in batches for payment in batch.payments),
            [each.state for each in _claims(aws, application_id)],
            sorted(each.batch_id or "" for each in _claims(aws, application_id))
            == sorted(batch.id for batch in batches),
            len(all_mails(aws)),
            world.files().keys() - letters,
        )

    letters = world.files().keys()
    singles, pairs = world.one_and_two_faults(
        lambda: seal(aws, SEALED_AT), lambda: seal(aws, SEALED_LATER), outcome
    )
    expected: tuple[object, ...] = (
        [f"{application_id}-{each}-1" for each in GATHERINGS],
        [ClaimState.IN_BATCH, ClaimState.IN_BATCH],
        True,
        2,
        set(),
    )
    assert {point: found for point, found in singles.items() if found != expected} == {}
    assert {point: found for point, found in pairs.items() if found != expected} == {}
    assert (len(singles), len(pairs)) > (20, 200)


def test_two_runs_at_once_put_each_claim_in_one_batch(
    aws: Wiring, world: World, faults: Faults, application_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST_PAYMENTS", 24)
    world.keep()
    seen = set()
    for _ in every_interleaving(
        [lambda: seal(aws, SEALED_AT), lambda: seal(aws, SEALED_AT)],
        faults=faults,
        before_each=world.put_back,
        but=("SendMessageBatch", "BatchGetItem"),
    ):
        batches = list_batches(aws.programme, aws.records)
        seen.add(tuple(len(batch.payments) for batch in batches))
    assert seen == {(2,)}


def test_one_or_two_faults_at_the_release_number_its_vouchers_once_and_send_one_mail(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    first, second = seal(aws, SEALED_AT)
    _forget_mails(aws)
    world.keep()
    before = world.files()

    def press() -> None:
        release_batch(aws, first.id, "2026-11-30T12:00:00")

    def outcome() -> tuple[object, ...]:
        press()
        (batch, other) = list_batches(aws.programme, aws.records)
        later = release_batch(aws, second.id, "2026-11-30T13:00:00")
        texts = Counter(mail.text for mail in all_mails(aws).values())
        vouchers = batch.first_voucher, later.first_voucher
        return batch.state, other.state, vouchers, texts, world.files() == before

    expected = (
        BatchState.RELEASED,
        BatchState.PROPOSED,
        (1, 2),
        Counter({"claim_settled": 2}),
        True,
    )
    singles, pairs = world.one_and_two_faults(press, press, outcome)
    assert {point: found for point, found in singles.items() if found != expected} == {}
    assert {point: found for point, found in pairs.items() if found != expected} == {}
    assert (len(singles), len(pairs)) > (20, 200)


def test_two_releases_at_once_give_no_voucher_a_number_twice(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    batches = seal(aws, SEALED_AT)
    world.keep()
    seen = set()
    for _ in every_interleaving(
        [lambda: release_batch(aws, batches[0].id), lambda: release_batch(aws, batches[1].id)],
        faults=faults,
        before_each=world.put_back,
        but=("SendMessageBatch", "BatchGetItem"),
    ):
        found = list_batches(aws.programme, aws.records)
        seen.add(tuple(sorted(each.first_voucher or 0 for each in found)))
    assert seen == {(1, 2)}


@pytest.mark.usefixtures("_plain_vouchers")
def test_one_or_two_faults_at_the_files_leave_the_same_files_and_one_mark(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    first, second = seal(aws, SEALED_AT)
    release_batch(aws, first.id, "2026-11-30T12:00:00")
    _forget_mails(aws)
    world.keep()
    before = world.files()

    def write() -> None:
        write_batch_files(aws, first.id, "2026-11-30T12:01:00")

    write()
    files = world.files()
    assert {each for each in files.keys() - before.keys() if second.id in each} == set()
    assert {each.rpartition("/")[2] for each in files.keys() - before.keys()} == {
        *("pain001.xml", "payments.csv", "lines.csv", "payments.xlsx", "vouchers.pdf"),
        *("manifest.json", "batch.zip"),
    }
    world.put_back()

    def outcome() -> tuple[object, ...]:
        write_batch_files(aws, first.id, "2026-11-30T12:16:00")
        (batch, other) = list_batches(aws.programme, aws.records)
        return batch.files_written_at is not None, other.files_written_at, world.files() == files

    singles, pairs = world.one_and_two_faults(write, write, outcome)
    expected = (True, None, True)
    assert {point: found for point, found in singles.items() if found != expected} == {}
    assert {point: found for point, found in pairs.items() if found != expected} == {}
    assert (len(singles), len(pairs)) > (40, 400)


def test_files_written_later_are_those_of_the_release(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    first, _ = seal(aws, SEALED_AT)
    release_batch(aws, first.id, "2026-11-30T12:00:00")
    world.keep()
    write_batch_files(aws, first.id, "2026-11-30T12:01:00")
    files = world.files()
    world.put_back()
    write_batch_files(aws, first.id, "2026-12-03T08:00:00")
    assert world.files() == files


@pytest.mark.usefixtures("_plain_vouchers")
def test_a_file_is_marked_as_written_only_when_every_file_lies_there(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    first, _ = seal(aws, SEALED_AT)
    release_batch(aws, first.id, "2026-11-30T12:00:00")
    world.keep()

    def write() -> None:
        write_batch_files(aws, first.id, "2026-11-30T12:01:00")

    points = faults.points(write)
    whole = len(world.files())
    for point in points:
        world.put_back()
        faults.run(write, point)
        (batch, _) = list_batches(aws.programme, aws.records)
        assert batch.files_written_at is None or len(world.files()) == whole, point


def test_one_fault_at_a_refusal_gives_the_claims_back_to_be_sealed_once(
    aws: Wiring, world: World, faults: Faults, application_id: str
) -> None:
    first, _ = seal(aws, SEALED_AT)
    world.keep()
    before = world.files()

    def refuse() -> None:
        refuse_payment_batch(
            first.id,
            by="okonomi",
            at=oslo("2026-11-30T12:00:00"),
            reason="Feil konto.",
            programme=aws.programme,
            records=aws.records,
        )

    wrong = {}
    points = faults.points(refuse)
    for point in points:
        world.put_back()
        faults.run(_answered(refuse), point)
        assert faults.fired
        _answered(refuse)()
        seal(aws, SEALED_LATER)
        live = [
            payment.claim_id
            for batch in list_batches(aws.programme, aws.records)
            if batch.state is not BatchState.REFUSED
            for payment in batch.payments
        ]
        ids = sorted(each.id for each in _claims(aws, application_id))
        if sorted(live) != ids or world.files() != before:
            wrong[str(point)] = live
    assert len(points) > 10
    assert wrong == {}


@pytest.mark.parametrize(
    ("code", "claim", "payment", "texts"),
    [
        pytest.param(
            "ACSC", ClaimState.PAID, PaymentState.PAID, {"staff_notice": 1}, id="accepted"
        ),
        pytest.param(
            "RJCT",
            ClaimState.BANK_REJECTED,
            PaymentState.REJECTED,
            {"staff_notice": 1, "payment_rejected": 1},
            id="rejected",
        ),
    ],
)
def test_one_fault_at_the_banks_answer_settles_each_payment_once(
    aws: Wiring,
    world: World,
    faults: Faults,
    application_id: str,
    code: str,
    claim: ClaimState,
    payment: PaymentState,
    texts: dict[str, int],
) -> None:
    first, _ = seal(aws, SEALED_AT)
    released = release_batch(aws, first.id, "2026-11-30T12:00:00")
    report = _report(message_id(released), released.payments[0].end_to_end_id, code)
    aws.office.write_once("bank/kifk2/answer.xml", report, media_type="application/xml")
    _forget_mails(aws)
    world.keep()

    def read(at: str = "2026-12-02T08:00:00") -> None:
        import_bank_report(
            "bank/kifk2/answer.xml",
            version=None,
            now=oslo(at),
            staff_address=FINANCE,
            programme=aws.programme,
            records=aws.records,
            office=aws.office,
            mail_queue=aws.mail_queue,
        )

    points = faults.points(read)
    wrong = {}
    for point in points:
        world.put_back()
        faults.run(read, point)
        assert faults.fired
        read("2026-12-02T08:15:00")
        read("2026-12-02T08:30:00")
        batch = list_batches(aws.programme, aws.records)[0]
        mails = all_mails(aws).values()
        found = (
            [each.state for each in _claims(aws, application_id)],
            [each.state for each in batch.payments],
            batch.state,
            dict(Counter(each.text for each in mails)),
            {each.state for each in mails},
        )
        if found != (
            [claim, ClaimState.IN_BATCH],
            [payment],
            BatchState.SETTLED,
            texts,
            {MailState.QUEUED},
        ):
            wrong[str(point)] = found
    assert len(points) > 10
    assert wrong == {}


def _answered(press: Callable[[], None]) -> Callable[[], None]:
    """As a person presses it: told that it is done already is an answer, not a fault."""

    def pressed() -> None:
        with suppress(BatchStateError):
            press()

    return pressed


def _claims(here: Wiring, application_id: str) -> list[TravelClaim]:
    return here.records.list(TravelClaim, f"APPLICATION#{application_id}", "CLAIM#")


def _forget_mails(here: Wiring) -> None:
    """Keep the table small: moto copies all of it at each transaction."""
    for mail in all_mails(here).values():
        here.records.write(Remove(mail))


def _report(original: str, end_to_end: str, code: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-12-02T07:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId>
<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>{original}</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId><TxSts>{code}</TxSts>
</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>""".encode()
