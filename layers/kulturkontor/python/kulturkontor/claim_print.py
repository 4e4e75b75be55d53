"""The calculation of a claim as PDF, for the municipality's own books: what was claimed, covered,
why, and by which rules and rates, so that it can be reckoned again from the paper alone.
"""

from typing import Any

from kulturkontor.claim_tables import calculation, line_table, totals
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.days import format_days, format_moment
from kulturkontor.money import format_kroner
from kulturkontor.municipalities import municipality
from kulturkontor.printing import as_printable, set_pdf
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import counted, phrase


def print_calculation(claim: TravelClaim, programme: Programme, language: Language) -> bytes:
    """The PDF of one version; the same judgement in the same state gives the same bytes."""
    data = calculation_data(claim, programme, language)
    at = claim.attested_at or claim.received_at
    return set_pdf("calculation_template/calculation.typ", "calculation", data, at=at)


def calculation_data(
    claim: TravelClaim, programme: Programme, language: Language
) -> dict[str, Any]:
    """What the template reads, every text printable."""
    expected = claim.state is ClaimState.RECEIVED
    payout = "total_payout_expected" if expected else "total_payout"
    tables = [
        (phrase(language, "print_claim_sums"), totals(claim, language, payout=payout), 1),
        (phrase(language, "print_claim_people"), calculation(claim, language), 1),
        (phrase(language, "print_claim_lines"), line_table(claim, language), 1),
    ]
    data = {
        "language": language,
        "organiser": programme.organiser,
        "title": phrase(language, "print_claim_title", number=claim.claim_number),
        "facts": _facts(claim, programme, language),
        "lead": phrase(language, "print_claim_preliminary") if expected else "",
        "tables": [
            {"heading": heading, "rows": rows, "numbers_from": first}
            for heading, rows, first in tables
            if rows
        ],
        "rules_heading": phrase(language, "print_claim_rules"),
        "rules": _rules(claim, language),
        "footer": f"{programme.name[language]} · {claim.claim_number}, {_version(claim, language)}",
        "page_label": phrase(language, "letter_page", page="{page}", pages="{pages}"),
    }
    return as_printable(data, language)


def _facts(claim: TravelClaim, programme: Programme, language: Language) -> list[list[str]]:
    rules = claim.judgement.rules
    gathering = programme.gathering(claim.gathering)
    days = format_days(rules.first_day, rules.last_day, language)
    place = gathering.place if gathering else ""
    told = [
        ("print_programme", programme.name[language]),
        ("print_claim_municipality", municipality(claim.kommunenummer).letter_name),
        ("print_claim_orgnr", claim.organisation_number),
        ("gathering", ", ".join(each for each in (days, place) if each)),
        ("print_claim_number", f"{claim.claim_number}, {_version(claim, language)}"),
        ("print_sent", format_moment(claim.received_at, language)),
        ("print_claim_state", phrase(language, f"claim_state_{claim.state}")),
        ("print_claim_vat", phrase(language, f"vat_{claim.claim.vat}")),
    ]
    return [[phrase(language, key), value] for key, value in told]


def _version(claim: TravelClaim, language: Language) -> str:
    return phrase(language, "print_claim_version", version=claim.version)


def _rules(claim: TravelClaim, language: Language) -> list[str]:
    """The rules and rates of the judgement, as kept with it."""
    rules = claim.judgement.rules
    told = [
        phrase(language, "print_rule_version", version=claim.judgement.rule_version),
        phrase(language, "print_rule_share", share=rules.share_percent),
    ]
    if rules.night_mode == "refund":
        persons = counted(language, "persons", rules.max_night_persons)
        told.append(phrase(language, "print_rule_nights", persons=persons))
    rates = sorted({each.ore_per_km for each in claim.judgement.lines if each.ore_per_km})
    if rates:
        words = ", ".join(format_kroner(each) for each in rates)
        told.append(phrase(language, "print_rule_rates", rates=words))
    return told
