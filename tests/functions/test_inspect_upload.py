"""A file is judged once, by the bytes that came first and by the scanner's word on those bytes."""

import hashlib
import json
from itertools import permutations
from typing import Any

import pytest

from kulturkontor.actions.receive_files import remove_file
from kulturkontor.aws import settings, wiring
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.received_files import FileState, Purpose, ReceivedFile, ScanState
from kulturkontor.records import Put
from kulturkontor.uploads import DEFAULT_LIMITS
from local.cast_files import RENAMED_PROGRAM, write_pdf
from tests.conftest import load_event
from tests.crash.world import World
from tests.functions.calling import APPLICATION, Context, aws_calls, call, failed, handler, state
from tests.office_factory import all_mails, oslo
from tests.rules.test_uploads import a_docx, the_test_virus

PDF = write_pdf(["Plan for kulturskolen"])
AT = oslo("2026-03-20T10:01:00")


def promise(here: Wiring, purpose: Purpose = "attachments", number: int = 1) -> ReceivedFile:
    file = ReceivedFile(
        id=f"file{number:016d}",
        application_id=APPLICATION,
        programme="kifk2",
        purpose=purpose,
        name="plan.pdf",
        promised_at=oslo("2026-03-20T10:00:30"),
    )
    here.records.write(Put(file))
    return file


def put(here: Wiring, file: ReceivedFile, data: bytes = PDF) -> str:
    answer = client("s3").put_object(Bucket=here.uploads.name, Key=file.object_key, Body=data)
    return str(answer["VersionId"])


def kept(here: Wiring, file: ReceivedFile) -> ReceivedFile:
    found = here.records.read(ReceivedFile, file.key)
    assert found is not None
    return found


def accepted(file: ReceivedFile, version: str, **changes: Any) -> ReceivedFile:
    usual = {
        "state": FileState.ACCEPTED,
        "judged_at": AT,
        "media_type": "application/pdf",
        "pages": 1,
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "object_version": version,
    }
    return file.but(**usual | changes)


@pytest.fixture
def scanned(office: Wiring, monkeypatch: pytest.MonkeyPatch) -> Wiring:
    """A stack that has uploads scanned."""
    monkeypatch.setenv("SCAN_UPLOADS", "true")
    settings.settings.cache_clear()
    wiring.wiring.cache_clear()
    return wiring.wiring()


@pytest.mark.parametrize(
    ("case", "purpose", "number"), [("attachment", "attachments", 1), ("receipt", "receipts", 2)]
)
def test_a_sound_file_is_accepted_as_the_bytes_that_were_looked_at(
    office: Wiring, case: str, purpose: Purpose, number: int
) -> None:
    file = promise(office, purpose, number)
    version = put(office, file)
    put(office, file, RENAMED_PROGRAM)
    assert failed(call("inspect_upload", case, version_id=version)) == 0
    assert kept(office, file) == accepted(file, version, revision=2)
    assert office.archive.read(kept(office, file).accepted_key) == PDF


def test_a_file_judged_once_is_judged_for_good(office: Wiring) -> None:
    file = promise(office)
    version = put(office, file)
    call("inspect_upload", "attachment", version_id=version)
    before = state(office)
    other = put(office, file, RENAMED_PROGRAM)
    before = state(office)
    assert failed(call("inspect_upload", "attachment", version_id=other)) == 0
    assert failed(call("inspect_upload", "attachment", version_id=version)) == 0
    assert state(office) == before


def test_a_program_called_a_pdf_is_refused_and_the_sender_told_once(office: Wiring) -> None:
    file = promise(office)
    version = put(office, file, RENAMED_PROGRAM)
    for _ in range(2):
        assert failed(call("inspect_upload", "attachment", version_id=version)) == 0
    assert (kept(office, file).state, kept(office, file).reason != "") == (FileState.REFUSED, True)
    texts = [mail.text for mail in all_mails(office).values()]
    assert texts.count("attachment_refused") == 1


@pytest.mark.parametrize(
    "data",
    [the_test_virus(), a_docx(**{"word/media/image1.png": the_test_virus()})],
    ids=["as it is", "packed in a document"],
)
def test_the_test_virus_is_refused_also_where_nobody_else_scans(
    office: Wiring, data: bytes
) -> None:
    file = promise(office)
    version = put(office, file, data)
    assert failed(call("inspect_upload", "attachment", version_id=version)) == 0
    assert (kept(office, file).state, kept(office, file).reason) == (FileState.REFUSED, "malware")
    assert [key for key in World(office).files() if key.startswith("accepted/")] == []


def test_a_file_without_an_ending_gets_that_of_what_it_is(office: Wiring) -> None:
    file = promise(office).but(name="Vedlegg 2", revision=1)
    office.records.write(Put(file))
    version = put(office, file)
    assert failed(call("inspect_upload", "attachment", version_id=version)) == 0
    assert kept(office, file) == accepted(file, version, name="Vedlegg 2.pdf", revision=3)


