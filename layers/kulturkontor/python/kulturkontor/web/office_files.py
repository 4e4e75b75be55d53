"""Files of the archive: nobody gets an address to keep, only one that is good for a minute."""

import re
from typing import Final, Literal

from kulturkontor.received_files import FileState, ReceivedFile, file_key
from kulturkontor.web.office_answers import Answer, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Visit, origin

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def serve(visit: Visit, key: str, *, file_name: str) -> Answer:
    """On to the file itself, under a name that any system can keep."""
    safe = _UNSAFE.sub("_", file_name).strip("._") or "fil"
    return redirect(visit.doors.archive.presign_get(key, file_name=safe), status=302)


def archived_file(visit: Visit, purpose: Literal["attachments", "receipts"]) -> Answer:
    """A file that was inspected and accepted; what was put in its place later is never served."""
    key = file_key(visit.params["application_id"], visit.params["file_id"])
    file = visit.records.read(ReceivedFile, key)
    if file is None or file.purpose != purpose:
        raise OfficeError(404, "unknown")
    if file.state is not FileState.ACCEPTED:
        raise OfficeError(409, "file_not_accepted")
    return serve(visit, file.accepted_key, file_name=file.name)


def origin_of(form: dict[str, object] | None) -> tuple[str, ...]:
    """Where a form that goes straight to the bucket leads: the page's policy must allow it."""
    return () if form is None else (origin(str(form["url"])),)
