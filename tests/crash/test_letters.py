"""One letter, one mail and the same bytes; every decision of a sheet once; one certificate."""

import hashlib
import json

import pytest

from kulturkontor.actions import close, decide
from kulturkontor.actions.import_sheets import decision_sheet, import_decisions
from kulturkontor.actions.sweep import sweep
from kulturkontor.application_rows import programme_partition
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.closing import Closing
from kulturkontor.decisions import LetterState, Outcome, PlaceState
from kulturkontor.records import Put
from kulturkontor.sheet_imports import SheetImport, SheetState
from tests.conftest import messages
from tests.crash.faults import Fault, Faults
from tests.crash.world import World
from tests.filled_sheets import fill_decisions
from tests.office_factory import (
    STAFF,
    confirm_all,
    decide_all,
    letter,
    oslo,
    read,
    release,
    send_in,
)

BERGEN, OSLO, STAVANGER = (f"KFK2-2026-{number}" for number in ("4601", "0301", "1103"))
EARLY = oslo("2026-04-20T08:00:00")
OUTCOMES = {BERGEN: Outcome.ADMITTED, OSLO: Outcome.WAITLISTED, STAVANGER: Outcome.REJECTED}


@pytest.fixture
def told(aws: Wiring, world: World) -> str:
    """An application that was admitted, and whose letter is to be written."""
    receipt = send_in(aws)
    assert receipt.reference
    decide_all(aws, [(receipt.reference, Outcome.ADMITTED)])
    release(aws)
    world.keep()
    return receipt.id


def test_one_fault_leaves_one_letter_with_one_mail_and_the_same_bytes(
    aws: Wiring, world: World, faults: Faults, told: str
) -> None:
    points = faults.points(lambda: letter(aws, told))
    letters = world.files()
    wrong = {}
    for point in points:
        world.put_back()
        faults.run(lambda: letter(aws, told), point)
        assert faults.fired
        letter(aws, told, at="2026-04-30T09:16:00")
        application = read(aws, told)
        kept = application.decisions[-1].letter
        mails = [mail for mail in world.mails().values() if mail.text == "decision_admitted"]
        sound = (
            world.files() == letters
            and kept is not None
            and hashlib.sha256(letters[kept.key]).hexdigest() == kept.sha256
            and [mail.id for mail in mails] == [kept.mail_id]
            and [each.sha256 for each in mails[0].enclosures] == [kept.sha256]
            and application.place is not None
            and application.place.state is PlaceState.OFFERED
        )
        if not sound:
            wrong[str(point)] = (list(world.files()), [mail.id for mail in mails])
    assert (len(points), len(letters), wrong) == (19, 1, {})


def test_a_letter_that_cannot_be_printed_is_held_once_and_told_to_staff_once(
    aws: Wiring, world: World, faults: Faults
) -> None:
    receipt = send_in(aws)
    decide_all(aws, [(receipt.reference or "", Outcome.REJECTED)], reason="Nei 🎻.")
    release(aws)
    world.keep()
    points = faults.points(lambda: letter(aws, receipt.id))
    seen = set()
    for point in points:
        world.put_back()
        faults.run(lambda: letter(aws, receipt.id), point)
        letter(aws, receipt.id, at="2026-04-30T09:16:00")
        mails = [mail for mail in world.mails().values() if mail.to == STAFF]
        state = read(aws, receipt.id).decisions[-1].letter_state
        seen.add((state, len(mails), len(world.files())))
    assert seen == {(LetterState.HELD, 1, 0)}


def _import(here: Wiring, at: str = "2026-04-20T10:00:00") -> SheetImport | None:
    return import_decisions(
        "sheet0001",
        version=None,
        now=oslo(at),
        staff_address=STAFF,
        programme=here.programme,
        records=here.records,
        office=here.office,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )


def _promise(here: Wiring, sheet: bytes) -> None:
    promised = SheetImport(
        id="sheet0001",
        programme="kifk2",
        kind="decisions",
        by="stab",
        promised_at=oslo("2026-04-20T09:00:00"),
    )
    here.records.write(Put(promised))
    here.office.write_once(promised.object_key, sheet, media_type="application/octet-stream")


