"""A sheet that staff announced is taken in once; anything else does nothing."""

import pytest

from kulturkontor.actions.import_sheets import decision_sheet
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.records import Put
from kulturkontor.sheet_imports import SheetImport, SheetState
from tests.conftest import set_clock
from tests.filled_sheets import fill_decisions
from tests.functions.calling import APPLICATION, call, failed, state
from tests.office_factory import all_mails, oslo, read

NOW = oslo("2026-04-20T10:00:00")
SHEET = SheetImport(
    id="sheet0001",
    programme="kifk2",
    kind="decisions",
    by="stab",
    promised_at=oslo("2026-04-20T09:50:00"),
)


@pytest.fixture
def announced(office: Wiring) -> Wiring:
    set_clock(NOW.isoformat())
    office.records.write(Put(SHEET))
    return office


def put(here: Wiring, data: bytes) -> str:
    answer = client("s3").put_object(Bucket=here.office.name, Key=SHEET.object_key, Body=data)
    return str(answer["VersionId"])


def filled(here: Wiring) -> bytes:
    sheet = decision_sheet(here.programme, by=SHEET.by, at=NOW, records=here.records)
    return fill_decisions(sheet, {"KFK2-2026-4601": Outcome.ADMITTED})


def kept(here: Wiring) -> SheetImport:
    found = here.records.read(SheetImport, SHEET.key)
    assert found is not None
    return found


def test_a_clean_sheet_is_applied_once(announced: Wiring) -> None:
    version = put(announced, filled(announced))
    assert [failed(call("import_sheet", "decisions", version_id=version)) for _ in range(2)] == [
        0,
        0,
    ]
    decisions = read(announced, APPLICATION).decisions
    assert [each.outcome for each in decisions] == [Outcome.ADMITTED]
    after = kept(announced)
    assert after.model_dump(
        include={"state", "rows", "faults", "object_version", "applied_at", "by"}
    ) == {
        "state": SheetState.APPLIED,
        "rows": 1,
        "faults": 0,
        "object_version": version,
        "applied_at": NOW,
        "by": "stab",
    }
    texts = [mail.text for mail in all_mails(announced).values()]
    assert sorted(texts) == ["receipt", "staff_notice"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04 not really a zip", id="broken-zip"),
        pytest.param(b"Referanse;Svar\nKFK2-2026-4601;plass", id="columns-missing"),
        pytest.param(b"\x00" * 6_000_000, id="too-large"),
    ],
)
def test_a_faulty_sheet_writes_its_report_and_nothing_else(announced: Wiring, data: bytes) -> None:
    before = read(announced, APPLICATION)
    version = put(announced, data)
    assert [failed(call("import_sheet", "decisions", version_id=version)) for _ in range(2)] == [
        0,
        0,
    ]
    after = kept(announced)
    assert (after.state, after.faults > 0, read(announced, APPLICATION)) == (
        SheetState.FAULTY,
        True,
        before,
    )
    assert announced.archive.read(after.report_key)[:2] == b"PK"
    texts = [mail.text for mail in all_mails(announced).values()]
    assert sorted(texts) == ["receipt", "staff_notice"]


@pytest.mark.parametrize(
    ("case", "failures"),
    [
        ("unknown_sheet", 0),
        ("other_bucket", 1),
        ("key_with_dots", 1),
        ("key_of_bank", 1),
        ("without_detail", 1),
        ("not_json", 1),
    ],
)
def test_an_event_that_is_not_about_an_announced_sheet_does_nothing(
    announced: Wiring, case: str, failures: int
) -> None:
    version = put(announced, filled(announced))
    before = state(announced)
    assert failed(call("import_sheet", case, version_id=version)) == failures
    assert state(announced) == before
