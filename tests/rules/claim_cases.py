"""Claims and facts of every sort, drawn by hypothesis: what the travel rule must be right about."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from kulturkontor.claim_form import ClaimIn
from kulturkontor.judgement import Judgement, LineRuling, ReceiptFact
from kulturkontor.programme import Gathering, Programme
from tests.rules.claim_factory import KIFK2, claim, gathering, judge, person, receipt
from tests.rules.claim_factory import car as car_line
from tests.rules.claim_factory import line as stated_line


def with_travel(programme: Programme = KIFK2, **changes: object) -> Programme:
    travel = programme.travel.model_copy(update=changes)
    return programme.model_copy(update={"travel": travel})


def with_overnight(programme: Programme = KIFK2, **changes: object) -> Programme:
    overnight = programme.overnight.model_copy(update=changes)
    return programme.model_copy(update={"overnight": overnight})


def cancelled(gathering_id: str = "S1", programme: Programme = KIFK2) -> Gathering:
    return gathering(gathering_id, programme).model_copy(update={"is_cancelled": True})


def ruling(line_id: str, verdict: str, **changes: object) -> LineRuling:
    return LineRuling.model_validate(
        {"line_id": line_id, "verdict": verdict, "by": "staff-1", "reason": "Sett på"} | changes
    )


@dataclass(frozen=True)
class Case:
    """A claim and everything it is judged by."""

    claim: ClaimIn
    programme: Programme
    gathering: Gathering
    registered: frozenset[str]
    receipts: dict[str, ReceiptFact]
    rulings: tuple[LineRuling, ...]
    absent: frozenset[str]
    withdrawn: bool

    def judged(self, **changes: object) -> Judgement:
        facts: dict[str, Any] = {name: getattr(self, name) for name in _FACTS} | changes
        made: ClaimIn = facts.pop("claim")
        return judge(made, **facts)


_FACTS = Case.__dataclass_fields__

PROGRAMMES = (
    KIFK2,
    with_travel(max_persons=2),
    with_travel(receipt_free_up_to_ore=60_000, taxi_needs_reason=True, share_percent=33),
    with_overnight(mode="central"),
    with_overnight(max_ore_per_night=100_000),
)
PEOPLE = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=7).map(
    lambda marks: [person(n, covered_night=mark) for n, mark in enumerate(marks, start=1)]
)
DAYS = st.one_of(
    st.sampled_from([f"2026-09-{day}" for day in range(23, 27)]),
    st.sampled_from([f"2026-09-{day}" for day in range(21, 29)] + ["2027-01-02"]),
)
ORE = st.one_of(st.sampled_from([0, 1, 33_333, 49_800]), st.integers(0, 900_000))
STATED = st.sampled_from(
    ["train", "bus", "taxi", "toll", "parking", "travel_total", "overnight", "overnight"]
)
FOREIGN = {"amount": None, "rate_date": "2026-09-20", "rate_source": "Norges Bank"}


def kroner(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100},{abs(ore) % 100:02}"


@st.composite
def claims(draw: st.DrawFn) -> ClaimIn:
    people = draw(PEOPLE)
    ids = st.sampled_from([str(each["id"]) for each in people])
    lines: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 10))):
        owner, day = draw(ids), draw(DAYS)
        if draw(st.integers(0, 4)):
            lines += _stated(draw, f"l{number}", owner, day)
        else:
            lines.append(_driven(draw, f"l{number}", owner, day, draw(st.lists(ids, max_size=2))))
    if draw(st.booleans()):
        lines += _everybodys_nights(draw, people)
    return claim(*_without_supplements_twice(lines), participants=people)


def _stated(draw: st.DrawFn, line_id: str, owner: str, day: str) -> list[dict[str, object]]:
    """A line, and now and then one that gives a part of it back."""
    ore = draw(ORE)
    files = draw(st.lists(st.sampled_from(["r1", "r1", "r2", "r3"]), max_size=2))
    usual: dict[str, object] = {"kind": draw(STATED), "date": day, "receipt_ids": files}
    note = draw(st.sampled_from(["", "Siste buss var gått"]))
    cost = stated_line(line_id, owner, amount=kroner(ore), note=note, **usual)
    if draw(st.integers(0, 5)) == 0:
        rate = draw(st.sampled_from(["0,9871", "98,71"]))
        currency = draw(st.sampled_from(["SEK", "EUR"]))
        foreign = {"foreign_amount": kroner(ore), "rate": rate, "currency": currency}
        return [cost | FOREIGN | foreign]
    if not ore or draw(st.integers(0, 3)):
        return [cost]
    back = draw(st.one_of(st.just(ore), st.integers(1, ore)))
    refund = {"amount": kroner(-back), "refunds": line_id}
    return [cost, stated_line(f"{line_id}-back", owner, **(usual | refund))]


def _everybodys_nights(draw: st.DrawFn, people: list[dict[str, object]]) -> list[dict[str, object]]:
    price = kroner(draw(st.integers(1, 250_000)))
    usual = {"kind": "overnight", "amount": price, "receipt_ids": ["r1"]}
    return [stated_line(f"night-{each['id']}", str(each["id"]), **usual) for each in people]


def _driven(
    draw: st.DrawFn, line_id: str, owner: str, day: str, others: list[str]
) -> dict[str, object]:
    passengers = [each for each in others if each != owner] or ["Ukjent Person"]
    kilometres = kroner(draw(st.integers(1, 5_000)) * 10)[:-1]
    kind = draw(st.sampled_from(["car", "car", "passenger"]))
    is_alone = kind == "car" and draw(st.booleans())
    return car_line(
        line_id,
        owner,
        kind=kind,
        date=day,
        kilometres=kilometres,
        passengers=[] if is_alone else passengers,
    )


def _without_supplements_twice(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    taken = {
        (each["participant"], each["date"])
        for each in lines
        if each["kind"] == "car" and each["passengers"]
    }
    return [
        each
        for each in lines
        if each["kind"] != "passenger" or (each["participant"], each["date"]) not in taken
    ] or [stated_line("l0")]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    made = draw(claims())
    ids = frozenset(each.id for each in made.participants)
    people = st.sampled_from(sorted(ids))
    states = st.sampled_from(["accepted", "accepted", "accepted", "waiting", "refused"])
    types = st.sampled_from(["application/pdf", "image/jpeg"])
    verdicts = st.sampled_from([None] * 12 + ["approve", "reject", "ask", "part"])
    return Case(
        claim=made,
        programme=draw(st.sampled_from(PROGRAMMES)),
        gathering=draw(st.sampled_from([gathering("S1")] * 19 + [cancelled()])),
        registered=draw(st.one_of(st.just(ids), st.just(ids), st.frozensets(people))),
        receipts={
            each: receipt(each, draw(states), media_type=draw(types)) for each in ("r1", "r2")
        },
        rulings=tuple(
            decided for each in made.lines if (decided := _ruled(draw, each.id, draw(verdicts)))
        ),
        absent=draw(st.one_of(*[st.just(frozenset[str]())] * 4, st.frozensets(people, max_size=1))),
        withdrawn=draw(st.sampled_from([False] * 19 + [True])),
    )


def _ruled(draw: st.DrawFn, line_id: str, verdict: str | None) -> LineRuling | None:
    if verdict == "part":
        return ruling(line_id, "approve", approved_ore=draw(st.integers(0, 100_000)))
    return ruling(line_id, verdict) if verdict else None
