"""Staff look at a claim: rule on single lines, and attest the whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from kulturkontor import claim_notices
from kulturkontor.actions.claim_files import (
    judge_again,
    last_claim,
    read_claim_file,
    row_revision,
)
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.audit import audit
from kulturkontor.claim_steps import ClaimStateError, attest, settled_by
from kulturkontor.claims import ClaimState, TravelClaim, put_claim
from kulturkontor.judgement import LineRuling
from kulturkontor.programme import Programme
from kulturkontor.receivables import receivable_of
from kulturkontor.received_files import ReceivedFile
from kulturkontor.records import Put, Records, decide_again
from kulturkontor.refusals import Refusal


class ClaimChangedError(Refusal):
    """The claim is no longer the one that was looked at; read it again before attesting."""

    code = "changed_meanwhile"


class ReviewFile(NamedTuple):
    """A claim as staff look at it: every version, the last as it is judged now, and all receipts of
    the municipality by id.
    """

    versions: tuple[TravelClaim, ...]
    receipts: dict[str, ReceivedFile]

    @property
    def claim(self) -> TravelClaim:
        return self.versions[-1]

    def version(self, number: int) -> TravelClaim | None:
        return next((each for each in self.versions if each.version == number), None)


def read_for_review(
    application_id: str, gathering_id: str, *, programme: Programme, records: Records
) -> ReviewFile:
    """Until somebody vouches for it the last version is judged as things stand now, which may be
    otherwise than when it came: receipts have been accepted or refused since.

    Raises ClaimRefusedError.
    """
    file = read_claim_file(application_id, records, programme)
    claim = last_claim(file, gathering_id)
    if claim.state is ClaimState.RECEIVED:
        claim = claim.but(judgement=judge_again(file, claim, programme))
    return ReviewFile(
        versions=(*file.versions(gathering_id)[:-1], claim),
        receipts={each.id: each for each in file.files},
    )


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
    """What staff decided or ask about single lines, with the reason; the claim is judged anew, and
    new questions go to the municipality.

    Raises ClaimStateError, ClaimRefusedError, UnknownLineError.
    """

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        claim = last_claim(file, gathering_id)
        if claim.state is not ClaimState.RECEIVED:
            raise ClaimStateError(claim.state, "ruled on")
        known = {each.line_id: each for each in claim.rulings}
        new = {each.line_id: each.model_copy(update={"by": by}) for each in rulings}
        asked = [key for key, each in new.items() if _is_question(each, known.get(key))]
        ruled = claim.but(rulings=tuple((known | new).values()))
        judged = ruled.but(judgement=judge_again(file, ruled, programme))
        note = audit(
            claim,
            f"rulings#{gathering_id}",
            by=by,
            at=at,
            before=str(claim.judgement.council_ore),
            after=str(judged.judgement.council_ore),
        )
        mails = (
            [claim_notices.claim_question(file.application, judged, asked, programme, at)]
            if asked
            else []
        )
        changes = [*put_claim(judged, row_revision=row_revision(claim, file)), note]
        commit(changes, mails, records=records, mail_queue=mail_queue)
        return judged

    return decide_again(attempt)


def _is_question(ruling: LineRuling, before: LineRuling | None) -> bool:
    """One that the municipality has not been asked yet."""
    is_repeated = before is not None and (before.verdict, before.reason) == ("ask", ruling.reason)
    return ruling.verdict == "ask" and not is_repeated


def attest_claim(
    application_id: str,
    gathering_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    seen_version: int | None = None,
    seen_pay_ore: int | None = None,
) -> TravelClaim:
    """Somebody vouches for the claim as it is judged now; with nothing to pay it is closed and
    told, and what the municipality owes is kept.

    `seen_version`, `seen_pay_ore`: what they looked at. Raises ClaimChangedError if it is another.
    """

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        claim = last_claim(file, gathering_id)
        before = settled_by(file.versions(gathering_id)[:-1])
        judged = claim.but(
            judgement=judge_again(file, claim, programme),
            paid_ore=before.ore,
            paid_overnight_ore=before.overnight_ore,
        )
        attested = attest(judged, by=by, now=at)
        debt = receivable_of(attested, at)
        if seen_version not in (None, claim.version) or seen_pay_ore not in (
            None,
            attested.settlement.pay_ore,
        ):
            raise ClaimChangedError
        note = audit(
            claim,
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
        revision = row_revision(claim, file)
        commit(
            [*put_claim(attested, row_revision=revision), note, *([Put(debt)] if debt else [])],
            mails,
            records=records,
            mail_queue=mail_queue,
        )
        return attested

    return decide_again(attempt)
