"""Erasing one takes nothing of another's, and the accounts stay their five years."""

from typing import Any

from kulturkontor.actions import attend
from kulturkontor.actions.ask_more import ask_more
from kulturkontor.actions.assess import declare_conflict
from kulturkontor.actions.check_in import check_in
from kulturkontor.actions.freeze_beds import freeze_now
from kulturkontor.actions.notes import write_note
from kulturkontor.actions.read_finance import read_audit
from kulturkontor.actions.receive_files import remove_file
from kulturkontor.application_parts import Part
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, application_key
from kulturkontor.assessments import Assessment
from kulturkontor.attendance import Coming
from kulturkontor.audit import AuditRow
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_drafts import ClaimDraft, new_draft
from kulturkontor.conflicts import Reviewing, assessment_partition
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.notes import Note
from kulturkontor.office_users import person_id
from kulturkontor.payee_accounts import MunicipalityAccount
from kulturkontor.payments import PaymentBatch
from kulturkontor.received_files import (
    REMOVED,
    FileState,
    Purpose,
    ReceivedFile,
    RemovedFile,
)
from kulturkontor.records import Put
from kulturkontor.rooming import RoomingList
from tests.conftest import set_clock
from tests.crash.world import World
from tests.functions.calling import APPLICATION, call
from tests.office_factory import (
    admitted,
    all_mails,
    attest,
    claim_body,
    decide_all,
    letter,
    oslo,
    read,
    release,
    release_batch,
    seal,
    send_claim,
    send_in,
    write_batch_files,
)
from tests.web.assessors import PER, VERA, give, score
from tests.web.assessors import known as known_reviewer
from tests.web.test_portal_gatherings import book_centrally

SHA256 = "ab" * 32


def keep_file(here: Wiring, application_id: str, purpose: Purpose, number: int) -> str:
    """An accepted file; each has the same bytes."""
    file = ReceivedFile(
        id=f"file{number:08d}",
        application_id=application_id,
        programme="kifk2",
        purpose=purpose,
        name="plan.pdf",
        promised_at=oslo("2026-03-20T10:00:00"),
        state=FileState.ACCEPTED,
        media_type="application/pdf",
        sha256=SHA256,
    )
    here.records.write(Put(file))
    here.archive.write_once(file.accepted_key, b"%PDF-", media_type="application/pdf")
    return file.accepted_key


def erase(*nights: str) -> None:
    for night in nights:
        set_clock(oslo(night).isoformat())
        call("erase_expired", "tick")


def files(here: Wiring) -> set[str]:
    return set(World(here).files())


def test_equal_files_of_two_municipalities_are_erased_each_in_its_time(aws: Wiring) -> None:
    stays = admitted(aws, "4601")
    goes = send_in(aws, "0301").id
    kept = keep_file(aws, stays, "attachments", 1)
    erased = keep_file(aws, goes, "attachments", 2)
    erase("2027-05-01T03:30:00", "2027-05-08T03:30:00")
    assert {kept, erased} & files(aws) == {kept}
    assert (read(aws, goes).answers.contact.name, read(aws, stays).answers.contact.name) == (
        "",
        "Kari Prøve",
    )


def test_staffs_notes_and_questions_go_with_the_application(aws: Wiring) -> None:
    goes = send_in(aws, "0301").id
    common: dict[str, Any] = {
        "by": "anne@example.org",
        "at": oslo("2026-04-15T10:00:00"),
        "records": aws.records,
    }
    write_note(goes, "Ringte Kari.", note_id="note00000001", **common)
    ask_more(
        goes,
        [Part.TEAM],
        oslo("2026-04-22T12:00:00"),
        message="Hvem er Kari?",
        programme=aws.programme,
        mail_queue=aws.mail_queue,
        **common,
    )
    erase("2027-05-01T03:30:00", "2027-05-08T03:30:00")
    assert aws.records.list(Note, application_key(goes).partition, "NOTE#") == []
    assert read(aws, goes).reopened is None
    assert [each.values for each in all_mails(aws).values() if each.text == "ask_more"] == [{}]


