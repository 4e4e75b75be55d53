"""The travel rule once more, for the tests: read from the announcement and the published reading
of it, in exact fractions, without a look at the code it checks.

For each line: does it wait, is it no cost of the council's, or does it count, and with how much.
Then the sums. Nothing here explains anything; it only reckons.
"""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import NamedTuple

from kulturkontor.claim_lines import LineIn
from tests.rules.claim_cases import Case

WAITS, NOT_OURS, COUNTS, GONE = "waits", "not ours", "counts", "gone"
DAY = timedelta(days=1)


class Sums(NamedTuple):
    actual: int
    council: int
    held: int


def reckon(case: Case) -> Sums:
    return _Reckoning(case).sums()


def half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


class _Reckoning:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.lines = case.claim.lines
        self.travel, self.bed = case.programme.travel, case.programme.overnight
        self.rulings = {each.line_id: each for each in case.rulings}
        self.names = {each.name: each.id for each in case.claim.participants}
        self.struck = {key for key, each in self.rulings.items() if each.verdict == "reject"}
        self.asked = {key for key, each in self.rulings.items() if each.verdict == "ask"}
        self.backs = defaultdict[str, list[LineIn]](list)
        for line in self.lines:
            if line.refunds and line.id not in self.struck:
                self.backs[line.refunds].append(line)

    def sums(self) -> Sums:
        actual = held = council = 0
        travel: defaultdict[str, int] = defaultdict(int)
        for line in self.lines:
            if line.refunds:
                continue
            cost = self.cost(line)
            back = sum(-self.cost(each) for each in self.backs[line.id])
            fate = self.fate(line)
            if fate == GONE:
                continue
            if fate == WAITS:
                held += cost - back
                continue
            actual += cost - back
            if fate == COUNTS:
                counted = min(self.counted(line), cost - back)
                if line.kind == "overnight":
                    council += counted
                else:
                    travel[line.participant] += counted
        share = Fraction(self.travel.share_percent, 100)
        council += sum(half_up(each * share) for each in travel.values())
        return Sums(actual, council, held)

    # What a line cost

    def rate(self, day: date) -> int | None:
        known = [each for each in self.travel.car_rates if each.valid_from <= day <= each.valid_to]
        return known[0].ore_per_km if known else None

    def per_km(self, line: LineIn, *, with_passenger: bool) -> int:
        alone = (self.rate(line.date) or 0) if line.kind == "car" else 0
        more = self.travel.passenger_supplement_ore_per_km if with_passenger else 0
        return alone + more

    def cost(self, line: LineIn) -> int:
        if line.kilometres is not None:
            if self.rate(line.date) is None:
                return 0
            per_km = self.per_km(line, with_passenger=bool(line.passengers))
            return half_up(Fraction(line.kilometres) * per_km)
        if line.amount is not None:
            return self._typed(line.amount)
        assert line.foreign_amount is not None
        assert line.rate is not None
        return half_up(self._typed(line.foreign_amount) * Fraction(line.rate))

    def _typed(self, text: str) -> int:
        return round(Fraction(text.replace(",", ".")) * 100)

    def spent(self, line: LineIn) -> int:
        return self.cost(line) + sum(self.cost(each) for each in self.backs[line.id])

    def counted(self, line: LineIn) -> int:
        """How much of a line that counts is reckoned with."""
        cost, ruling = self.cost(line), self.rulings.get(line.id)
        cap = self.bed.max_ore_per_night
        if ruling is not None and ruling.approved_ore is not None:
            return min(ruling.approved_ore, cost)
        if line.kind == "overnight":
            return cost if cap is None else min(cost, cap)
        if ruling is None and line.kilometres is not None and line.passengers:
            ours = any(self.who(each) in self.case.registered for each in line.passengers)
            return half_up(Fraction(line.kilometres) * self.per_km(line, with_passenger=ours))
        return cost

    def who(self, id_or_name: str) -> str | None:
        ids = set(self.names.values())
        return id_or_name if id_or_name in ids else self.names.get(id_or_name)

    # What becomes of it

    def fate(self, line: LineIn) -> str:
        if line.id in self.struck:
            return GONE if self.is_repeat(line) else NOT_OURS
        if line.kilometres is not None and self.rate(line.date) is None:
            return WAITS
        if line.id in self.asked:
            return WAITS
        if self.is_beyond_the_rule(line):
            return NOT_OURS
        if any(each.id in self.asked for each in self.backs[line.id]):
            return WAITS
        if line.id in self.rulings:
            return COUNTS
        return WAITS if self.has_to_wait(line) else COUNTS

    def is_beyond_the_rule(self, line: LineIn) -> bool:
        if line.kind != "overnight":
            most = self.travel.max_persons
            return most is not None and line.participant not in self.travellers()[:most]
        if self.bed.mode == "central":
            return True
        if not self.spent(line):
            return False
        nights = self.nights()
        sleepers = [each for each in self.case.claim.participants if each.id in nights]
        wish = {True: 0, None: 1, False: 2}
        first = sorted(sleepers, key=lambda each: wish[each.covered_night])[: self.bed.max_persons]
        is_first = line.participant in [each.id for each in first]
        return line.date != nights[line.participant] or not is_first

    def travellers(self) -> list[str]:
        claiming = {
            line.participant
            for line in self.lines
            if line.kind != "overnight" and line.id not in self.struck
        }
        return [each.id for each in self.case.claim.participants if each.id in claiming]

    def nights(self) -> dict[str, date]:
        """The night between the days, else the earliest that adjoins, else the earliest."""
        days = self.case.gathering
        claimed = defaultdict[str, set[date]](set)
        for line in self.lines:
            is_night = line.kind == "overnight" and not line.refunds
            if is_night and line.id not in self.struck and self.spent(line):
                claimed[line.participant].add(line.date)
        chosen = {}
        for who, dates in claimed.items():
            between = {each for each in dates if days.first_day <= each < days.last_day}
            near = {each for each in dates if self.adjoins(each)}
            chosen[who] = min(between or near or dates)
        return chosen

    def adjoins(self, night: date) -> bool:
        return self.case.gathering.first_day - DAY <= night <= self.case.gathering.last_day

    def has_to_wait(self, line: LineIn) -> bool:
        case, days = self.case, self.case.gathering
        around = self.travel.days_around * DAY
        is_near = days.first_day - around <= line.date <= days.last_day + around
        highest = self.travel.rates_asked_above.get(line.currency or "", 10**9)
        return (
            days.is_cancelled
            or case.withdrawn
            or line.participant in case.absent
            or line.participant not in case.registered
            or not (self.adjoins(line.date) if line.kind == "overnight" else is_near)
            or not self.is_documented(line)
            or (line.kind == "taxi" and self.travel.taxi_needs_reason and not line.note)
            or (line.rate is not None and Fraction(line.rate) > highest)
            or self.is_driven_twice(line)
            or self.is_repeat(line)
        )

    def is_documented(self, line: LineIn) -> bool:
        cost = self.cost(line)
        if line.kind in ("car", "passenger", "toll") or cost == 0:
            return True
        is_fare = line.kind in ("train", "bus", "boat", "parking")
        if is_fare and cost <= self.travel.receipt_free_up_to_ore:
            return True
        facts = [
            self.case.receipts[each] for each in line.receipt_ids if each in self.case.receipts
        ]
        if not facts or {each.state for each in facts} != {"accepted"}:
            return False
        types = {each.media_type for each in facts}
        return line.kind != "travel_total" or "application/pdf" in types

    def is_driven_twice(self, line: LineIn) -> bool:
        """By car, though somebody else drove them; or a supplement without the kilometres."""
        if line.kilometres is None:
            return False
        others = [each for each in self.lines if each.id not in self.struck]
        if any(
            line.participant in map(self.who, each.passengers) and each.date == line.date
            for each in others
        ):
            return True
        same_day = [
            each
            for each in others
            if (each.participant, each.date) == (line.participant, line.date)
        ]
        driven = sum((Fraction(e.kilometres or 0) for e in same_day if e.kind == "car"), Fraction())
        more = sum(Fraction(e.kilometres or 0) for e in same_day if e.kind == "passenger")
        return line.kind == "passenger" and more > driven

    def is_repeat(self, line: LineIn) -> bool:
        return any(
            first.id != line.id and first.id not in self.struck
            for first in (min(group, key=self._order) for group in self._alike(line))
        )

    def _order(self, line: LineIn) -> tuple[bool, bool, str]:
        return line.id in self.struck, not self._files(line), line.id

    def _files(self, line: LineIn) -> set[str]:
        facts = (self.case.receipts.get(each) for each in line.receipt_ids)
        return {each.sha256 for each in facts if each is not None and each.sha256 is not None}

    def _alike(self, line: LineIn) -> list[list[LineIn]]:
        """The groups of lines that have something suspicious in common with this one."""
        if line.refunds or not self.cost(line) or not self.spent(line):
            return []
        same = [
            each
            for each in self.lines
            if not each.refunds
            and (each.participant, each.date) == (line.participant, line.date)
            and self.cost(each)
            and self.spent(each)
        ]
        if line.kind == "overnight":
            return [[each for each in same if each.kind == "overnight"]]
        amount = [
            each for each in same if each.kind != "overnight" and self.cost(each) == self.cost(line)
        ]
        return [
            [each for each in amount if each.kind == line.kind],
            *([each for each in amount if file in self._files(each)] for file in self._files(line)),
        ]
