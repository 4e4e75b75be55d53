"""Where a programme stands when somebody wants to change a fact of it: what must stay as it is.

What has been told to everybody, or is the name of something kept, does not change afterwards; each
refusal says what staff can do instead.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.claims import ClaimRow
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import OSLO, Programme


class Standing(NamedTuple):
    """What of the programme exists at this moment."""

    programme: Programme
    """As it is before the change."""
    rows: Sequence[ApplicationRow]
    claim_rows: Sequence[ClaimRow]
    batches: Sequence[PaymentBatch]
    is_released: bool
    has_scores: bool
    at: datetime


def find_lock(path: str, standing: Standing) -> str | None:
    """Why the fact must stay as it is, as the code of its words."""
    lock = _LOCKS.get(path)
    return lock.code if lock and lock.holds(standing) else None


class _Lock(NamedTuple):
    code: str
    holds: Callable[[Standing], bool]


def _has_references(standing: Standing) -> bool:
    return any(row.reference for row in standing.rows)


def _has_opened(standing: Standing) -> bool:
    return standing.at >= standing.programme.opens_at


def _has_closed(standing: Standing) -> bool:
    return standing.at >= standing.programme.closes_at


def _is_released(standing: Standing) -> bool:
    return standing.is_released


def _is_list_closed(standing: Standing) -> bool:
    today = standing.at.astimezone(OSLO).date()
    return standing.is_released and today > standing.programme.decision.waiting_list_ends


def _has_batches(standing: Standing) -> bool:
    return bool(standing.batches)


def _has_scores(standing: Standing) -> bool:
    return standing.has_scores


_LOCKS: Final[Mapping[str, _Lock]] = {
    "reference_prefix": _Lock("references_given", _has_references),
    "application.opens": _Lock("has_opened", _has_opened),
    "application.closes": _Lock("has_closed", _has_closed),
    "decision.released": _Lock("is_released", _is_released),
    "decision.waiting_list_ends": _Lock("list_is_closed", _is_list_closed),
    "assessment.lowest": _Lock("scores_given", _has_scores),
    "assessment.highest": _Lock("scores_given", _has_scores),
    "payment.end_to_end_prefix": _Lock("batches_made", _has_batches),
    "payment.first_voucher": _Lock("batches_made", _has_batches),
}
LOCK_CODES: Final = frozenset(lock.code for lock in _LOCKS.values())
