"""Books that close give no line; each way in which they may not gives its own."""

from typing import Any

import pytest

from local.book_checks import (
    check_applications,
    check_balances,
    check_batches,
    check_letters,
    check_mails,
    check_money,
    check_played,
    check_queues,
)

Book = dict[str, Any]
APPLICATIONS: Book = {
    "received": 55,
    "complete": 53,
    "incomplete": 2,
    "late": 1,
    "superseded": 2,
    "withdrawn": 3,
    "refused": 2,
}
DECISIONS: Book = {"admitted": 16, "waitlisted": 6, "rejected": 29}
LETTERS: Book = {
    "decided": 54,
    "held": 0,
    "rendered": 54,
    "waiting": 0,
    "refused": 0,
    "uncertain": 0,
    "handed_over": 54,
    "delivered": 52,
    "bounced": 2,
    "in_transit": 0,
}
MAILS: Book = {"queued": 0, "claimed": 0, "sent": 0, "delivered": 2, "bounced": 1, "failed": 0}
MONEY: Book = {
    "actual_ore": 330,
    "council_ore": 220,
    "municipality_ore": 110,
    "entitled_ore": 220,
    "paid_ore": 240,
    "outside_ore": 20,
    "outstanding_ore": -40,
    "netted_ore": 5,
    "owed_ore": 40,
    "difference_ore": 0,
}
PAYMENTS: list[Book] = [
    {"claim_id": "a", "amount_ore": 150, "state": "paid"},
    {"claim_id": "b", "amount_ore": 90, "state": "rejected"},
    {"claim_id": "c", "amount_ore": 90, "state": "paid"},
]
BALANCES: list[Book] = [
    {
        "reference": "KFK2-2026-4601",
        "gathering": "S1",
        "kind": "travel",
        "paid_ore": 245,
        "netted_ore": -5,
        "difference_ore": 0,
    },
    {
        "reference": "KFK2-2026-4601",
        "gathering": "S2",
        "kind": "overnight",
        "paid_ore": -5,
        "netted_ore": 5,
        "difference_ore": 0,
    },
]


def claim(claim_id: str, **changed: object) -> Book:
    plain: Book = {
        "id": claim_id,
        "state": "paid",
        "attested_by": "ansatt@example.org",
        "paid_ore": 0,
        "judgement": {"council_ore": 90},
        "batch_id": "B-1",
    }
    return plain | changed


CLAIMS = [claim("a"), claim("b", state="returned"), claim("c")]


def test_books_that_close_have_no_faults() -> None:
    assert check_applications(APPLICATIONS, DECISIONS) == []
    assert check_letters(LETTERS, decided=54, files=54) == []
    assert check_mails(MAILS, ["x", "y", "z"]) == []
    assert check_money(MONEY, PAYMENTS) == []
    assert check_balances(BALANCES, PAYMENTS) == []
    assert check_batches(PAYMENTS, CLAIMS) == []
    assert check_queues({"Mail": 0, "Bank": 1}, {"Bank": 1}) == []


def test_scene_that_was_left_out_or_played_twice_is_a_fault() -> None:
    unplayed = check_played({})
    assert "played: stopped is None, not 1" in unplayed
    played = {line.split()[1]: int(line.rpartition(" ")[2]) for line in unplayed}
    assert check_played(played) == []
    assert check_played(played | {"conflicts": 3}) == ["played: conflicts is 3, not 2"]


@pytest.mark.parametrize("name", [name for name in APPLICATIONS if name != "complete"])
def test_applications_must_be_as_the_cast_sent_them(name: str) -> None:
    wrong = APPLICATIONS | {name: 54}
    assert check_applications(wrong, DECISIONS) == [
        f"applications: {name} is 54, not {APPLICATIONS[name]}"
    ]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"rendered": 53}, "letters decided (54) is not rendered + held (53)"),
        ({"handed_over": 53}, "letters rendered (54) is not handed over + not yet (53)"),
        ({"delivered": 51}, "letters handed over (54) is not arrived + in transit (53)"),
        ({"delivered": 51, "in_transit": 1}, "letters: in_transit is 1, not 0"),
        ({"handed_over": 53, "waiting": 1}, "letters: waiting is 1, not 0"),
        ({"decided": 53, "rendered": 53}, "letters: decided is 53, not 54"),
    ],
    ids=["made", "handed over", "arrived", "in transit", "waiting", "decided"],
)
def test_letter_book_must_close(changed: Book, fault: str) -> None:
    assert fault in check_letters(LETTERS | changed, decided=54, files=54)


