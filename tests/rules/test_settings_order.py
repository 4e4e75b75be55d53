"""Settings that would contradict each other are refused by the rule they break."""

from datetime import datetime
from typing import Any

import pytest

from kulturkontor.actions.edit_settings import Plan, plan_settings
from kulturkontor.programme import OSLO, load_programme
from kulturkontor.programme_settings import SettingFault, SettingsError
from kulturkontor.settings_order import ORDER_CODES, find_disorder
from kulturkontor.settings_standing import Standing
from kulturkontor.web.office_texts import all_texts

PROGRAMME = load_programme("kifk2")
BEFORE = datetime(2026, 3, 1, 10, tzinfo=OSLO)
LATER = datetime(2026, 5, 25, 10, tzinfo=OSLO)


def plan(values: dict[str, Any], at: datetime = BEFORE, *, is_released: bool = False) -> Plan:
    standing = Standing(PROGRAMME, [], [], [], is_released=is_released, has_scores=False, at=at)
    return plan_settings(values, standing)


CASES = [
    ({"application.closes": "2026-03-01T00:00:00"}, ("", "opens_before_closes"), BEFORE),
    ({"decision.released": "2026-04-13T09:00:00"}, ("", "closes_before_released"), BEFORE),
    ({"application.closes": "2026-05-01T00:00:00"}, ("", "closes_before_released"), BEFORE),
    ({"decision.answer_by": "2026-04-30"}, ("", "released_before_answer_by"), BEFORE),
    ({"decision.released": "2026-05-21T09:00:00"}, ("", "released_before_answer_by"), BEFORE),
    ({"decision.waiting_list_ends": "2026-05-19"}, ("", "answer_by_in_waiting_list"), BEFORE),
    ({"ends": "2027-11-25"}, ("", "gatherings_in_period"), BEFORE),
    ({"starts": "2026-09-25"}, ("", "gatherings_in_period"), BEFORE),
    (
        {"decision.released": "2026-05-15T09:00:00"},
        ("decision.released", "released_ahead"),
        datetime(2026, 5, 15, 9, tzinfo=OSLO),
    ),
    ({"decision.answer_by": "2026-05-24"}, ("decision.answer_by", "answer_by_ahead"), LATER),
    (
        {"decision.waiting_list_ends": "2026-05-24"},
        ("decision.waiting_list_ends", "waiting_list_ahead"),
        LATER,
    ),
    ({"ends": "2027-12-30"}, ("ends", "end_ahead"), datetime(2027, 12, 31, tzinfo=OSLO)),
    ({"starts": "2026-04-29"}, ("starts", "starts_after_release"), BEFORE),
    (
        {"decision.group_by": "2026-05-19"},
        ("decision.group_by", "group_by_after_answer_by"),
        BEFORE,
    ),
    (
        {"decision.answer_by": "2026-06-02"},
        ("decision.answer_by", "group_by_after_answer_by"),
        BEFORE,
    ),
    (
        {"decision.group_by": "2026-09-24"},
        ("decision.group_by", "group_by_before_gatherings"),
        BEFORE,
    ),
    (
        {"decision.feedback_by": "2026-04-30"},
        ("decision.feedback_by", "feedback_after_release"),
        BEFORE,
    ),
    (
        {"assessment.closes": "2026-05-01T00:00:00"},
        ("assessment.closes", "assessed_between"),
        BEFORE,
    ),
    (
        {"assessment.closes": "2026-04-13T00:00:00"},
        ("assessment.closes", "assessed_between"),
        BEFORE,
    ),
]


@pytest.mark.parametrize(
    ("values", "fault", "at"),
    CASES,
    ids=[f"{code}-{next(iter(values))}" for values, (_, code), _ in CASES],
)
def test_dates_that_contradict_each_other_are_refused(
    values: dict[str, Any], fault: tuple[str, str], at: datetime
) -> None:
    with pytest.raises(SettingsError) as refused:
        plan(values, at)
    assert refused.value.faults == (SettingFault(*fault),)


def test_both_moved_together_hold_together() -> None:
    values = {
        "decision.released": "2026-05-15T09:00:00",
        "decision.answer_by": "2026-06-10",
        "decision.group_by": "2026-06-20",
        "decision.feedback_by": "2026-06-12",
    }
    assert plan(values).becomes.decision.answer_by.isoformat() == "2026-06-10"


def test_what_is_not_changed_stops_nobody() -> None:
    """The end of a programme that is over need not be mended before a phone number is."""
    over = datetime(2029, 1, 1, tzinfo=OSLO)
    assert plan({"contact.phone": "11 11 11 11"}, over, is_released=True)
    assert find_disorder([], PROGRAMME, over) == ()


def test_the_shipped_dates_break_no_rule() -> None:
    paths = ["starts", "ends", "application.closes", "assessment.closes"]
    paths += [f"decision.{each}" for each in type(PROGRAMME.decision).model_fields]
    assert find_disorder(paths, PROGRAMME, BEFORE) == ()


def test_after_the_release_its_time_stays_and_new_deadlines_are_told_apart() -> None:
    with pytest.raises(SettingsError) as refused:
        plan({"decision.released": "2026-06-01T09:00:00"}, LATER, is_released=True)
    assert refused.value.faults == (SettingFault("decision.released", "is_released"),)
    moved = plan({"decision.answer_by": "2026-05-28"}, LATER, is_released=True)
    assert [each.code for each in moved.effects["decision.answer_by"]] == [
        "offers_keep",
        "letters_to_come",
    ]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_each_rule_says_in_words_what_must_be_so(language: Any) -> None:
    assert {f"setting_faults.{code}" for code in ORDER_CODES} <= all_texts(language).keys()


def test_each_rule_is_broken_by_a_test() -> None:
    assert ORDER_CODES - {code for _, (_, code), _ in CASES} == set()
