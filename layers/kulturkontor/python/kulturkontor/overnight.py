"""Which nights the council pays: «én overnatting per deltaker per samling, for fire personer».

One night per person: the one between the days if it is claimed, else the earliest that adjoins the
rules. The persons: those the municipality marked, then the others, in the order of the claim;
never by price. A held night keeps its place until people have decided: nothing is paid twice.
"""

from collections.abc import Collection
from datetime import date, timedelta

from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn
from kulturkontor.rules_used import RulesUsed

ONE_DAY = timedelta(days=1)


def choose_nights(
    claim: ClaimIn, rules: RulesUsed, *, struck: Collection[str]
) -> tuple[dict[str, date], frozenset[str]]:
    """The one night of each participant, and who is among the persons the council pays for.

    Lines whose ids are `struck` are as if they had not been claimed.
    """
    nights: dict[str, date] = {}
    for line in claim.lines:
        if line.kind is LineKind.OVERNIGHT and line.id not in struck and line.refunds is None:
            other = nights.get(line.participant, line.date)
            nights[line.participant] = min(
                other, line.date, key=lambda night: _preference(night, rules)
            )
    order = [each for each in claim.participants if each.id in nights]
    order.sort(key=lambda each: (True, None, False).index(each.covered_night))
    return nights, frozenset(each.id for each in order[: rules.max_night_persons])


def is_adjoining(night: date, rules: RulesUsed) -> bool:
    """From the evening before the first day to the morning after the last."""
    return rules.first_day - ONE_DAY <= night <= rules.last_day


def _preference(night: date, rules: RulesUsed) -> tuple[bool, bool, date]:
    is_between = rules.first_day <= night < rules.last_day
    return not is_between, not is_adjoining(night, rules), night
