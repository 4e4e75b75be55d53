"""The table of what can be changed on a page: complete, in words, and read as it was written."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from kulturkontor.programme import OSLO, Programme, load_programme
from kulturkontor.programme_settings import (
    SettingFault,
    SettingsError,
    merge,
    nested,
    value_at,
    with_changes,
)
from kulturkontor.settings_effects import find_effects
from kulturkontor.settings_fields import ELSEWHERE, SECTIONS, Field, Kind, all_fields
from kulturkontor.settings_history import (
    ChangedValue,
    SettingsChange,
    find_changes,
    undoing,
)
from kulturkontor.settings_standing import LOCK_CODES, Standing, find_lock
from kulturkontor.settings_values import read_fields, typed
from kulturkontor.web.office_access import ACCESS
from kulturkontor.web.office_texts import all_texts

PROGRAMME = load_programme("kifk2")
AT = datetime(2026, 4, 2, 10, tzinfo=OSLO)
EMPTY = Standing(PROGRAMME, [], [], [], is_released=False, has_scores=False, at=AT)
every_field = pytest.mark.parametrize("field", all_fields(), ids=lambda field: field.path)


def leaves(model: type[BaseModel], path: str = "") -> set[str]:
    """The paths of everything a programme's file can say, words and lists as one."""
    if {"nb", "nn"} <= model.model_fields.keys():
        return {path}
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kind, here = field.annotation, f"{path}.{name}".strip(".")
        is_table = isinstance(kind, type) and issubclass(kind, BaseModel)
        found |= leaves(kind, here) if is_table and kind else {here}
    return found


def test_everything_a_programme_says_has_a_field_or_a_reason_why_not() -> None:
    fields = {field.path for field in all_fields()}
    assert leaves(Programme) - fields == ELSEWHERE.keys()
    assert fields <= leaves(Programme)
    assert all(ELSEWHERE.values())
    pages = {each.split(",")[0] for each in ELSEWHERE.values() if each.startswith("/")}
    assert {f"GET {each}" for each in pages - {"/texts/phrases"}} <= ACCESS.keys()
    assert "GET /texts/phrases/<group>" in ACCESS


@pytest.mark.parametrize(
    ("typed_in", "stands"),
    [
        ("CZK 5, DKK 12; sek 10", {"CZK": 5, "DKK": 12, "SEK": 10}),
        ("", {}),
    ],
)
def test_the_rates_that_are_asked_about_are_a_list_that_can_shrink_and_come_back(
    typed_in: str, stands: dict[str, int]
) -> None:
    field = next(each for each in all_fields() if each.kind is Kind.LIMITS)
    values, faults = read_fields([field], {field.path: typed_in}, PROGRAMME)
    assert faults == []
    becomes = with_changes(PROGRAMME, nested(values))
    assert becomes.travel.rates_asked_above == stands
    (changed,) = find_changes(PROGRAMME, becomes)
    made = SettingsChange(
        programme="kifk2",
        number=1,
        about="",
        values=(changed,),
        changed_by="x",
        changed_at=AT,
        reason="x",
    )
    assert with_changes(becomes, nested(undoing(made, becomes))) == PROGRAMME


@pytest.mark.parametrize("text", ["DKK", "DK 10", "10", "DKK 1,5", "DKK -1"])
def test_a_rate_that_is_none_is_told_by_its_field(text: str) -> None:
    field = next(each for each in all_fields() if each.kind is Kind.LIMITS)
    assert read_fields([field], {field.path: text}, PROGRAMME)[1] != []


@pytest.mark.parametrize("language", ["nb", "nn"])
@every_field
def test_each_field_has_its_name_its_help_and_words_for_each_choice(
    field: Field, language: Any
) -> None:
    wanted = {f"setting_labels.{field.key}", f"setting_helps.{field.key}"}
    wanted |= {f"setting_choices.{field.key}_{choice}" for choice in field.choices}
    assert wanted - all_texts(language).keys() == set()


