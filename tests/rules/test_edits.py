"""Two people in one application: nothing that anybody typed is lost, and nobody is overruled
unasked.
"""

from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.application_fields import BLANK_ROW, Fields, numbered, rows_of
from kulturkontor.application_form import Answers
from kulturkontor.applications import FieldEdit
from kulturkontor.edits import Merged, digests, merge, merge_rows, remove_row, signed
from kulturkontor.people import LinkHolder, Right
from tests.office_factory import answers, oslo
from tests.rules.application_factory import an_application

NAMES = ("motivation", "partners", "contact.name")
TEXTS = st.sampled_from(["", "a", "b", "c"])
FORMS = st.fixed_dictionaries(dict.fromkeys(NAMES, TEXTS))
AT = oslo("2026-03-21T12:00:00")


def row(role: str, sector: str = "kultur") -> dict[str, str]:
    return {**BLANK_ROW, "role": role, "sector": sector if role else ""}


def group(*roles: str) -> Fields:
    return numbered([row(each) for each in roles])


def seen_of(fields: Fields) -> dict[str, str]:
    return digests(fields, fields)


def roles_of(merged: Merged) -> list[str]:
    return [each["role"] for each in rows_of(merged.fields)]


@given(shown=FORMS, mine=FORMS, theirs=FORMS)
def test_each_field_is_as_somebody_left_it_and_told_if_both_changed_it(
    shown: Fields, mine: Fields, theirs: Fields
) -> None:
    merged = merge(theirs, mine, digests(shown, NAMES), NAMES)
    for name in NAMES:
        both = len({shown[name], mine[name], theirs[name]}) == 3
        assert (name in merged.conflicts) == both
        wanted = theirs[name] if both or mine[name] == shown[name] else mine[name]
        assert merged.fields.get(name, "") == wanted


@given(shown=FORMS, typed=FORMS)
def test_alone_everything_is_kept_as_typed(shown: Fields, typed: Fields) -> None:
    merged = merge(shown, typed, digests(shown, NAMES), NAMES)
    assert (merged.fields, merged.conflicts) == ({n: t for n, t in typed.items() if t}, ())


@given(shown=FORMS, mine=FORMS, theirs=FORMS)
def test_who_saves_again_after_seeing_the_other_text_is_obeyed(
    shown: Fields, mine: Fields, theirs: Fields
) -> None:
    first = merge(theirs, mine, digests(shown, NAMES), NAMES)
    again = dict(first.fields) | {name: mine[name] for name in first.conflicts}
    second = merge(first.fields, again, digests(first.fields, NAMES), NAMES)
    assert second.conflicts == ()
    assert all(second.fields.get(name, "") == mine[name] for name in first.conflicts)


def test_a_box_that_one_unticked_stays_so() -> None:
    merged = merge({"leader.approved": "on"}, {}, digests({"x": ""}, ["x"]), ["leader.approved"])
    assert merged.fields == {}


def test_line_ends_of_a_browser_are_no_change() -> None:
    kept = {"motivation": "en\nto"}
    merged = merge(kept, {"motivation": "en\r\nto"}, seen_of(kept), ["motivation"])
    assert (merged.fields, merged.conflicts) == (kept, ())


def test_two_new_people_in_the_same_row_are_both_kept() -> None:
    shown = group("rektor", "", "")
    merged = merge_rows(
        group("rektor", "hennes"), group("rektor", "min", ""), seen_of(shown), rows_stay=False
    )
    assert (roles_of(merged), merged.conflicts) == (["rektor", "hennes", "min"], ())
    assert merged.typed["members.2.role"] == "min"


def test_two_new_people_in_the_same_row_are_told_where_rows_cannot_move() -> None:
    shown = group("rektor", "")
    merged = merge_rows(
        group("rektor", "hennes"), group("rektor", "min"), seen_of(shown), rows_stay=True
    )
    assert (roles_of(merged), merged.conflicts) == (["rektor", "hennes"], ("members.1.role",))


def test_a_person_that_another_added_is_not_lost_by_a_page_that_does_not_show_them() -> None:
    shown = group("rektor")
    merged = merge_rows(
        group("rektor", "ny"), group("kulturskolerektor"), seen_of(shown), rows_stay=False
    )
    assert (roles_of(merged), merged.conflicts) == (["kulturskolerektor", "ny"], ())


def test_a_person_is_removed_and_the_others_move_up() -> None:
    shown = group("a", "b", "c")
    merged = remove_row(merge_rows(shown, shown, seen_of(shown), rows_stay=False), 1)
    assert (roles_of(merged), rows_of(merged.typed)) == (["a", "c"], [row("a"), row("c")])


def test_a_person_that_another_has_changed_is_not_removed_unseen() -> None:
    shown = group("a", "b")
    merged = remove_row(merge_rows(group("a", "ny b"), shown, seen_of(shown), rows_stay=False), 1)
    assert (roles_of(merged), merged.conflicts) == (["a", "ny b"], ("members.1.role",))


def test_removing_nobody_changes_nothing() -> None:
    shown = group("a", "b")
    merged = merge_rows(shown, shown, seen_of(shown), rows_stay=False)
    assert [remove_row(merged, number) for number in (-1, 2, 99)] == [merged] * 3


def test_who_and_when_is_kept_for_each_field_that_changed() -> None:
    person = LinkHolder(
        id="abcdefgh12345678",
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset({Right.APPLY}),
        added_at=AT,
    )
    application = an_application(people=(person,))
    changed = Answers.model_validate(answers(motivation="Noe nytt", members=[{"role": "rektor"}]))
    after = signed(application, changed, person=person.id, at=AT)
    assert (after.saved_by, after.saved_at) == ("Ola Prøve", AT)
    edit = FieldEdit(by="Ola Prøve", at=AT)
    assert after.edited == {"members": edit, "motivation": edit}
    assert signed(application, changed, person="", at=AT).saved_by == ""
