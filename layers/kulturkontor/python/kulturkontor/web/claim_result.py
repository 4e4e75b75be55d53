"""A judged claim as its page shows it: where it stands, line by line, in sum, and what changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kulturkontor.actions.claim_files import judge_again
from kulturkontor.claim_corrections import LineChange, asked_lines, changes_between
from kulturkontor.claim_lines import LineIn
from kulturkontor.claim_tables import because, totals
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.judgement import JudgedLine, LineState, ParticipantResult
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Language
from kulturkontor.records import Key, Records
from kulturkontor.web.claim_visit import ClaimVisit

COLOURS: Mapping[LineState, str] = {
    LineState.APPROVED: "success",
    LineState.REDUCED: "warning",
    LineState.HELD: "info",
    LineState.REJECTED: "danger",
}
_STEPS = ("received", "attested", "in_batch", "paid")
_REACHED: Mapping[ClaimState, int] = {
    ClaimState.RECEIVED: 1,
    ClaimState.ATTESTED: 2,
    ClaimState.IN_BATCH: 3,
    ClaimState.PAID: 4,
}


class ShownLine(NamedTuple):
    """One line with its outcome; `question` is what the council asks about it."""

    line: LineIn
    judged: JudgedLine
    colour: str
    because: str
    receipts: tuple[str, ...]
    question: str


class ShownPerson(NamedTuple):
    name: str
    lines: tuple[ShownLine, ...]
    result: ParticipantResult


class ShownVersion(NamedTuple):
    """A version in the history: what it comes to, what it moves, what it changed."""

    claim: TravelClaim
    changes: tuple[LineChange, ...]


def result_values(visit: ClaimVisit, claim: TravelClaim) -> dict[str, Any]:
    language = visit.request.language
    expected = claim.state is ClaimState.RECEIVED
    names = {each.id: each.name for each in visit.receipts}
    return {
        "result": claim,
        "people": people_of(claim, language, names),
        "totals": totals(
            claim, language, payout="total_payout_expected" if expected else "total_payout"
        ),
    }


def people_of(
    claim: TravelClaim, language: Language, receipts: Mapping[str, str]
) -> list[ShownPerson]:
    """`receipts`: the names of files by id."""
    lines = {each.id: each for each in claim.claim.lines}
    asked = asked_lines(claim)

    def shown(judged: JudgedLine) -> ShownLine:
        line = lines[judged.line_id]
        is_asked = judged.line_id in asked and judged.ruling is not None
        return ShownLine(
            line=line,
            judged=judged,
            colour=COLOURS[judged.state],
            because=because(judged, claim, language),
            receipts=tuple(receipts[each] for each in line.receipt_ids if each in receipts),
            question=judged.ruling.reason if is_asked and judged.ruling else "",
        )

    return [
        ShownPerson(
            name=claim.claim.participant(each.participant).name,
            lines=tuple(
                shown(judged)
                for judged in claim.judgement.lines
                if judged.participant == each.participant
            ),
            result=each,
        )
        for each in claim.judgement.participants
    ]


def as_judged_now(visit: ClaimVisit, claim: TravelClaim) -> TravelClaim:
    """Until somebody vouches for it a claim is shown as it would be judged now: receipts have been
    looked at, and people registered, since it came.
    """
    if claim.state is not ClaimState.RECEIVED:
        return claim
    return claim.but(judgement=judge_again(visit.file, claim, visit.request.programme))


def history(versions: Sequence[TravelClaim]) -> list[ShownVersion]:
    """The newest first."""
    before: list[TravelClaim | None] = [None, *versions]
    shown = [
        ShownVersion(claim, changes_between(earlier, claim) if earlier else ())
        for earlier, claim in zip(before, versions, strict=False)
    ]
    return shown[::-1]


def steps(claim: TravelClaim) -> list[tuple[str, str]]:
    """The ordinary way of a claim, each step with `done`, `now` or `later`; empty for a claim that
    has left it.
    """
    reached = _REACHED.get(claim.state)
    if reached is None:
        return []
    marks = ["done" if place < reached else "later" for place in range(len(_STEPS))]
    if reached < len(_STEPS):
        marks[reached] = "now"
    return list(zip(_STEPS, marks, strict=True))


def find_payment_day(claim: TravelClaim, records: Records) -> date | None:
    """The bank day of the batch that a claim is in, once that is released."""
    if claim.batch_id is None:
        return None
    key = Key(f"PROGRAMME#{claim.programme}", f"BATCH#{claim.batch_id}")
    batch = records.read(PaymentBatch, key)
    return batch.execution_date if batch else None
