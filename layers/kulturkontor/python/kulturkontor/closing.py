"""The closing certificate: what was received, shown so that nobody need take our word for it.

Written once, two minutes after the deadline; what was received in time but stored later becomes a
numbered addendum. Times stand in Oslo time and UTC; each application with the hash of the answers
that were sent.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Key, Record

PAUSE = timedelta(minutes=2)


class Closing(Record):
    """That the programme has closed: which applications each certificate names, and the file's
    hash.
    """

    programme: str
    number: int
    """0 is the certificate, 1 and up its addenda."""
    closed_at: datetime
    applications: tuple[str, ...]
    file_key: str
    sha256: str

    @property
    def key(self) -> Key:
        return Key(programme_partition(self.programme), f"CLOSING#{self.number:03d}")


def counts_of(rows: Sequence[ApplicationRow]) -> dict[str, int]:
    """The figures of the application book; every received application is in `received`."""
    received = [row for row in rows if row.reference]
    return {
        "received": len(received),
        "complete": sum(row.gaps == 0 for row in received),
        "incomplete": sum(row.gaps > 0 for row in received),
        "late": sum(row.late for row in received),
        "superseded": sum(row.state is ApplicationState.SUPERSEDED for row in received),
        "withdrawn": sum(
            row.state in (ApplicationState.WITHDRAWN, ApplicationState.WITHDRAWAL_ASKED)
            for row in received
        ),
    }


def write_certificate(
    applications: Sequence[Application],
    *,
    programme: Programme,
    number: int,
    drafts: int,
    late_attempts: int,
    written_at: datetime,
) -> bytes:
    """The certificate (or addendum) as JSON: deterministic for the same records."""
    lines = [
        {
            "reference": each.reference,
            "kommunenummer": each.kommunenummer,
            "state": each.state,
            "version": each.version,
            "complete": each.is_complete,
            "missing": [gap.code for gap in each.missing],
            "received": both_clocks(each.received_at) if each.received_at else None,
            "answers_sha256": answers_digest(each),
        }
        for each in sorted(applications, key=lambda each: each.reference or "")
    ]
    content: dict[str, Any] = {
        "programme": programme.id,
        "name": programme.name["nb"],
        "certificate": "closing" if number == 0 else f"addendum {number}",
        "deadline": both_clocks(programme.closes_at),
        "written": both_clocks(written_at),
        "received_in_time": len(lines),
        "drafts_left": drafts,
        "attempts_after_closing": late_attempts,
        "applications": lines,
    }
    content["applications_sha256"] = hashlib.sha256(
        json.dumps(lines, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode()


def answers_digest(application: Application) -> str:
    text = json.dumps(
        application.answers.model_dump(mode="json"),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def both_clocks(instant: datetime) -> dict[str, str]:
    return {
        "oslo": instant.astimezone(OSLO).isoformat(timespec="milliseconds"),
        "utc": instant.astimezone(UTC).isoformat(timespec="milliseconds"),
    }


def settle_competition(rivals: Sequence[Application]) -> list[Application]:
    """«Unresolved at the deadline, the last complete one counts and the other is superseded.»

    `rivals`: the live applications of one municipality, received in time. Returns those whose state
    changes.
    """
    in_order = sorted(rivals, key=lambda each: (each.received_at or each.created_at, each.id))
    complete = [each for each in in_order if each.is_complete]
    counts = (complete or in_order)[-1]
    wanted = {
        each.id: ApplicationState.SUBMITTED if each is counts else ApplicationState.SUPERSEDED
        for each in in_order
    }
    return [
        each.but(state=wanted[each.id])
        for each in in_order
        if each.state is not wanted[each.id] and each.state is not ApplicationState.WITHDRAWAL_ASKED
    ]
