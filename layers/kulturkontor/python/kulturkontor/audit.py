"""Who changed what that matters (a decision, a claim, an account, a setting, a role), written with
the change.
"""

import hashlib
from datetime import UTC, datetime
from typing import Final

from kulturkontor.records import Key, Put, Record

_OF_MONEY: Final = frozenset(
    {
        *("rulings", "attest", "correction", "outside", "outside_taken_back"),
        *("account", "account_refused", "payee", "payee_confirmed", "payee_ended"),
        *("seal", "netted", "release", "refuse", "download"),
        *("invoiced", "debt_settled", "debt_reopened"),
    }
)
"""The changes that an auditor follows from a claim to its payment."""


class AuditRow(Record):
    subject: str
    """The partition of what was changed."""
    what: str
    by: str
    at: datetime
    before: str = ""
    after: str = ""
    mark: str = ""
    """Parts it from what else happened at the same instant; the same change has the same one."""

    @property
    def is_of_money(self) -> bool:
        """An accounting paper, kept as long as those; any other goes with what it tells of."""
        return self.what.partition("#")[0] in _OF_MONEY

    @property
    def key(self) -> Key:
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        mark = f"#{self.mark}" if self.mark else ""
        return Key(self.subject, f"AUDIT#{moment}#{self.what}{mark}")


def audit(
    changed: Record,
    what: str,
    *,
    by: str,
    at: datetime,
    before: str = "",
    after: str = "",
    subject: Key | None = None,
) -> Put:
    """`changed`: the record that the change is made to, as it was read; `subject`: what it is told
    of, where that is another. Written once however often the same change arrives, for each change
    of a record begins from a revision of its own.
    """
    return Put(
        AuditRow(
            subject=(subject or changed.key).partition,
            what=what,
            by=by,
            at=at,
            before=before,
            after=after,
            mark=_mark(changed, by, before, after),
        )
    )


def _mark(changed: Record, *told: str) -> str:
    """In order of the record's revisions."""
    digest = hashlib.sha256("\0".join((*changed.key, *told)).encode()).hexdigest()[:12]
    return f"{changed.revision:06}-{digest}"