def test_every_letter_must_be_among_the_files() -> None:
    faults = check_letters(LETTERS, decided=54, files=53)
    assert faults == ["letters rendered (54) is not files in letters/ (53)"]


@pytest.mark.parametrize(
    ("changed", "handed_over", "faults"),
    [
        ({"delivered": 1, "sent": 1}, "xy", ["mails: sent is 1, not 0"]),
        ({}, "xy", ["mails handed over (2) is not delivered + bounced (3)"]),
        ({}, "xxy", ["mail x was sent 2 times"]),
    ],
    ids=["on its way", "not handed over", "sent twice"],
)
def test_every_mail_must_be_handed_over_once_and_arrive(
    changed: Book, handed_over: str, faults: list[str]
) -> None:
    assert check_mails(MAILS | changed, list(handed_over)) == faults


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"actual_ore": 331}, ["actual cost (331) is not council + municipality (330)"]),
        (
            {"outside_ore": 21},
            ["entitled (220) is not paid + outside + outstanding (221)"],
        ),
        (
            {"entitled_ore": 221, "outside_ore": 21},
            ["entitled (221) is not the council's share (220)"],
        ),
        (
            {"paid_ore": 239, "outside_ore": 21},
            ["paid (239) is not what the batches paid (240)"],
        ),
        (
            {"owed_ore": 39},
            ["outstanding (-40) is not less what is owed (-39)"],
        ),
        ({"difference_ore": 1}, ["the tables' difference (1) is not nothing (0)"]),
        ({"netted_ore": 0}, ["netted_ore is nothing, though the season has some"]),
    ],
    ids=["shares", "sum", "entitled", "paid", "owed", "tables", "netted"],
)
def test_money_must_add_up(changed: Book, faults: list[str]) -> None:
    assert check_money(MONEY | changed, PAYMENTS) == faults


def test_payment_without_the_banks_answer_is_a_fault() -> None:
    more = [*PAYMENTS, {"claim_id": "d", "amount_ore": 1, "state": "released"}]
    assert check_money(MONEY, more) == ["payments (4) is not paid + rejected (3)"]


def test_the_table_must_tie_line_by_line_and_to_the_batches() -> None:
    one, two = BALANCES
    assert check_balances([one, two | {"difference_ore": 3}], PAYMENTS) == [
        "KFK2-2026-4601 S2 overnight does not tie"
    ]
    assert check_balances([one], PAYMENTS) == [
        "paid in the table (245) is not in the batches (240)",
        "netted in the table (-5) is not nothing in all (0)",
    ]


@pytest.mark.parametrize(
    ("payments", "claims", "fault"),
    [
        ([*PAYMENTS, PAYMENTS[0]], CLAIMS, "claim a is in 2 batches"),
        (PAYMENTS[1:], CLAIMS, "claim a is in 0 batches"),
        (PAYMENTS, CLAIMS[1:], "claim a is in 1 batches, though nothing was to be paid"),
    ],
    ids=["twice", "never", "not approved"],
)
def test_approved_claim_must_be_in_exactly_one_batch(
    payments: list[Book], claims: list[Book], fault: str
) -> None:
    assert check_batches(payments, claims) == [fault]


@pytest.mark.parametrize("state", ["netted", "settled_outside"])
def test_claim_settled_by_something_else_need_not_be_in_a_batch(state: str) -> None:
    assert check_batches(PAYMENTS, [*CLAIMS, claim("d", state=state, batch_id=None)]) == []


def test_claim_replaced_before_any_batch_need_not_be_in_one() -> None:
    replaced = claim("d", state="returned", batch_id=None)
    assert check_batches(PAYMENTS, [*CLAIMS, replaced]) == []


@pytest.mark.parametrize(
    ("queues", "faults"),
    [
        ({"Mail": 1, "Bank": 1}, ["failure queues: Mail is 1, not 0"]),
        ({"Mail": 0, "Bank": 0}, ["failure queues: Bank is 0, not 1"]),
    ],
    ids=["unplanned", "the planted one is missing"],
)
def test_failure_queues_must_hold_just_what_was_planted(
    queues: dict[str, int], faults: list[str]
) -> None:
    assert check_queues(queues, {"Bank": 1}) == faults
