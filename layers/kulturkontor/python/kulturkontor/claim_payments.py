"""What a claim pays: its participants' sums as lines, less what earlier versions paid."""

from kulturkontor.claims import TravelClaim
from kulturkontor.judgement import LineState, ParticipantResult
from kulturkontor.payments import Payment, PaymentLine, end_to_end_id
from kulturkontor.programme import Programme
from kulturkontor.reasons import reason_text


def payment_of(claim: TravelClaim, programme: Programme) -> Payment:
    """What the claim pays: its participants' sums, less what earlier versions paid."""
    lines = [
        line
        for person in claim.judgement.participants
        for line in _payment_lines(claim, person, programme)
    ]
    return Payment(
        end_to_end_id=end_to_end_id(
            prefix=programme.payment.end_to_end_prefix,
            gathering=claim.gathering,
            kommunenummer=claim.kommunenummer,
            version=claim.version,
        ),
        claim_id=claim.id,
        claim_number=claim.claim_number,
        claim_version=claim.version,
        reference=claim.reference,
        municipality=claim.municipality,
        kommunenummer=claim.kommunenummer,
        organisation_number=claim.organisation_number,
        account_number=claim.claim.account_number,
        kid=claim.claim.kid,
        amount_ore=claim.settlement.pay_ore,
        adjustment_ore=claim.settlement.pay_ore - sum(line.council_ore for line in lines),
        lines=tuple(lines),
    )


def _payment_lines(
    claim: TravelClaim, person: ParticipantResult, programme: Programme
) -> list[PaymentLine]:
    name = claim.claim.participant(person.participant).name
    parts = (
        ("travel", person.travel_actual_ore, person.travel_council_ore),
        ("overnight", person.overnight_actual_ore, person.overnight_council_ore),
    )
    lines = []
    for kind, actual, council in parts:
        judged = [
            each
            for each in claim.judgement.lines
            if each.participant == person.participant
            and (each.kind == "overnight") == (kind == "overnight")
            and each.state is not LineState.HELD
        ]
        if not actual or not judged:
            continue
        least = max(judged, key=lambda each: list(LineState).index(each.state))
        lines.append(
            PaymentLine(
                participant=name,
                kind=kind,
                gathering=claim.gathering,
                state=least.state,
                reason=reason_text(least, language="nb", programme=programme),
                actual_ore=actual,
                council_ore=council,
                municipality_ore=actual - council,
            )
        )
    return lines
