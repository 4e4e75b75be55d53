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

from kulturkontor.claim_case import ClaimCase, prepare_case, what_is_known
from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_lines import LineIn
from kulturkontor.judgement import (
    JudgedLine,
    Judgement,
    Known,
    LineRuling,
    LineState,
    ParticipantResult,
    ReasonCode,
    ReceiptFact,
)
from kulturkontor.line_costs import Cost
from kulturkontor.line_holds import find_holds
from kulturkontor.money import share
from kulturkontor.programme import Gathering, Programme
from kulturkontor.refunds import judge_refunds
from kulturkontor.rules_used import RulesUsed, rules_used

RULE_VERSION = "2"
"""Raised when the same claim would be judged otherwise than before; kept with every judgement."""


def judge_claim(
    claim: ClaimIn,
    *,
    programme: Programme,
    gathering: Gathering,
    registered: Collection[str],
    receipts: Mapping[str, ReceiptFact],
    earlier: Mapping[str, str] | None = None,
    elsewhere: Mapping[str, str] | None = None,
    rulings: Sequence[LineRuling] = (),
    absent: Collection[str] = (),
    withdrawn: bool = False,
) -> Judgement:
    """The claim judged by the programme as it stands and what is known now.

    `registered`, `absent`: ids or names of the municipality's participants of the gathering, and of
    those who did not come after all. `earlier`, `elsewhere`: the marks (`duplicates`) of this and
    of other municipalities' other claims, each with the number of its claim. `rulings`: what people
    decided about lines. `withdrawn`: the municipality takes part no more.
    """
    rules = rules_used(programme, gathering)
    known = what_is_known(
        claim,
        rules=rules,
        registered=registered,
        receipts=receipts,
        earlier=earlier or {},
        elsewhere=elsewhere or {},
        absent=absent,
        withdrawn=withdrawn,
    )
    return judge(claim, rules=rules, known=known, rulings=rulings)


def judge(
    claim: ClaimIn, *, rules: RulesUsed, known: Known, rulings: Sequence[LineRuling]
) -> Judgement:
    """The claim judged line by line and summed: a function of what is kept with it, and no more."""
    case = prepare_case(claim, rules=rules, known=known, rulings=rulings)
    judged = {
        each.line_id: each
        for line in claim.lines
        if line.refunds is None
        for each in _judge_with_refunds(line, case)
    }
    lines = tuple(judged[line.id] for line in claim.lines)
    people = tuple(_sum_person(each.id, lines, rules.share_percent) for each in claim.participants)
    actual = sum(each.actual_ore for each in people)
    council = sum(each.council_ore for each in people)
    return Judgement(
        rule_version=RULE_VERSION,
        rules=rules,
        share_percent=rules.share_percent,
        lines=lines,
        participants=people,
        actual_ore=actual,
        council_ore=council,
        municipality_ore=actual - council,
        held_ore=sum(each.held_ore for each in people),
        known=known,
        elsewhere=dict(case.elsewhere),
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


def _judge_with_refunds(line: LineIn, case: ClaimCase) -> Iterator[JudgedLine]:
    """The line, and what gives it back: they wait, count or are refused together."""
    cost = _judge_line(line, case)
    yield cost
    for back in judge_refunds(cost, case.refunds.get(line.id, ()), case.rulings):
        yield JudgedLine(
            line_id=back.line.id,
            participant=back.line.participant,
            kind=back.line.kind,
            state=back.state,
            reason=back.reason,
            refunds=line.id,
            actual_ore=back.actual_ore,
            counted_ore=back.counted_ore,
            ruling=_shown_ruling(back.line, case),
        )


def _judge_line(line: LineIn, case: ClaimCase) -> JudgedLine:
    """In this order: a person's refusal, an unknown rate, a person's question, the rule, a person's
    approval, what speaks against it.
    """
    cost, ruling = case.costs[line.id], case.rulings.get(line.id)
    verdict = ruling.verdict if ruling else None
    if verdict == "reject":
        is_repeat = line.id in case.repeats or line.id in case.elsewhere
        reason = ReasonCode.DUPLICATE if is_repeat else ReasonCode.REJECTED_BY_STAFF
        return _outcome(line, case, LineState.REJECTED, reason)
    asked = (ReasonCode.ASKED_BY_STAFF,) if verdict == "ask" else ()
    if cost is None:
        return _outcome(line, case, LineState.HELD, *asked, ReasonCode.RATE_UNKNOWN)
    excluded = _find_exclusion(line, case)
    if excluded and not asked:
        return _outcome(line, case, LineState.REJECTED, excluded)
    holds = tuple(find_holds(line, case, cost.actual_ore))
    if asked:
        return _outcome(line, case, LineState.HELD, *asked, *holds)
    if ruling and ReasonCode.WAITS_WITH_LINE not in holds:
        return _approved_by_staff(line, case, cost, ruling.approved_ore)
    if holds:
        return _outcome(line, case, LineState.HELD, *holds)
    return _covered(line, case, cost)


def _find_exclusion(line: LineIn, case: ClaimCase) -> ReasonCode | None:
    """Why the municipality pays the line whatever is documented."""
    if line.kind is not LineKind.OVERNIGHT:
        is_over = line.participant not in case.travellers
        return ReasonCode.OVER_TRAVEL_PERSONS if is_over else None
    if case.rules.night_mode == "central":
        return ReasonCode.NIGHT_BOOKED_BY_COUNCIL
    if line.id in case.free:
        return None
    if line.date != case.nights[line.participant]:
        return ReasonCode.SECOND_NIGHT
    if line.participant not in case.night_persons:
        return ReasonCode.OVER_NIGHT_PERSONS
    return None


def _covered(line: LineIn, case: ClaimCase, cost: Cost) -> JudgedLine:
    is_night = line.kind is LineKind.OVERNIGHT
    if cost.counted_ore < cost.actual_ore:
        limit = ReasonCode.OVER_NIGHT_PRICE if is_night else ReasonCode.PASSENGER_NOT_REGISTERED
        return _outcome(line, case, LineState.REDUCED, limit, counted_ore=cost.counted_ore)
    reason = ReasonCode.NIGHT_COVERED if is_night else ReasonCode.TRAVEL_COVERED
    return _outcome(line, case, LineState.APPROVED, reason, counted_ore=cost.actual_ore)


def _approved_by_staff(
    line: LineIn, case: ClaimCase, cost: Cost, approved_ore: int | None
) -> JudgedLine:
    """Approved with an amount, a line counts so much. Without, it counts whole; only the highest
    price of a night holds until an amount is named.
    """
    is_capped = line.kind is LineKind.OVERNIGHT and cost.counted_ore < cost.actual_ore
    if approved_ore is None and is_capped:
        return _covered(line, case, cost)
    if approved_ore is None or approved_ore >= cost.actual_ore:
        reason = ReasonCode.APPROVED_BY_STAFF
        return _outcome(line, case, LineState.APPROVED, reason, counted_ore=cost.actual_ore)
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
        like=case.repeats.get(line.id),
        actual_ore=cost.actual_ore if cost and not is_repeat else 0,
        counted_ore=counted_ore,
        ore_per_km=cost.ore_per_km if cost else None,
        ruling=_shown_ruling(line, case),
    )


def _shown_ruling(line: LineIn, case: ClaimCase) -> LineRuling | None:
    ruling = case.rulings.get(line.id)
    return ruling.model_copy(update={"internal": ""}) if ruling else None
