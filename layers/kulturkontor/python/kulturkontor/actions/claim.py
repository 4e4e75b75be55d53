"""Travel claims as they come in: judged at once, each correction a version of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kulturkontor import claim_notices
from kulturkontor.actions.claim_files import (
    ClaimFile,
    ClaimRefusedError,
    last_claim,
    read_claim_file,
    row_revision,
)
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.prepare_claim import prepare_claim, require_open
from kulturkontor.claim_corrections import asked_lines
from kulturkontor.claim_drafts import ClaimDraft
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_layout import lay_out
from kulturkontor.claim_steps import return_to_municipality
from kulturkontor.claims import ASKS_FOR_ACCOUNT, ClaimState, TravelClaim, put_claim
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Put, Records, Remove, decide_again

_REPLACED = ASKS_FOR_ACCOUNT | {ClaimState.RECEIVED, ClaimState.ATTESTED}
_FIXED = ("id", "participant", "kind")
"""What an answer to a question about a line leaves as it is."""


def submit_claim(
    application_id: str,
    gathering_id: str,
    body: dict[str, Any],
    *,
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> TravelClaim:
    """A claim, or a corrected one as a new version; the same claim again is the one that is there.

    Raises pydantic's ValidationError, ClaimRefusedError.
    """
    claim_in = ClaimIn.model_validate(body)

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        claim = prepare_claim(file, gathering_id, claim_in, received_at, programme)
        return _store(file, claim, None, records, mail_queue, programme)

    return decide_again(attempt)


def send_draft(
    application_id: str,
    gathering_id: str,
    *,
    seen_revision: int,
    declared: bool,
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> TravelClaim:
    """The draft as it was seen, sent as a claim and taken away. Sent already: what it became.

    Raises pydantic's ValidationError, ClaimRefusedError.
    """

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        require_open(file, gathering_id, received_at, programme)
        draft = file.draft(gathering_id)
        if draft is None:
            return last_claim(file, gathering_id)
        if draft.revision != seen_revision:
            raise ClaimRefusedError("draft_changed")
        if draft.based_on != len(file.versions(gathering_id)):
            raise ClaimRefusedError("draft_outdated")
        claim_in = ClaimIn.model_validate(lay_out(draft, declared=declared).body)
        claim = prepare_claim(file, gathering_id, claim_in, received_at, programme)
        return _store(file, claim, draft, records, mail_queue, programme)

    return decide_again(attempt)


def answer_question(
    application_id: str,
    gathering_id: str,
    line_id: str,
    changes: dict[str, Any],
    reply: str,
    *,
    received_at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> TravelClaim:
    """A new version in which only that line differs: the council asked about it, and the question
    is answered. What people decided about the other lines stands.

    Raises pydantic's ValidationError, ClaimRefusedError.
    """
    told = {name: value for name, value in changes.items() if name not in _FIXED}

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        last = last_claim(file, gathering_id)
        line = next((each for each in last.claim.lines if each.id == line_id), None)
        if line is None:
            raise ClaimRefusedError("unknown_line")
        body = last.claim.model_dump(mode="json")
        place = last.claim.lines.index(line)
        body["lines"][place] = {**body["lines"][place], **told, "reply": reply}
        claim_in = ClaimIn.model_validate(body)
        if line_id not in asked_lines(last):
            if claim_in == last.claim:
                return last
            raise ClaimRefusedError("not_asked")
        claim = prepare_claim(
            file, gathering_id, claim_in, received_at, programme, answered=line_id
        )
        return _store(file, claim, None, records, mail_queue, programme)

    return decide_again(attempt)


def preview_claim(
    application_id: str,
    gathering_id: str,
    body: dict[str, Any],
    *,
    at: datetime,
    programme: Programme,
    records: Records,
) -> TravelClaim:
    """The claim as it would be judged if it were sent now; nothing is kept."""
    claim_in = ClaimIn.model_validate(body)
    file = read_claim_file(application_id, records, programme)
    return prepare_claim(file, gathering_id, claim_in, at, programme)


def _store(
    file: ClaimFile,
    claim: TravelClaim,
    draft: ClaimDraft | None,
    records: Records,
    mail_queue: Queue,
    programme: Programme,
) -> TravelClaim:
    """Keeps the version, unless the last one says the same; the draft it was made of goes."""
    versions: Sequence[TravelClaim] = file.versions(claim.gathering)
    last = versions[-1] if versions else None
    changes: list[Change] = [Remove(draft)] if draft else []
    if last is not None and _says_the_same(last, claim):
        if changes:
            records.write(*changes)
        return last
    if last is not None and last.state is ClaimState.IN_BATCH:
        raise ClaimRefusedError("being_paid")
    replaced = 0
    if last is not None:
        replaced = row_revision(last, file)
        if last.state in _REPLACED:
            changes.append(Put(return_to_municipality(last)))
    mail = claim_notices.claim_received(file.application, claim, programme, claim.received_at)
    commit(
        [*put_claim(claim, row_revision=replaced), *changes],
        [mail],
        records=records,
        mail_queue=mail_queue,
    )
    return claim


def _says_the_same(last: TravelClaim, claim: TravelClaim) -> bool:
    """Sent again as it was: a payment that the bank rejected, and a claim that was given back."""
    return (
        last.claim == claim.claim
        and last.rulings == claim.rulings
        and last.state not in ASKS_FOR_ACCOUNT
    )