def test_the_letter_of_a_municipalitys_second_application_outlives_its_first(aws: Wiring) -> None:
    first = send_in(aws, "4601", key="key-one")
    second = send_in(aws, "4601", key="key-two", at="2026-03-21T10:00:00")
    assert (first.reference, second.reference) == ("KFK2-2026-4601", "KFK2-2026-4601-B")
    decide_all(aws, [("KFK2-2026-4601", Outcome.REJECTED), ("KFK2-2026-4601-B", Outcome.ADMITTED)])
    release(aws)
    for each in (first, second):
        letter(aws, each.id)
    taken = read(aws, second.id)
    assert taken.place is not None
    aws.records.write(*_accepted(taken))
    erase("2027-05-01T03:30:00", "2027-05-08T03:30:00")
    assert [key.split("/")[-1].rsplit("-", 1)[0] for key in files(aws)] == ["KFK2-2026-4601-B-1"]


def test_accounting_papers_survive_five_years_after_their_year(aws: Wiring) -> None:
    admitted(aws)
    attachment = keep_file(aws, APPLICATION, "attachments", 1)
    receipt = keep_file(aws, APPLICATION, "receipts", 2)
    send_claim(aws, APPLICATION, body=_with_receipt())
    attest(aws, APPLICATION)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    write_batch_files(aws, batch.id)
    papers = {key for key in files(aws) if key.startswith("payments/")} | {receipt}
    assert len(papers) == 8

    erase("2029-01-01T03:30:00", "2029-01-08T03:30:00")
    assert read(aws, APPLICATION).answers.contact.name == ""
    assert files(aws) == papers
    assert attachment not in files(aws)

    erase("2031-12-31T03:30:00", "2032-01-01T03:30:00", "2032-01-07T03:30:00")
    assert files(aws) == papers
    assert {row.what for row in read_audit(aws.programme, aws.records)} == {
        *("attest#S1", "account", "seal#S1", f"release#{batch.id}")
    }
    erase("2032-01-08T03:30:00")
    assert files(aws) == set()
    kept = [
        *aws.records.list(MunicipalityAccount, "MUNICIPALITY#kifk2#4601", "ACCOUNT"),
        *aws.records.list(AuditRow, "MUNICIPALITY#kifk2#4601", "AUDIT#"),
        *aws.records.list(AuditRow, "PROGRAMME#kifk2", "AUDIT#"),
        *aws.records.list(AuditRow, application_key(APPLICATION).partition, "AUDIT#"),
    ]
    assert [(type(each), getattr(each, "what", "")) for each in kept] == [
        (AuditRow, "letters_begun"),
        (AuditRow, "minutes"),
    ]
    assert aws.records.list(PaymentBatch, "PROGRAMME#kifk2", "BATCH#") == []
    assert read(aws, APPLICATION).state == "submitted"


