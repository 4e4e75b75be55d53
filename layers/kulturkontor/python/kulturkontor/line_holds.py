"""What speaks against a line: each reason why a person or a document has to settle it first.

Receipts follow what is usual for travel claims in Norway: documented one by one, except kilometres,
toll, and small fares up to the programme's own limit.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from kulturkontor.claim_case import ClaimCase
from kulturkontor.claim_fields import BY_KILOMETRES, LineKind
from kulturkontor.claim_lines import LineIn
from kulturkontor.judgement import ReasonCode
from kulturkontor.overnight import is_adjoining
from kulturkontor.refunds import is_asked

WITHOUT_RECEIPT = BY_KILOMETRES | {LineKind.TOLL}
SMALL_FARES = frozenset({LineKind.TRAIN, LineKind.BUS, LineKind.BOAT, LineKind.PARKING})
"""May go without a receipt up to `travel.receipt_free_up_to_ore`, each line by itself."""
PDF = "application/pdf"


def find_holds(line: LineIn, case: ClaimCase, actual_ore: int) -> Iterator[ReasonCode]:
    """In the order in which they are told."""
    yield from _find_reasons_to_wait(line, case)
    if line.participant not in case.known.registered:
        yield ReasonCode.NOT_REGISTERED
    if not _is_near(line, case):
        is_night = line.kind is LineKind.OVERNIGHT
        yield ReasonCode.NIGHT_NOT_ADJOINING if is_night else ReasonCode.OUTSIDE_DATES
    if _needs_receipt(line, case, actual_ore):
        yield from _find_receipt_hold(line, case)
    yield from _find_doubts(line, case)


def _find_reasons_to_wait(line: LineIn, case: ClaimCase) -> Iterator[ReasonCode]:
    """Where nobody can say yet whether the cost is the council's at all."""
    if case.rules.is_cancelled:
        yield ReasonCode.GATHERING_CANCELLED
    if case.known.withdrawn:
        yield ReasonCode.MUNICIPALITY_WITHDRAWN
    if line.participant in case.known.absent:
        yield ReasonCode.PARTICIPANT_DROPPED_OUT
    if is_asked(case.refunds.get(line.id, ()), case.rulings):
        yield ReasonCode.WAITS_WITH_LINE


def _is_near(line: LineIn, case: ClaimCase) -> bool:
    if line.kind is LineKind.OVERNIGHT:
        return is_adjoining(line.date, case.rules)
    around = timedelta(days=case.rules.days_around)
    return case.rules.first_day - around <= line.date <= case.rules.last_day + around


def _needs_receipt(line: LineIn, case: ClaimCase, actual_ore: int) -> bool:
    if line.kind in WITHOUT_RECEIPT or not actual_ore:
        return False
    is_small = actual_ore <= case.rules.receipt_free_up_to_ore
    return not (line.kind in SMALL_FARES and is_small)


def _find_receipt_hold(line: LineIn, case: ClaimCase) -> Iterator[ReasonCode]:
    facts = [case.receipts[each] for each in line.receipt_ids if each in case.receipts]
    states = {each.state for each in facts}
    is_pdf = any(each.state == "accepted" and each.media_type == PDF for each in facts)
    if "refused" in states:
        yield ReasonCode.RECEIPT_REFUSED
    elif "waiting" in states:
        yield ReasonCode.RECEIPT_WAITING
    elif "accepted" not in states:
        yield ReasonCode.RECEIPT_MISSING
    elif line.kind is LineKind.TRAVEL_TOTAL and not is_pdf:
        yield ReasonCode.BILL_NOT_PDF


def _find_doubts(line: LineIn, case: ClaimCase) -> Iterator[ReasonCode]:
    if line.kind is LineKind.TAXI and case.rules.taxi_needs_reason and not line.note:
        yield ReasonCode.TAXI_WITHOUT_REASON
    highest = case.rules.rates_asked_above.get(line.currency or "")
    if line.rate is not None and highest is not None and Decimal(line.rate) > highest:
        yield ReasonCode.RATE_PER_HUNDRED
    who_and_when = (line.participant, line.date)
    if line.kind in BY_KILOMETRES and who_and_when in case.passengers:
        yield ReasonCode.PASSENGER_CLAIMS_CAR
    if line.kind is LineKind.PASSENGER and who_and_when in case.loose_supplements:
        yield ReasonCode.SUPPLEMENT_WITHOUT_CAR
    if line.id in case.repeats or line.id in case.elsewhere:
        yield ReasonCode.POSSIBLE_DUPLICATE
