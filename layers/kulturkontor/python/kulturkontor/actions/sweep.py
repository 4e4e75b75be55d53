"""Find what an event was lost for: unsent mail, files nobody inspected, sheets half applied,
finance files that were not written, and accounts that do not follow their users.
"""

from datetime import datetime, timedelta

from kulturkontor.actions.follow_accounts import follow_accounts
from kulturkontor.actions.ports import Accounts, Queue
from kulturkontor.actions.release_payments import files_task
from kulturkontor.actions.request_export import export_task
from kulturkontor.actions.send import sweep_mails
from kulturkontor.payments import TO_WRITE, PaymentBatch
from kulturkontor.received_files import UPLOAD, ReceivedFile
from kulturkontor.records import Records
from kulturkontor.sheet_imports import SHEET, SheetImport
from kulturkontor.year_exports import TO_EXPORT, YearExport

PATIENCE = timedelta(minutes=10)
GIVEN_UP = timedelta(days=1)


def sweep(
    *,
    now: datetime,
    records: Records,
    mail_queue: Queue,
    upload_queue: Queue,
    sheet_queue: Queue,
    files_queue: Queue,
    uploads_bucket: str,
    office_bucket: str,
    accounts: Accounts,
) -> dict[str, int]:
    """What was put back in its queue, and how many mails became uncertain.

    A file that was promised and never came is looked for during a day; after that its row only
    expires.
    """
    waiting = [
        each
        for each in records.list_open(ReceivedFile, UPLOAD, before=now - PATIENCE)
        if each.promised_at > now - GIVEN_UP
    ]
    upload_queue.send([_created(uploads_bucket, each.object_key) for each in waiting])
    applying = records.list_open(SheetImport, SHEET, before=now - PATIENCE)
    sheet_queue.send(
        [_created(office_bucket, each.object_key, each.object_version) for each in applying]
    )
    released = records.list_open(PaymentBatch, TO_WRITE, before=now - PATIENCE)
    unwritten = [each for each in released if _is_recent(each.released_at, now)]
    files_queue.send([files_task(each) for each in unwritten])
    asked = records.list_open(YearExport, TO_EXPORT, before=now - PATIENCE)
    unmade = [each for each in asked if _is_recent(each.requested_at, now)]
    files_queue.send([export_task(each) for each in unmade])
    return {
        **sweep_mails(now=now, records=records, mail_queue=mail_queue),
        "files": len(waiting),
        "sheets": len(applying),
        "batches": len(unwritten),
        "exports": len(unmade),
        "accounts": follow_accounts(accounts=accounts, records=records),
    }


def _is_recent(moment: datetime | None, now: datetime) -> bool:
    """What has failed for a day is left to the alarm, and to whoever presses the button again."""
    return moment is not None and moment > now - GIVEN_UP


def _created(bucket: str, key: str, version: str = "") -> dict[str, object]:
    """The message S3 would have sent."""
    found = {"key": key, **({"version-id": version} if version else {})}
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": bucket}, "object": found},
    }
