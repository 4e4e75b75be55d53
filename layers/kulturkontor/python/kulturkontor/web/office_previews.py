"""The letters as they would be sent now: one as PDF at once, all of them as a ZIP."""

from typing import Final

from kulturkontor.actions.check_release import read_to_answer
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.preview_letters import (
    NothingToPreviewError,
    ask_for_previews,
    preview_letter,
)
from kulturkontor.letter_previews import LetterPreviews, previews_key
from kulturkontor.municipalities import municipality
from kulturkontor.web.office_answers import Answer, as_json, inline, page, redirect
from kulturkontor.web.office_bars import part
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_files import serve
from kulturkontor.web.office_mails import NothingIn
from kulturkontor.web.office_visit import Handler, Visit


def show_previews(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    decided = [each for each in read_to_answer(rows, visit.records) if each.decision]
    shown, closed = part(visit, decided, lambda each: [each.id])
    letters = [(each, municipality(each.kommunenummer).official_name) for each in shown]
    return page(visit, "letter_previews", letters=letters, closed=closed, previews=_previews(visit))


def show_preview(visit: Visit) -> Answer:
    try:
        reference, pdf = preview_letter(
            visit.params["application_id"],
            now=visit.now,
            programme=visit.programme,
            records=visit.records,
        )
    except NothingToPreviewError as fault:
        told = tuple(FieldFault("letter", "faulty", words) for words in fault.args[1:])
        raise OfficeError(*fault.told, errors=told) from fault
    return inline(pdf, name=f"{reference}-utkast.pdf", media_type="application/pdf")


def ask(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    asked = ask_for_previews(
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        letter_queue=visit.doors.letter_queue,
    )
    return as_json(asked, status=202) if visit.is_api else redirect("/release/previews")


def fetch(visit: Visit) -> Answer:
    """One file of all letters: not for somebody who may not read each of them."""
    rows = read_rows(visit.programme, visit.records)
    if part(visit, (row for row in rows if row.letters), lambda row: [row.id]).closed:
        raise OfficeError(403, "conflict_in_whole")
    previews = _previews(visit)
    if previews is None or not previews.is_kept(visit.now):
        raise OfficeError(404, "unknown")
    return serve(visit, previews.object_key, file_name=previews.file_name)


def _previews(visit: Visit) -> LetterPreviews | None:
    return visit.records.read(LetterPreviews, previews_key(visit.programme.id))


ROUTES: Final[dict[str, Handler]] = {
    "GET /release/previews": show_previews,
    "POST /release/previews": ask,
    "GET /release/previews/zip": fetch,
    "GET /release/preview/<application_id>": show_preview,
    "POST /api/release/previews": ask,
}
