"""Who changed what that matters (a decision, a claim, an account, a setting, a role), written with
the change.
"""

from datetime import UTC, datetime

from kulturkontor.records import Key, Put, Record


class AuditRow(Record):
    subject: str
    """The partition of what was changed."""
    what: str
    by: str
    at: datetime
    before: str = ""
    after: str = ""

    @property
    def key(self) -> Key:
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return Key(self.subject, f"AUDIT#{moment}#{self.what}")


def audit(
    subject: Key, what: str, *, by: str, at: datetime, before: str = "", after: str = ""
) -> Put:
    return Put(
        AuditRow(subject=subject.partition, what=what, by=by, at=at, before=before, after=after)
    )