def test_a_sheet_interrupted_anywhere_is_taken_up_again_and_decides_each_once(
    aws: Wiring, world: World, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "_AT_A_TIME", 2)
    ids = [send_in(aws, number).id for number in ("4601", "0301", "1103")]
    sheet = decision_sheet(
        aws.programme, by=STAFF, at=oslo("2026-04-20T08:00:00"), records=aws.records
    )
    _promise(aws, fill_decisions(sheet, OUTCOMES))
    world.keep()
    points = faults.points(lambda: _import(aws))
    wrong = {}
    for point in points:
        world.put_back()
        faults.run(lambda: _import(aws), point)
        assert faults.fired
        _import(aws, "2026-04-20T10:20:00")
        again = _import(aws, "2026-04-20T10:40:00")
        outcomes = [read(aws, each).decisions[-1].outcome for each in ids]
        audited = [len(aws.records.list(AuditRow, f"APPLICATION#{each}", "AUDIT#")) for each in ids]
        told = [mail.text for mail in world.mails().values() if mail.to == STAFF]
        sound = (
            again is not None
            and again.state is SheetState.APPLIED
            and outcomes == [Outcome.ADMITTED, Outcome.WAITLISTED, Outcome.REJECTED]
            and audited == [1, 1, 1]
            and told == ["staff_notice"]
        )
        if not sound:
            wrong[str(point)] = (again and again.state, outcomes, audited, told)
    assert len(points) > 20
    assert wrong == {}


def test_a_half_applied_sheet_stops_the_release_and_is_found_by_the_sweep(
    aws: Wiring, world: World, faults: Faults
) -> None:
    send_in(aws)
    sheet = decision_sheet(
        aws.programme, by=STAFF, at=oslo("2026-04-20T08:00:00"), records=aws.records
    )
    _promise(aws, fill_decisions(sheet, {BERGEN: Outcome.ADMITTED}))
    world.keep()
    writes = [
        point
        for point in faults.points(lambda: _import(aws))
        if (point.operation, point.fault) == ("TransactWriteItems", Fault.KILLED_BEFORE)
    ]
    world.put_back()
    assert not faults.run(lambda: _import(aws), writes[1])
    assert release(aws) == {"preflights": 0, "letters": 0}
    messages(aws.settings.sheet_queue_url)
    found = sweep(
        now=oslo("2026-04-30T09:05:00"),
        records=aws.records,
        mail_queue=aws.mail_queue,
        upload_queue=aws.upload_queue,
        sheet_queue=aws.sheet_queue,
        files_queue=aws.files_queue,
        uploads_bucket=aws.uploads.name,
        office_bucket=aws.office.name,
        accounts=aws.accounts,
    )
    (message,) = messages(aws.settings.sheet_queue_url)
    assert (found["sheets"], message["detail"]["object"]["key"]) == (
        1,
        "sheets/kifk2/decisions/sheet0001",
    )
    _import(aws, "2026-04-30T09:06:00")
    confirm_all(aws, at="2026-04-30T09:07:00")
    assert release(aws, "2026-04-30T09:10:00") == {"preflights": 0, "letters": 1}


def test_one_fault_at_closing_leaves_one_certificate_and_each_draft_told_once(
    aws: Wiring, world: World, faults: Faults
) -> None:
    send_in(aws, "0301")
    send_in(aws, "4601", key="key-one")
    send_in(aws, "4601", key="key-two", at="2026-03-21T10:00:00")
    drafts = [send_in(aws, "", key=f"draft-{number}", submit=False).id for number in range(2)]
    world.keep()

    def tick(at: str = "2026-04-14T00:02:00") -> Closing | None:
        return close.close_applications(
            now=oslo(at),
            staff_address=STAFF,
            programme=aws.programme,
            records=aws.records,
            archive=aws.archive,
            mail_queue=aws.mail_queue,
        )

    points = faults.points(tick)
    wrong = {}
    for point in points:
        world.put_back()
        faults.run(tick, point)
        assert faults.fired
        tick("2026-04-14T00:07:00")
        tick("2026-04-14T00:12:00")
        closings = aws.records.list(Closing, programme_partition("kifk2"), "CLOSING#")
        certificate = world.files()[closings[0].file_key]
        told = [m.id for m in world.mails().values() if m.text == "draft_after_deadline"]
        notices = [m.id for m in world.mails().values() if m.to == STAFF]
        sound = (
            len(closings) == 1
            and hashlib.sha256(certificate).hexdigest() == closings[0].sha256
            and [each["reference"] for each in json.loads(certificate)["applications"]]
            == ["KFK2-2026-0301", "KFK2-2026-4601", "KFK2-2026-4601-B"]
            and sorted(told) == sorted(f"{each}_draft_after_deadline" for each in drafts)
            and len(notices) == 1
        )
        if not sound:
            wrong[str(point)] = (closings, told, notices)
    assert len(points) > 25
    assert wrong == {}