def test_a_file_taken_back_while_it_was_looked_at_is_not_there(office: Wiring) -> None:
    file = promise(office)
    version = put(office, file)
    remove_file(APPLICATION, file.id, at=AT, records=office.records)
    before = state(office)
    assert failed(call("inspect_upload", "attachment", version_id=version)) == 0
    assert state(office) == before


def test_both_checks_accept_a_file_in_either_order(scanned: Wiring) -> None:
    file = promise(scanned)
    version = put(scanned, file)
    world = World(scanned)
    world.keep()
    for order in permutations(("attachment", "scan_clean")):
        world.put_back()
        first, second = order
        assert failed(call("inspect_upload", first, version_id=version)) == 0
        assert kept(scanned, file).state is FileState.WAITING
        assert failed(call("inspect_upload", second, version_id=version)) == 0
        assert kept(scanned, file) == accepted(
            file, version, scan=ScanState.CLEAN, scanned_version=version, revision=3
        )


@pytest.mark.parametrize("case", ["scan_threat", "scan_unsupported"])
def test_what_the_scanner_has_not_cleared_is_refused_in_either_order(
    scanned: Wiring, case: str
) -> None:
    file = promise(scanned)
    version = put(scanned, file)
    world = World(scanned)
    world.keep()
    for order in permutations(("attachment", case)):
        world.put_back()
        for each in (*order, *order):
            assert failed(call("inspect_upload", each, version_id=version)) == 0
        assert kept(scanned, file).state is FileState.REFUSED
        texts = [mail.text for mail in all_mails(scanned).values()]
        assert texts.count("attachment_refused") == 1
        assert not [key for key in world.files() if key.startswith("accepted/")]


@pytest.mark.parametrize("order", [*permutations(("attachment", "scan_of_other_version"))])
def test_a_clean_verdict_on_other_bytes_clears_nothing(
    scanned: Wiring, order: tuple[str, str]
) -> None:
    """A harmless file first, another at the same key after it: the verdict was on the first."""
    file = promise(scanned)
    version = put(scanned, file)
    for case in order:
        assert failed(call("inspect_upload", case, version_id=version)) == 0
    assert kept(scanned, file).state is FileState.WAITING
    assert failed(call("inspect_upload", "scan_clean", version_id=version)) == 0
    assert kept(scanned, file).state is FileState.ACCEPTED


@pytest.mark.parametrize(
    ("case", "failures"),
    [
        ("unknown_file", 0),
        ("unknown_application", 0),
        ("other_bucket", 1),
        ("scan_of_other_bucket", 1),
        ("key_with_dots", 1),
        ("key_url_encoded", 1),
        ("key_of_archive", 1),
        ("object_deleted", 1),
        ("not_json", 1),
        ("a_list", 1),
    ],
)
def test_an_event_that_is_not_about_a_promised_file_does_nothing(
    office: Wiring, case: str, failures: int
) -> None:
    file = promise(office)
    version = put(office, file)
    before = state(office)
    assert failed(call("inspect_upload", case, version_id=version)) == failures
    assert state(office) == before


def test_a_version_that_is_not_there_is_tried_again(office: Wiring) -> None:
    promise(office)
    before = state(office)
    assert failed(call("inspect_upload", "attachment")) == 1
    assert state(office) == before


def test_one_bad_message_does_not_hold_up_the_others(office: Wiring) -> None:
    file = promise(office)
    version = put(office, file)
    answer = call("inspect_upload", "one_bad_of_two", version_id=version)
    bad = load_event("inspect_upload", "one_bad_of_two")["Records"][0]["messageId"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": bad}]}
    assert kept(office, file).state is FileState.ACCEPTED


def test_a_file_larger_than_allowed_is_refused_without_being_read_whole(office: Wiring) -> None:
    file = promise(office)
    version = put(office, file, PDF + b"\x00" * DEFAULT_LIMITS.max_bytes)
    assert failed(call("inspect_upload", "attachment", version_id=version)) == 0
    assert kept(office, file).state is FileState.REFUSED


def test_fields_that_aws_may_add_are_no_fault(office: Wiring) -> None:
    file = promise(office)
    event = load_event("inspect_upload", "attachment")
    body = json.loads(event["Records"][0]["body"])
    body["replay-name"] = "a-replay"
    body["detail"]["object"]["storage-class"] = "STANDARD"
    body["detail"]["object"]["version-id"] = put(office, file)
    event["Records"][0]["body"] = json.dumps(body)
    assert failed(handler("inspect_upload")(event, Context())) == 0
    assert aws_calls() == 4
    assert kept(office, file).state is FileState.ACCEPTED
