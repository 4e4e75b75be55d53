"""The files of a batch are written once, whole, and told of by its manifest; a year's likewise."""

import io
import json
import zipfile
from hashlib import sha256

import pytest

from kulturkontor.actions.request_export import list_year_exports, request_year_export
from kulturkontor.actions.settle import refuse_payment_batch
from kulturkontor.aws.wiring import Wiring
from kulturkontor.batch_files import BatchFilesError
from kulturkontor.gbat10 import write_gbat10
from kulturkontor.payments import AT_BANK, TO_WRITE, BatchState, PaymentBatch
from kulturkontor.programme import load_programme
from kulturkontor.voucher_numbers import VoucherSeries, voucher_key
from kulturkontor.year_exports import ExportState, UnknownYearError, YearExport
from tests.conftest import messages, set_clock
from tests.crash.world import World
from tests.functions.calling import APPLICATION, call, failed, state
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

BATCH = "KIFK2-20261005-1"
FOLDER = f"payments/kifk2/{BATCH}"
NOW = oslo("2026-10-05T12:01:00")


@pytest.fixture
def sealed(aws: Wiring) -> Wiring:
    admitted(aws)
    send_claim(aws, APPLICATION)
    attest(aws, APPLICATION)
    seal(aws)
    set_clock(NOW.isoformat())
    return aws


@pytest.fixture
def released(sealed: Wiring) -> Wiring:
    release_batch(sealed, BATCH)
    return sealed


def files(here: Wiring) -> dict[str, bytes]:
    """Those of the batch, by name."""
    prefix = f"{FOLDER}/"
    found = World(here).files()
    return {key.removeprefix(prefix): found[key] for key in found if key.startswith(prefix)}


def batch(here: Wiring) -> PaymentBatch:
    (found,) = here.records.list(PaymentBatch, "PROGRAMME#kifk2", "BATCH#")
    return found


def test_the_release_asks_for_the_files_and_writes_none(released: Wiring) -> None:
    assert messages(released.settings.files_queue_url) == [{"programme": "kifk2", "batch": BATCH}]
    assert files(released) == {}
    assert released.records.list_open(PaymentBatch, TO_WRITE) == [batch(released)]


def test_the_files_are_written_once_and_the_batch_says_so(released: Wiring) -> None:
    assert failed(call("write_payment_files", "batch")) == 0
    assert batch(released).files_written_at == NOW
    assert released.records.list_open(PaymentBatch, AT_BANK) == [batch(released)]
    before = state(released)
    assert failed(call("write_payment_files", "batch")) == 0
    assert state(released) == before


def test_the_manifest_and_the_zip_hold_what_was_written(released: Wiring) -> None:
    call("write_payment_files", "batch")
    written = files(released)
    manifest = json.loads(written["manifest.json"])
    names = ["pain001.xml", "payments.csv", "lines.csv", "payments.xlsx", "vouchers.pdf"]
    assert manifest["sha256"] == {name: sha256(written[name]).hexdigest() for name in names}
    assert manifest["rates"] == {"share_percent": [50], "ore_per_km": [530]}
    with zipfile.ZipFile(io.BytesIO(written["batch.zip"])) as packed:
        assert packed.namelist() == [*names, "manifest.json"]
        assert {name: packed.read(name) for name in packed.namelist()} == {
            name: data for name, data in written.items() if name != "batch.zip"
        }


@pytest.mark.parametrize(
    ("case", "failures"),
    [
        ("unknown_batch", 0),
        ("unknown_year", 0),
        ("extra_field", 1),
        ("names_nothing", 1),
        ("names_both", 1),
        ("not_json", 1),
    ],
)
def test_what_names_no_batch_writes_nothing(released: Wiring, case: str, failures: int) -> None:
    before = state(released)
    assert failed(call("write_payment_files", case)) == failures
    assert state(released) == before


def test_nothing_is_written_before_the_release(sealed: Wiring) -> None:
    before = state(sealed)
    assert failed(call("write_payment_files", "batch")) == 0
    assert (state(sealed), batch(sealed).state) == (before, BatchState.PROPOSED)


def test_files_that_disagree_are_not_written(
    released: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kulturkontor.finance_files.write_gbat10",
        lambda *given: write_gbat10(*given).replace(b"-265.00", b"-264.00"),
    )
    shipped = load_programme("kifk2")
    payment = shipped.payment.model_copy(update={"gbat10": True})
    with_gbat10 = shipped.model_copy(update={"payment": payment})
    monkeypatch.setattr(released.current_programme, "_known", with_gbat10)
    with pytest.raises(BatchFilesError, match="voucher 1 does not sum to zero"):
        write_batch_files(released, BATCH)
    assert files(released) == {}