def test_no_word_is_left_over_for_a_field_that_is_gone() -> None:
    keys = {field.key for field in all_fields()}
    choices = {f"{field.key}_{choice}" for field in all_fields() for choice in field.choices}
    texts = all_texts("nb")
    named = {each.partition(".")[2] for each in texts if each.startswith("setting_labels.")}
    helped = {each.partition(".")[2] for each in texts if each.startswith("setting_helps.")}
    chosen = {each.partition(".")[2] for each in texts if each.startswith("setting_choices.")}
    assert (named, helped, chosen) == (keys, keys, choices)


def test_each_reason_to_keep_a_fact_has_its_words() -> None:
    assert {f"setting_faults.{code}" for code in LOCK_CODES} - all_texts("nb").keys() == set()


@every_field
def test_what_stands_in_a_field_is_read_back_as_no_change(field: Field) -> None:
    own = typed(field, PROGRAMME)
    assert read_fields([field], own, PROGRAMME) == ({}, [])
    spaced = {name: f" {text} " if text else "" for name, text in own.items()}
    assert read_fields([field], spaced, PROGRAMME) == ({}, [])


@every_field
def test_each_field_touches_something_and_says_so_in_words(field: Field) -> None:
    effects = find_effects([field.path], EMPTY, PROGRAMME)[field.path]
    known = all_texts("nb")
    assert [each.code for each in effects if f"setting_effects.{each.code}" not in known] == []


@pytest.mark.parametrize(
    "field", [each for each in all_fields() if each.kind is Kind.COUNT], ids=str
)
@given(text=st.text(max_size=12))
def test_no_text_makes_a_number_of_what_is_none(field: Field, text: str) -> None:
    changed, faults = read_fields([field], {field.path: text}, PROGRAMME)
    assert all(isinstance(each, int) or each is None for each in changed.values())
    assert {each.path for each in faults} <= {field.path}


def test_dates_that_do_not_hold_together_are_told_by_what_must_be_so() -> None:
    with pytest.raises(SettingsError) as refused:
        with_changes(PROGRAMME, {"decision": {"answer_by": "2026-04-01"}})
    assert refused.value.faults == (SettingFault("", "released_before_answer_by"),)


def test_a_value_out_of_bounds_is_told_with_its_bound() -> None:
    with pytest.raises(SettingsError) as refused:
        with_changes(PROGRAMME, {"travel": {"share_percent": 120}})
    assert refused.value.faults == (
        SettingFault("travel.share_percent", "less_than_equal", {"limit": 100}),
    )


def test_a_change_names_each_value_that_differs() -> None:
    becomes = with_changes(
        PROGRAMME,
        {
            "decision": {"places": 20},
            "gatherings": [{"id": "S2", "place": "Hamar"}],
            "texts": {"receipt": {"nb": "Emne: a"}},
        },
    )
    assert find_changes(PROGRAMME, becomes) == (
        ChangedValue(path="decision.places", before=16, after=20),
        ChangedValue(path="gatherings.S2.place", before="Gardermoen", after="Hamar"),
        ChangedValue(path="texts.receipt.nb", before=None, after="Emne: a"),
        ChangedValue(path="texts.receipt.nn", before=None, after=""),
    )


def test_a_change_taken_back_leaves_the_programme_as_it_was() -> None:
    values = {
        "decision.places": 20,
        "travel.max_persons": 3,
        "contact.name": {"nb": "a", "nn": "b"},
        "application.draft_reminder_days": [9],
        "texts.receipt": {"nb": "Emne: a"},
    }
    becomes = with_changes(PROGRAMME, nested(values))
    made = SettingsChange(
        programme="kifk2",
        number=1,
        about="",
        values=find_changes(PROGRAMME, becomes),
        changed_by="a",
        changed_at=AT,
        reason="b",
    )
    after = with_changes(becomes, nested(undoing(made, becomes)))
    assert after.model_copy(update={"texts": {}}) == PROGRAMME
    assert after.own_text("receipt", "nb") == ""


