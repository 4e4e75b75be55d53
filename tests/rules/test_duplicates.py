"""What two claims have in common when one of them may be the other's copy."""

from typing import Any

import pytest

from kulturkontor.claim_form import ClaimIn
from kulturkontor.duplicates import marks_of_claim
from tests.rules.claim_cases import ruling
from tests.rules.claim_factory import car, claim, judge, line, night, person

KARI = {"participants": [person(1, name="Kari Hansen"), person(2)]}


def marks(*lines: dict[str, object], **facts: Any) -> tuple[str, ...]:
    made = claim(*lines, **KARI)
    return marks_of_claim(made, judge(made, **facts))


def test_marks_are_the_same_for_ever_since_rows_keep_them() -> None:
    assert marks(line("a")) == ("KPw7ibiJ", "y3Gy8cwJ")


def test_marks_tell_person_day_cost_kind_and_file_and_nothing_else() -> None:
    assert marks(line("other", route="Et annet sted", note="Merknad", amount="kr 498,-")) != ()
    assert marks(line("other", route="Et sted", amount="kr 498,-", receipt_ids=["r-a"])) == marks(
        line("a")
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"participant": "p2"}, id="person"),
        pytest.param({"date": "2026-09-25"}, id="day"),
        pytest.param({"amount": "498,01"}, id="amount"),
        pytest.param({"kind": "bus"}, id="kind"),
    ],
)
def test_each_of_them_makes_another_mark(changes: dict[str, object]) -> None:
    alike = {"receipt_ids": ["r-a"]}
    assert len(set(marks(line("a"))) & set(marks(line("b", **(alike | changes))))) == 1


@pytest.mark.parametrize(
    ("lines", "facts", "marked"),
    [
        pytest.param([line("a")], {}, 2, id="a line and its file"),
        pytest.param([line("a"), line("b", "p2", receipt_ids=["r-a"])], {}, 3, id="file twice"),
        pytest.param([line("a", receipt_ids=[])], {}, 1, id="held for its receipt"),
        pytest.param([car("a", date="2027-01-02")], {}, 0, id="of a cost not known yet"),
        pytest.param([line("a", amount="0")], {}, 0, id="free"),
        pytest.param([line("a")], {"rulings": [ruling("a", "reject")]}, 0, id="rejected by staff"),
        pytest.param(
            [night("a"), night("b", date="2026-09-25")], {}, 2, id="a second night is not ours"
        ),
        pytest.param([line("a"), line("b")], {}, 2, id="a copy within the claim"),
        pytest.param(
            [line("a"), line("b")],
            {"rulings": [ruling("b", "approve")]},
            2,
            id="a copy that staff let through",
        ),
        pytest.param(
            [line("a", amount="500,00"), line("c", amount="-500,00", refunds="a", receipt_ids=[])],
            {},
            0,
            id="given back whole",
        ),
        pytest.param(
            [line("a", amount="500,00"), line("c", amount="-100,00", refunds="a", receipt_ids=[])],
            {},
            2,
            id="given back in part",
        ),
    ],
)
def test_lines_that_count_or_still_may_leave_their_marks(
    lines: list[dict[str, object]], facts: dict[str, Any], marked: int
) -> None:
    assert len(marks(*lines, **facts)) == marked


@pytest.mark.parametrize("whose", ["earlier", "elsewhere"])
def test_line_that_another_claim_has_leaves_none(whose: str) -> None:
    seen = dict.fromkeys(marks(line("a")), "KFK2-2026-4602-S1")
    own = marks(line("a"), line("b", kind="bus"), **{whose: seen})
    assert own == marks(line("b", kind="bus"))


def test_first_claim_by_number_is_named_where_several_have_the_same() -> None:
    made: ClaimIn = claim(line("a"), **KARI)
    by_line, by_file = marks_of_claim(made, judge(made))
    for one, other in (("S1", "S2"), ("S2", "S1")):
        seen = {by_line: f"KFK2-2026-4602-{one}", by_file: f"KFK2-2026-4602-{other}"}
        assert judge(made, elsewhere=seen).elsewhere == {"a": "KFK2-2026-4602-S1"}


def test_of_two_claims_with_the_same_cost_just_one_is_held() -> None:
    first, second = claim(line("a"), **KARI), claim(line("b"), **KARI)
    held = judge(second, elsewhere=dict.fromkeys(marks_of_claim(first, judge(first)), "first"))
    assert held.has_held
    again = judge(first, elsewhere=dict.fromkeys(marks_of_claim(second, held), "second"))
    assert not again.has_held
