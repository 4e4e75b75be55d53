"""Travel claims while they are written: one draft per gathering, saved by every button of its
forms.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.claim_files import ClaimFile, read_claim_file
from kulturkontor.actions.prepare_claim import require_open
from kulturkontor.applications import FieldEdit
from kulturkontor.claim_corrections import begin_draft
from kulturkontor.claim_drafts import ClaimDraft, Part, check_size
from kulturkontor.edits import name_of
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, Remove, decide_again


class Changed(NamedTuple):
    """What a form makes of the draft; `is_whole` unless some of it is left as another has it."""

    draft: ClaimDraft
    is_whole: bool = True


class SavedDraft(NamedTuple):
    """`before`: who saved the same form last, before this."""

    file: ClaimFile
    draft: ClaimDraft
    before: FieldEdit | None = None


def find_draft(file: ClaimFile, gathering_id: str) -> ClaimDraft:
    """The draft that is kept, or the one to begin with, which is nowhere yet."""
    kept = file.draft(gathering_id)
    return kept or begin_draft(file.application, gathering_id, file.claims)


def save_claim_draft(
    application_id: str,
    gathering_id: str,
    change: Callable[[ClaimDraft], Changed],
    *,
    part: Part,
    piece: str,
    person: str,
    form: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> SavedDraft:
    """The draft as `change` makes it. `piece`: which form (`ClaimDraft.edited`); `person`: who sent
    it, as their link says; `form`: digest of what was sent, so that the same twice is saved once.

    Raises DraftTooLargeError, ClaimRefusedError.
    """

    def attempt() -> SavedDraft:
        file = read_claim_file(application_id, records)
        require_open(file, gathering_id, at, programme)
        draft = find_draft(file, gathering_id)
        if draft.last_form == form:
            return SavedDraft(file, draft)
        made = change(draft)
        told: dict[str, object] = {"saved": draft.saved | {part}, "saved_at": at, "last_form": ""}
        if made.is_whole:
            by = name_of(file.application, person)
            edit = FieldEdit(by=by, at=at)
            told |= {"last_form": form, "edited": {**draft.edited, piece: edit}}
        changed = made.draft.model_copy(update=told)
        check_size(changed)
        records.write(Put(changed))
        saved = changed.model_copy(update={"revision": draft.revision + 1})
        return SavedDraft(file, saved, draft.edited.get(piece))

    return decide_again(attempt)


def discard_claim_draft(application_id: str, gathering_id: str, *, records: Records) -> None:
    """What was typed and not sent is gone; what was sent stands."""

    def attempt() -> None:
        draft = read_claim_file(application_id, records).draft(gathering_id)
        if draft is not None:
            records.write(Remove(draft))

    decide_again(attempt)
