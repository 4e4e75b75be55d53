"""The next version of a travel claim, judged as things stand; nothing is kept."""

from datetime import datetime

from kulturkontor.actions.claim_files import ClaimFile, ClaimRefusedError, gathering_of, judge_now
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_steps import settled_by
from kulturkontor.claims import TravelClaim
from kulturkontor.judgement import LineRuling
from kulturkontor.municipalities import municipality
from kulturkontor.participation import has_taken_part
from kulturkontor.programme import OSLO, Gathering, Programme


def require_open(
    file: ClaimFile, gathering_id: str, at: datetime, programme: Programme
) -> Gathering:
    """The gathering, if the municipality can claim for it now; raises ClaimRefusedError.

    From its last day on; a cancelled one from when that is known.
    """
    gathering = gathering_of(gathering_id, programme)
    if not has_taken_part(file.application):
        raise ClaimRefusedError("no_place")
    if not is_open(gathering, at):
        raise ClaimRefusedError("before_gathering")
    return gathering


def is_open(gathering: Gathering, at: datetime) -> bool:
    return gathering.is_cancelled or at.astimezone(OSLO).date() >= gathering.last_day


def prepare_claim(
    file: ClaimFile,
    gathering_id: str,
    claim_in: ClaimIn,
    received_at: datetime,
    programme: Programme,
    *,
    answered: str = "",
) -> TravelClaim:
    """The next version, judged. `answered`: the line whose question this version answers."""
    gathering = require_open(file, gathering_id, received_at, programme)
    versions = file.versions(gathering_id)
    application = file.application
    here = municipality(application.kommunenummer)
    version = len(versions) + 1
    kept = _rulings_that_still_fit(versions[-1], claim_in) if versions else ()
    rulings = tuple(each for each in kept if each.line_id != answered)
    before = settled_by(versions)
    return TravelClaim(
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
        rulings=rulings,
        judgement=judge_now(file, claim_in, gathering.id, rulings, programme),
        paid_ore=before.ore,
        paid_overnight_ore=before.overnight_ore,
    )


def _rulings_that_still_fit(last: TravelClaim, claim_in: ClaimIn) -> tuple[LineRuling, ...]:
    """What staff decided about a line holds in the next version if the line is the same."""
    before = {line.id: line for line in last.claim.lines}
    same = {line.id for line in claim_in.lines if before.get(line.id) == line}
    return tuple(each for each in last.rulings if each.line_id in same)
