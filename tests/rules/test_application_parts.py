"""The application as parts: every answer is asked for once, and each part knows how far it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.application_fields import (
    BLANK_ROW,
    BOXES,
    TEXTS,
    find_municipality_fault,
    keep,
    numbered,
    read_answers,
    settle_municipality,
    write_fields,
)
from kulturkontor.application_form import Answers, Member, find_missing
from kulturkontor.application_parts import (
    Part,
    Status,
    find_gaps,
    part_of,
    questions_of,
    status_of,
)
from kulturkontor.application_words import (
    answers_in_words,
    gaps_in_words,
    needed_in_words,
)
from kulturkontor.claim_form import FieldError
from kulturkontor.programme import Language
from tests.office_factory import answers
from tests.rules.application_factory import KIFK2

FULL = Answers.model_validate(answers())


def test_every_answer_is_asked_for_in_one_part() -> None:
    asked = [question.field for part in Part for question in questions_of(part)]
    assert len(asked) == len(set(asked))
    assert set(asked) == {*TEXTS, *BOXES, "members"}


@pytest.mark.parametrize("part", Part)
def test_a_full_application_is_done_in_every_part_and_an_empty_one_not_started(part: Part) -> None:
    assert status_of(part, FULL, KIFK2) is Status.DONE
    assert status_of(part, Answers(language="nn"), KIFK2) is Status.NOT_STARTED


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        (Part.MUNICIPALITY, {"municipality": "Et sted"}),
        (Part.MUNICIPALITY, {"contact": {"name": "Kari"}}),
        (Part.ANCHORING, {"leader": {"name": "Per"}}),
        (Part.ANCHORING, {"anchoring_plans": "x" * 3001}),
        (Part.TEAM, {"members": answers()["members"][:3]}),
        (Part.CAPACITY, {"partners": "x" * 3001}),
        (Part.CAPACITY, {"capacity": {"sharing": True}}),
        (Part.SEND, {"privacy_notice_read": False}),
    ],
)
def test_a_part_that_lacks_something_is_begun(part: Part, changes: dict[str, object]) -> None:
    some = Answers.model_validate(answers() | changes)
    assert {each: status_of(each, some, KIFK2) for each in Part} == {
        each: Status.BEGUN if each is part else Status.DONE for each in Part
    }


def test_every_gap_belongs_to_the_part_that_asks_for_it() -> None:
    gaps = find_gaps(Answers(members=(Member(name="Kari"),)), KIFK2)
    assert {gap.code: part_of(gap.field) for gap in gaps} == {
        "municipality": Part.MUNICIPALITY,
        "contact_name": Part.MUNICIPALITY,
        "contact_email": Part.MUNICIPALITY,
        "leader_name": Part.ANCHORING,
        "leader_approved": Part.ANCHORING,
        "anchoring_plans": Part.ANCHORING,
        "anchoring_organisation": Part.ANCHORING,
        "members_too_few": Part.TEAM,
        "member_role_and_sector": Part.TEAM,
        "motivation": Part.CAPACITY,
        "capacity_working_time": Part.CAPACITY,
        "capacity_gatherings": Part.CAPACITY,
        "capacity_sharing": Part.CAPACITY,
        "cost_split": Part.SEND,
        "privacy_notice": Part.SEND,
    }


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_gap_has_words_and_says_where(language: Language) -> None:
    gaps = find_gaps(Answers(motivation="x" * 3001), KIFK2)
    said = gaps_in_words(gaps, KIFK2, language)
    assert [field for field, _ in said] == list(dict.fromkeys(gap.field for gap in gaps))
    assert len(needed_in_words(KIFK2, language)) == len(find_missing(Answers(), KIFK2))


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_whole_application_in_words_holds_every_answer(language: Language) -> None:
    parts = answers_in_words(FULL, KIFK2, language)
    assert [each.part for each in parts] == list(Part)
    told = {each.field: each.answer for part in parts for each in part.answers}
    assert told["municipality"] == "Bergen kommune"
    assert told["leader.approved"] == "Ja"
    assert told["members.2"].startswith("leder, helse og folke")
    assert told["motivation"] == FULL.motivation
    assert set(told) == {*TEXTS, *BOXES, *(f"members.{number}" for number in range(4))}


def test_what_is_not_answered_says_so() -> None:
    parts = answers_in_words(Answers(), KIFK2, "nb")
    blank = {each.field for part in parts for each in part.answers if each.is_blank}
    assert blank == {*TEXTS, "members"} - {"language"}


@given(
    st.lists(
        st.fixed_dictionaries({**dict.fromkeys(BLANK_ROW, st.sampled_from(["", "x"]))}), max_size=6
    )
)
def test_rows_keep_their_numbers_whatever_is_blank_between_them(rows: list[dict[str, str]]) -> None:
    typed = [{**each, "sector": "kultur" if each["sector"] else "", "email": ""} for each in rows]
    kept = keep(numbered(typed), {}).answers
    while typed and not any(typed[-1].values()):
        typed.pop()
    assert write_fields(kept) == write_fields(Answers()) | numbered(typed)


def test_one_field_that_cannot_be_kept_stops_no_other() -> None:
    typed = {
        "contact.name": "Kari",
        "contact.email": "halvt",
        "motivation": "01010112345 er et nummer",
        "members.1.email": "heller ikke",
        "members.1.role": "rektor",
        "language": "nn",
    }
    kept = keep(typed, {"contact.email": "kari@example.org"})
    assert [(each.path, each.code) for each in kept.errors] == [
        ("contact.email", "email"),
        ("members.1.email", "email"),
    ]
    assert kept.answers == Answers.model_validate(
        {
            "contact": {"name": "Kari", "email": "kari@example.org"},
            "motivation": "01010112345 er et nummer",
            "members": [{}, {"role": "rektor"}],
            "language": "nn",
        }
    )


def test_a_national_identity_number_is_refused_alone() -> None:
    kept = keep({"partners": "Nabokommunen", "motivation": "Ring 01010750160"}, {})
    assert [(each.path, each.code) for each in kept.errors] == [("motivation", "national_id")]
    assert (kept.answers.partners, kept.answers.motivation) == ("Nabokommunen", "")


def test_blank_rows_are_no_members_of_an_application() -> None:
    some = Answers.model_validate(read_answers(numbered([dict(BLANK_ROW), *_ROWS])))
    assert len(some.members) == 5
    assert [gap.code for gap in find_missing(some, KIFK2) if gap.field.startswith("members")] == []


_ROWS = [{**BLANK_ROW, "role": "leder", "sector": "kultur"} for _ in range(4)]


@pytest.mark.parametrize(
    ("typed", "known", "wanted"),
    [
        ({"municipality": "bergen"}, {}, {"municipality": "4601"}),
        ({"municipality": "Herøy (Nordland)"}, {}, {"municipality": "1818", "language": "nb"}),
        ({"municipality": "1515"}, {}, {"municipality": "1515", "language": "nn"}),
        (
            {"municipality": "1515", "language": "nb"},
            {"language": "nb"},
            {"municipality": "1515", "language": "nn"},
        ),
        (
            {"municipality": "1515", "language": "nn"},
            {"language": "nb", "municipality": "1515"},
            {"municipality": "1515", "language": "nn"},
        ),
        (
            {"municipality": "1818", "language": "nn"},
            {"language": "nb"},
            {"municipality": "1818", "language": "nn"},
        ),
        ({"municipality": "Herøy"}, {}, {"municipality": "Herøy"}),
    ],
    ids=[
        "a name",
        "a name with its county",
        "a number",
        "brings its written form",
        "known already",
        "another form was chosen",
        "two of that name",
    ],
)
def test_a_municipality_is_known_by_what_people_type_and_brings_its_written_form(
    typed: dict[str, str], known: dict[str, str], wanted: dict[str, str]
) -> None:
    assert settle_municipality(typed, known) == wanted


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", None),
        ("Bergen", None),
        ("Et sted", FieldError("municipality", "municipality_not_found", {"hint": ""})),
        (
            "3025",
            FieldError("municipality", "municipality_old_number", {"hint": "3203 Asker"}),
        ),
        (
            "Herøy",
            FieldError(
                "municipality",
                "municipality_ambiguous_name",
                {"hint": "1515 Herøy (Møre og Romsdal), 1818 Herøy (Nordland)"},
            ),
        ),
    ],
)
def test_what_names_no_municipality_is_explained(typed: str, fault: FieldError | None) -> None:
    assert find_municipality_fault(typed) == fault