def test_what_was_changed_again_is_not_taken_back() -> None:
    becomes = with_changes(PROGRAMME, {"decision": {"places": 20}})
    made = SettingsChange(
        programme="kifk2",
        number=1,
        about="",
        values=find_changes(PROGRAMME, becomes),
        changed_by="a",
        changed_at=AT,
        reason="b",
    )
    assert undoing(made, with_changes(becomes, {"decision": {"places": 21}})) == {}


@pytest.mark.parametrize(
    ("path", "at", "code"),
    [
        ("application.opens", datetime(2026, 3, 19, 11, 59, tzinfo=OSLO), None),
        ("application.opens", datetime(2026, 3, 19, 12, 0, tzinfo=OSLO), "has_opened"),
        ("application.closes", datetime(2026, 4, 13, 23, 59, tzinfo=OSLO), None),
        ("application.closes", datetime(2026, 4, 14, 0, 0, tzinfo=OSLO), "has_closed"),
        ("decision.places", datetime(2027, 1, 1, tzinfo=OSLO), None),
    ],
)
def test_a_time_can_be_moved_until_it_has_come(path: str, at: datetime, code: str | None) -> None:
    assert find_lock(path, EMPTY._replace(at=at)) == code


def test_points_and_a_release_keep_what_rests_on_them() -> None:
    later = EMPTY._replace(is_released=True, has_scores=True, at=datetime(2026, 8, 16, tzinfo=OSLO))
    found = {each.path: find_lock(each.path, later) for each in all_fields()}
    assert {path: code for path, code in found.items() if code} == {
        "application.opens": "has_opened",
        "application.closes": "has_closed",
        "decision.released": "is_released",
        "decision.waiting_list_ends": "list_is_closed",
        "assessment.lowest": "scores_given",
        "assessment.highest": "scores_given",
    }


def test_a_shorter_period_is_a_warning() -> None:
    becomes = with_changes(PROGRAMME, {"application": {"closes": "2026-04-10T00:00:00"}})
    effects = find_effects(["application.closes"], EMPTY, becomes)["application.closes"]
    assert [(each.code, each.values.get("day")) for each in effects] == [
        ("drafts", None),
        ("draft_reminder", date(2026, 4, 4)),
        ("draft_reminder", date(2026, 4, 8)),
        ("received_stay", None),
        ("shorter_period", None),
    ]
    assert [each.code for each in effects if each.is_warning] == ["shorter_period"]


def test_values_lie_at_their_paths() -> None:
    assert nested({"a.b": 1, "a.c": 2, "d": 3}) == {"a": {"b": 1, "c": 2}, "d": 3}
    assert value_at(PROGRAMME, "payment.accounts.travel") == PROGRAMME.payment.accounts.travel
    assert merge(None, {"nb": "a"}) == {"nb": "a"}


def test_each_section_has_its_title() -> None:
    known = all_texts("nn")
    wanted = {f"setting_sections.{name}.{part}" for name in SECTIONS for part in ("title", "about")}
    assert wanted - known.keys() == set()


def test_the_programme_is_unharmed_by_its_own_changes() -> None:
    assert with_changes(PROGRAMME, {}) == PROGRAMME
    assert isinstance(PROGRAMME, Programme)


def test_a_criterion_that_is_added_says_what_it_does_to_points_that_are_given() -> None:
    known = [each.model_dump() for each in PROGRAMME.decision.criteria]
    more = {"decision": {"criteria": [*known, {"id": "k9", "nb": "mot", "nn": "mot"}]}}
    reworded = {"decision": {"criteria": [{**known[0], "nb": "forankring"}, *known[1:]]}}
    scored = EMPTY._replace(has_scores=True)

    def warned(standing: Standing, changes: dict[str, object]) -> list[str]:
        becomes = with_changes(PROGRAMME, changes)
        effects = find_effects(["decision.criteria"], standing, becomes)["decision.criteria"]
        return [each.code for each in effects if each.is_warning]

    assert warned(scored, more) == ["scores_lack_it"]
    assert warned(EMPTY, more) == []
    assert warned(scored, reworded) == []
