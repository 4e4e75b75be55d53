"""A judged claim as tables: each line, each participant, the sum; and single lines in words.

The same figures stand on the page, in the mails and on the voucher of the calculation. The first
row of a table is its header.
"""

from typing import Any

from kulturkontor.claim_lines import LineIn
from kulturkontor.claims import TravelClaim
from kulturkontor.days import format_date
from kulturkontor.judgement import JudgedLine, LineState
from kulturkontor.money import format_kroner
from kulturkontor.programme import Language
from kulturkontor.reasons import reason_text
from kulturkontor.texts import counted, phrase

Rows = list[list[str]]


def line_table(claim: TravelClaim, language: Language) -> Rows | None:
    """Per line: who and what, what it cost, how much of it the share is reckoned from, and why.
    None where nothing is claimed.
    """
    if not claim.judgement.lines:
        return None
    rows = [
        [
            line_name(judged, claim, language),
            format_kroner(judged.actual_ore),
            _counted(judged, language),
            because(judged, claim, language),
        ]
        for judged in claim.judgement.lines
    ]
    return [_header(language, "line", "actual", "counted", "because"), *rows]


def line_name(judged: JudgedLine, claim: TravelClaim, language: Language) -> str:
    """ "Kari Prøve, tog, 24. september 2026, from there to here"."""
    line = next(each for each in claim.claim.lines if each.id == judged.line_id)
    person = claim.claim.participant(line.participant).name
    kind = phrase(language, f"kind_{line.kind}")
    parts = (person, kind, format_date(line.date, language), line.route)
    return ", ".join(part for part in parts if part)


def because(judged: JudgedLine, claim: TravelClaim, language: Language) -> str:
    """How the sum of a line came about where that is reckoned, and why it was judged as it was."""
    line = next(each for each in claim.claim.lines if each.id == judged.line_id)
    told = [_reckoned(line, judged, language), reason_in_words(judged, claim, language)]
    return " ".join(each for each in told if each)


def _reckoned(line: LineIn, judged: JudgedLine, language: Language) -> str:
    if line.kilometres is not None and judged.ore_per_km is not None:
        kilometres = str(line.kilometres).removesuffix(".0").replace(".", ",")
        rate = format_kroner(judged.ore_per_km)
        return phrase(language, "reckoned_kilometres", kilometres=kilometres, rate=rate)
    if line.amount is None and line.rate and line.rate_date:
        return phrase(
            language,
            "reckoned_foreign",
            amount=line.foreign_amount or "",
            currency=line.currency or "",
            rate=line.rate.replace(".", ","),
            date=format_date(line.rate_date, language),
            source=line.rate_source or "",
        )
    return ""


def _counted(judged: JudgedLine, language: Language) -> str:
    is_held = judged.state is LineState.HELD
    return phrase(language, "line_waits") if is_held else format_kroner(judged.counted_ore)


def calculation(claim: TravelClaim, language: Language) -> Rows:
    """Per participant: what it cost, the council's part, the municipality's own part."""
    names = {each.id: each.name for each in claim.claim.participants}
    rows = [
        [
            names[each.participant],
            format_kroner(each.actual_ore),
            format_kroner(each.council_ore),
            format_kroner(each.municipality_ore),
        ]
        for each in claim.judgement.participants
    ]
    return [_header(language, "participant", "actual", "council", "municipality"), *rows]


def totals(
    claim: TravelClaim, language: Language, *, payout: str = "total_payout", netted_ore: int = 0
) -> Rows:
    """The claim in sum: travel, nights, what was settled before, what is paid now, the
    municipality's part, what waits. `payout` names the phrase of what is paid: before the claim is
    attested it is expected.
    """
    judged, people = claim.judgement, claim.judgement.participants
    nights = sum(each.overnight_council_ore > 0 for each in people)
    share = {"share": judged.share_percent}
    covered = {"nights": counted(language, "nights", nights)}
    rows: list[tuple[str, dict[str, Any], int]] = [
        ("total_travel", {}, sum(each.travel_actual_ore for each in people)),
        ("total_travel_share", share, sum(each.travel_council_ore for each in people)),
        ("total_overnight", {}, sum(each.overnight_actual_ore for each in people)),
        ("total_overnight_share", covered, sum(each.overnight_council_ore for each in people)),
        ("total_paid_before", {}, claim.paid_ore),
        *([("total_netted", {}, netted_ore)] if netted_ore else []),
        (payout, {}, claim.settlement.pay_ore - netted_ore),
        *([("total_owed", {}, claim.settlement.owed_ore)] if claim.settlement.owed_ore else []),
        ("total_municipality", {}, judged.municipality_ore),
        *([("total_held", {}, judged.held_ore)] if judged.has_held else []),
    ]
    told = [[phrase(language, key, **more), format_kroner(ore)] for key, more, ore in rows]
    return [_header(language, "what", "amount"), *told]


def lines_in_words(claim: TravelClaim, state: LineState, language: Language) -> list[str]:
    """The lines in that state, each with its person, amount and reason."""
    names = {each.id: each.name for each in claim.claim.participants}
    return [
        phrase(
            language,
            "line_in_words",
            person=names[line.participant],
            kind=phrase(language, f"kind_{line.kind}"),
            amount=format_kroner(line.actual_ore),
            reason=reason_in_words(line, claim, language),
        )
        for line in claim.judgement.lines
        if line.state is state
    ]


def reason_in_words(line: JudgedLine, claim: TravelClaim, language: Language) -> str:
    return reason_text(line, language=language, rules=claim.judgement.rules)


def _header(language: Language, *columns: str) -> list[str]:
    return [phrase(language, f"column_{each}") for each in columns]
