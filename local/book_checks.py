"""What must hold when a season is over; each check gives one clear line for what does not.

The letter book's three equations, with nothing waiting or in transit; every mail handed over once;
council + municipality = actual; entitled = paid + settled outside + outstanding, and what is
outstanding is what municipalities owe; each approved claim in exactly one batch that was not
refused; failure queues empty but for what was planted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from local.run import Json

_ARRIVED = ("delivered", "bounced")
_APPLICATIONS = {
    "received": 55,
    "incomplete": 2,
    "late": 1,
    "superseded": 2,
    "withdrawn": 3,
    "refused": 2,
}
_DECISIONS = {"admitted": 16, "waitlisted": 6, "rejected": 29}
_PLAYED = {
    "assessed": 6,
    "conflicts": 2,
    "drafts": 50,
    "stopped": 1,
    "uncertain": 1,
    "second_contacts": 2,
    "corrected": 1,
    "offered": 4,
    "offers_declined": 1,
    "list_closed": 2,
    "on_behalf": 2,
    "settings_changed": 2,
    "beds": 16,
    "messages": 1,
    "came": 71,
    "missing": 4,
}
"""What the season is to show, each as often as it is scripted."""


def check_applications(applications: Json, decisions: Json) -> list[str]:
    return [
        *differences("applications", applications, _APPLICATIONS),
        *differences("decisions", decisions, _DECISIONS),
    ]


def check_played(played: Json) -> list[str]:
    return differences("played", played, _PLAYED)


def check_letters(book: Json, *, decided: int, files: int) -> list[str]:
    told = book["handed_over"] + book["waiting"] + book["refused"] + book["uncertain"]
    arrived = book["delivered"] + book["bounced"] + book["in_transit"]
    wanted = {"decided": decided, "held": 0, "waiting": 0, "uncertain": 0, "in_transit": 0}
    return [
        *differences("letters", book, wanted),
        *unequal("letters decided", book["decided"], "rendered + held", _made(book)),
        *unequal("letters rendered", book["rendered"], "handed over + not yet", told),
        *unequal("letters handed over", book["handed_over"], "arrived + in transit", arrived),
        *unequal("letters rendered", book["rendered"], "files in letters/", files),
    ]


def _made(book: Json) -> int:
    return int(book["rendered"]) + int(book["held"])


def check_mails(book: Json, handed_over: Sequence[str]) -> list[str]:
    """`handed_over`: the id of each message that SES took."""
    arrived = sum(book[state] for state in _ARRIVED)
    twice = Counter(handed_over)
    return [
        *differences("mails", book, {state: 0 for state in book if state not in _ARRIVED}),
        *unequal("mails handed over", len(handed_over), "delivered + bounced", arrived),
        *(f"mail {mail} was sent {count} times" for mail, count in twice.items() if count > 1),
    ]


def check_money(money: Json, payments: Sequence[Json]) -> list[str]:
    """`payments`: of every batch that was not refused."""
    paid = sum(each["amount_ore"] for each in payments if each["state"] == "paid")
    rejected = sum(each["state"] == "rejected" for each in payments)
    shared = money["council_ore"] + money["municipality_ore"]
    settled = money["paid_ore"] + money["outside_ore"] + money["outstanding_ore"]
    shown = ("netted_ore", "outside_ore", "owed_ore")
    return [
        *unequal("actual cost", money["actual_ore"], "council + municipality", shared),
        *unequal("entitled", money["entitled_ore"], "paid + outside + outstanding", settled),
        *unequal("entitled", money["entitled_ore"], "the council's share", money["council_ore"]),
        *unequal("paid", money["paid_ore"], "what the batches paid", paid),
        *unequal("outstanding", money["outstanding_ore"], "less what is owed", -money["owed_ore"]),
        *unequal("the tables' difference", money["difference_ore"], "nothing", 0),
        *unequal("payments rejected", rejected, "the one the bank turned down", 1),
        *unequal("payments", len(payments), "paid + rejected", _settled(payments)),
        *(f"{name} is nothing, though the season has some" for name in shown if not money[name]),
    ]


def check_balances(balances: Iterable[Json], payments: Iterable[Json]) -> list[str]:
    """The table to date, line by line, and in sum what the batches' payments paid."""
    told = list(balances)
    paid = sum(each["paid_ore"] for each in told)
    wanted = sum(each["amount_ore"] for each in payments if each["state"] == "paid")
    netted = sum(each["netted_ore"] for each in told)
    return [
        *(
            f"{each['reference']} {each['gathering']} {each['kind']} does not tie"
            for each in told
            if each["difference_ore"]
        ),
        *unequal("paid in the table", paid, "in the batches", wanted),
        *unequal("netted in the table", netted, "nothing in all", 0),
    ]


def _settled(payments: Iterable[Json]) -> int:
    return sum(each["state"] in ("paid", "rejected") for each in payments)


def check_batches(payments: Iterable[Json], claims: Iterable[Json]) -> list[str]:
    """`claims`: every version of every claim."""
    in_batches = Counter(each["claim_id"] for each in payments)
    approved = {each["id"] for each in claims if _pays(each)}
    return [
        f"claim {claim} is in {in_batches[claim]} batches"
        + ("" if claim in approved else ", though nothing was to be paid")
        for claim in sorted(approved | in_batches.keys())
        if in_batches[claim] != 1 or claim not in approved
    ]


def _pays(claim: Json) -> bool:
    """Somebody vouched for it, it pays by a batch, and no newer version took its place before."""
    replaced = claim["state"] == "returned" and not claim.get("batch_id")
    elsewhere = claim["state"] in ("netted", "settled_outside")
    pays = claim["judgement"]["council_ore"] > claim["paid_ore"]
    return bool(claim.get("attested_by")) and pays and not replaced and not elsewhere


def check_queues(queues: Json, planted: dict[str, int]) -> list[str]:
    return differences("failure queues", queues, dict.fromkeys(queues, 0) | planted)


def differences(book: str, found: Json, wanted: Json) -> list[str]:
    return [
        f"{book}: {name} is {found.get(name)}, not {number}"
        for name, number in wanted.items()
        if found.get(name) != number
    ]


def unequal(what: str, found: int, other: str, number: int) -> list[str]:
    return [] if found == number else [f"{what} ({found}) is not {other} ({number})"]
