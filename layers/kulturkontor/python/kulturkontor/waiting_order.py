"""The order of the waiting list: each number once, and those told in letters stand.

A letter tells the number («nummer 3 på ventelisten»), so only who has no letter yet is moved.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import LIVE, ApplicationState
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.records import Key, Record


class WaitingOrder(Record):
    """Written with every change of what is decided, so that two persons cannot give one number at
    once, nor change an answer that a sheet is about to bring.
    """

    programme: str
    changed_by: str
    changed_at: datetime

    @property
    def key(self) -> Key:
        return order_key(self.programme)


def order_key(programme_id: str) -> Key:
    return Key(programme_partition(programme_id), "WAITINGORDER")


def waiting(rows: Sequence[ApplicationRow]) -> list[ApplicationRow]:
    """Who is to wait, told or not, in order."""
    found = [row for row in rows if _is_waiting(row)]
    return sorted(found, key=lambda row: (row.rank or 0, row.reference or ""))


def _is_waiting(row: ApplicationRow) -> bool:
    return (
        row.state in (*LIVE, ApplicationState.WITHDRAWAL_ASKED)
        and row.outcome == Outcome.WAITLISTED
        and row.place in (None, PlaceState.PASSED_ON)
    )


def waiting_list(rows: Sequence[ApplicationRow]) -> list[ApplicationRow]:
    """Who has been told that they wait and has no place, in the order staff set. Who is about to
    get another answer is passed over.
    """
    return [row for row in waiting(rows) if row.gets_answer and row.letters[-1].is_told]


def is_movable(row: ApplicationRow) -> bool:
    """No letter tells its number."""
    return not row.letters[-1].is_told


def taken_ranks(rows: Sequence[ApplicationRow], *, but: str = "") -> frozenset[int]:
    """The numbers that are given, but for that application's own."""
    return frozenset(row.rank for row in waiting(rows) if row.rank and row.id != but)


def next_rank(rows: Sequence[ApplicationRow], *, but: str = "") -> int:
    """At the end of the list, for that application."""
    return max(taken_ranks(rows, but=but), default=0) + 1


def neighbour(
    rows: Sequence[ApplicationRow], application_id: str, *, up: bool
) -> ApplicationRow | None:
    """With whom it changes places; None at the end, or where the next one's number is told."""
    ids = [row.id for row in waiting(rows)]
    if application_id not in ids:
        return None
    place = ids.index(application_id) + (-1 if up else 1)
    other = waiting(rows)[place] if 0 <= place < len(ids) else None
    return other if other is not None and is_movable(other) else None


def closed_up(rows: Sequence[ApplicationRow]) -> dict[str, int]:
    """The numbers that must change for the list to run without gaps beside what is told, nobody
    passing anybody, by application; in the order in which they can be given one after the other.
    """
    listed = waiting(rows)
    told = {row.rank for row in listed if not is_movable(row)}
    changed: dict[str, int] = {}
    last = 0
    for row in listed:
        if not is_movable(row):
            last = row.rank or last
            continue
        last = next(number for number in count(last + 1) if number not in told)
        if row.rank != last:
            changed[row.id] = last
    return changed
