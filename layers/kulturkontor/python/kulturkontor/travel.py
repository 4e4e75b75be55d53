"""The travel rule. The announcement:

    «Kommunene dekker reise, utover 50% av faktiske reisekostnader per deltaker.»
    «Kulturskolerådet dekker én overnatting per deltaker per samling, for fire personer.»
    «Kommunene dekker arbeidstid.»

So the council pays its share (`travel.share_percent`) of what each registered participant's travel
to a gathering cost, rounded half up once per participant, and the whole price of one night for as
many persons as `overnight.max_persons`. Everything else is the municipality's. What cannot be
judged yet is held with its reasons until a receipt, a rate or a person settles it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from kulturkontor.claim_case import ClaimCase, prepare_case
from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn, LineIn
from kulturkontor.judgement import (
    EarlierLine,
    JudgedLine,
    Judgement,
    LineRuling,
    LineState,
    ParticipantResult,
    ReasonCode,
    ReceiptFact,
)
from kulturkontor.money import share
from kulturkontor.overnight import is_adjoining
from kulturkontor.programme import Gathering, Programme

RULE_VERSION = "1"
"""Raised when the same claim would be judged otherwise than before; kept with every judgement."""

WITHOUT_RECEIPT = frozenset({LineKind.CAR, LineKind.TOLL})


def judge_claim(
    claim: ClaimIn,
    *,
    programme: Programme,
    gathering: Gathering,
    registered: Collection[str],
    receipts: Mapping[str, ReceiptFact],
    earlier: Sequence[EarlierLine] = (),
    rulings: Sequence[LineRuling] = (),
) -> Judgement:
    """The claim judged line by line and summed.

    `registered`: ids or names of the municipality's registered participants. `earlier`: lines of
    other claims, not of earlier versions of this one. `rulings`: what people decided about lines.
    """
    case = prepare_case(
        claim,
        programme=programme,
        gathering=gathering,
        registered=registered,
        receipts=receipts,
        earlier=earlier,
        rulings=rulings,
    )
    percent = programme.travel.share_percent
    lines = tuple(_judge(line, case) for line in claim.lines)
    people = tuple(_sum_person(each.id, lines, percent) for each in claim.participants)
    actual = sum(each.actual_ore for each in people)
    council = sum(each.council_ore for each in people)
    return Judgement(
        rule_version=RULE_VERSION,
        share_percent=percent,
        lines=lines,
        participants=people,
        actual_ore=actual,
        council_ore=council,
        municipality_ore=actual - council,
        held_ore=sum(each.held_ore for each in people),
    )


def _sum_person(participant: str, lines: Sequence[JudgedLine], percent: int) -> ParticipantResult:
    own = [line for line in lines if line.participant == participant]
    settled = [line for line in own if line.state is not LineState.HELD]
    travel = [line for line in settled if line.kind is not LineKind.OVERNIGHT]
    nights = [line for line in settled if line.kind is LineKind.OVERNIGHT]
    counted = sum(line.counted_ore for line in travel)
    return ParticipantResult(
        participant=participant,
        travel_actual_ore=sum(line.actual_ore for line in travel),
        travel_counted_ore=counted,
        travel_council_ore=share(counted, percent),
        overnight_actual_ore=sum(line.actual_ore for line in nights),
        overnight_council_ore=sum(line.counted_ore for line in nights),
        held_ore=sum(line.actual_ore for line in own if line.state is LineState.HELD),
    )


def _judge(line: LineIn, case: ClaimCase) -> JudgedLine:
    """In this order: a person's refusal, the rule, a person's approval, what speaks against it."""
    cost, ruling = case.costs[line.id], case.rulings.get(line.id)
    if ruling and ruling.verdict == "reject":
        is_repeat = line.id in case.duplicates
        reason = ReasonCode.DUPLICATE if is_repeat else ReasonCode.REJECTED_BY_STAFF
        return _outcome(line, case, LineState.REJECTED, reason)
    if cost is None:
        return _outcome(line, case, LineState.HELD, ReasonCode.RATE_UNKNOWN)
    if excluded := _find_exclusion(line, case):
        return _outcome(line, case, LineState.REJECTED, excluded)
    if ruling:
        return _approved_by_staff(line, case, cost.actual_ore, ruling.approved_ore)
    if holds := tuple(_find_holds(line, case, cost.actual_ore)):
        return _outcome(line, case, LineState.HELD, *holds)
    if cost.counted_ore < cost.actual_ore:
        reason = ReasonCode.PASSENGER_NOT_REGISTERED
        return _outcome(line, case, LineState.REDUCED, reason, counted_ore=cost.counted_ore)
    is_night = line.kind is LineKind.OVERNIGHT
    reason = ReasonCode.NIGHT_COVERED if is_night else ReasonCode.TRAVEL_COVERED
    return _outcome(line, case, LineState.APPROVED, reason, counted_ore=cost.actual_ore)


def _find_exclusion(line: LineIn, case: ClaimCase) -> ReasonCode | None:
    """Why the municipality pays the line whatever is documented."""
    if line.kind is not LineKind.OVERNIGHT:
        is_over = line.participant not in case.travellers
        return ReasonCode.OVER_TRAVEL_PERSONS if is_over else None
    if case.programme.overnight.mode == "central":
        return ReasonCode.NIGHT_BOOKED_BY_COUNCIL
    if line.date != case.nights[line.participant]:
        return ReasonCode.SECOND_NIGHT
    if line.participant not in case.night_persons:
        return ReasonCode.OVER_NIGHT_PERSONS
    return None


def _find_holds(line: LineIn, case: ClaimCase, actual_ore: int) -> Iterator[ReasonCode]:
    """What a person or a document has to settle before the line counts."""
    if line.participant not in case.registered:
        yield ReasonCode.NOT_REGISTERED
    around = timedelta(days=case.programme.travel.days_around)
    if line.kind is LineKind.OVERNIGHT:
        if not is_adjoining(line.date, case.gathering):
            yield ReasonCode.NIGHT_NOT_ADJOINING
    elif not case.gathering.first_day - around <= line.date <= case.gathering.last_day + around:
        yield ReasonCode.OUTSIDE_DATES
    is_small = actual_ore <= case.programme.travel.receipt_free_up_to_ore
    if line.kind not in WITHOUT_RECEIPT and not is_small:
        yield from _find_receipt_hold(line, case.receipts)
    if line.kind is LineKind.CAR and (line.participant, line.date) in case.passengers:
        yield ReasonCode.PASSENGER_CLAIMS_CAR
    if line.id in case.duplicates:
        yield ReasonCode.POSSIBLE_DUPLICATE


def _find_receipt_hold(line: LineIn, receipts: Mapping[str, ReceiptFact]) -> Iterator[ReasonCode]:
    states = {receipts[each].state if each in receipts else None for each in line.receipt_ids}
    if "refused" in states:
        yield ReasonCode.RECEIPT_REFUSED
    elif "waiting" in states:
        yield ReasonCode.RECEIPT_WAITING
    elif "accepted" not in states:
        yield ReasonCode.RECEIPT_MISSING


def _approved_by_staff(
    line: LineIn, case: ClaimCase, actual_ore: int, approved_ore: int | None
) -> JudgedLine:
    if approved_ore is None or approved_ore >= actual_ore:
        reason = ReasonCode.APPROVED_BY_STAFF
        return _outcome(line, case, LineState.APPROVED, reason, counted_ore=actual_ore)
    reason = ReasonCode.REDUCED_BY_STAFF
    return _outcome(line, case, LineState.REDUCED, reason, counted_ore=approved_ore)


def _outcome(
    line: LineIn, case: ClaimCase, state: LineState, *reasons: ReasonCode, counted_ore: int = 0
) -> JudgedLine:
    cost = case.costs[line.id]
    is_repeat = ReasonCode.DUPLICATE in reasons
    return JudgedLine(
        line_id=line.id,
        participant=line.participant,
        kind=line.kind,
        state=state,
        reason=reasons[0],
        also=reasons[1:],
        like=case.duplicates.get(line.id),
        actual_ore=cost.actual_ore if cost and not is_repeat else 0,
        counted_ore=counted_ore,
        ore_per_km=cost.ore_per_km if cost else None,
        ruling=case.rulings.get(line.id),
    )
