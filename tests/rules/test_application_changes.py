"""Two versions side by side: what is the same, removed and added."""

from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.application_changes import Changed, Piece, compare, find_changes
from tests.rules.application_factory import KIFK2, an_application

ANSWERS = an_application().answers


def test_only_what_differs_is_shown_in_the_order_of_the_form() -> None:
    after = ANSWERS.model_copy(
        update={
            "motivation": "Nytt.",
            "anchoring_plans": f"{ANSWERS.anchoring_plans} Mer.",
            "partners": "Korpset",
        }
    )
    found = find_changes(ANSWERS, after, KIFK2, "nb")
    assert [each.question for each in found] == [
        "Hvordan er arbeidet forankret i kommunens planer?",
        "Hvorfor søker dere, og hva vil dere utvikle?",
        "Samarbeidspartnere",
    ]
    assert found[0].after[-1] == Piece("added", " Mer.")
    assert found[2] == Changed(found[2].question, (), (Piece("added", "Korpset"),))


def test_the_same_answers_differ_in_nothing() -> None:
    assert find_changes(ANSWERS, ANSWERS, KIFK2, "nn") == []


def test_a_member_who_left_is_told() -> None:
    after = ANSWERS.model_copy(update={"members": ANSWERS.members[:-1]})
    (gone,) = find_changes(ANSWERS, after, KIFK2, "nb")
    assert {each.kind for each in gone.before} == {"removed"}
    assert gone.after == ()


def test_words_that_changed_are_marked_and_the_rest_is_not() -> None:
    before, after = compare("Vi vil nå flere barn.", "Vi vil nå mange flere barn.")
    assert (
        before == (Piece("same", "Vi vil nå flere barn."),)
        or "".join(each.text for each in before) == "Vi vil nå flere barn."
    )
    assert [each for each in after if each.kind == "added"] == [Piece("added", " mange")]


@given(before=st.text(max_size=200), after=st.text(max_size=200))
def test_the_pieces_are_the_whole_texts(before: str, after: str) -> None:
    old, new = compare(before, after)
    assert "".join(each.text for each in old) == before
    assert "".join(each.text for each in new) == after
    assert {each.kind for each in old} <= {"same", "removed"}
    assert {each.kind for each in new} <= {"same", "added"}
    same = ["".join(each.text for each in side if each.kind == "same") for side in (old, new)]
    assert same[0] == same[1]


def test_very_long_texts_are_shown_whole_and_fast() -> None:
    before, after = compare("a " * 5_000, "b " * 5_000)
    assert (before[0].kind, after[0].kind) == ("removed", "added")
