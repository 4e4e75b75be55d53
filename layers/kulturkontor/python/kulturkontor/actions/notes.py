"""Write a note on an application, and strike one's own."""

from datetime import datetime

from kulturkontor.actions.application_checks import read_application
from kulturkontor.notes import Note, note_key
from kulturkontor.records import Conflict, Put, Records, decide_again
from kulturkontor.refusals import Refusal


class NoteError(Refusal):
    """The note cannot be struck; `args[0]` says why: `unknown`, `not_author`."""

    codes_begin = "note_"


def write_note(
    application_id: str, text: str, *, note_id: str, by: str, at: datetime, records: Records
) -> Note:
    """`note_id`: what the form was shown with, so that a button pressed twice writes one note."""
    read_application(application_id, records)
    note = Note(id=note_id, application_id=application_id, by=by, at=at, text=text)
    try:
        records.write(Put(note))
    except Conflict:
        known = records.read(Note, note.key)
        if known is None or (known.by, known.text) != (note.by, note.text):
            raise
        return known
    return note


def strike_note(
    application_id: str, note_id: str, *, by: str, at: datetime, records: Records
) -> Note:
    """By its author alone; struck twice is struck."""

    def attempt() -> Note:
        note = records.read(Note, note_key(application_id, note_id))
        if note is None:
            raise NoteError("unknown")
        if note.by != by:
            raise NoteError("not_author")
        if note.struck_at is not None:
            return note
        struck = note.but(struck_at=at)
        records.write(Put(struck))
        return struck

    return decide_again(attempt)
