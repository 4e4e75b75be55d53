"""Travel claims while they are written: one draft per gathering, saved by every button of its
forms.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.claim import require_open
from kulturkontor.actions.claim_files import ClaimFile, read_claim_file
from kulturkontor.claim_corrections import begin_draft
from kulturkontor.claim_drafts import ClaimDraft, Part, check_size
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, Remove, decide_again


class DraftChangedError(Exception):
    """Somebody else has saved the same part meanwhile; `found` is how it stands now."""

    def __init__(self, file: ClaimFile, found: ClaimDraft) -> None:
        super().__init__("draft_changed")
        self.file = file
        self.found = found


class SavedDraft(NamedTuple):
    file: ClaimFile
    draft: ClaimDraft


def find_draft(file: ClaimFile, gathering_id: str) -> ClaimDraft:
    """The draft that is kept, or the one to begin with, which is nowhere yet."""
    kept = file.draft(gathering_id)
    return kept or begin_draft(file.application, gathering_id, file.claims)


def save_claim_draft(
    application_id: str,
    gathering_id: str,
    change: Callable[[ClaimDraft], ClaimDraft],
    *,
    part: Part,
    seen: tuple[str, str],
    form: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> SavedDraft:
    """The draft as `change` makes it. `seen`: a part of it (`ClaimDraft.digest`) and what that said
    when the form was shown; `form`: digest of what was sent, so that the same twice is saved once.

    Raises DraftChangedError, DraftTooLargeError, ClaimRefusedError.
    """
    name, digest = seen

    def attempt() -> SavedDraft:
        file = read_claim_file(application_id, records)
        require_open(file, gathering_id, at, programme)
        draft = find_draft(file, gathering_id)
        if draft.last_form == form:
            return SavedDraft(file, draft)
        if draft.digest(name) != digest:
            raise DraftChangedError(file, draft)
        changed = change(draft).model_copy(
            update={"saved": draft.saved | {part}, "saved_at": at, "last_form": form}
        )
        check_size(changed)
        records.write(Put(changed))
        return SavedDraft(file, changed.model_copy(update={"revision": draft.revision + 1}))

    return decide_again(attempt)


def discard_claim_draft(application_id: str, gathering_id: str, *, records: Records) -> None:
    """What was typed and not sent is gone; what was sent stands."""

    def attempt() -> None:
        draft = read_claim_file(application_id, records).draft(gathering_id)
        if draft is not None:
            records.write(Remove(draft))

    decide_again(attempt)
