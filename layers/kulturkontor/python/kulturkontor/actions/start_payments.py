"""What a council has paid by hand, as claims that were settled outside the system.

Each participant's costs are judged by the programme's own rule; what was paid decides how much of
them counts, and must be what the rule then gives, to the øre. The claim never enters a batch.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from kulturkontor.actions.claim_files import ClaimFile, judge_now
from kulturkontor.actions.prepare_claim import prepare_claim
from kulturkontor.audit import audit
from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_steps import settle_outside
from kulturkontor.claims import TravelClaim, put_claim
from kulturkontor.judgement import LineRuling
from kulturkontor.money import decimal_comma, format_kroner, share
from kulturkontor.outside_payments import outside_payment
from kulturkontor.people import Participant
from kulturkontor.programme import OSLO, Gathering, Language, Programme
from kulturkontor.records import Put
from kulturkontor.start_attendance import find_person
from kulturkontor.start_plans import Desk, Planned
from kulturkontor.start_rows import PaymentRow
from kulturkontor.start_sheets import StartFault, StartFaultCode, fault
from kulturkontor.texts import phrase

_NOON = time(12)


def plan_payments(rows: Sequence[PaymentRow], file: ClaimFile, desk: Desk) -> Planned:
    """The claim of one municipality for one gathering; `rows`: one for each participant."""
    gathering = desk.programme.gathering(rows[0].gathering)
    if gathering is None:
        return Planned(faults=(_of_all(rows, "gathering", StartFaultCode.GATHERING),))
    people = {row.number: find_person(file.application, row.gathering, row.name) for row in rows}
    if faults := tuple(_row_faults(rows, people, gathering)):
        return Planned(faults=faults)
    found = [(row, person) for row in rows if (person := people[row.number]) is not None]
    present = sorted(found, key=lambda each: each[1].id)
    claim = _claim(present, gathering, file, desk)
    if faults := tuple(_sum_faults(present, claim)):
        return Planned(faults=faults)
    if versions := file.versions(gathering.id):
        is_same = versions[0].claim == claim.claim and versions[0].voucher == rows[0].voucher
        if is_same:
            return Planned()
        number = versions[0].claim_number
        return Planned(faults=(_of_all(rows, "gathering", StartFaultCode.CLAIM_EXISTS, number),))
    if claim.settlement.pay_ore <= 0:
        return Planned(faults=(_of_all(rows, "travel_paid", StartFaultCode.NOTHING_PAID),))
    first = rows[0]
    paid_at = datetime.combine(first.paid_on, _NOON, tzinfo=OSLO)
    settled = settle_outside(claim, voucher=first.voucher, by=desk.by, now=paid_at)
    reason = phrase("nb", "staff_start_reason")
    paper = outside_payment(
        claim, voucher=first.voucher, reason=reason, by=desk.confirmed_by, at=paid_at
    )
    note = audit(
        claim,
        f"outside#{gathering.id}",
        by=desk.confirmed_by,
        at=desk.at,
        after=f"{first.voucher}: {reason}",
    )
    return Planned((*put_claim(settled, row_revision=0), Put(paper), note), len(rows))


def _row_faults(
    rows: Sequence[PaymentRow],
    people: dict[int, Participant | None],
    gathering: Gathering,
) -> Iterator[StartFault]:
    for row in rows:
        if people[row.number] is None:
            yield fault(row.number, "name", StartFaultCode.PERSON_UNKNOWN, row.name)
        if row.paid_on < gathering.last_day and not gathering.is_cancelled:
            code = StartFaultCode.PAID_TOO_EARLY
            yield fault(row.number, "paid_on", code, row.paid_on.isoformat())


def _claim(
    present: Sequence[tuple[PaymentRow, Participant]],
    gathering: Gathering,
    file: ClaimFile,
    desk: Desk,
) -> TravelClaim:
    first = present[0][0]
    lines = [line for row, person in present for line in _lines(row, person, gathering)]
    claim_in = ClaimIn.model_validate(
        {
            "participants": [
                {"id": person.id, "name": person.name, "covered_night": bool(row.night_paid)}
                for row, person in present
            ],
            "lines": lines,
            "account_number": first.account,
            "vat": "included",
            "no_cost": not lines,
            "declared": True,
        }
    )
    rulings = tuple(
        ruling
        for row, person in present
        for ruling in _rulings(row, person, file.application.mail_language, desk)
        if any(line["id"] == ruling.line_id for line in lines)
    )
    paid_at = datetime.combine(first.paid_on, _NOON, tzinfo=OSLO)
    claim = prepare_claim(file, gathering.id, claim_in, paid_at, desk.programme)
    return claim.but(
        version=1,
        id=f"{file.application.id}-{gathering.id}-1",
        is_late=False,
        rulings=rulings,
        paid_ore=0,
        paid_overnight_ore=0,
        judgement=judge_now(file, claim_in, gathering.id, rulings, desk.programme),
    )


def _lines(
    row: PaymentRow, person: Participant, gathering: Gathering
) -> Iterator[dict[str, object]]:
    costs = (
        ("t", LineKind.TRAVEL_TOTAL, row.travel_actual),
        ("n", LineKind.OVERNIGHT, row.night_actual),
    )
    for short, kind, ore in costs:
        if ore:
            yield {
                "id": f"{short}-{person.id}",
                "participant": person.id,
                "kind": kind,
                "date": gathering.night,
                "amount": decimal_comma(ore),
            }


def _rulings(
    row: PaymentRow, person: Participant, language: Language, desk: Desk
) -> Iterator[LineRuling]:
    """What was paid says how much of each cost was approved; the papers are the council's own."""
    for short, ore in (("t", _counted(row, desk.programme)), ("n", row.night_paid)):
        yield LineRuling(
            line_id=f"{short}-{person.id}",
            verdict="approve",
            by=desk.by,
            reason=phrase(language, "paid_by_hand", voucher=row.voucher),
            approved_ore=ore,
        )


def _counted(row: PaymentRow, programme: Programme) -> int:
    """The cost that the council's share is what was paid: all of it where that is the rule."""
    percent = programme.travel.share_percent
    if not percent or share(row.travel_actual, percent) == row.travel_paid:
        return row.travel_actual
    nearest = (200 * row.travel_paid + percent) // (2 * percent)
    return min(nearest, row.travel_actual)


def _sum_faults(
    present: Sequence[tuple[PaymentRow, Participant]], claim: TravelClaim
) -> Iterator[StartFault]:
    """Where the rule gives another sum than was paid: the fault says what it gives."""
    results = {each.participant: each for each in claim.judgement.participants}
    for row, person in present:
        result = results[person.id]
        for column, paid, covered in (
            ("travel_paid", row.travel_paid, result.travel_council_ore),
            ("night_paid", row.night_paid, result.overnight_council_ore),
        ):
            if paid != covered:
                code = StartFaultCode.PAID_OTHERWISE
                told = f"{format_kroner(paid)} / {format_kroner(covered)}"
                yield fault(row.number, column, code, told)


def _of_all(
    rows: Sequence[PaymentRow], column: str, code: StartFaultCode, value: str = ""
) -> StartFault:
    return fault(rows[0].number, column, code, value)
