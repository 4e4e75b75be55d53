"""Lines of claims that are special in some way: each says why it does not simply count."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from local.cast_lines import Lines, Travel
from local.cast_people import words

Json = dict[str, Any]
Writer = Callable[[Lines], list[Json]]

_TYPED = ("1 234,50", "1.234,50", "kr 1 234,-", "987.5", "1\u00a0234 kr", "333,33")
STRANGER = "p9"


def missing_receipt(lines: Lines) -> list[Json]:
    taxi = lines.line(lines.group.ids[0], "taxi", lines.first, amount="612,00", receipt_ids=[])
    lines.unlike[taxi["id"]] = "receipt_missing"
    return [*lines.of(Travel.TICKETS), taxi]


def car_without_rate(lines: Lines) -> list[Json]:
    written = lines.of(Travel.SHARED_CAR)
    lines.unlike |= {each["id"]: "rate_unknown" for each in written if each["kind"] == "car"}
    return written


def mixed(lines: Lines) -> list[Json]:
    """Two people by the municipality's own bill, the others line by line."""
    by_total = lines.group.ids[:2]
    tickets = [each for each in lines.tickets() if each["participant"] not in by_total]
    totals = [each for each in lines.totals() if each["participant"] in by_total]
    return [*totals, *tickets, *lines.beds("hotel")]


def typed(lines: Lines) -> list[Json]:
    """Amounts in the ways in which people write them."""
    tickets = [
        lines.line(person, "train", lines.first, amount=_TYPED[seat])
        for seat, person in enumerate(lines.group.ids)
    ]
    return [*tickets, *lines.beds("hotel")]


def refunded(lines: Lines) -> list[Json]:
    """A ticket given back in part, and another whole."""
    first, second = lines.group.ids[:2]
    kept = lines.line(first, "flight", lines.first, amount="2 400,00")
    lost = lines.line(second, "train", lines.first, amount="1 189,50")
    back = [
        _given_back(lines, kept, "-800,01"),
        _given_back(lines, lost, "-1 189,50"),
    ]
    return [kept, lost, *back, *lines.beds("hotel")]


def _given_back(lines: Lines, cost: Json, amount: str) -> Json:
    line = lines.line(
        cost["participant"],
        cost["kind"],
        lines.last,
        amount=amount,
        refunds=cost["id"],
        receipt_ids=[],
    )
    lines.unlike[line["id"]] = "given_back"
    return line


def supplement_apart(lines: Lines) -> list[Json]:
    """Who drove, and a line of its own for those who sat beside, once, however many."""
    driver, *names = lines.group.participants
    apart = [
        lines.line(driver["id"], kind, day, kilometres="123,4", receipt_ids=[], **more)
        for day in (lines.first, lines.last)
        for kind, more in (
            ("car", {}),
            ("passenger", {"passengers": [each["name"] for each in names[:3]]}),
        )
    ]
    return [*apart, *lines.beds("hotel")]


def passenger_drives(lines: Lines) -> list[Json]:
    written = lines.of(Travel.SHARED_CAR)
    own = lines.line(lines.group.ids[1], "car", lines.first, kilometres="40", receipt_ids=[])
    lines.unlike[own["id"]] = "passenger_claims_car"
    return [*written, own]


def rate_per_hundred(lines: Lines) -> list[Json]:
    written = lines.of(Travel.FOREIGN_TICKET)
    abroad = next(each for each in written if "rate" in each)
    abroad |= {"currency": "SEK", "rate": "98,71"}
    lines.unlike[abroad["id"]] = "rate_per_hundred"
    return written


def outside_dates(lines: Lines) -> list[Json]:
    early = (lines.gathering.first_day - timedelta(days=3)).isoformat()
    bus = lines.line(lines.group.ids[0], "bus", early, amount="145,00")
    lines.unlike[bus["id"]] = "outside_dates"
    return [*lines.of(Travel.TICKETS), bus]


def two_nights(lines: Lines) -> list[Json]:
    """Somebody stays two nights; somebody else came the evening before and went home after."""
    before = (lines.gathering.first_day - timedelta(days=1)).isoformat()
    both, early, *others = lines.group.ids
    extra = lines.bed(both, "hotel", before)
    lines.unlike[extra["id"]] = "second_night"
    beds = [lines.bed(each, "hotel", lines.first) for each in (both, *others)]
    return [*lines.tickets(), extra, lines.bed(early, "hotel", before), *beds]


def copied_line(lines: Lines) -> list[Json]:
    first = lines.line(lines.group.ids[0], "flight", lines.first, amount="1 777,00")
    copy = first | {"id": "l1-igjen", "amount": "1.777,00"}
    lines.unlike[copy["id"]] = "possible_duplicate"
    return [first, copy, *lines.beds("hotel")]


def copied_receipt(lines: Lines) -> list[Json]:
    """The first line brings the file of another municipality's claim."""
    written = lines.of(Travel.TICKETS)
    written[0] |= {"receipt_ids": [BORROWED]}
    lines.unlike[written[0]["id"]] = "possible_duplicate"
    return written


def dropped_out(lines: Lines) -> list[Json]:
    """One fell ill: the ticket was bought, the bed was not."""
    ill = lines.group.ids[-1]
    written = []
    for each in lines.of(Travel.TICKETS):
        lines.unlike.pop(each["id"], None)
        if each["participant"] != ill:
            written.append(each)
        elif each["kind"] != "overnight":
            lines.unlike[each["id"]] = "participant_dropped_out"
            written.append(each)
    return written


def cancelled(lines: Lines) -> list[Json]:
    """What was bought before the gathering was called off; a fifth bed is still not paid for."""
    written = lines.of(Travel.TICKETS)
    lines.unlike = {each["id"]: "gathering_cancelled" for each in written} | lines.unlike
    return written


def withdrawn(lines: Lines) -> list[Json]:
    """Tickets that were bought before the municipality withdrew."""
    written = list(lines.tickets())
    lines.unlike = {each["id"]: "municipality_withdrawn" for each in written}
    return written


BORROWED = "borrowed"


def stranger(lines: Lines) -> list[Json]:
    bus = lines.line(STRANGER, "bus", lines.first, amount="455,00")
    lines.unlike[bus["id"]] = "not_registered"
    return [*lines.of(Travel.TICKETS), bus]


def on_foot(lines: Lines) -> list[Json]:
    """Nothing was paid for one; toll needs no receipt."""
    walker, driver, *_ = lines.group.ids
    free = lines.line(walker, "train", lines.first, amount="0", receipt_ids=[])
    toll = lines.line(driver, "toll", lines.first, amount="64,50", receipt_ids=[])
    return [free, toll, *lines.beds("hotel")]


def substitute() -> Json:
    return {"id": STRANGER, "name": words()["travel"]["substitute"]}


def marked_beds(lines: Lines) -> list[Json]:
    """The last four are marked, so those before them pay for themselves."""
    written = lines.of(Travel.TICKETS)
    unmarked = lines.group.ids[:-4]
    beds = (each for each in written if each["kind"] == "overnight")
    for bed in beds:
        lines.unlike.pop(bed["id"], None)
        if bed["participant"] in unmarked:
            lines.unlike[bed["id"]] = "over_night_persons"
    return written


def marks(lines: Lines) -> Iterator[Json]:
    """The participants as the municipality marks them for the nights."""
    for seat, each in enumerate(lines.group.participants):
        is_marked = seat >= len(lines.group.participants) - 4
        yield {"id": each["id"], "name": each["name"], "covered_night": is_marked}
