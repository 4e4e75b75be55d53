"""What a municipality may do with its own files: send them, and take back what has not been used.

Attachments belong to the application and are sent until its answer is known; receipts belong to the
travel claims of a municipality that has taken its place. What was sent with an application, or is
named by a claim, is part of a case and stays.
"""

from collections.abc import Container, Iterable, Mapping

from kulturkontor.applications import Application, ApplicationState
from kulturkontor.claims import TravelClaim
from kulturkontor.participation import has_taken_part
from kulturkontor.people import Right
from kulturkontor.received_files import FileState, Purpose, ReceivedFile

RIGHTS: Mapping[Purpose, Right] = {"attachments": Right.APPLY, "receipts": Right.CLAIMS}
"""What a link must open for files of each kind."""
_TAKES_ATTACHMENTS = frozenset(
    {ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.COMPETING}
)


def may_send(application: Application, purpose: Purpose) -> bool:
    if purpose == "receipts":
        return has_taken_part(application)
    is_answered = any(each.is_told for each in application.decisions)
    return application.state in _TAKES_ATTACHMENTS and not is_answered


def may_remove(file: ReceivedFile, application: Application, used: Container[str]) -> bool:
    """`used`: the ids of the receipts that a claim names."""
    if file.purpose == "receipts":
        return file.id not in used
    if file.state is not FileState.ACCEPTED:
        return True
    sent_at = application.received_at
    return may_send(application, "attachments") and (sent_at is None or file.promised_at > sent_at)


def receipts_used(claims: Iterable[TravelClaim]) -> frozenset[str]:
    """The ids of the receipts that any version of a claim names."""
    return frozenset(
        receipt for each in claims for line in each.claim.lines for receipt in line.receipt_ids
    )