def test_what_a_fault_left_is_what_the_manifest_names(released: Wiring) -> None:
    """A newer version of the office may set a page otherwise: what lies there counts."""
    earlier = b"%PDF- as an earlier version set it"
    released.archive.write_once(f"{FOLDER}/vouchers.pdf", earlier, media_type="application/pdf")
    call("write_payment_files", "batch")
    written = files(released)
    assert written["vouchers.pdf"] == earlier
    manifest = json.loads(written["manifest.json"])
    assert manifest["sha256"]["vouchers.pdf"] == sha256(earlier).hexdigest()
    with zipfile.ZipFile(io.BytesIO(written["batch.zip"])) as packed:
        assert packed.read("vouchers.pdf") == earlier


def test_the_sweep_asks_again_for_a_day_for_files_that_were_not_written(released: Wiring) -> None:
    url = released.settings.files_queue_url
    messages(url)
    found = {}
    for now in ("2026-10-05T12:09:00", "2026-10-05T12:11:00", "2026-10-06T12:01:00"):
        set_clock(oslo(now).isoformat())
        call("sweep", "tick")
        found[now] = messages(url)
    assert found == {
        "2026-10-05T12:09:00": [],
        "2026-10-05T12:11:00": [{"programme": "kifk2", "batch": BATCH}],
        "2026-10-06T12:01:00": [],
    }
    write_batch_files(released, BATCH)
    set_clock(oslo("2026-10-05T12:16:00").isoformat())
    call("sweep", "tick")
    assert messages(url) == []


def test_vouchers_go_on_from_batch_to_batch_and_a_refused_one_takes_none(aws: Wiring) -> None:
    admitted(aws)
    numbers = []
    for gathering, day in {"S1": "2026-09-24", "S2": "2026-11-12"}.items():
        send_claim(aws, APPLICATION, gathering, at="2026-11-20T10:00:00", body=claim_body(date=day))
        attest(aws, APPLICATION, gathering, at=f"2026-11-21T1{gathering[1]}:00:00")
        (refused,) = seal(aws, "2026-11-23T06:00:00")
        refuse_payment_batch(
            refused.id,
            by="okonomi",
            at=oslo("2026-11-23T07:00:00"),
            reason="Feil sum.",
            programme=aws.programme,
            records=aws.records,
        )
        (sealed,) = seal(aws, "2026-11-23T08:00:00")
        numbers.append(release_batch(aws, sealed.id, "2026-11-23T12:00:00").first_voucher)
    assert numbers == [1, 2]
    series = aws.records.read(VoucherSeries, voucher_key("kifk2", 2026))
    assert series is not None
    assert series.next_number == 3


def ask(here: Wiring, year: int = 2026, at: str = "2027-01-10T10:00:00") -> YearExport:
    return request_year_export(
        year,
        by="okonomi@example.org",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
        files_queue=here.files_queue,
    )


def test_a_year_is_asked_for_once_at_a_time(released: Wiring) -> None:
    messages(released.settings.files_queue_url)
    first = ask(released)
    again = ask(released, at="2027-01-10T10:05:00")
    task = {"programme": "kifk2", "export": "2026-1"}
    assert messages(released.settings.files_queue_url) == [task, task]
    assert (first.id, again.requested_at) == ("2026-1", first.requested_at)


@pytest.mark.parametrize("year", [2025, 2028])
def test_a_year_without_accounts_is_refused(released: Wiring, year: int) -> None:
    with pytest.raises(UnknownYearError):
        ask(released, year)


def test_a_year_is_made_once_and_finance_is_told(released: Wiring) -> None:
    call("write_payment_files", "batch")
    ask(released)
    set_clock("2027-01-10T10:01:00+01:00")
    assert failed(call("write_payment_files", "year")) == 0
    (export,) = list_year_exports(released.programme, released.records)
    data = World(released).files()[export.object_key]
    assert (export.state, export.payment_count, export.control_sum_ore) == (
        ExportState.READY,
        1,
        26500,
    )
    assert (export.sha256, export.size) == (sha256(data).hexdigest(), len(data))
    assert export.object_key == f"exports/kifk2/2026-1-{export.sha256[:16]}.zip"
    told = [each for each in all_mails(released).values() if "year_export" in each.id]
    assert [each.to for each in told] == [FINANCE]
    before = state(released)
    assert failed(call("write_payment_files", "year")) == 0
    assert state(released) == before
    assert ask(released, at="2027-01-11T10:00:00").id == "2026-2"


def test_the_sweep_asks_again_for_a_year_that_was_not_made(aws: Wiring) -> None:
    ask(aws)
    url = aws.settings.files_queue_url
    messages(url)
    set_clock("2027-01-10T10:11:00+01:00")
    call("sweep", "tick")
    assert messages(url) == [{"programme": "kifk2", "export": "2026-1"}]
