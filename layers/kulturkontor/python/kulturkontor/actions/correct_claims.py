"""Staff correct a claim that is settled, or settle one outside the system; nothing is edited.

A correction is a new version with the same lines, on which staff rule anew; the municipality is
told when it is attested, with the reason. A claim settled by an invoice, say, is marked with its
voucher's number.
"""

from datetime import datetime

from kulturkontor.actions.claim_files import (
    ClaimRefusedError,
    judge_again,
    last_claim,
    read_claim_file,
    row_revision,
)
from kulturkontor.audit import audit
from kulturkontor.claim_steps import (
    correct,
    return_to_municipality,
    settle_outside,
    settled_by,
    take_back_outside,
)
from kulturkontor.claims import ClaimState, TravelClaim, put_claim
from kulturkontor.outside_payments import OutsidePayment, outside_key, outside_payment
from kulturkontor.programme import Programme
from kulturkontor.records import Change, Put, Records, Remove, decide_again


def open_correction(
    application_id: str,
    gathering_id: str,
    *,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> TravelClaim:
    """The next version, for staff to rule on. Raises ClaimRefusedError, ClaimStateError."""

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        last = last_claim(file, gathering_id)
        before = settled_by(file.versions(gathering_id))
        opened = correct(last, by=by, now=at, reason=reason).but(
            paid_ore=before.ore, paid_overnight_ore=before.overnight_ore
        )
        judged = opened.but(judgement=judge_again(file, opened, programme))
        replaced: list[Change] = []
        if last.state is ClaimState.BANK_REJECTED:
            replaced.append(Put(return_to_municipality(last)))
        note = audit(last, f"correction#{gathering_id}", by=by, at=at, after=reason)
        revision = row_revision(last, file)
        records.write(*put_claim(judged, row_revision=revision), *replaced, note)
        return judged

    return decide_again(attempt)


def settle_claim_outside(
    application_id: str,
    gathering_id: str,
    *,
    voucher: str,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> TravelClaim:
    """What the claim moves as it is judged now was settled by that voucher.

    Raises ClaimRefusedError, ClaimStateError, NothingToPayError.
    """

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        claim = last_claim(file, gathering_id)
        judged = claim
        if claim.state is ClaimState.RECEIVED:
            judged = claim.but(judgement=judge_again(file, claim, programme))
        settled = settle_outside(judged, voucher=voucher, by=by, now=at)
        paper = outside_payment(judged, voucher=voucher, reason=reason, by=by, at=at)
        note = audit(claim, f"outside#{gathering_id}", by=by, at=at, after=f"{voucher}: {reason}")
        revision = row_revision(claim, file)
        records.write(*put_claim(settled, row_revision=revision), Put(paper), note)
        return settled

    return decide_again(attempt)


def take_back_settlement(
    application_id: str,
    gathering_id: str,
    *,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> TravelClaim:
    """The mark was a mistake: the claim waits to be attested again.

    Raises ClaimRefusedError, ClaimStateError.
    """

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        claim = last_claim(file, gathering_id)
        waiting = take_back_outside(claim)
        key = outside_key(programme.id, claim.kommunenummer, gathering_id, claim.version)
        paper = records.read(OutsidePayment, key)
        if paper is None:
            raise ClaimRefusedError("unknown_claim")
        note = audit(
            claim,
            f"outside_taken_back#{gathering_id}",
            by=by,
            at=at,
            before=claim.voucher,
            after=reason,
        )
        revision = row_revision(claim, file)
        records.write(*put_claim(waiting, row_revision=revision), Remove(paper), note)
        return waiting

    return decide_again(attempt)
