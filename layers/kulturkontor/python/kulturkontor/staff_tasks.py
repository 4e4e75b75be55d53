"""What waits on staff about the applications, counted: the same for the first page and the mail."""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import ApplicationState
from kulturkontor.broken_texts import find_broken
from kulturkontor.decisions import LetterState
from kulturkontor.programme import OSLO, Programme
from kulturkontor.release import Release
from kulturkontor.release_checks import find_blockers, to_answer
from kulturkontor.release_control import ReleaseControl, digest_of, is_overridden
from kulturkontor.waiting_order import waiting_list


def count_tasks(
    rows: Sequence[ApplicationRow], programme: Programme, now: datetime
) -> dict[str, int]:
    """By the code of its words, what is most urgent first: a municipality that has no letter or
    place, then what must be ruled on, then what can wait.
    """
    received = to_answer(rows)
    pending = [row for row in received if row.letters and _is_unconfirmed(row)]
    is_closed = now >= programme.closes_at
    return {
        "texts_broken": len(find_broken(programme)),
        "letters_held": sum(
            mark.s is LetterState.HELD for row in rows if row.is_live for mark in row.letters
        ),
        "places_free": _places_to_offer(rows, programme, now),
        "withdrawal_asked": _in_state(rows, ApplicationState.WITHDRAWAL_ASKED),
        "competing": _in_state(rows, ApplicationState.COMPETING),
        "decisions_to_confirm": len(pending),
        "decisions_to_make": sum(not row.letters for row in received) if is_closed else 0,
        "asked_answered": sum(row.asked == "answered" for row in received),
        "beds_asked": sum(row.beds for row in rows),
    }


def count_release_tasks(
    rows: Sequence[ApplicationRow],
    release: Release | None,
    control: ReleaseControl | None,
    *,
    sheet_is_applying: bool,
    programme: Programme,
    now: datetime,
) -> dict[str, int]:
    """What waits about all of the letters at once: that they are stopped, or that their time has
    come and something keeps them back.
    """
    known = control or ReleaseControl(programme=programme.id)
    is_due = release is None and now >= programme.released_at and bool(to_answer(rows))
    admitted = known.minutes.admitted if known.minutes else None
    blockers = find_blockers(rows, admitted, sheet_is_applying=sheet_is_applying) if is_due else []
    is_kept_back = bool(blockers) and not is_overridden(known, digest_of(blockers))
    return {"release_stopped": int(known.halt is not None), "release_kept_back": int(is_kept_back)}


def _places_to_offer(rows: Sequence[ApplicationRow], programme: Programme, now: datetime) -> int:
    """Free ones, as long as somebody waits for them and the list has not ended."""
    if now.astimezone(OSLO).date() > programme.decision.waiting_list_ends:
        return 0
    free = sum(row.has_free_place for row in rows)
    return min(free, len(waiting_list(rows)))


def _is_unconfirmed(row: ApplicationRow) -> bool:
    last = row.letters[-1]
    return last.s is LetterState.PENDING and not last.c


def _in_state(rows: Sequence[ApplicationRow], state: ApplicationState) -> int:
    return sum(row.state is state for row in rows)
