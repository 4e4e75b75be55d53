"""Staff's notes: written once, struck by their author alone, gone with the application."""

import pytest

from kulturkontor.actions.application_checks import ApplicationStateError
from kulturkontor.actions.notes import NoteError, strike_note, write_note
from kulturkontor.applications import application_key
from kulturkontor.aws.wiring import Wiring
from kulturkontor.notes import Note, in_order
from kulturkontor.records import Conflict
from tests.office_factory import oslo, send_in

ANNE, OLA = "anne@example.org", "ola@example.org"
AT = oslo("2026-04-02T10:00:00")
KEY = "note00000001"


def notes(here: Wiring, application_id: str) -> list[Note]:
    return here.records.list(Note, application_key(application_id).partition, "NOTE#")


def write(here: Wiring, application_id: str, text: str = "Ringte.", *, key: str = KEY) -> Note:
    return write_note(application_id, text, note_id=key, by=ANNE, at=AT, records=here.records)


def test_a_note_has_its_author_and_time_and_is_written_once(aws: Wiring) -> None:
    receipt = send_in(aws)
    write(aws, receipt.id)
    write(aws, receipt.id)
    assert [(each.by, each.at, each.text) for each in notes(aws, receipt.id)] == [
        (ANNE, AT, "Ringte.")
    ]


def test_a_note_is_never_written_over(aws: Wiring) -> None:
    receipt = send_in(aws)
    write(aws, receipt.id)
    with pytest.raises(Conflict):
        write(aws, receipt.id, "Noe annet.")
    assert [each.text for each in notes(aws, receipt.id)] == ["Ringte."]


def test_its_author_may_strike_it_and_it_can_still_be_read(aws: Wiring) -> None:
    receipt = send_in(aws)
    write(aws, receipt.id)
    later, latest = oslo("2026-04-03T10:00:00"), oslo("2026-04-04T10:00:00")
    strike_note(receipt.id, KEY, by=ANNE, at=later, records=aws.records)
    strike_note(receipt.id, KEY, by=ANNE, at=latest, records=aws.records)
    assert [(each.text, each.struck_at) for each in notes(aws, receipt.id)] == [("Ringte.", later)]


def test_nobody_else_may_strike_it(aws: Wiring) -> None:
    receipt = send_in(aws)
    write(aws, receipt.id)
    with pytest.raises(NoteError, match="not_author"):
        strike_note(receipt.id, KEY, by=OLA, at=AT, records=aws.records)
    with pytest.raises(NoteError, match="unknown"):
        strike_note(receipt.id, "nothing0here", by=ANNE, at=AT, records=aws.records)
    assert [each.struck_at for each in notes(aws, receipt.id)] == [None]


def test_there_is_no_note_on_nothing(aws: Wiring) -> None:
    with pytest.raises(ApplicationStateError, match="unknown"):
        write(aws, "f" * 32)


def test_notes_stand_newest_first() -> None:
    first, second = (
        Note(id=f"note0000000{n}", application_id="a", by=ANNE, at=AT.replace(hour=n), text="x")
        for n in (1, 2)
    )
    assert in_order([first, second]) == [second, first]
