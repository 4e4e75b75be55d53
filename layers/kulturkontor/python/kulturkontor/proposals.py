"""What a decision must say before it can be proposed, on the page and in the sheet alike.

A reason stands in every letter, in the letter's language. Conditions are for whoever gets a place.
A letter in another language than its own needs a why. Neither names a person by number.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kulturkontor.decisions import Outcome
from kulturkontor.national_id import contains_national_id
from kulturkontor.programme import Language, Programme
from kulturkontor.sheet_rows import Column, RowFault

LONGEST_LANGUAGE_REASON = 200
CORRECTION = "correction_reason"
"""The field of the page that the sheet has no column for."""
RANK = re.compile(r"[1-9][0-9]{0,3}")


class Wording(NamedTuple):
    """A decision as somebody wrote it. `own`: the language the letter has by itself."""

    outcome: Outcome | None
    rank: str
    reason: str
    conditions: str
    language: Language | None
    language_reason: str
    own: Language | None

    @property
    def is_other_language(self) -> bool:
        return self.language not in (None, self.own)


class WordingFault(NamedTuple):
    column: str
    code: RowFault
    value: str = ""


def wording_faults(written: Wording, programme: Programme) -> Iterator[WordingFault]:
    """Everything that is wrong with it; whether a rank is free is for the whole list to say."""
    if code := _rank_fault(written):
        yield WordingFault(Column.RANK, code, written.rank)
    limit = programme.application.max_text
    if not written.reason and written.outcome is not None:
        yield WordingFault(Column.REASON, RowFault.REASON_MISSING)
    yield from _text_faults(Column.REASON, written.reason, limit, RowFault.REASON_TOO_LONG)
    if written.conditions and written.outcome is not Outcome.ADMITTED:
        yield WordingFault(Column.CONDITIONS, RowFault.CONDITIONS_WITHOUT_PLACE)
    yield from _text_faults(
        Column.CONDITIONS, written.conditions, limit, RowFault.CONDITIONS_TOO_LONG
    )
    if written.is_other_language and not written.language_reason:
        yield WordingFault(Column.LANGUAGE_REASON, RowFault.LANGUAGE_REASON_MISSING)
    yield from _text_faults(
        Column.LANGUAGE_REASON,
        written.language_reason,
        LONGEST_LANGUAGE_REASON,
        RowFault.LANGUAGE_REASON_TOO_LONG,
    )


def correction_faults(why: str, programme: Programme) -> Iterator[WordingFault]:
    """Why an earlier letter is replaced; it is printed in the new one."""
    if not why:
        yield WordingFault(CORRECTION, RowFault.REASON_MISSING)
    limit = programme.application.max_text
    yield from _text_faults(CORRECTION, why, limit, RowFault.REASON_TOO_LONG)


def _rank_fault(written: Wording) -> RowFault | None:
    if not written.rank:
        is_waiting = written.outcome is Outcome.WAITLISTED
        return RowFault.RANK_MISSING if is_waiting else None
    if not RANK.fullmatch(written.rank):
        return RowFault.RANK_NOT_A_NUMBER
    has_other_outcome = written.outcome not in (Outcome.WAITLISTED, None)
    return RowFault.RANK_WITHOUT_WAITLIST if has_other_outcome else None


def _text_faults(column: str, text: str, limit: int, too_long: RowFault) -> Iterator[WordingFault]:
    if len(text) > limit:
        yield WordingFault(column, too_long, f"{len(text)} / {limit}")
    elif contains_national_id(text):
        yield WordingFault(column, RowFault.NATIONAL_ID, "•••")
