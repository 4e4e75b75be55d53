"""Dates that would contradict each other, or what has been: refused when somebody changes one.

What no programme can do without stands in `Programme` itself. These rules hold only at the change,
so that a programme that was kept before a rule was written is still one.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Final, NamedTuple

from kulturkontor.programme import OSLO, Programme
from kulturkontor.programme_settings import SettingFault


class _Rule(NamedTuple):
    code: str
    """Of the words that say what must be so."""
    paths: tuple[str, ...]
    """The facts it is about; who changes none of them is not stopped by it."""
    holds: Callable[[Programme, datetime], bool]


def find_disorder(
    paths: Collection[str], becomes: Programme, at: datetime
) -> tuple[SettingFault, ...]:
    """What would not hold of the programme as it becomes, by the changed fact that breaks it."""
    return tuple(
        SettingFault(changed[0], rule.code)
        for rule in _RULES
        if (changed := [path for path in rule.paths if path in paths])
        and not rule.holds(becomes, at)
    )


def _is_ahead(day: date, at: datetime) -> bool:
    return day >= at.astimezone(OSLO).date()


def _released_ahead(becomes: Programme, at: datetime) -> bool:
    return becomes.released_at > at


def _answer_by_ahead(becomes: Programme, at: datetime) -> bool:
    return _is_ahead(becomes.decision.answer_by, at)


def _waiting_list_ahead(becomes: Programme, at: datetime) -> bool:
    return _is_ahead(becomes.decision.waiting_list_ends, at)


def _end_ahead(becomes: Programme, at: datetime) -> bool:
    """What is erased is counted from the end: one in the past could erase the next night."""
    return _is_ahead(becomes.ends, at)


def _starts_after_release(becomes: Programme, _: datetime) -> bool:
    return becomes.decision.released.date() <= becomes.starts


def _group_by_after_answer_by(becomes: Programme, _: datetime) -> bool:
    return becomes.decision.answer_by <= becomes.decision.group_by


def _group_by_before_gatherings(becomes: Programme, _: datetime) -> bool:
    return becomes.decision.group_by < min(each.first_day for each in becomes.gatherings)


def _feedback_after_release(becomes: Programme, _: datetime) -> bool:
    return becomes.decision.released.date() < becomes.decision.feedback_by


def _assessed_between(becomes: Programme, _: datetime) -> bool:
    closes = becomes.assessment.closes
    return closes is None or becomes.application.closes < closes <= becomes.decision.released


_RULES: Final = (
    _Rule("released_ahead", ("decision.released",), _released_ahead),
    _Rule("answer_by_ahead", ("decision.answer_by",), _answer_by_ahead),
    _Rule("waiting_list_ahead", ("decision.waiting_list_ends",), _waiting_list_ahead),
    _Rule("end_ahead", ("ends",), _end_ahead),
    _Rule("starts_after_release", ("starts", "decision.released"), _starts_after_release),
    _Rule(
        "group_by_after_answer_by",
        ("decision.group_by", "decision.answer_by"),
        _group_by_after_answer_by,
    ),
    _Rule("group_by_before_gatherings", ("decision.group_by",), _group_by_before_gatherings),
    _Rule(
        "feedback_after_release",
        ("decision.feedback_by", "decision.released"),
        _feedback_after_release,
    ),
    _Rule(
        "assessed_between",
        ("assessment.closes", "application.closes", "decision.released"),
        _assessed_between,
    ),
)
ORDER_CODES: Final = frozenset(rule.code for rule in _RULES)