def test_who_came_and_the_answers_about_beds_go_with_the_group(aws: Wiring) -> None:
    admitted(aws)
    book_centrally(aws)
    attend.say_who_comes(
        APPLICATION,
        "S1",
        {"p1": Coming(comes=True, bed=True)},
        by="municipality",
        at=oslo("2026-09-20T10:00:00"),
        programme=aws.programme,
        records=aws.records,
    )
    attend.rule_on_bed(
        APPLICATION,
        "S1",
        "p1",
        granted=True,
        by="stab",
        at=oslo("2026-09-21T10:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    erase("2029-01-01T03:30:00", "2029-01-08T03:30:00")
    known = read(aws, APPLICATION)
    assert (known.participants, known.attendance) == ((), ())
    rows = aws.records.list(AuditRow, application_key(APPLICATION).partition, "AUDIT#")
    assert [row.what for row in rows if row.what.startswith("bed")] == []


def test_a_file_that_was_taken_back_is_erased_the_night_after_and_no_other(aws: Wiring) -> None:
    application = send_in(aws, submit=False)
    goes, stays = (keep_file(aws, application.id, "attachments", number) for number in (1, 2))
    put_upload(aws, application.id, "file00000001")
    at = oslo("2026-03-20T12:00:00")
    remove_file(application.id, "file00000001", at=at, records=aws.records)
    assert names(aws, application.id) == ["file00000002"]
    assert files(aws) >= {goes, stays}
    erase("2026-03-21T03:30:00")
    assert files(aws) == {stays}
    assert aws.records.list_open(RemovedFile, REMOVED) == []


def put_upload(here: Wiring, application_id: str, file_id: str) -> None:
    key = f"attachments/{application_id}/{file_id}"
    client("s3").put_object(Bucket=here.uploads.name, Key=key, Body=b"%PDF-")


def names(here: Wiring, application_id: str) -> list[str]:
    partition = application_key(application_id).partition
    return [each.id for each in here.records.list(ReceivedFile, partition, "FILE#")]


def _accepted(application: Application) -> list[Put]:
    assert application.place is not None
    place = application.place.model_copy(update={"state": PlaceState.ACCEPTED})
    changes = put(application.but(place=place))
    return [each for each in changes if isinstance(each, Put)]


def _with_receipt() -> dict[str, object]:
    body = claim_body()
    body["lines"].append(
        {
            "id": "l2",
            "participant": "p2",
            "kind": "train",
            "date": "2026-09-24",
            "amount": "333,00",
            "receipt_ids": ["file00000002"],
        }
    )
    return body


def test_a_claim_that_was_never_sent_goes_with_the_application(aws: Wiring) -> None:
    admitted(aws)
    draft = new_draft(read(aws, APPLICATION), "S1")
    aws.records.write(Put(draft))
    erase("2029-01-01T03:30:00", "2029-01-08T03:30:00")
    assert aws.records.read(ClaimDraft, draft.key) is None


def test_what_reviewers_said_goes_with_the_application_and_no_other(aws: Wiring) -> None:
    gone, stays = send_in(aws, "5001").id, admitted(aws, "4601")
    person = known_reviewer(aws, VERA)
    for each in (gone, stays):
        give(aws, each)
        score(aws, each, 4)
    for email, each in ((VERA, gone), (PER, gone), (PER, stays)):
        declare_conflict(
            each,
            "Broren min.",
            by=email,
            at=oslo("2026-04-17T10:00:00"),
            programme=aws.programme,
            records=aws.records,
        )
    erase("2027-05-01T03:30:00", "2027-05-08T03:30:00")
    partition = assessment_partition(aws.programme.id)
    scores = aws.records.list(Assessment, partition, "SCORES#")
    assert [each.application_id for each in scores] == [stays]
    parts = {each.id: each for each in aws.records.list(Reviewing, partition, "REVIEWER#")}
    assert {key: (set(each.assigned), set(each.conflicts)) for key, each in parts.items()} == {
        person: ({stays}, set()),
        person_id(PER): (set(), {stays}),
    }
    rows = aws.records.list(AuditRow, application_key(gone).partition, "AUDIT#")
    assert [row.what for row in rows if not row.is_of_money] == []


def test_the_names_on_the_hotels_list_and_who_came_go_with_the_group(aws: Wiring) -> None:
    application_id = admitted(aws)
    book_centrally(aws)
    attend.say_who_comes(
        application_id,
        "S1",
        {"p1": Coming(comes=True, bed=True)},
        by="municipality",
        at=oslo("2026-06-04T10:00:00"),
        programme=aws.programme,
        records=aws.records,
    )
    frozen = freeze_now(
        "S1",
        by="stab",
        at=oslo("2026-08-26T10:00:00"),
        programme=aws.programme,
        records=aws.records,
    )
    check_in(
        application_id,
        "S1",
        {"p1": True},
        by="stab",
        at=oslo("2026-09-24T10:00:00"),
        programme=aws.programme,
        records=aws.records,
    )
    erase("2029-01-02T03:00:00", "2029-01-10T03:00:00")
    kept = aws.records.read(RoomingList, frozen.key)
    assert kept is not None
    assert ([each.name for each in kept.beds], kept.sha256) == ([""], frozen.sha256)
    assert read(aws, application_id).check_ins == ()
    rows = aws.records.list(AuditRow, f"APPLICATION#{application_id}", "AUDIT#")
    assert [row.what for row in rows if row.what.startswith("attended")] == []
