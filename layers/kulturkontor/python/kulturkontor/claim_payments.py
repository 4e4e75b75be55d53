"""What a claim pays: its participants' sums as lines, less what earlier versions settled and what
the municipality owes.
"""

from kulturkontor.claims import TravelClaim
from kulturkontor.judgement import LineState, ParticipantResult
from kulturkontor.payee_accounts import Payee
from kulturkontor.payments import (
    OVERNIGHT,
    TRAVEL,
    Payment,
    PaymentLine,
    PaymentNetting,
    end_to_end_id,
)
from kulturkontor.programme import Programme
from kulturkontor.reasons import reason_text
from kulturkontor.receivables import Netting, Receivable
from kulturkontor.sealing import PlannedPayment


def payment_of(planned: PlannedPayment, payee: Payee, programme: Programme) -> Payment:
    """The payment as it is sealed."""
    claim = planned.claim
    lines = [
        line for person in claim.judgement.participants for line in _payment_lines(claim, person)
    ]
    nights = sum(each.council_ore for each in lines if each.kind == OVERNIGHT)
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
        organisation_number=payee.organisation_number,
        account_number=payee.account_number,
        kid=payee.kid,
        payee=payee.name,
        attested_by=claim.attested_by or "",
        amount_ore=planned.amount_ore,
        adjustment_ore=claim.moved.ore - sum(line.council_ore for line in lines),
        adjustment_overnight_ore=claim.moved.overnight_ore - nights,
        nettings=tuple(_netting(*each) for each in planned.nettings),
        lines=tuple(lines),
    )


def _netting(debt: Receivable, netting: Netting) -> PaymentNetting:
    return PaymentNetting(
        claim_number=debt.claim_number,
        gathering=debt.gathering,
        claim_version=debt.claim_version,
        amount_ore=netting.amount_ore,
        overnight_ore=netting.overnight_ore,
    )


def _payment_lines(claim: TravelClaim, person: ParticipantResult) -> list[PaymentLine]:
    name = claim.claim.participant(person.participant).name
    parts = (
        (TRAVEL, person.travel_actual_ore, person.travel_council_ore),
        (OVERNIGHT, person.overnight_actual_ore, person.overnight_council_ore),
    )
    lines = []
    for kind, actual, council in parts:
        judged = [
            each
            for each in claim.judgement.lines
            if each.participant == person.participant
            and (each.kind == OVERNIGHT) == (kind == OVERNIGHT)
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
                reason=reason_text(least, language="nb", rules=claim.judgement.rules),
                actual_ore=actual,
                council_ore=council,
                municipality_ore=actual - council,
            )
        )
    return lines
