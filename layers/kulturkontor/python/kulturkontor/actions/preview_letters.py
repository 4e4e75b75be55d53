"""The letters before they are sent: one as PDF when somebody asks for it, and all of them as a ZIP
with what was found out about each. Marked as drafts; nothing is sent, nothing is told.
"""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.check_release import read_to_answer
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.ports import Archive, Queue
from kulturkontor.applications import Application, application_key
from kulturkontor.decision_letters import (
    LetterFigures,
    decision_letter,
    figures_of,
    unprintable_words,
)
from kulturkontor.letter_previews import LetterPreviews, previews_key
from kulturkontor.letters import LetterError
from kulturkontor.pdf_files import count_pages
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.refusals import Refusal
from kulturkontor.texts import TextError, phrase

_MAX_UNPACKED = 50_000_000


class NothingToPreviewError(Refusal):
    """Nothing is decided in this application, or its letter cannot be written as it stands: then
    `args[1]` says in words why.
    """

    status = 404
    codes_begin = "preview_"


class Drafts(NamedTuple):
    """Letters by reference, and why others could not be written."""

    letters: dict[str, bytes]
    faults: dict[str, str]


def preview_letter(
    application_id: str, *, now: datetime, programme: Programme, records: Records
) -> tuple[str, bytes]:
    """The reference, and the letter of the last decision as it would be written now. Raises
    NothingToPreviewError.
    """
    application = records.read(Application, application_key(application_id))
    if application is None or application.decision is None or not application.reference:
        raise NothingToPreviewError("undecided")
    figures = figures_of(read_rows(programme, records), programme, now)
    drafts = _typeset([application], figures, now, programme)
    if application.reference not in drafts.letters:
        raise NothingToPreviewError("faulty", drafts.faults[application.reference])
    return application.reference, drafts.letters[application.reference]


def ask_for_previews(
    *, by: str, at: datetime, programme: Programme, records: Records, letter_queue: Queue
) -> LetterPreviews:
    """The ZIP is made in the background; asked for again while it is being made, it is hurried."""

    def attempt() -> LetterPreviews:
        known = records.read(LetterPreviews, previews_key(programme.id))
        asked = (
            known.but(asked_by=by, asked_at=at)
            if known
            else LetterPreviews(programme=programme.id, asked_by=by, asked_at=at)
        )
        records.write(Put(asked))
        return asked

    asked = decide_again(attempt)
    letter_queue.send([{"programme": programme.id, "previews": True}])
    return asked


def make_previews(
    *, now: datetime, by: str, programme: Programme, records: Records, archive: Archive
) -> LetterPreviews:
    """Every decided letter typeset, the ZIP kept, and the pages and faults of each noted."""
    rows = read_rows(programme, records)
    applications = [each for each in read_to_answer(rows, records) if each.decision]
    drafts = _typeset(applications, figures_of(rows, programme, now), now, programme)
    data = _zip(drafts, now)
    sha256 = hashlib.sha256(data).hexdigest()
    key = f"previews/{programme.id}/{sha256[:32]}.zip"
    archive.write_once(key, data, media_type="application/zip")
    pages = {
        reference: count_pages(pdf, max_unpacked=_MAX_UNPACKED)
        for reference, pdf in drafts.letters.items()
    }

    def attempt() -> LetterPreviews:
        known = records.read(LetterPreviews, previews_key(programme.id))
        base = known or LetterPreviews(programme=programme.id, asked_by=by, asked_at=now)
        made = base.but(
            made_at=max(now, base.asked_at),
            object_key=key,
            sha256=sha256,
            pages=pages,
            faults=drafts.faults,
        )
        records.write(Put(made))
        return made

    return decide_again(attempt)


def _typeset(
    applications: Sequence[Application],
    figures: LetterFigures,
    now: datetime,
    programme: Programme,
) -> Drafts:
    # typst is a layer of its own and slow to load: only whoever looks at letters waits for it.
    from kulturkontor.typesetting import UnprintableTextError, typeset_letter

    letters: dict[str, bytes] = {}
    faults: dict[str, str] = {}
    for application in applications:
        reference, decision = application.reference or "", application.decision
        if decision is None:
            continue
        mark = phrase(decision.language, "letter_draft")
        try:
            letter = decision_letter(application, decision, figures, programme)
            letters[reference] = typeset_letter(letter.model_copy(update={"draft": mark}), at=now)
        except UnprintableTextError as fault:
            faults[reference] = unprintable_words(fault.character, fault.where)
        except (LetterError, TextError) as fault:
            faults[reference] = str(fault)
    return Drafts(letters, faults)


def _zip(drafts: Drafts, now: datetime) -> bytes:
    """The letters in the order of their references; PDF is packed already."""
    import zipfile

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for reference, pdf in sorted(drafts.letters.items()):
            entry = zipfile.ZipInfo(f"{reference}.pdf", now.timetuple()[:6])
            archive.writestr(entry, pdf)
    return data.getvalue()
