"""Travel claims as they come in: judged at once, each correction a version of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kulturkontor import claim_notices
from kulturkontor.actions.claim_files import (
    ClaimFile,
    ClaimRefusedError,
    gathering_of,
    judge_again,
    read_claim_file,
    row_revision,
)
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claims import (
    ClaimState,
    TravelClaim,
    put_claim,
    return_to_municipality,
    sum_paid,
)
from kulturkontor.decisions import PlaceState
from kulturkontor.judgement import Judgement, LineRuling
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Gathering, Programme
from kulturkontor.records import Change, Put, Records, decide_again


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
        file = read_claim_file(application_id, records)
        gathering = gathering_of(gathering_id, programme)
        place = file.application.place
        if place is None or place.state is not PlaceState.ACCEPTED:
            raise ClaimRefusedError("no_place")
        if received_at.astimezone(OSLO).date() < gathering.last_day:
            raise ClaimRefusedError("before_gathering")
        versions = file.versions(gathering_id)
        last = versions[-1] if versions else None
        if (
            last is not None
            and last.claim == claim_in
            and last.state is not ClaimState.BANK_REJECTED
        ):
            return last
        if last is not None and last.state is ClaimState.IN_BATCH:
            raise ClaimRefusedError("being_paid")
        claim = _new_version(file, claim_in, gathering, versions, received_at, programme)
        changes: list[Change] = []
        replaced = 0
        if last is not None:
            replaced = row_revision(last, records)
            if last.state in (
                ClaimState.RECEIVED,
                ClaimState.ATTESTED,
                ClaimState.BANK_REJECTED,
            ):
                changes.append(Put(return_to_municipality(last)))
        mail = claim_notices.claim_received(file.application, claim, programme, received_at)
        commit(
            [*put_claim(claim, row_revision=replaced), *changes],
            [mail],
            records=records,
            mail_queue=mail_queue,
        )
        return claim

    return decide_again(attempt)


def _new_version(
    file: ClaimFile,
    claim_in: ClaimIn,
    gathering: Gathering,
    versions: Sequence[TravelClaim],
    received_at: datetime,
    programme: Programme,
) -> TravelClaim:
    application = file.application
    here = municipality(application.kommunenummer)
    version = len(versions) + 1
    kept = _rulings_that_still_fit(versions[-1], claim_in) if versions else ()
    claim = TravelClaim(
        id=f"{application.id}-{gathering.id}-{version}",
        programme=programme.id,
        application_id=application.id,
        reference=application.reference or "",
        kommunenummer=here.kommunenummer,
        municipality=here.name,
        organisation_number=here.organisation_number,
        language=application.mail_language,
        gathering=gathering.id,
        version=version,
        received_at=received_at,
        is_late=received_at.astimezone(OSLO).date() > programme.claim_deadline(gathering),
        claim=claim_in,
        rulings=kept,
        judgement=_EMPTY,
        paid_ore=sum_paid(versions),
    )
    return claim.but(judgement=judge_again(file, claim, programme))


_EMPTY = Judgement(
    rule_version="",
    share_percent=0,
    lines=(),
    participants=(),
    actual_ore=0,
    council_ore=0,
    municipality_ore=0,
    held_ore=0,
)


def _rulings_that_still_fit(last: TravelClaim, claim_in: ClaimIn) -> tuple[LineRuling, ...]:
    """What staff decided about a line holds in the next version if the line is the same."""
    before = {line.id: line for line in last.claim.lines}
    same = {line.id for line in claim_in.lines if before.get(line.id) == line}
    return tuple(each for each in last.rulings if each.line_id in same)
