"""Travel claims: received and judged, looked at by staff line by line, attested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kulturkontor import claim_notices
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.applications import Application
from kulturkontor.audit import audit
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claims import (
    ClaimRow,
    ClaimState,
    ClaimStateError,
    TravelClaim,
    attest,
    claim_row,
    earlier_lines,
    put_claim,
    return_to_municipality,
    sum_paid,
)
from kulturkontor.decisions import PlaceState
from kulturkontor.judgement import Judgement, LineRuling, ReceiptFact
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Gathering, Programme
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Change, Key, Put, Records, decide_again
from kulturkontor.travel import judge_claim

_FACT = {
    FileState.WAITING: "waiting",
    FileState.ACCEPTED: "accepted",
    FileState.REFUSED: "refused",
}


class ClaimRefusedError(Exception):
    """No claim can be made (or found) here; `args[0]` says why: `no_place`, `unknown_gathering`,
    `before_gathering`, `being_paid`, `unknown_claim`."""


@dataclass(frozen=True)
class _File:
    """All that is known of a municipality's claims: one read of its partition."""

    application: Application
    claims: tuple[TravelClaim, ...]
    receipts: dict[str, ReceiptFact]

    def versions(self, gathering_id: str) -> list[TravelClaim]:
        return [each for each in self.claims if each.gathering == gathering_id]


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
        file = _read_file(application_id, records)
        gathering = _gathering(gathering_id, programme)
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
        row_revision = 0
        if last is not None:
            row_revision = _row_revision(last, records)
            if last.state in (
                ClaimState.RECEIVED,
                ClaimState.ATTESTED,
                ClaimState.BANK_REJECTED,
            ):
                changes.append(Put(return_to_municipality(last)))
        mail = claim_notices.claim_received(file.application, claim, programme, received_at)
        commit(
            [*put_claim(claim, row_revision=row_revision), *changes],
            [mail],
            records=records,
            mail_queue=mail_queue,
        )
        return claim

    return decide_again(attempt)


def rule_on_lines(
    application_id: str,
    gathering_id: str,
    rulings: Sequence[LineRuling],
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> TravelClaim:
    """What staff decided about single lines, with the reason; the claim is judged anew."""

    def attempt() -> TravelClaim:
        file = _read_file(application_id, records)
        claim = _last(file, gathering_id)
        if claim.state is not ClaimState.RECEIVED:
            raise ClaimStateError(claim.state, "ruled on")
        known = {each.line_id: each for each in claim.rulings}
        known |= {each.line_id: each.model_copy(update={"by": by}) for each in rulings}
        ruled = claim.but(rulings=tuple(known.values()))
        judged = ruled.but(judgement=_judge(file, ruled, programme))
        note = audit(
            claim.key,
            f"rulings#{gathering_id}",
            by=by,
            at=at,
            before=str(claim.judgement.council_ore),
            after=str(judged.judgement.council_ore),
        )
        revision = _row_revision(claim, records)
        records.write(*put_claim(judged, row_revision=revision), note)
        return judged

    return decide_again(attempt)


def attest_claim(
    application_id: str,
    gathering_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> TravelClaim:
    """Somebody vouches for the claim as it is judged now; with nothing to pay it is closed and
    told.
    """

    def attempt() -> TravelClaim:
        file = _read_file(application_id, records)
        claim = _last(file, gathering_id)
        judged = claim.but(judgement=_judge(file, claim, programme))
        attested = attest(judged, by=by, now=at)
        note = audit(
            claim.key,
            f"attest#{gathering_id}",
            by=by,
            at=at,
            after=str(attested.settlement.pay_ore),
        )
        mails = (
            [claim_notices.claim_settled(file.application, attested, None, None, programme, at)]
            if attested.state is ClaimState.CLOSED_WITHOUT_PAYMENT
            else []
        )
        revision = _row_revision(claim, records)
        commit(
            [*put_claim(attested, row_revision=revision), note],
            mails,
            records=records,
            mail_queue=mail_queue,
        )
        return attested

    return decide_again(attempt)


def read_claim(application_id: str, gathering_id: str, records: Records) -> TravelClaim | None:
    """The last version of a municipality's claim for a gathering."""
    versions = records.list(TravelClaim, f"APPLICATION#{application_id}", f"CLAIM#{gathering_id}#")
    return versions[-1] if versions else None


def _new_version(
    file: _File,
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
    return claim.but(judgement=_judge(file, claim, programme))


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


def _judge(file: _File, claim: TravelClaim, programme: Programme) -> Judgement:
    people = file.application.participants
    others = [each for each in file.claims if each.gathering != claim.gathering]
    current = {each.gathering: each for each in others}
    return judge_claim(
        claim.claim,
        programme=programme,
        gathering=_gathering(claim.gathering, programme),
        registered={each.id for each in people} | {each.name for each in people},
        receipts=file.receipts,
        earlier=[line for each in current.values() for line in earlier_lines(each, file.receipts)],
        rulings=claim.rulings,
    )


def _read_file(application_id: str, records: Records) -> _File:
    found = records.list_partition(
        f"APPLICATION#{application_id}",
        {"APPLICATION": Application, "CLAIM": TravelClaim, "FILE": ReceivedFile},
    )
    application = next((each for each in found if isinstance(each, Application)), None)
    if application is None:
        raise ClaimRefusedError("no_place")
    files = [each for each in found if isinstance(each, ReceivedFile)]
    return _File(
        application=application,
        claims=tuple(each for each in found if isinstance(each, TravelClaim)),
        receipts={
            each.id: ReceiptFact(
                id=each.id,
                state=_FACT[each.state],  # type: ignore[arg-type]
                sha256=each.sha256 or None,
            )
            for each in files
        },
    )


def _last(file: _File, gathering_id: str) -> TravelClaim:
    versions = file.versions(gathering_id)
    if not versions:
        raise ClaimRefusedError("unknown_claim")
    return versions[-1]


def _row_revision(claim: TravelClaim, records: Records) -> int:
    key: Key = claim_row(claim, revision=0).key
    row = records.read(ClaimRow, key)
    return row.revision if row else 0


def _gathering(gathering_id: str, programme: Programme) -> Gathering:
    gathering = programme.gathering(gathering_id)
    if gathering is None:
        raise ClaimRefusedError("unknown_gathering")
    return gathering
