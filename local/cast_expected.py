"""What a claim of the cast must come to, reckoned from what the cast typed and knows of it.

Written from the announcement, apart from the rules: half of each person's travel, rounded half up
to the øre, and one night for each of four. Whoever writes a line says why it does not simply count.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any

from kulturkontor.programme import Programme

Json = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """The reason of each line by its id, and what the council owes for those that count."""

    reasons: dict[str, str]
    council_ore: int


def expect(body: Json, unlike: Mapping[str, str], programme: Programme) -> Expected:
    """`unlike`: the reasons of lines that are not simply covered; only a refund of them counts."""
    travel: defaultdict[str, int] = defaultdict(int)
    nights = 0
    for line in body["lines"]:
        if unlike.get(line["id"], "given_back") != "given_back":
            continue
        if line["kind"] == "overnight":
            nights += ore_of(line, programme)
        else:
            travel[line["participant"]] += ore_of(line, programme)
    share = Fraction(programme.travel.share_percent, 100)
    return Expected(
        reasons={line["id"]: unlike.get(line["id"], _covered(line)) for line in body["lines"]},
        council_ore=nights + sum(_half_up(each * share) for each in travel.values()),
    )


def expect_after(
    body: Json, unlike: Mapping[str, str], rulings: Mapping[str, str], programme: Programme
) -> Expected:
    """The same once staff have ruled on the lines that waited. `rulings`: verdicts by line."""
    waits = {line: why for line, why in unlike.items() if line not in rulings}
    rejected = {line: "rejected_by_staff" for line, said in rulings.items() if said == "reject"}
    approved = {line: "approved_by_staff" for line, said in rulings.items() if said == "approve"}
    found = expect(body, waits | rejected, programme)
    return replace(found, reasons=found.reasons | approved)


def ore_of(line: Json, programme: Programme) -> int:
    """Øre as typed, converted, or for kilometres at the first rate that the programme knows."""
    if "kilometres" in line:
        rate = programme.travel.car_rates[0].ore_per_km if line["kind"] == "car" else 0
        more = programme.travel.passenger_supplement_ore_per_km if line.get("passengers") else 0
        return _half_up(_number(line["kilometres"]) * (rate + more))
    if "amount" in line:
        return _half_up(_number(line["amount"]) * 100)
    return _half_up(_number(line["foreign_amount"]) * 100 * _number(line["rate"]))


def _covered(line: Json) -> str:
    return "night_covered" if line["kind"] == "overnight" else "travel_covered"


def _number(typed: str) -> Fraction:
    """A number in any of the ways in which the cast types it."""
    bare = "".join(each for each in typed if each.isdigit() or each in ",.-").removesuffix(",-")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    return Fraction(bare)


def _half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))
