"""How long what is kept: the table of terms of `docs/privacy.md`, as one function.

Accounting papers (claims, receipts, batches, payment files) are kept `accounting_years` after the
end of their year: bokføringsloven § 13. Personal data of an application goes earlier; the slim row,
which has none, stays.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import ApplicationState
from kulturkontor.claims import ClaimRow
from kulturkontor.decisions import PlaceState
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Key, Record

NOTICE = timedelta(days=7)


class Term(StrEnum):
    DRAFT = "draft"
    NOT_ADMITTED = "not_admitted"
    ADMITTED = "admitted"
    ACCOUNTING = "accounting"


class Due(BaseModel):
    """One application or batch whose term has run out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: Term
    subject: str
    """An application's id; for the accounting of a year, the year."""


class ErasurePlan(Record):
    """A dry run: what would be erased. It is done on a later night, so that there is time to stop
    it.
    """

    programme: str
    planned_at: datetime
    due: tuple[Due, ...]
    done_at: datetime | None = None

    @property
    def erased_from(self) -> date:
        """The first day that the plan may be done."""
        return (self.planned_at + NOTICE).astimezone(OSLO).date()

    @property
    def key(self) -> Key:
        return Key(
            programme_partition(self.programme),
            f"ERASURE#{self.planned_at.astimezone(OSLO).date()}",
        )


def find_due(
    rows: list[ApplicationRow],
    claims: list[ClaimRow],
    batches: list[PaymentBatch],
    erased: frozenset[tuple[Term, str]],
    programme: Programme,
    today: date,
) -> tuple[Due, ...]:
    """Everything whose term has run out and that has not been erased yet."""
    rules = programme.retention
    draft_until = programme.closes_at.date() + timedelta(days=rules.draft_days)
    refused_until = add_months(programme.released_at.date(), rules.not_admitted_months)
    admitted_until = add_months(programme.ends, rules.admitted_months_after_end)
    found = []
    for row in rows:
        took_part = row.place == PlaceState.ACCEPTED
        if row.state is ApplicationState.DRAFT:
            found.append((Term.DRAFT, row.id, draft_until))
        elif took_part:
            found.append((Term.ADMITTED, row.id, admitted_until))
        else:
            found.append((Term.NOT_ADMITTED, row.id, refused_until))
    years = {batch.accounting_year for batch in batches}
    years |= {
        year for row in claims if (year := accounting_year(row, batches, programme)) is not None
    }
    found += [
        (Term.ACCOUNTING, str(year), accounting_until(year, programme)) for year in sorted(years)
    ]
    return tuple(
        Due(term=term, subject=subject)
        for term, subject, until in found
        if today > until and (term, subject) not in erased
    )


def accounting_year(
    row: ClaimRow, batches: Iterable[PaymentBatch], programme: Programme
) -> int | None:
    """The last year whose accounts rest on a claim: its gathering's, or that of its last payment.

    A gathering in November may be paid in January, and its receipts belong to that payment too.
    """
    claim = f"{row.application_id}-{row.gathering}-"
    years = {
        batch.accounting_year
        for batch in batches
        if any(payment.claim_id.startswith(claim) for payment in batch.payments)
    }
    gathering = programme.gathering(row.gathering)
    return max(years | ({gathering.last_day.year} if gathering else set()), default=None)


def accounting_until(year: int, programme: Programme) -> date:
    """The last day that papers of an accounting year are kept."""
    return date(year + programme.retention.accounting_years, 12, 31)


def add_months(day: date, months: int) -> date:
    """The same day some months later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
